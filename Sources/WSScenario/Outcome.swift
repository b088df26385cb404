package import WSProtocol

/// How a listed outcome conforms to the RFC.
package enum Grade: String, Sendable, Hashable, Codable, CaseIterable {
    /// The RFC requires it.
    case conforms
    /// The RFC allows it or leaves it open; reported but never counted.
    case informational
    /// It misses a recommendation, or a duty that only our reading sees.
    case tolerated
    /// It violates a requirement.
    case violates
}

/// An outcome that a scenario lists, with its grade.
package struct Outcome<Pattern: Sendable & Hashable & Codable>: Sendable, Hashable, Codable {
    /// How it conforms to the RFC.
    package var grade: Grade
    /// What the transcript has to show for it.
    package var pattern: Pattern
    /// The reason for the grade; empty if the outcome conforms.
    package var reason: String
    /// The requirement behind the grade; nil for the scenario's main one.
    package var requirement: String?
    /// The role under test that it applies to; nil for both.
    package var role: Role?
    /// What the peer did with this outcome; nil to derive it from the kind of what is observed.
    package var key: ReasonKey?

    /// The same outcome with a key that the kind of what is observed does not tell.
    package func because(_ key: ReasonKey) -> Self {
        var outcome = self
        outcome.key = key
        return outcome
    }

    /// The same outcome for this role under test only.
    package func of(_ role: Role) -> Self {
        var outcome = self
        outcome.role = role
        return outcome
    }

    /// Creates an outcome that the RFC requires.
    package static func conforms(_ pattern: Pattern) -> Self {
        Self(grade: .conforms, pattern: pattern, reason: "", requirement: nil)
    }

    /// Creates an outcome that the RFC leaves open.
    package static func informational(_ pattern: Pattern, _ reason: String, cites requirement: String? = nil) -> Self {
        Self(grade: .informational, pattern: pattern, reason: reason, requirement: requirement)
    }

    /// Creates an outcome that misses a recommendation.
    package static func tolerated(_ pattern: Pattern, _ reason: String, cites requirement: String? = nil) -> Self {
        Self(grade: .tolerated, pattern: pattern, reason: reason, requirement: requirement)
    }

    /// Creates an outcome that violates a requirement.
    package static func violates(_ pattern: Pattern, _ reason: String, cites requirement: String? = nil) -> Self {
        Self(grade: .violates, pattern: pattern, reason: reason, requirement: requirement)
    }
}

/// An event that a scenario waits for or compares with.
package enum ExpectedEvent: Sendable, Hashable, Codable {
    /// A complete message of this type and payload.
    case message(Opcode, Payload)
    /// A Pong with this payload.
    case pong(Payload)
    /// The connection was still open after the wait with this tag.
    case stillOpen(tag: String)
    /// All echoes of an echo loop.
    case echoes(Opcode, Payload)
    /// The Pongs for a numbered run of this many Pings.
    case numberedPongs(Int)

    /// How many events it stands for; the echoes of a loop depend on the effort and count as one.
    package var count: Int {
        if case .numberedPongs(let count) = self { count } else { 1 }
    }

    /// The Pongs of a numbered run one by one; any other event as it is.
    package var expandingPongs: [ExpectedEvent] {
        guard case .numberedPongs(let count) = self else { return [self] }
        return (0..<count).map { .pong(.octets(FrameRun.number($0))) }
    }
}

/// A pattern for what the peer does before the connection ends.
package enum BehaviourPattern: Sendable, Hashable, Codable {
    /// Exactly these events, in this order.
    case events([ExpectedEvent])
    /// Exactly these events, each Pong at its place or earlier; messages and Pongs are in order among themselves.
    case pongsAhead([ExpectedEvent])
    /// Exactly these events, in any order.
    case anyOrder([ExpectedEvent])
    /// These events, without some of the Pongs before the last one; all in order, or messages and Pongs separately.
    case withoutEarlierPongs([ExpectedEvent], inOrder: Bool)
    /// Some of these events, or none, in any order.
    case someOf([ExpectedEvent])
    /// The opening handshake was answered with one of these final statuses other than 101; nil for any.
    ///
    /// A 101 that switches to another protocol that the request named is such an answer, too.
    case refused(statuses: [Int]?)
    /// The opening handshake was refused in this way, and the peer then ended the connection.
    case refusedAndClosed(statuses: [Int]?)
    /// The connection ended before the opening handshake was answered.
    case unanswered
    /// The opening handshake was answered with octets that are no HTTP/1.1, such as an alert of TLS.
    case notHTTP
    /// The handshake of TLS came to no end, or the peer ended it.
    case unsecured
    /// The opening handshake was answered with 101; a client sent a frame after our answer.
    case accepted
    /// The handshake was accepted, and the application then sent a Close frame before anything else.
    ///
    /// Browsers do not show the status of a response to the page, so applications refuse in this way. Their code does
    /// not name a protocol error.
    case declinedByClose
    /// A client ended the connection after our answer to its opening handshake, without a frame.
    ///
    /// It need not send a Close frame, because no WebSocket connection was opened (RFC 6455, 7.1.7).
    case failsHandshake
    /// A client never connected, because it rejects the address that its driver should open.
    case neverConnects
    /// A server agreed to permessage-deflate with parameters that fit none of these offers, which are the valid ones.
    case agreesToCompression(unless: [DeflateOffer])
    /// A server reset the stream of HTTP/2 with one of these error codes, before it sent a Close frame; nil for any.
    case resetsStream(codes: [UInt32]?)
    /// A server ended the connection of HTTP/2: with an error in GOAWAY, or without GOAWAY.
    case endsConnection(withError: Bool)
    /// Anything.
    case anything

    /// The events that the pattern lists; nil if it lists none.
    package var events: [ExpectedEvent]? {
        switch self {
        case .events(let events), .pongsAhead(let events), .anyOrder(let events),
            .withoutEarlierPongs(let events, _), .someOf(let events):
            events
        case .refused, .refusedAndClosed, .unanswered, .notHTTP, .unsecured, .accepted, .declinedByClose,
            .failsHandshake, .neverConnects, .agreesToCompression, .resetsStream, .endsConnection, .anything:
            nil
        }
    }
}

/// A pattern for how the connection ended.
package enum ClosingPattern: Sendable, Hashable, Codable {
    /// The peer sent the first Close frame with one of these codes; 1005 means no code, nil any code.
    case peerCloses(codes: [UInt16]?)
    /// The peer ended the TCP connection without a Close frame, and before we sent one.
    case peerDrops
    /// The peer answered our Close frame with one of these codes; 1005 means no code, nil any code.
    case peerReplies(codes: [UInt16]?)
    /// The peer ended the TCP connection without answering our Close frame.
    case peerDropsAfterOurClose
    /// The peer neither closed nor dropped the connection before we gave up.
    case staysOpen
    /// Anything.
    case anything
}
