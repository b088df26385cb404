/// What the application of a server does with messages; a run finds it out before its first scenario.
package struct ObservedApplication: Sendable, Hashable, Codable {
    /// What it does with a text message.
    package var text: Answer
    /// What it does with a binary message.
    package var binary: Answer
    /// Whether it sends messages that do not answer ours, such as a greeting or news.
    package var speaks: Bool
    /// Whether a message on one connection is sent to other connections.
    package var broadcasts: Bool

    /// What an application does with a message.
    package enum Answer: String, Sendable, Hashable, Codable, CaseIterable {
        /// It sends the message back.
        case echo
        /// It accepts the message and sends nothing.
        case silence
        /// It sends something else.
        case other
        /// It closes the connection.
        case refusal
        /// Nothing could be found out; scenarios that need an echo run nevertheless.
        case unknown
    }

    /// Creates an observation; by default that of an application that only echoes.
    package init(text: Answer = .echo, binary: Answer = .echo, speaks: Bool = false, broadcasts: Bool = false) {
        self.text = text
        self.binary = binary
        self.speaks = speaks
        self.broadcasts = broadcasts
    }

    /// Whether its messages are ignored in scenarios that do not need them.
    package var sendsUnrelatedMessages: Bool {
        speaks || text != .echo || binary == .other
    }
}

/// A message that was sent again on a new connection, to check the reason for a refusal.
package struct MessageTrial: Sendable, Hashable {
    /// Whether it was a text message, not a binary one.
    package var isText: Bool
    /// Its length in octets.
    package var length: Int
    /// The number of frames that it was sent in.
    package var frames: Int
    /// Whether it came back; otherwise it was refused.
    package var cameBack: Bool

    /// Creates the record of a trial.
    package init(isText: Bool, length: Int, frames: Int, cameBack: Bool) {
        self.isText = isText
        self.length = length
        self.frames = frames
        self.cameBack = cameBack
    }
}
