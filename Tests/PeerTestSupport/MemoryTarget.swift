import Synchronization
package import WSLink
package import WSModelPeer
import WSRunner
import WSScenario
import WSTranscript

/// A target that exists only in memory: a dialer for which a test decides what each connection meets.
package final class MemoryTarget: Dialer {
    /// What a connection meets.
    package enum Meeting: Sendable {
        /// A correct server.
        case model
        /// A server that is correct but for these.
        case defective(Set<ModelDefect>)
        /// A server that accepts messages of at most so many octets, with these defects.
        case limited(Int, Set<ModelDefect> = [])
        /// A server that does what it is told.
        case peer(ScriptedPeer)
        /// Nobody: the reason, in one line.
        case refused(String)
        /// Nothing at all until the run is cancelled.
        case forever
    }

    /// A connection, as the test sees it.
    package struct Connection: Sendable {
        /// Its number, from 0.
        package var number: Int
        /// The scenario that runs on it.
        package var scenario: String
        /// How many connections for this scenario came before.
        package var earlier: Int
    }

    /// How octets get to the target and back.
    package struct Way: Sendable {
        /// How many octets arrive at once, of the first ones in each direction.
        package var chunkLength = 65_536
        /// How long they take.
        package var latency = LinkDuration.microseconds(50)
        /// How far the clock jumps before an event, by its number in the connection.
        package var stall: @Sendable (Connection, Int) -> LinkDuration = { _, _ in .milliseconds(0) }

        /// Creates a way that is fast and even.
        package init() {}
    }

    private let way: Way
    private let meet: @Sendable (Connection) -> Meeting
    private let log = Mutex<[String]>([])
    private let lengths = Mutex<[(scenario: String, duration: LinkDuration)]>([])

    /// Creates a target at the end of a way.
    package init(by way: Way = Way(), _ meet: @escaping @Sendable (Connection) -> Meeting) {
        self.way = way
        self.meet = meet
    }

    /// How many octets of each direction are cut to the length of the way's pieces.
    private static let finelyCut = 4_096

    /// The scenarios that connected, in order.
    package var connections: [String] { log.withLock { $0 } }

    /// How long the conversations took, those with a server of the test's.
    package var durations: [(scenario: String, duration: LinkDuration)] { lengths.withLock { $0 } }

    package func run<Machine: LinkMachine>(
        _ machine: Machine,
        probe: @escaping @Sendable (_ roundTrips: Int) -> any LinkMachine
    ) async -> Machine {
        let scenario = (machine as? ConversationMachine)?.scenario.id ?? ""
        let connection = log.withLock { log in
            defer { log.append(scenario) }
            return Connection(number: log.count, scenario: scenario, earlier: log.count { $0 == scenario })
        }
        // Others get their turn between two connections, as over a network.
        await Task.yield()
        var machine = machine
        switch meet(connection) {
        case .model: return play(machine, ModelServer(), connection)
        case .defective(let defects):
            return play(machine, ModelServer(ModelServerSettings(defects: defects)), connection)
        case .limited(let most, let defects):
            let settings = ModelServerSettings(maximumMessageLength: most, defects: defects)
            return play(machine, ModelServer(settings), connection)
        case .peer(let peer): return play(machine, peer, connection)
        case .refused(let reason):
            machine.linkEnded(.notConnected(reason), at: .zero)
            return machine
        case .forever:
            let (never, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            continuation.finish()
            machine.linkEnded(.closedHere, at: .zero)
            return machine
        }
    }

    private func play<Machine: LinkMachine, Server: LinkMachine>(
        _ machine: Machine,
        _ server: Server,
        _ connection: Connection
    ) -> Machine {
        var link = InMemoryLink(
            client: machine,
            server: server,
            chunkLength: way.chunkLength,
            finelyCut: Self.finelyCut,
            latency: way.latency
        )
        link.run(stall: { way.stall(connection, $0) })
        let duration = (link.client as? ConversationMachine)?.transcript.events.last?.time ?? 0
        lengths.withLock { $0.append((connection.scenario, LinkDuration(nanoseconds: duration))) }
        return link.client
    }
}
