/// Counts the connections that a working target closed without an answer to an ordinary opening handshake.
///
/// Who has done so once while nothing else was under way may do it at any time, so that an unanswered connection says
/// nothing any more: it is tried again.
actor ConnectionTally {
    /// Whether the target is known to close connections without an answer.
    private(set) var isFlaky = false
    private var opened = 0
    private var closedUnanswered = 0

    /// How often a connection that was closed without an answer is tried again once the target is known for it.
    static let attempts = 12

    /// Counts a connection with an ordinary opening handshake.
    func count(_ facts: ConversationFacts) {
        if facts.failure == .endedInHandshake { closedUnanswered += 1 } else if facts.hasOpened { opened += 1 }
    }

    /// Notes that a connection was closed without an answer and the next one, at once, was served.
    func noteRecovery() { isFlaky = true }

    /// `7 of 20 connections`.
    var share: String { "\(closedUnanswered) of \(opened + closedUnanswered) connections" }
}
