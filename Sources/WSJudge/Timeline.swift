package import WSDeflate
package import WSProtocol
import WSScenario
package import WSTranscript

/// A transcript as a conversation: the events of both sides in the order in which the tester saw them.
///
/// Frames are derived from the recorded octets each time and never stored.
package struct Timeline: Sendable {
    /// The role under test.
    package let roleUnderTest: Role
    /// What happened, in order.
    package internal(set) var entries: [Entry] = []
    /// The raw octets of our requests; there are two if the first was refused on a connection that stayed open.
    ///
    /// If a client is under test, the head of its request, once that was complete.
    package internal(set) var requests: [[UInt8]] = []
    /// The heads of the peer's final answers; if a client is under test, the head of our answer.
    package internal(set) var responses: [HTTPHead] = []
    /// The field lines of our request on a stream of HTTP/2; nil if the conversation is on none.
    package internal(set) var streamRequest: TranscriptFields?
    /// The field lines of the final answer on that stream.
    package internal(set) var streamAnswer: TranscriptFields?
    /// What happened on the connection that carries the stream; nil if the record has nothing of it.
    var carrier: CarrierRecord?
    /// All octets of our answer to a client's request.
    package internal(set) var answer: [UInt8] = []
    /// Whether a client sent another request after our answer, instead of frames or the end of the connection.
    package internal(set) var hasAskedAgain = false
    /// How the content of the last answer is delimited; nil if it was a 101, or none came.
    package internal(set) var content: HTTPContentDecoder?
    /// The interim answers (1xx other than 101) before the final one.
    package internal(set) var interimResponses: [HTTPHead] = []
    /// The octets that came instead of a head, at most 512 of them.
    package internal(set) var strayOctets: [UInt8] = []
    /// What the opening handshake agreed on, read from the final answer.
    package internal(set) var negotiation = Negotiation()
    /// The number of octets received.
    package internal(set) var receivedCount: UInt64 = 0
    /// The number of octets sent.
    package internal(set) var sentCount: UInt64 = 0
    /// The number of frames received, by opcode.
    package internal(set) var receivedFrames: [UInt8: Int] = [:]
    /// The masking keys of the frames received, in order; only of a client's first four thousand.
    package internal(set) var maskingKeys: [UInt32] = []
    /// The number of frames sent, by opcode.
    package internal(set) var sentFrames: [UInt8: Int] = [:]
    /// The number of reads, by length in octets.
    package internal(set) var receivedChunks: [Int: Int] = [:]
    /// The number of writes, by length in octets.
    package internal(set) var sentChunks: [Int: Int] = [:]

    /// An event with its time and octets.
    package struct Entry: Sendable {
        /// Nanoseconds since the connection attempt began.
        package var time: Int64
        /// The event.
        package var kind: Kind
        /// The octets of the event; nil if it has none.
        package var evidence: Evidence?
    }

    /// Creates an empty timeline.
    init(roleUnderTest: Role) {
        self.roleUnderTest = roleUnderTest
    }

    /// The kinds of events.
    package enum Kind: Sendable {
        /// We sent the handshake request; if a client is under test, its request came.
        case request
        /// We sent frames of the script.
        case script(ScriptReference)
        /// We sent a frame that is not part of the script.
        case extra(Opcode, payload: [UInt8])
        /// The answer to the handshake came; if a client is under test, we sent ours.
        case response
        /// The header of a frame came; only the first hundred are kept.
        case frame(FrameHeader)
        /// A message is complete.
        case message(ReceivedMessage)
        /// A Ping or Pong is complete.
        case control(ControlFrame)
        /// A Close frame is complete.
        case close(CloseBody)
        /// The peer broke a rule of framing.
        case violation(Violation)
        /// A frame of HTTP/2 moved, in a scenario about HTTP/2.
        case carrier(String, isSent: Bool)
        /// The runner noted something.
        case mark(TranscriptMark)
        /// The connection ended.
        case ended(TranscriptEnd)
    }

    /// A message from the peer.
    package struct ReceivedMessage: Sendable, Hashable {
        /// Text or binary.
        package var opcode: Opcode
        /// The number of octets of its content.
        package var length: UInt64
        /// The number of octets of its payload as it came.
        package var payloadLength: UInt64
        /// What its payload is made of; nil if it was not compressed.
        package var deflated: DeflatedMessage?
        /// The number of frames that it came in.
        package var frameCount: Int
        /// The index of the scenario's reference payload that it equals.
        package var payload: Int?
        /// The first octets, at most 128.
        package var preview: [UInt8]
    }

    /// The raw octets of our last request, or of the client's.
    package var request: [UInt8] { requests.last ?? [] }

    /// Whether the conversation is on a stream of HTTP/2.
    package var isOnStream: Bool { streamRequest != nil }

    /// The head in which subprotocols and extensions were offered; on a stream its lines alone are real.
    var offeringHead: HTTPHead {
        HTTPHead(kind: .request, raw: streamRequest?.head("CONNECT / HTTP/2.0") ?? request)
    }

    /// The head in which they were agreed on; nil if there was no answer.
    var agreeingHead: HTTPHead? {
        streamAnswer.map { HTTPHead(kind: .response, raw: $0.head("HTTP/2.0 200 OK")) } ?? response
    }

    /// The answer to the opening handshake, and its status; on a stream the lines of the head alone are real.
    package var openingAnswer: (head: HTTPHead, status: Int?)? {
        agreeingHead.map { ($0, streamAnswer.map(\.status) ?? StatusLine($0)?.code) }
    }

    /// The peer's last answer to a handshake.
    package var response: HTTPHead? { responses.last }

    /// The time at which the connection was opened, in nanoseconds; nil if it never was.
    ///
    /// That is the time of the 101, or of the first octets that a client sent after a scenario's own answer.
    package var openedAt: Int64? {
        for entry in entries { if case .mark(.opened) = entry.kind { return entry.time } }
        return nil
    }

    /// The end of the connection.
    package var end: TranscriptEnd? {
        for entry in entries.reversed() { if case .ended(let end) = entry.kind { return end } }
        return nil
    }

    /// The time of the last event, in nanoseconds.
    package var endTime: Int64 { entries.last?.time ?? 0 }

    /// The index of the first entry whose kind satisfies the condition.
    package func firstIndex(where fits: (Kind) -> Bool) -> Int? {
        entries.firstIndex { fits($0.kind) }
    }

    /// Whether the peer sent a compressed message.
    package var hasCompressedMessage: Bool {
        entries.contains { if case .message(let message) = $0.kind { message.deflated != nil } else { false } }
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

extension Timeline {
    /// Counts the frames that continue a compressed message of ours, which a record names by the message.
    mutating func countContinuations(of step: Step, _ reference: ScriptReference) {
        guard case .echoLoop(let loop) = step, loop.compression != nil, reference.start == 0 else { return }
        let frames = loop.frames(ofLength: reference.length, sentBy: roleUnderTest.opposite)
        if frames.count > 1 { sentFrames[Opcode.continuation.rawValue, default: 0] += frames.count - 1 }
    }
}
