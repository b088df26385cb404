/// Counts ordinary opening handshakes after which a working target closed the connection without an answer.
///
/// A target that did so once while nothing else was going on may do it at any time. From then on an unanswered
/// connection proves nothing, and is tried again.
actor ConnectionTally {
    /// Whether the target is known to close connections without an answer.
    private(set) var isFlaky = false
    private var opened = 0
    private var closedUnanswered = 0

    /// How often a flaky target is tried after a connection that it closed without an answer.
    static let attempts = 12

    /// Counts a connection with an ordinary opening handshake.
    func count(_ facts: ConversationFacts) {
        if facts.failure == .endedInHandshake { closedUnanswered += 1 } else if facts.hasOpened { opened += 1 }
    }

    /// Notes that a connection was closed without an answer and the next one was served at once.
    func noteRecovery() { isFlaky = true }

    /// `7 of 20 connections`.
    var share: String { "\(closedUnanswered) of \(opened + closedUnanswered) connections" }
}
