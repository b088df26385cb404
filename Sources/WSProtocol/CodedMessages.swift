import WSKernels

/// The messages of a stream that go through a decoder: turns their payload into content, piece by piece.
struct CodedMessages: Sendable {
    /// How many octets of content are made at a time.
    static let pieceLength = 65_536

    /// Whether the open message is coded.
    private(set) var isOpen = false
    /// The piece of content that was made last.
    private(set) var piece: [UInt8] = []

    /// Whether any message can be coded.
    let hasDecoder: Bool
    private var decoder: (any MessageDecoder)?
    /// Payload that is unmasked and waits to be decoded, and how much of it is done.
    private var payload: [UInt8] = []
    private var taken = 0
    /// Where the payload stands for which no piece has been made: in its span, in its frame, and in the stream.
    private var chunk = 0..<0
    private var payloadOffset: UInt64 = 0
    private var streamOffset: UInt64 = 0
    private var contentLength: UInt64 = 0
    /// The message once all its frames are there; its content may not be.
    private var ended: Message?
    /// Whether the decoder has nothing more to give for this message.
    private var isFinished = false
    /// The check of a text's content; nil where there is none, or where the content is known to be wrong.
    private var text: UTF8StreamValidator?
    /// A violation that is due behind the piece that shows it.
    private var due: Violation?

    init(_ decoder: (any MessageDecoder)?) {
        self.decoder = decoder
        hasDecoder = decoder != nil
    }

    /// Asks the decoder about a frame's message, if it begins one.
    mutating func begin(_ header: FrameHeader) {
        guard header.opcode == .text || header.opcode == .binary else { return }
        isOpen = decoder?.begin(header) ?? false
        payload.removeAll(keepingCapacity: true)
        taken = 0
        contentLength = 0
        ended = nil
        isFinished = false
        due = nil
        text = isOpen && header.opcode == .text ? UTF8StreamValidator() : nil
    }

    /// Takes payload of the open message, whose first octet stands at these places.
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

    /// Takes the end of the open message's last frame.
    mutating func end(_ message: Message) {
        ended = message
    }

    /// What is due before any further payload can be taken.
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
            return .message(ended, contentLength: contentLength)
        } catch {
            dropRest()
            return .violation(violation(error.rule, error.detail))
        }
    }

    // MARK: - Steps

    /// Decodes until there is a piece, or all payload has been taken.
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

    /// Makes one more piece behind the last payload, if there is one.
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

    /// Gives up on the open message, whose content cannot be made.
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
