package import WSLink
package import WSProtocol
package import WSTranscript

/// What the run has to know about a conversation without judging it.
package struct ConversationFacts: Sendable, Hashable {
    /// Whether the opening handshake was answered with 101; where the answer is a scenario's own, whether the client
    /// has sent something behind it.
    package var hasOpened = false
    /// The status of the answer, if it was HTTP.
    package var statusCode: Int?
    /// The Server field of the answer.
    package var server: String?
    /// The User-Agent field of a client's request.
    package var userAgent: String?
    /// Whether a client's request has come with its whole head.
    package var hasRequest = false
    /// From our handshake to the answer.
    package var roundTrip = LinkDuration.milliseconds(1)
    /// Whether everything that the scenario expects has come.
    package var isFulfilled = false
    /// How many messages came on a connection whose script sends none.
    package var heardMessages = 0
    /// Whether an event that the scenario expects has come, whatever came besides.
    package var heardExpected = false
    /// The types of the expected messages that have come.
    package var cameBack: Set<Opcode> = []
    /// The target's Close frame; nil where none came.
    package var close: Close?
    /// Whether the target ended an open connection without a Close frame.
    package var wasCutOff = false
    /// Why no WebSocket connection came about.
    package var failure: Failure?
    /// Whether the target ended the connection before it had answered a request of the scenario's own.
    package var endedUnanswered = false
    /// Whether more came than could be kept, so that the record says nothing about the peer.
    package var isUnkept = false

    /// A Close frame of the target's.
    package struct Close: Sendable, Hashable {
        /// Its code; nil for none.
        package var code: UInt16?
        /// Its reason, as far as it is UTF-8.
        package var reason: String
        /// Whether it came before ours had left.
        package var isFirst: Bool
    }

    /// Why the conversation was given up, if it was.
    package var gaveUp: TranscriptGiveUp?
    /// What was waited for in vain when that was given up because of the time, or because of a Pong that was wrong.
    package var missing: Awaited?
    /// Whether that was waited for less long than anything is.
    package var wasCutShort = false
    /// What came of the things that were waited for, each with the longest silence before one of them.
    package var answerTimes: [Awaited: LinkDuration] = [:]
    /// The longest silence that was not the scenario's own wish.
    package var longestSilence = LinkDuration.milliseconds(0)

    /// Whether time may have decided what came of the conversation, rather than anything that the peer did.
    ///
    /// - Parameter settings: those of the run; who waits as long as it takes asks for nothing again that came late.
    /// - Returns: whether it may.
    package func isByTime(_ settings: ConversationSettings) -> Bool {
        switch gaveUp {
        case .deadline, .wrongPong: true
        case .mismatch, .flood: false
        case nil: longestSilence >= Pacing.noticeableSilence && !settings.waitsForever
        }
    }

    /// Why no WebSocket connection came about.
    package enum Failure: Sendable, Hashable {
        /// TCP could not connect; the text says why.
        case notConnected(String)
        /// The connection ended before the answer was complete.
        case endedInHandshake
        /// No answer within the time allowed.
        case silent
        /// The answer, or a client's request, is not HTTP, or too long to be a head.
        case notHTTP
        /// The answer is HTTP, but not 101; or we refused a request that is no opening handshake.
        case refused
    }

    /// Creates facts about a conversation that has not begun.
    package init() {}

    /// Why nothing can be said about the peer, though the conversation is over; nil where something can.
    package var obstacle: String? {
        isUnkept ? "what came could not be kept: the disk or the limit transcripts is full; make room for --out" : nil
    }
}
