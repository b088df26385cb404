import WSKernels

/// Reads frames, and what the handshake has negotiated about them, as messages and control frames.
///
/// Events are pulled like those of ``StreamDecoder``, whose rules it shares. It does no I/O, and its memory does not
/// grow with the length of messages:
///
///     var position = 0
///     while let event = reader.next(in: bytes, at: &position) { … }
///
/// The octets of a message's content are lent where they lie, or out of a room that serves the next piece again, so
/// that nothing is copied unless a mask or a decoder demands it.
package struct MessageReader: Sendable {
    /// What the handshake has settled; it may be set before the first frame that depends on it.
    package var negotiation: Negotiation {
        didSet { stream.permittedRSV = negotiation.permittedRSV }
    }

    private var stream: StreamDecoder
    /// What goes through the decoder.
    private var coded: CodedMessages
    /// The room in which octets are unmasked.
    private var plain: [UInt8] = []

    /// A reader for what the sender writes from the given stream offset on.
    ///
    /// - Parameters:
    ///   - sender: the endpoint whose octets are read.
    ///   - negotiation: what the handshake has settled.
    ///   - streamOffset: where the first octet of the first frame stands.
    ///   - decoder: what makes content of payload; nil where payload is content.
    package init(
        sender: Role,
        negotiation: Negotiation = Negotiation(),
        streamOffset: UInt64 = 0,
        decoder: (any MessageDecoder)? = nil
    ) {
        self.negotiation = negotiation
        coded = CodedMessages(decoder)
        stream = StreamDecoder(sender: sender, streamOffset: streamOffset)
        stream.permittedRSV = negotiation.permittedRSV
    }

    /// The endpoint whose octets are read.
    package var sender: Role { stream.sender }

    /// Whether a frame has begun and its end event has not been pulled.
    package var isInsideFrame: Bool { stream.isInsideFrame }

    /// Whether a fragmented message is open.
    package var isInsideMessage: Bool { stream.isInsideMessage }

    /// Returns the next event and moves the position over the octets that led to it.
    ///
    /// Nil means that every octet of the span is used up and no event is due.
    package mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> MessageEvent? {
        if coded.isOpen, let event = coded.next() { return event }
        while let event = stream.next(in: bytes, at: &position) {
            switch event {
            case .frame(let header, let offset):
                if coded.hasDecoder { coded.begin(header) }
                return .frame(header, offset: offset)
            case .payload(let chunk, let payloadOffset, let messageOffset):
                // The payload of a control frame comes with its end; that of a stray frame is no message's content.
                guard stream.isFrameOfMessage else { continue }
                let key = stream.currentHeader?.maskingKey
                guard coded.isOpen else {
                    return .content(
                        MessageContent(
                            chunk: chunk,
                            payloadOffset: payloadOffset,
                            contentOffset: messageOffset,
                            maskingKey: key,
                            isDecoded: false,
                            count: chunk.count
                        )
                    )
                }
                coded.take(
                    bytes.extracting(chunk),
                    key: key,
                    chunk: chunk,
                    payloadOffset: payloadOffset,
                    streamOffset: stream.streamOffset - UInt64(chunk.count)
                )
                if let event = coded.next() { return event }
            case .frameEnd(let offset):
                return .frameEnd(offset: offset)
            case .messageEnd(let message):
                guard coded.isOpen else { return .message(message, contentLength: message.length) }
                coded.end(message)
                if let event = coded.next() { return event }
            case .control(let frame):
                return .control(frame)
            case .close(let body, let offset, let end):
                return .close(body, offset: offset, end: end)
            case .violation(let violation):
                return .violation(violation)
            }
        }
        return nil
    }

    // MARK: - Octets

    /// Lends the octets of the piece of content that came last to whatever they are for.
    ///
    /// - Parameters:
    ///   - content: the piece, from the event pulled last.
    ///   - bytes: the span from which it was pulled.
    ///   - target: what the octets are for.
    ///   - use: reads the octets, all of the piece, into the target.
    /// - Returns: what `use` returns.
    package mutating func read<Target, Result>(
        _ content: MessageContent,
        in bytes: Span<UInt8>,
        into target: inout Target,
        _ use: (inout Target, Span<UInt8>) -> Result
    ) -> Result {
        if content.isDecoded {
            let piece = coded.piece
            return use(&target, piece.span)
        }
        guard let key = content.maskingKey else { return use(&target, bytes.extracting(content.chunk)) }
        plain.removeAll(keepingCapacity: true)
        let phase = Int(content.payloadOffset & 3)
        Masking.append(bytes.extracting(content.chunk), key: key.rawValue, phase: phase, to: &plain)
        return use(&target, plain.span)
    }

    /// Appends the octets of the piece of content that came last; the span is that from which it was pulled.
    package func append(_ content: MessageContent, in bytes: Span<UInt8>, to target: inout [UInt8]) {
        if content.isDecoded { return target.append(contentsOf: coded.piece) }
        let (key, phase) = (content.maskingKey?.rawValue ?? 0, Int(content.payloadOffset & 3))
        Masking.append(bytes.extracting(content.chunk), key: key, phase: phase, to: &target)
    }

    // MARK: - Skipping

    /// How many octets of payload can be skipped now: what is left of a data frame whose payload is its content.
    package var skippablePayload: UInt64 {
        guard !coded.isOpen, let header = stream.currentHeader else { return 0 }
        return header.opcode.isControl || header.opcode.isReserved ? 0 : stream.remainingPayload
    }

    /// Goes on as if that many octets of payload had been fed; no content event comes for them.
    ///
    /// - Parameters:
    ///   - count: at most ``skippablePayload``.
    ///   - tail: the last of them, four or all; of text, which the caller knows to be valid as far as it goes.
    package mutating func skipPayload(_ count: UInt64, endingWith tail: [UInt8]) {
        precondition(count <= skippablePayload, "more is skipped than can be")
        guard count > 0 else { return }
        let lead = tail.lastIndex { $0 & 0xC0 != 0x80 } ?? tail.startIndex
        let sequence = Array(tail[lead...])
        var validator = UTF8StreamValidator()
        _ = validator.validate(sequence.span)
        stream.skipPayload(count, utf8: validator)
    }
}
