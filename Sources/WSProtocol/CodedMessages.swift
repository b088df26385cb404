import WSDeflate
import WSKernels

/// Passes the payload of messages through a decoder, piece by piece.
struct CodedMessages: Sendable {
    /// The greatest number of octets of content in a piece.
    static let pieceLength = 65_536

    /// Whether the open message is coded.
    private(set) var isOpen = false
    /// The last piece of content.
    private(set) var piece: [UInt8] = []

    /// Whether any message can be coded.
    let hasDecoder: Bool
    private var decoder: (any MessageDecoder)?
    /// Unmasked payload to be decoded, and how much of it was decoded.
    private var payload: [UInt8] = []
    private var taken = 0
    /// The position of the payload without a piece yet: in its span, in its frame, and in the stream.
    private var chunk = 0..<0
    private var payloadOffset: UInt64 = 0
    private var streamOffset: UInt64 = 0
    private var contentLength: UInt64 = 0
    /// The message after its last frame; its content may still be incomplete.
    private var ended: Message?
    /// Whether the decoder has no more content for this message.
    private var isFinished = false
    /// Validates the content of a text message; nil for other messages, or after a violation.
    private var text: UTF8StreamValidator?
    /// A violation to report after the piece of content that shows it.
    private var due: Violation?

    /// What the coded message that ended last is made of; nil unless it was a compressed one.
    private(set) var deflated: DeflatedMessage?

    init(_ decoder: (any MessageDecoder)?) {
        self.decoder = decoder
        hasDecoder = decoder != nil
    }

    /// Asks the decoder about a message if this frame begins one.
    mutating func begin(_ header: FrameHeader) {
        guard header.opcode == .text || header.opcode == .binary else { return }
        deflated = nil
        isOpen = decoder?.begin(header) ?? false
        payload.removeAll(keepingCapacity: true)
        taken = 0
        contentLength = 0
        ended = nil
        isFinished = false
        due = nil
        text = isOpen && header.opcode == .text ? UTF8StreamValidator() : nil
    }

    /// Continues as if a coded message with this content had been decoded.
    mutating func skipMessage(_ content: Span<UInt8>) {
        deflated = nil
        decoder?.skipMessage(content)
    }

    /// Accepts payload of the open message, whose first octet has these positions.
    mutating func take(
        _ bytes: Span<UInt8>,
        key: MaskingKey?,
        chunk: Range<Int>,
        payloadOffset: UInt64,
        streamOffset: UInt64
    ) {
        (self.chunk, self.payloadOffset, self.streamOffset) = (chunk, payloadOffset, streamOffset)
        guard !isFinished else { return }
        Masking.append(bytes, key: key?.rawValue ?? 0, phase: Int(payloadOffset & 3), to: &payload)
    }

    /// Accepts the end of the open message's last frame.
    mutating func end(_ message: Message) {
        ended = message
    }

    /// The next event that has to be pulled before further payload is accepted; nil if there is none.
    mutating func next() -> MessageEvent? {
        if let due = due.take() { return .violation(due) }
        piece.removeAll(keepingCapacity: true)
        do throws(MessageDecodingError) {
            try decode()
            if !piece.isEmpty { return content() }
            guard let ended else { return nil }
            try finish()
            if !piece.isEmpty { return content() }
            if let text = text.take(), !text.isComplete {
                return .violation(violation(.truncatedUTF8, "the content ends inside a sequence"))
            }
            isOpen = false
            self.ended = nil
            deflated = decoder?.deflated
            return .message(ended, contentLength: contentLength)
        } catch {
            dropRest()
            return .violation(violation(error.rule, error.detail))
        }
    }

    // MARK: - Steps

    /// Decodes until there is a piece, or until all payload is decoded.
    private mutating func decode() throws(MessageDecodingError) {
        do {
            let waiting = payload
            while piece.isEmpty, taken < waiting.count {
                let rest = waiting.span.extracting(taken..<waiting.count)
                let count = try decoder?.decode(rest, limit: Self.pieceLength, into: &piece) ?? 0
                taken += min(count, rest.count)
                if count == 0, piece.isEmpty { taken = waiting.count }
            }
        }
        guard taken == payload.count, taken > 0 else { return }
        payload.removeAll(keepingCapacity: true)
        taken = 0
    }

    /// Makes another piece after the last payload, if there is one.
    private mutating func finish() throws(MessageDecodingError) {
        guard !isFinished else { return }
        let isWhole = try decoder?.finish(limit: Self.pieceLength, into: &piece) ?? true
        isFinished = isWhole || piece.isEmpty
    }

    private mutating func content() -> MessageEvent {
        let content = MessageContent(
            chunk: chunk,
            payloadOffset: payloadOffset,
            contentOffset: contentLength,
            isDecoded: true,
            count: piece.count
        )
        chunk = chunk.upperBound..<chunk.upperBound
        contentLength = contentLength.addingClamped(UInt64(piece.count))
        let octets = piece
        if let impossible = text?.validate(octets.span) {
            due = violation(.invalidUTF8, "octet \(impossible) of the content cannot stand there")
            text = nil
        }
        return .content(content)
    }

    /// Drops the rest of the open message, which cannot be decoded.
    private mutating func dropRest() {
        payload.removeAll(keepingCapacity: true)
        taken = 0
        isFinished = true
        text = nil
    }

    private func violation(_ rule: ViolationRule, _ detail: String) -> Violation {
        Violation(rule: rule, offset: streamOffset, detail: detail)
    }
}
