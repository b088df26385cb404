import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// A text message that the user has us send behind each opening handshake, before the scenario begins.
///
/// An application that wants a login or a greeting first does then what the scenario asks of it. Messages that come
/// back count for nothing: the first conversation of a run learns how many there are, and later ones wait for as many.
package struct FirstMessage: Sendable, Hashable {
    /// The text.
    package var text: String
    /// How many messages answer it; nil before that is learned.
    package var replies: Int?

    /// The most messages that are awaited; an application that sends more talks of its own accord.
    package static let mostReplies = 8

    /// Creates a first message.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - replies: How many messages answer it; nil to learn it.
    package init(_ text: String, replies: Int? = nil) {
        self.text = text
        self.replies = replies
    }
}

/// Sends the user's first message, and passes over what answers it.
extension ConversationMachine {
    /// Sends the first message, if there is one; afterwards, ``wait`` is set as long as replies are awaited.
    mutating func sendFirstMessage(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let first = settings.firstMessage, settings.role == .client, facts.firstReplies == nil,
            !scenario.sendsFramesWithHandshake
        else { return }
        facts.firstReplies = 0
        sendExtra(.text, Array(first.text.utf8), now, &actions)
        wait = .firstReplies
        guard first.replies != 0 else { return noteFirstReplies(now) }
        awaitFirstReply(now, &actions)
    }

    /// Counts a message that answers the first message.
    ///
    /// - Returns: Whether it is one, so that it counts for nothing else.
    mutating func takeFirstReply(_ now: LinkInstant, _ actions: inout [LinkAction]) -> Bool {
        guard case .firstReplies = wait else { return false }
        facts.firstReplies = (facts.firstReplies ?? 0) + 1
        awaitFirstReply(now, &actions)
        return true
    }

    /// Begins the script if no more replies are awaited.
    mutating func reviewFirstReplies(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard case .firstReplies = wait, let count = facts.firstReplies,
            count >= settings.firstMessage?.replies ?? FirstMessage.mostReplies + 1
        else { return }
        endFirstReplies(now, &actions)
    }

    /// Begins the script, because no more replies came.
    mutating func endFirstReplies(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        actions.append(.cancelTimer(Timer.wait))
        noteFirstReplies(now)
        advanceScript(now, &actions)
    }

    /// Records that messages count from here on.
    mutating func noteFirstReplies(_ now: LinkInstant) {
        guard case .firstReplies = wait else { return }
        wait = nil
        (openedAt, lastProgress, lastActivity) = (now, now, now)
        recorder.mark(.firstMessage(replies: facts.firstReplies ?? 0), at: now.nanoseconds)
    }

    private mutating func awaitFirstReply(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        let due = min(now + Pacing.autobahnWait, openedAt + Pacing.firstReplies)
        start(Timer.wait, at: max(now, due), &actions)
    }
}

extension Scenario {
    /// Whether nothing can be sent between the handshake and the first frames.
    var sendsFramesWithHandshake: Bool { opening == .framesWithHandshake }

    /// Why it cannot be played behind a first message; nil if it can.
    var reasonAgainstFirstMessage: String? {
        sendsFramesWithHandshake ? "its frames leave with the request, so --first-message cannot go before them" : nil
    }
}

extension TestRun {
    /// Learns from a first conversation how many messages answer the first message.
    mutating func learnFirstReplies(_ facts: ConversationFacts) async {
        guard conversations.settings.firstMessage?.replies == nil, let count = facts.firstReplies else { return }
        let isTalking = count > FirstMessage.mostReplies
        conversations.settings.firstMessage?.replies = isTalking ? 0 : count
        let what =
            isTalking
            ? "is followed by more than \(FirstMessage.mostReplies) messages, which are not awaited"
            : count == 0
                ? "is not answered"
                : "is answered with \(count == 1 ? "1 message, which counts" : "\(count) messages, which count") for nothing"
        await handle(.note("the first message \(what)"))
    }
}
