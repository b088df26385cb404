package import WSProtocol

/// An event of the peer, or a wait after which the connection was still open, in the form that is compared.
package enum ObservedEvent: Sendable, Hashable {
    /// A complete message; `payload` is the index of the equal reference payload, nil if there is none.
    case message(Opcode, length: UInt64, payload: Int?)
    /// A Pong that does not answer a barrier.
    case pong([UInt8])
    /// The connection was still open after the wait with this tag.
    case stillOpen(tag: String)
}

/// How far observed events match a pattern.
package enum PatternProgress: Sendable, Hashable, Comparable {
    /// They match.
    case complete
    /// They do not match yet, but further events can complete the match.
    case partial
    /// They cannot match any more.
    case impossible
}

/// Compares observed events with the patterns of a scenario.
package struct EventComparison: Sendable {
    /// The reference payloads, by index.
    package let payloads: [Payload]
    /// The effort, which determines the length of echo loops.
    package let effort: Effort
    /// Whether messages are compared only by type and length.
    package let ignoresContent: Bool
    /// The payloads of the script's loop, whose echoes one expected event stands for; empty if there is no loop.
    private let loopPayloads: [Payload]
    /// What the opening handshake agreed on, if that is known; else nothing.
    package let negotiation: Negotiation

    /// Creates a comparison for a scenario.
    package init(
        _ scenario: Scenario,
        effort: Effort,
        ignoresContent: Bool = false,
        negotiation: Negotiation = Negotiation()
    ) {
        payloads = scenario.referencePayloads
        loopPayloads = scenario.echoLoop?.payloads ?? []
        self.effort = effort
        self.ignoresContent = ignoresContent
        self.negotiation = negotiation
    }

    /// How far `events` match a pattern; the script gives the lengths of echo loops.
    package func progress(
        of events: [ObservedEvent],
        towards pattern: BehaviourPattern,
        script: [Step]
    ) -> PatternProgress {
        var tracker = PatternTracker(pattern, comparison: self, script: script)
        for event in events { tracker.take(event) }
        return tracker.progress
    }

    /// Whether an observed event equals an expected one.
    package func isEqual(_ observed: ObservedEvent, _ expected: ExpectedEvent) -> Bool {
        switch (observed, expected) {
        case (.message, .echoes(let wanted, let payload)):
            guard loopPayloads.first == payload else { return isEqual(observed, .message(wanted, payload)) }
            return loopPayloads.contains { isEqual(observed, .message(wanted, $0)) }
        case (.message(let opcode, let length, let index), .message(let wanted, let payload)):
            guard opcode == wanted, length == UInt64(payload.count) else { return false }
            return ignoresContent || index.map { payloads[$0].hasSameOctets(as: payload) } ?? false
        case (.pong(let octets), .pong(let payload)):
            return octets == payload.octets
        case (.stillOpen(let tag), .stillOpen(let wanted)):
            return tag == wanted
        default:
            return false
        }
    }

    /// The events of a list, where events that stand for many are repeated.
    func expand(_ expected: [ExpectedEvent], script: [Step]) -> [ExpectedEvent] {
        expected.flatMap { event -> [ExpectedEvent] in
            switch event {
            case .echoes(let opcode, let payload):
                echoes(of: payload, opcode, in: script)
            case .message, .pong, .numberedPongs, .stillOpen: event.expandingPongs
            }
        }
    }

    private func echoes(of payload: Payload, _ opcode: Opcode, in script: [Step]) -> [ExpectedEvent] {
        for case .echoLoop(let loop) in script where loop.opcode == opcode && loop.payload == payload {
            return (0..<loop.count(at: effort)).map { .message(opcode, loop.payload(ofMessage: $0)) }
        }
        return [.message(opcode, payload)]
    }
}

/// Finds the reference payload that equals a message, while its octets arrive.
package struct MessageMatcher: Sendable {
    private var matchers: [PayloadMatcher]

    /// Creates a matcher at the first octet of a message.
    package init(_ payloads: [Payload]) {
        matchers = payloads.map { PayloadMatcher($0) }
    }

    /// Compares the next octets.
    ///
    /// - Returns: The index of a payload that equals everything so far; nil if there is none.
    package mutating func match(_ octets: Span<UInt8>) -> Int? {
        var first: Int?
        for index in matchers.indices where matchers[index].match(octets) && first == nil { first = index }
        return first
    }

    /// Advances over octets that are known to equal those of one payload; they are compared with the other payloads.
    ///
    /// Payloads may begin with the same octets, so that another one may equal the complete message.
    package mutating func skip(_ count: Int, of payload: Int) {
        let start = matchers[payload].matched
        guard !matchers[payload].hasFailed, count <= matchers[payload].payload.count - start else { return fail() }
        if matchers.indices.contains(where: { $0 != payload && !matchers[$0].hasFailed }) {
            var octets: [UInt8] = []
            matchers[payload].payload.append(start..<start + count, to: &octets)
            for index in matchers.indices where index != payload { _ = matchers[index].match(octets.span) }
        }
        matchers[payload].skip(count)
    }

    /// How many octets of a payload have matched so far.
    package func matched(of payload: Int) -> Int { matchers[payload].matched }

    /// Ends the comparison of this message: no payload will match.
    package mutating func fail() {
        for index in matchers.indices { matchers[index].fail() }
    }

    /// The index of the payload that equals the complete message; nil if there is none.
    package var completed: Int? { matchers.firstIndex { $0.isComplete } }

    /// Whether a payload equals everything so far.
    package var canMatch: Bool { matchers.contains { !$0.hasFailed } }

    /// Restarts for the next message.
    package mutating func restart() {
        for index in matchers.indices { matchers[index].restart() }
    }
}
