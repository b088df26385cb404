import WSLink
import WSScenario

/// The connections beside the one that is recorded, where a scenario is played by many at once.
///
/// Each plays the script up to its first settling wait and stays there; without such a wait it plays all of it. The
/// recorded conversation begins once all of them are there, and ends them.
struct ConcurrentConnections: Sendable {
    let scenario: Scenario
    let settings: ConversationSettings
    let dialer: any Dialer

    /// How many connections may be on their way to their place at a time: backlogs of listening sockets are short.
    private static let mostUnderWay = 64
    /// How long a connection stays at its place at most.
    private static let mostMilliseconds = 600_000

    /// Does something while the crowd is there.
    ///
    /// - Returns: what was done, and how many of the crowd had an open WebSocket connection when it began.
    func surround<Result: Sendable>(_ act: () async -> Result) async -> (result: Result, open: Int) {
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

    /// The scenario as one of the crowd plays it; its id alone makes its keys others than those of the rest.
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
    /// The step at which the connections of a crowd stay; nil where they play all of it.
    fileprivate var place: Int? {
        script.firstIndex { if case .quiesce = $0 { true } else { false } }
    }
}

/// One connection of a crowd: a conversation that says when it has come to its place.
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
        if !hasPlace { arrive() } else { lookAround() }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkReceived(bytes, at: now, actions: &actions)
        lookAround()
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkWritable(at: now, actions: &actions)
        lookAround()
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkTimerFired(timer, at: now, actions: &actions)
        lookAround()
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        conversation.linkProbesAnswered(at: now, actions: &actions)
        lookAround()
    }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        conversation.linkEnded(end, at: now)
        arrive()
    }

    private mutating func lookAround() {
        if conversation.isAtLastPause { arrive() }
    }

    private mutating func arrive() {
        guard !hasArrived else { return }
        hasArrived = true
        arrival.yield(conversation.stage == .talking)
    }
}

extension ConversationMachine {
    /// Whether all of the script is done but a pause at its end.
    fileprivate var isAtLastPause: Bool {
        guard stepIndex == scenario.script.count, case .pause = wait else { return false }
        return true
    }
}
