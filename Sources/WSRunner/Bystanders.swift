import WSLink
import WSScenario

/// Connections that send a few octets in the clear and then stay while a conversation goes on.
struct Bystanders: Sendable {
    private let bystanders: SecurityToSpeak.Bystanders
    private let dialer: any Dialer

    init(_ bystanders: SecurityToSpeak.Bystanders, dialer: any Dialer) {
        self.bystanders = bystanders
        self.dialer = dialer
    }

    /// Runs an action while they are there.
    ///
    /// - Returns: The result, and how many of them were connected when the action began.
    func runWhileOpen<Result: Sendable>(_ act: () async -> Result) async -> (result: Result, open: Int) {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Bool.self)
        return await withTaskGroup(of: Void.self) { group in
            for _ in 0..<bystanders.count {
                let bystander = Bystander(octets: bystanders.octets, arrival: arrival)
                group.addTask { [dialer] in _ = await dialer.run(bystander, probe: { _ in bystander }) }
            }
            var open = 0
            var arrived = arrivals.makeAsyncIterator()
            for _ in 0..<bystanders.count {
                guard let isOpen = await arrived.next() else { break }
                if isOpen { open += 1 }
            }
            let result = await act()
            group.cancelAll()
            return (result, open)
        }
    }
}

/// A connection that sends a few octets in the clear, and stays until it is closed from outside.
private struct Bystander: LinkMachine {
    let octets: [UInt8]
    let arrival: AsyncStream<Bool>.Continuation
    private var hasArrived = false

    init(octets: [UInt8], arrival: AsyncStream<Bool>.Continuation) {
        self.octets = octets
        self.arrival = arrival
    }

    var securityWish: LinkSecurityWish {
        var wish = LinkSecurityWish.usual
        wish.isInTheClear = true
        return wish
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        if octets.isEmpty { arrive(true) } else { actions += [.write(octets), .notifyWhenWritten] }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) { arrive(true) }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { arrive(false) }

    private mutating func arrive(_ isOpen: Bool) {
        guard !hasArrived else { return }
        hasArrived = true
        arrival.yield(isOpen)
    }
}
