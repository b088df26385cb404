package import WSProtocol
package import WSTranscript

/// A transcript read as a conversation: what both sides said, in the order in which the tester saw it.
///
/// Frames are derived from the octets each time and never stored as truth.
package struct Timeline: Sendable {
    /// The side under test.
    package let roleUnderTest: Role
    /// What happened, in order.
    package internal(set) var entries: [Entry] = []
    /// The raw octets of our requests: one, and a second where the first was refused and the connection lived on.
    ///
    /// Of a client under test the head of its request, once it was complete.
    package internal(set) var requests: [[UInt8]] = []
    /// The peer's final answers to them, each once its head was complete; where a client is under test, our own.
    package internal(set) var responses: [HTTPHead] = []
    /// All octets of our answer to a client's request.
    package internal(set) var answer: [UInt8] = []
    /// Whether a client has sent another request behind our answer, instead of frames or the end of the connection.
    package internal(set) var hasAskedAgain = false
    /// How the content of the last answer is delimited; nil where it was a 101, or none came.
    package internal(set) var content: HTTPContentDecoder?
    /// The interim answers (1xx other than 101) that came before it.
    package internal(set) var interimResponses: [HTTPHead] = []
    /// The octets that came in place of a head, at most 512 of them.
    package internal(set) var strayOctets: [UInt8] = []
    /// All octets received.
    package internal(set) var receivedCount: UInt64 = 0
    /// All octets sent.
    package internal(set) var sentCount: UInt64 = 0
    /// How many frames of each opcode were received.
    package internal(set) var receivedFrames: [UInt8: Int] = [:]
    /// The masking keys of the frames received, in order; of a client's first four thousand.
    package internal(set) var maskingKeys: [UInt32] = []
    /// How many frames of each opcode were sent.
    package internal(set) var sentFrames: [UInt8: Int] = [:]
    /// How often chunks of each length were read.
    package internal(set) var receivedChunks: [Int: Int] = [:]
    /// How often chunks of each length were written.
    package internal(set) var sentChunks: [Int: Int] = [:]

    /// One thing that happened.
    package struct Entry: Sendable {
        /// Nanoseconds since the connection attempt began.
        package var time: Int64
        /// What happened.
        package var kind: Kind
        /// The octets behind it; nil where there are none.
        package var evidence: Evidence?
    }

    /// A timeline in which nothing has happened.
    init(roleUnderTest: Role) {
        self.roleUnderTest = roleUnderTest
    }

    /// What can happen.
    package enum Kind: Sendable {
        /// The handshake left; a client's came.
        case request
        /// Frames of the script left.
        case script(ScriptReference)
        /// A frame left that is no part of the script.
        case extra(Opcode, payload: [UInt8])
        /// The answer to the handshake came; ours to a client's left.
        case response
        /// A frame's header came; only the first hundred are kept.
        case frame(FrameHeader)
        /// A message is complete.
        case message(ReceivedMessage)
        /// A Ping or Pong is complete.
        case control(ControlFrame)
        /// A Close frame is complete.
        case close(CloseBody)
        /// The peer broke a rule of framing.
        case violation(Violation)
        /// The runner noted something.
        case mark(TranscriptMark)
        /// The connection ended.
        case ended(TranscriptEnd)
    }

    /// A message of the peer's.
    package struct ReceivedMessage: Sendable, Hashable {
        /// Text or binary.
        package var opcode: Opcode
        /// The number of octets.
        package var length: UInt64
        /// How many frames it came in.
        package var frameCount: Int
        /// The index of the scenario's reference payload that it equals.
        package var payload: Int?
        /// The first octets, at most 128.
        package var preview: [UInt8]
    }

    /// The raw octets of our last request, or of the client's.
    package var request: [UInt8] { requests.last ?? [] }

    /// The peer's last answer to a handshake.
    package var response: HTTPHead? { responses.last }

    /// When the handshake was answered with 101, or a client has sent something behind an answer of the scenario's own;
    /// nil when neither happened.
    package var openedAt: Int64? {
        for entry in entries { if case .mark(.opened) = entry.kind { return entry.time } }
        return nil
    }

    /// The end of the connection.
    package var end: TranscriptEnd? {
        for entry in entries.reversed() { if case .ended(let end) = entry.kind { return end } }
        return nil
    }

    /// The moment of the last event.
    package var endTime: Int64 { entries.last?.time ?? 0 }

    /// The index of the first entry that fits.
    package func firstIndex(where fits: (Kind) -> Bool) -> Int? {
        entries.firstIndex { fits($0.kind) }
    }

    /// The index of the peer's first Close frame.
    package var peerCloseIndex: Int? {
        firstIndex { if case .close = $0 { true } else { false } }
    }

    /// The body of the peer's first Close frame.
    package var peerClose: CloseBody? {
        guard let index = peerCloseIndex, case .close(let body) = entries[index].kind else { return nil }
        return body
    }
}
