package import WSProtocol

/// How well a listed outcome fits the RFC.
package enum Grade: String, Sendable, Hashable, Codable, CaseIterable {
    /// What the RFC asks for.
    case conforms
    /// Allowed, or left open by the text; said but never counted.
    case informational
    /// A recommendation missed, or a duty that only our reading of the text makes.
    case tolerated
    /// A requirement broken.
    case violates
}

/// One alternative that a scenario foresees, with its grade.
package struct Outcome<Pattern: Sendable & Hashable & Codable>: Sendable, Hashable, Codable {
    /// How well it fits the RFC.
    package var grade: Grade
    /// What the transcript has to show.
    package var pattern: Pattern
    /// Why this grade; empty where the outcome conforms.
    package var reason: String
    /// The requirement behind the grade; the scenario's first one when nil.
    package var requirement: String?
    /// The side under test that it is for; nil for either.
    package var role: Role?

    /// The outcome where that side is under test; it is not looked at where the other one is.
    package func of(_ role: Role) -> Self {
        var outcome = self
        outcome.role = role
        return outcome
    }

    /// The outcome that the RFC asks for.
    package static func conforms(_ pattern: Pattern) -> Self {
        Self(grade: .conforms, pattern: pattern, reason: "", requirement: nil)
    }

    /// An outcome that the text leaves open.
    package static func informational(_ pattern: Pattern, _ reason: String, cites requirement: String? = nil) -> Self {
        Self(grade: .informational, pattern: pattern, reason: reason, requirement: requirement)
    }

    /// An outcome that misses a recommendation.
    package static func tolerated(_ pattern: Pattern, _ reason: String, cites requirement: String? = nil) -> Self {
        Self(grade: .tolerated, pattern: pattern, reason: reason, requirement: requirement)
    }

    /// An outcome that breaks a requirement.
    package static func violates(_ pattern: Pattern, _ reason: String, cites requirement: String? = nil) -> Self {
        Self(grade: .violates, pattern: pattern, reason: reason, requirement: requirement)
    }
}

/// Something that a scenario waits for or compares with.
package enum ExpectedEvent: Sendable, Hashable, Codable {
    /// A complete message of this type and payload.
    case message(Opcode, Payload)
    /// A Pong with this payload.
    case pong(Payload)
    /// The connection was still open after the wait with this tag.
    case stillOpen(tag: String)
    /// So many echoes of an echo loop.
    case echoes(Opcode, Payload)
    /// The Pongs for a numbered run of so many Pings.
    case numberedPongs(Int)

    /// How many events it stands for; an echo loop's depend on the effort and count as one.
    package var count: Int {
        if case .numberedPongs(let count) = self { count } else { 1 }
    }

    /// The Pongs of a numbered run one by one, any other event as it is.
    package var expandingPongs: [ExpectedEvent] {
        guard case .numberedPongs(let count) = self else { return [self] }
        return (0..<count).map { .pong(.octets(FrameRun.number($0))) }
    }
}

/// What the peer did with what was sent, before the connection ended.
package enum BehaviourPattern: Sendable, Hashable, Codable {
    /// Exactly these events, in this order.
    case events([ExpectedEvent])
    /// Exactly these events, in any order.
    case anyOrder([ExpectedEvent])
    /// These events, without some of the Pongs before the last one; in order, or messages and Pongs each in theirs.
    case withoutEarlierPongs([ExpectedEvent], inOrder: Bool)
    /// Some of these events, or none, in any order.
    case someOf([ExpectedEvent])
    /// The opening handshake was answered with a final status other than 101, one of these; nil for any.
    ///
    /// A 101 that switches to another protocol, one that the request named, is such an answer too.
    case refused(statuses: [Int]?)
    /// The same, and the peer ended the connection after it.
    case refusedAndClosed(statuses: [Int]?)
    /// The connection ended before the opening handshake was answered.
    case unanswered
    /// The opening handshake was answered with 101, whatever came after; a client has answered ours with a frame.
    case accepted
    /// The opening handshake was answered with 101, and a Close frame of the application's came before anything else.
    ///
    /// Browsers do not show a status to the page, so that applications tell it in this way what they refuse. Their code
    /// names no error of the protocol.
    case declinedByClose
    /// A client ended the connection over our answer to its opening handshake, without a frame that has it accepted.
    ///
    /// No Close frame is due, as no WebSocket connection has come about (RFC 6455, 7.1.7).
    case failsHandshake
    /// A client never connected, because it does not take the address that its driver was to open.
    case neverConnects
    /// Whatever it was.
    case anything

    /// The events that the pattern lists; nil where it lists none.
    package var events: [ExpectedEvent]? {
        switch self {
        case .events(let events), .anyOrder(let events), .withoutEarlierPongs(let events, _), .someOf(let events):
            events
        case .refused, .refusedAndClosed, .unanswered, .accepted, .declinedByClose, .failsHandshake, .neverConnects,
            .anything:
            nil
        }
    }
}

/// Who ended the connection, and how.
package enum ClosingPattern: Sendable, Hashable, Codable {
    /// The peer sent the first Close frame, with one of these codes (1005 stands for none; nil for any).
    case peerCloses(codes: [UInt16]?)
    /// The peer ended the TCP connection without a Close frame, and before we sent one.
    case peerDrops
    /// The peer answered our Close frame with one that carries one of these codes (1005: none; nil: any).
    case peerReplies(codes: [UInt16]?)
    /// The peer ended the TCP connection without answering our Close frame.
    case peerDropsAfterOurClose
    /// The peer neither closed nor dropped before we gave up.
    case staysOpen
    /// Whatever it was.
    case anything
}
