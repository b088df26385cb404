package import WSLink

/// Runs each machine on the first stream of a connection of its own.
///
/// One connection a machine means that an error of the connection has one suspect.
package struct HTTP2Dialer: Dialer {
    private let connections: any Dialer
    private let settings: HTTP2LinkSettings

    /// Creates a dialer.
    ///
    /// - Parameters:
    ///   - connections: Connects to the server.
    ///   - settings: What each connection begins with.
    package init(over connections: any Dialer, _ settings: HTTP2LinkSettings) {
        self.connections = connections
        self.settings = settings
    }

    package func run<Machine: LinkMachine>(
        _ machine: Machine,
        probe: @escaping @Sendable (_ roundTrips: Int) -> any LinkMachine
    ) async -> Machine {
        let settings = settings
        let link = await connections.run(HTTP2Link(client: [machine], settings)) { roundTrips in
            HTTP2Link(client: [probe(roundTrips)], settings)
        }
        if let machine = link.machines.first as? Machine { return machine }
        // A link ends all of its machines; one that did not is told here, so that nobody waits for it.
        var machine = machine
        machine.linkEnded(.closedHere, at: .zero)
        return machine
    }
}
