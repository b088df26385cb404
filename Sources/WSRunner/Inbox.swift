package import WSProtocol
package import WSScenario
package import WSTranscript

/// Reads what the peer sends after its part of the handshake.
///
/// It yields the events to compare, the control frames to act on, and the form in which the octets are recorded.
package struct Inbox: Sendable {
    /// The events that came and count, in order.
    package private(set) var events: [ObservedEvent] = []
    /// Whether a Close frame has come.
    package var hasSeenClose: Bool { close != nil }
    /// The first Close frame; nil if none came.
    package private(set) var close: CloseBody?

    /// What the opening handshake agreed on.
    var negotiation: Negotiation {
        get { reader.negotiation }
        set { reader.negotiation = newValue }
    }

    /// Whether a message is open that can still become one that the scenario expects.
    var isInsideExpectedMessage: Bool { reader.isInsideExpectedMessage }

    private var reader: PeerReader
    private let mostEvents: Int
    /// What the transcript keeps of compressed messages.
    private var messages: CompressedMessages

    /// The shortest run of equal octets that is recorded as a reference.
    private static let shortestReference = 256

    /// A control frame that calls for an action, or the end of a message.
    package enum Notice: Sendable, Hashable {
        /// A complete message; the caller decides when to count it.
        case message(ObservedEvent)
        /// A Pong with this payload; the caller decides whether it counts.
        case pong([UInt8])
        /// A Ping with this payload.
        case ping([UInt8])
        /// The first Close frame.
        case close
    }

    /// Creates an inbox that begins right after the peer's part of the handshake.
    package init(
        sender: Role,
        scenario: Scenario,
        negotiation: Negotiation,
        streamOffset: UInt64,
        contentLimit: Int = .max
    ) {
        reader = PeerReader(
            sender: sender,
            negotiation: negotiation,
            streamOffset: streamOffset,
            contentLimit: contentLimit,
            comparing: scenario.referencePayloads
        )
        mostEvents = scenario.mostEvents
        messages = CompressedMessages(sender: sender)
    }

    /// Appends an event, unless there are already more than the scenario can wait for.
    package mutating func append(_ event: ObservedEvent) {
        if events.count < mostEvents { events.append(event) }
    }

    /// Reads octets.
    ///
    /// - Returns: The notices in their order, and the parts that the transcript keeps.
    package mutating func read(
        _ bytes: Span<UInt8>,
        recorder: inout TranscriptRecorder
    ) -> (notices: [Notice], parts: [ReceivedPart]) {
        var notices: [Notice] = []
        var parts: [ReceivedPart] = []
        var position = 0
        var literalStart = 0
        while let event = reader.next(in: bytes, at: &position) {
            switch event {
            case .frame(let header, _):
                if messages.isHolding, header.opcode != .continuation {
                    messages.append(bytes.extracting(literalStart..<position))
                    literalStart = position
                    parts += messages.release(to: &recorder)
                } else if messages.holds(header, begunAt: position) {
                    let start = position - header.encodedLength
                    if literalStart < start { parts.append(recorder.part(bytes.extracting(literalStart..<start))) }
                    literalStart = start
                }
            case .content(let content):
                guard let match = reader.match, content.count >= Self.shortestReference else { break }
                if literalStart < content.chunk.lowerBound {
                    parts.append(recorder.part(bytes.extracting(literalStart..<content.chunk.lowerBound)))
                }
                parts.append(.payload(index: match.payload, start: match.start, length: content.count))
                literalStart = content.chunk.upperBound
            case .message(let message, let contentLength):
                if messages.isHolding {
                    messages.append(bytes.extracting(literalStart..<position))
                    literalStart = position
                    parts += messages.end(message, reader, to: &recorder)
                } else if reader.deflated != nil {
                    messages.countKept(octets: message.end - message.offset)
                }
                guard !hasSeenClose else { break }
                notices.append(
                    .message(.message(message.opcode, length: contentLength, payload: reader.equalPayload))
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
        if messages.isHolding {
            messages.append(bytes.extracting(literalStart..<bytes.count))
            if messages.isTooLong { parts += messages.release(to: &recorder) }
        } else if literalStart < bytes.count {
            parts.append(recorder.part(bytes.extracting(literalStart..<bytes.count)))
        }
        return (notices, parts)
    }

    /// The octets of a message that is still held, because the conversation ends inside of it.
    package mutating func release(to recorder: inout TranscriptRecorder) -> [ReceivedPart] {
        messages.release(to: &recorder)
    }
}
