/// What the application behind a server does with messages, as a run finds out before its first scenario.
package struct ObservedApplication: Sendable, Hashable, Codable {
    /// What becomes of a text message.
    package var text: Answer
    /// What becomes of a binary message.
    package var binary: Answer
    /// Whether it sends messages that answer none of ours: a greeting, or news.
    package var speaks: Bool
    /// Whether messages of one connection reach the others.
    package var broadcasts: Bool

    /// What an application does with a message.
    package enum Answer: String, Sendable, Hashable, Codable, CaseIterable {
        /// It sends the message back.
        case echo
        /// It takes the message and sends nothing.
        case silence
        /// It sends something else.
        case other
        /// It closes the connection.
        case refusal
        /// Nothing could be found out; what needs the echo is tried all the same.
        case unknown
    }

    /// Creates a finding; without arguments that of an application which echoes and does nothing else.
    package init(text: Answer = .echo, binary: Answer = .echo, speaks: Bool = false, broadcasts: Bool = false) {
        self.text = text
        self.binary = binary
        self.speaks = speaks
        self.broadcasts = broadcasts
    }

    /// Whether its messages count for nothing where a scenario needs none of them.
    package var saysWhatItLikes: Bool {
        speaks || text != .echo || binary == .other
    }
}

/// A message that was sent once more on a connection of its own, to see whether a refusal of its like is borne out.
package struct MessageTrial: Sendable, Hashable {
    /// Whether it was a text message; otherwise it was binary.
    package var isText: Bool
    /// Its length in octets.
    package var length: Int
    /// In how many frames it was sent.
    package var frames: Int
    /// Whether it came back; otherwise it was refused.
    package var cameBack: Bool

    /// Creates a trial that is over.
    package init(isText: Bool, length: Int, frames: Int, cameBack: Bool) {
        self.isText = isText
        self.length = length
        self.frames = frames
        self.cameBack = cameBack
    }
}
