import WSLink
import WSScenario

/// The additional connections of a scenario that is played by many connections at once.
///
/// Each plays the script up to its first `quiesce` step and stays there; if there is none, it plays all of it. The
/// recorded conversation begins once all of them have arrived there, and they end with it.
struct ConcurrentConnections: Sendable {
    let scenario: Scenario
    let settings: ConversationSettings
    let dialer: any Dialer

    /// How many connections may be opening at a time; the backlogs of listening sockets are short.
    private static let mostUnderWay = 64
    /// The longest time in milliseconds that a connection stays.
    private static let mostMilliseconds = 600_000

    /// Runs an action while the other connections are there.
    ///
    /// - Returns: The result, and how many of the other connections were open when the action began.
    func runWhileOpen<Result: Sendable>(_ act: () async -> Result) async -> (result: Result, open: Int) {
        let count = scenario.connections - 1
        let (arrivals, arrival) = AsyncStream.makeStream(of: Bool.self)
        return await withTaskGroup(of: Void.self) { group in
            var started = 0
            var open = 0
            var arrived = arrivals.makeAsyncIterator()
            for there in 0..<count {
                while started < count, started - there < Self.mostUnderWay {
                    let other = ConcurrentConnection(member(started), settings, arrival)
                    group.addTask { [dialer, settings] in
                        _ = await dialer.run(
                            other,
                            probe: { ConversationMachine(scenario: .roundTrips($0), settings: settings) }
                        )
                    }
                    started += 1
                }
                guard let isOpen = await arrived.next() else { break }
                if isOpen { open += 1 }
            }
            let result = await act()
            group.cancelAll()
            return (result, open)
        }
    }

    /// The scenario for one of the other connections; its own id gives it its own random keys.
    private func member(_ number: Int) -> Scenario {
        var member = scenario
        member.id += "/\(number)"
        if let place = scenario.place {
            member.script = scenario.script[..<place] + [.pause(milliseconds: Self.mostMilliseconds)]
        }
        return member
    }
}

extension Scenario {
    /// The step at which the other connections stay; nil if they play the whole script.
    fileprivate var place: Int? {
        script.firstIndex { if case .quiesce = $0 { true } else { false } }
    }
}

/// A conversation that reports when it has arrived at the step where it stays.
struct ConcurrentConnection: LinkMachine {
    private(set) var conversation: ConversationMachine
    private let arrival: AsyncStream<Bool>.Continuation
    private let hasPlace: Bool
    private var hasArrived = false

    init(_ scenario: Scenario, _ settings: ConversationSettings, _ arrival: AsyncStream<Bool>.Continuation) {
        conversation = ConversationMachine(scenario: scenario, settings: settings)
        self.arrival = arrival
        if case .pause = scenario.script.last { hasPlace = true } else { hasPlace = false }
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkConnected(at: now, actions: &actions)
        if !hasPlace { arrive() } else { checkArrival() }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkReceived(bytes, at: now, actions: &actions)
        checkArrival()
    }

    mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        conversation.linkReceivedFields(fields, ends: ends, at: now, actions: &actions)
        checkArrival()
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkWritable(at: now, actions: &actions)
        checkArrival()
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkTimerFired(timer, at: now, actions: &actions)
        checkArrival()
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkProbesAnswered(at: now, actions: &actions)
        checkArrival()
    }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        conversation.linkEnded(end, at: now)
        arrive()
    }

    private mutating func checkArrival() {
        if conversation.isAtLastPause { arrive() }
    }

    private mutating func arrive() {
        guard !hasArrived else { return }
        hasArrived = true
        arrival.yield(conversation.stage == .talking)
    }
}

extension ConversationMachine {
    /// Whether only a pause at the end of the script is left.
    fileprivate var isAtLastPause: Bool {
        guard stepIndex == scenario.script.count, case .pause = wait else { return false }
        return true
    }
}
