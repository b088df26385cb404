package import WSLink
package import WSProtocol
package import WSTranscript

/// What a run needs to know about a conversation without judging it.
package struct ConversationFacts: Sendable, Hashable {
    /// Whether the opening handshake was answered with 101.
    ///
    /// If the answer is a scenario's own, whether the client sent something after it.
    package var hasOpened = false
    /// The status of the answer; nil if there was none, or it is not HTTP.
    package var statusCode: Int?
    /// The Server field of the answer.
    package var server: String?
    /// The Location field of the answer, which is where a redirect leads; nil if there is none.
    package var place: String?
    /// The User-Agent field of a client's request.
    package var userAgent: String?
    /// Whether a client's request offers permessage-deflate; nil if none came.
    package var offersCompression: Bool?
    /// What the handshake of the security layer agreed on; nil if there is none, or it failed.
    package var security: LinkSecurityFacts?
    /// Whether the script was not played, because the handshake did not agree to what it needs of compression.
    package var lacksCompression = false
    /// Whether a client's request has come with its whole head.
    package var hasRequest = false
    /// The time from our handshake to the answer.
    package var roundTrip = LinkDuration.milliseconds(1)
    /// Whether all events that the scenario expects have come.
    package var isFulfilled = false
    /// How many messages answered the user's first message; nil if none was sent.
    package var firstReplies: Int?
    /// How many messages came, for scenarios that send none.
    package var heardMessages = 0
    /// Whether an expected event has come, even among others.
    package var heardExpected = false
    /// The types of the expected messages that have come.
    package var cameBack: Set<Opcode> = []
    /// The target's Close frame; nil if none came.
    package var close: Close?
    /// Whether the target ended an open connection without a Close frame.
    package var wasCutOff = false
    /// Why no WebSocket connection was opened; nil if one was.
    package var failure: Failure?
    /// Whether the target ended the connection before it had answered a scenario's own request.
    package var endedUnanswered = false
    /// How many streams of HTTP/2 the target takes at a time, as its SETTINGS say; nil if they do not.
    package var mostStreams: Int?
    /// Whether more came than could be recorded, so that the record says nothing about the peer.
    package var isUnkept = false

    /// A Close frame of the target's.
    package struct Close: Sendable, Hashable {
        /// Its code; nil for none.
        package var code: UInt16?
        /// Its reason; octets that are not UTF-8 are replaced.
        package var reason: String
        /// Whether it came before we had sent ours.
        package var isFirst: Bool
    }

    /// Why the conversation was given up; nil if it was not.
    package var gaveUp: TranscriptGiveUp?
    /// What was missing when the conversation was given up at a deadline or after a wrong Pong.
    package var missing: Awaited?
    /// Whether the wait for it was shorter than usual.
    package var wasCutShort = false
    /// The things that came after a wait, each with the longest time that it took.
    package var answerTimes: [Awaited: LinkDuration] = [:]
    /// The longest silence, except for pauses that the scenario wants.
    package var longestSilence = LinkDuration.milliseconds(0)

    /// Whether a time limit may have decided the result, rather than anything that the peer did.
    ///
    /// - Parameter settings: The settings of the run; without time limits, a late answer is no reason to try again.
    /// - Returns: Whether it may.
    package func mayBeDecidedByTime(_ settings: ConversationSettings) -> Bool {
        switch gaveUp {
        case .deadline, .wrongPong, .tookTooLong: true
        case .mismatch, .flood: false
        case nil: longestSilence >= Pacing.noticeableSilence && !settings.waitsForever
        }
    }

    /// Why no WebSocket connection was opened.
    package enum Failure: Sendable, Hashable {
        /// TCP could not connect; the text says why.
        case notConnected(String)
        /// The connection ended before the answer was complete.
        case endedInHandshake
        /// No answer came within the allowed time.
        case silent
        /// The answer, or a client's request, is not HTTP, or too long to be a head.
        case notHTTP
        /// The answer is HTTP but not 101, or we refused a request that is not an opening handshake.
        case refused
    }

    /// Creates the facts of a conversation that has not begun.
    package init() {}

    /// Why nothing can be said about the peer; nil if the record is usable.
    package var obstacle: String? {
        isUnkept ? "what came could not be kept: the disk or the limit transcripts is full; make room for --out" : nil
    }
}
