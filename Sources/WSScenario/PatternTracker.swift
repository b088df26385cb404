/// Matches observed events with a pattern as they come, so that no event is compared twice.
package struct PatternTracker: Sendable {
    /// How far the events so far match.
    package var progress: PatternProgress {
        if hasFailed { return .impossible }
        if let fixed { return fixed }
        if isOptional { return .complete }
        return unordered.isEmpty && ordered.allSatisfy(\.isAtEnd) ? .complete : .partial
    }

    private let comparison: EventComparison
    /// The constant progress of a pattern without events.
    private var fixed: PatternProgress?
    /// The lists that have to come in order: a single one, or one of Pongs and one of other events.
    private var ordered: [OrderedEvents] = []
    /// How many other events may have come before each Pong; empty if any number.
    private var latestPlaces: [Int] = []
    /// The events that may come in any order and are still missing.
    private var unordered: [ExpectedEvent] = []
    /// Whether the unordered events may be missing.
    private var isOptional = false
    private var hasFailed = false

    /// Creates a tracker before the first event; the script gives the lengths of echo loops.
    package init(_ pattern: BehaviourPattern, comparison: EventComparison, script: [Step]) {
        self.comparison = comparison
        switch pattern {
        case .anything, .accepted:
            fixed = .complete
        case .refused, .refusedAndClosed, .unanswered, .notHTTP, .unsecured, .declinedByClose, .failsHandshake,
            .neverConnects, .resetsStream, .endsConnection:
            // Events exist only on an open connection, and a Close frame is not an event.
            fixed = .impossible
        case .agreesToCompression(let offers):
            fixed = comparison.negotiation.agreesToCompression(unless: offers) ? .complete : .impossible
        case .events(let expected):
            ordered = [OrderedEvents(comparison.expand(expected, script: script), mayLeaveOutPongs: false)]
        case .pongsAhead(let expected):
            let all = comparison.expand(expected, script: script)
            ordered = OrderedEvents.apart(all, mayLeaveOutPongs: false)
            var others = 0
            latestPlaces = all.compactMap { event in
                if event.isPong { return others }
                others += 1
                return nil
            }
        case .withoutEarlierPongs(let expected, inOrder: true):
            ordered = [OrderedEvents(comparison.expand(expected, script: script), mayLeaveOutPongs: true)]
        case .withoutEarlierPongs(let expected, inOrder: false):
            ordered = OrderedEvents.apart(comparison.expand(expected, script: script), mayLeaveOutPongs: true)
        case .anyOrder(let expected):
            unordered = comparison.expand(expected, script: script)
        case .someOf(let expected):
            unordered = comparison.expand(expected, script: script)
            isOptional = true
        }
    }

    /// Matches the next event.
    package mutating func take(_ event: ObservedEvent) {
        guard fixed == nil, !hasFailed else { return }
        if let list = ordered.count > 1 && event.isPong ? ordered.indices.last : ordered.indices.first {
            hasFailed = isLate(event) || !ordered[list].take(event, comparison)
        } else if let index = unordered.firstIndex(where: { comparison.isEqual(event, $0) }) {
            unordered.remove(at: index)
        } else {
            hasFailed = true
        }
    }

    /// Whether the event is a Pong that more events came before than its place in the pattern allows.
    private func isLate(_ event: ObservedEvent) -> Bool {
        guard event.isPong, ordered.count > 1, ordered[1].next < latestPlaces.count else { return false }
        return ordered[0].next > latestPlaces[ordered[1].next]
    }
}

/// Events that have to come in order.
private struct OrderedEvents: Sendable {
    private let expected: [ExpectedEvent]
    private(set) var next = 0
    /// Pongs before this index may be missing.
    private let lastPong: Int

    init(_ expected: [ExpectedEvent], mayLeaveOutPongs: Bool) {
        self.expected = expected
        lastPong = mayLeaveOutPongs ? expected.lastIndex(where: \.isPong) ?? 0 : 0
    }

    /// A list of the other events and one of the Pongs, each in order by itself.
    static func apart(_ expected: [ExpectedEvent], mayLeaveOutPongs: Bool) -> [OrderedEvents] {
        [
            OrderedEvents(expected.filter { !$0.isPong }, mayLeaveOutPongs: false),
            OrderedEvents(expected.filter(\.isPong), mayLeaveOutPongs: mayLeaveOutPongs),
        ]
    }

    var isAtEnd: Bool { next == expected.count }

    /// Whether the event is the next one, except for Pongs that may be missing.
    mutating func take(_ event: ObservedEvent, _ comparison: EventComparison) -> Bool {
        for index in next..<expected.count {
            if comparison.isEqual(event, expected[index]) {
                next = index + 1
                return true
            }
            guard index < lastPong, expected[index].isPong else { return false }
        }
        return false
    }
}

extension ObservedEvent {
    fileprivate var isPong: Bool { if case .pong = self { true } else { false } }
}

extension ExpectedEvent {
    fileprivate var isPong: Bool { if case .pong = self { true } else { false } }
}
