import WSKernels
package import WSProtocol
package import WSScenario
package import WSTranscript

/// Reads what the peer sends after its 101 and sorts it: events to compare, control frames to act on, and the parts
/// under which the octets go into the transcript.
package struct Inbox: Sendable {
    /// What has come and counts, in order.
    package private(set) var events: [ObservedEvent] = []
    /// Whether a Close frame has come.
    package var hasSeenClose: Bool { close != nil }
    /// The first Close frame; nil where none has come.
    package private(set) var close: CloseBody?

    private var decoder: StreamDecoder
    private var matcher: MessageMatcher
    private let mostEvents: Int
    /// Whether the frame being read carries data of a message.
    private var isData = false
    /// The masking key of the frame being read.
    private var maskingKey: MaskingKey?
    /// The room in which a client's octets are unmasked.
    private var plain: [UInt8] = []

    /// A run of equal octets shorter than this is cheaper as it is than as a reference.
    private static let shortestReference = 256

    /// A control frame that calls for an action, or the end of a message.
    package enum Notice: Sendable, Hashable {
        /// A complete message; the caller counts it in its turn.
        case message(ObservedEvent)
        /// A Pong with this payload; the caller decides whether it counts.
        case pong([UInt8])
        /// A Ping with this payload.
        case ping([UInt8])
        /// The first Close frame.
        case close
    }

    /// Creates an inbox that begins right after the peer's part of the handshake.
    package init(sender: Role, scenario: Scenario, streamOffset: UInt64) {
        decoder = StreamDecoder(sender: sender, streamOffset: streamOffset)
        matcher = MessageMatcher(scenario.referencePayloads)
        mostEvents = scenario.mostEvents
    }

    /// Counts an event; more of them than the scenario can wait for are not kept.
    package mutating func append(_ event: ObservedEvent) {
        if events.count < mostEvents { events.append(event) }
    }

    /// Reads octets.
    ///
    /// - Returns: what was noticed in them, and the parts that the transcript keeps.
    package mutating func read(
        _ bytes: Span<UInt8>,
        recorder: inout TranscriptRecorder
    ) -> (notices: [Notice], parts: [ReceivedPart]) {
        var notices: [Notice] = []
        var parts: [ReceivedPart] = []
        var position = 0
        var literalStart = 0
        while let event = decoder.next(in: bytes, at: &position) {
            switch event {
            case .frame(let header, _):
                isData = !header.opcode.isControl && !header.opcode.isReserved
                maskingKey = header.maskingKey
                if header.opcode == .text || header.opcode == .binary { matcher.restart() }
            case .payload(let chunk, let payloadOffset, _):
                guard isData, let index = match(bytes.extracting(chunk), at: payloadOffset) else { break }
                guard chunk.count >= Self.shortestReference else { break }
                if literalStart < chunk.lowerBound {
                    parts.append(recorder.part(bytes.extracting(literalStart..<chunk.lowerBound)))
                }
                let start = matcher.matched(of: index) - chunk.count
                parts.append(.payload(index: index, start: start, length: chunk.count))
                literalStart = chunk.upperBound
            case .messageEnd(let message):
                guard !hasSeenClose else { break }
                notices.append(
                    .message(.message(message.opcode, length: message.length, payload: matcher.completed))
                )
            case .control(let frame):
                if frame.opcode == .ping { notices.append(.ping(frame.payload)) }
                if frame.opcode == .pong { notices.append(.pong(frame.payload)) }
            case .close(let body, _, _):
                guard !hasSeenClose else { break }
                close = body
                notices.append(.close)
            case .frameEnd, .violation:
                break
            }
        }
        if literalStart < bytes.count { parts.append(recorder.part(bytes.extracting(literalStart..<bytes.count))) }
        return (notices, parts)
    }

    /// Compares payload with what is expected; a client masks it, a server's is never compared when it is masked.
    private mutating func match(_ octets: Span<UInt8>, at payloadOffset: UInt64) -> Int? {
        guard let maskingKey else { return matcher.match(octets) }
        guard decoder.sender == .client else {
            matcher.fail()
            return nil
        }
        var room: [UInt8] = []
        swap(&room, &plain)
        room.removeAll(keepingCapacity: true)
        Masking.append(octets, key: maskingKey.rawValue, phase: Int(payloadOffset & 3), to: &room)
        let index = matcher.match(room.span)
        swap(&room, &plain)
        return index
    }
}
