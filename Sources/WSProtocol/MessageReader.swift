public import WSDeflate
import WSKernels

/// Reads frames as messages and control frames, according to what the handshake negotiated.
///
/// Events are pulled like those of ``StreamDecoder``, and the same rules apply. The reader does no I/O, and its memory
/// does not grow with the length of messages:
///
///     var position = 0
///     while let event = reader.next(in: bytes, at: &position) { … }
///
/// The octets of the content are lent from the span or from a buffer that is used again for each piece, so nothing is
/// copied unless it has to be unmasked or decoded.
public struct MessageReader: Sendable {
    /// What the handshake agreed on; it may be set before the first frame that depends on it.
    public var negotiation: Negotiation {
        didSet {
            stream.permittedRSV = negotiation.permittedRSV
            guard negotiation.compression != oldValue.compression, !hasOwnDecoder else { return }
            coded = CodedMessages(Self.decoder(for: negotiation, of: sender, contentLimit))
        }
    }

    private var stream: StreamDecoder
    /// The messages that pass through the decoder.
    private var coded: CodedMessages
    /// The buffer in which octets are unmasked.
    private var plain: [UInt8] = []
    private let contentLimit: Int
    /// Whether the caller gave the decoder, so that the negotiation does not choose it.
    private let hasOwnDecoder: Bool

    /// Creates a reader for the sender's octets from the given stream offset on.
    ///
    /// - Parameters:
    ///   - sender: The endpoint whose octets are read.
    ///   - negotiation: What the handshake agreed on.
    ///   - streamOffset: The stream offset of the first frame.
    ///   - contentLimit: How many octets a compressed message may have inflated; the rest is dropped.
    ///   - decoder: Decodes payload into content; nil for what the negotiation asks for.
    public init(
        sender: Role,
        negotiation: Negotiation = Negotiation(),
        streamOffset: UInt64 = 0,
        contentLimit: Int = .max,
        decoder: (any MessageDecoder)? = nil
    ) {
        self.negotiation = negotiation
        self.contentLimit = contentLimit
        hasOwnDecoder = decoder != nil
        coded = CodedMessages(decoder ?? Self.decoder(for: negotiation, of: sender, contentLimit))
        stream = StreamDecoder(sender: sender, streamOffset: streamOffset)
        stream.permittedRSV = negotiation.permittedRSV
    }

    private static func decoder(
        for negotiation: Negotiation,
        of sender: Role,
        _ contentLimit: Int
    ) -> (any MessageDecoder)? {
        negotiation.compression.map { DeflateDecoder($0, sender: sender, contentLimit: contentLimit) }
    }

    /// What the message that has just ended is made of; nil if it was not compressed.
    public var deflated: DeflatedMessage? { coded.deflated }

    /// The endpoint whose octets are read.
    public var sender: Role { stream.sender }

    /// Whether a frame has begun and its end event has not been pulled.
    public var isInsideFrame: Bool { stream.isInsideFrame }

    /// Whether a fragmented message is open.
    public var isInsideMessage: Bool { stream.isInsideMessage }

    /// Whether a message is open, be it in its only frame or between two.
    public var isInsideDataMessage: Bool {
        if isInsideMessage || coded.isOpen { return true }
        guard isInsideFrame, let header = stream.currentHeader else { return false }
        return !header.opcode.isControl && !header.opcode.isReserved
    }

    /// Returns the next event and moves the position over the octets that led to it.
    ///
    /// Nil means that every octet of the span is used up and no event is due.
    public mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> MessageEvent? {
        if coded.isOpen, let event = coded.next() { return event }
        while let event = stream.next(in: bytes, at: &position) {
            switch event {
            case .frame(let header, let offset):
                if coded.hasDecoder { coded.begin(header) }
                return .frame(header, offset: offset)
            case .payload(let chunk, let payloadOffset, let messageOffset):
                // The payload of a control frame comes with its end event; that of a stray frame belongs to no message.
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

    /// Lends the octets of the last piece of content.
    ///
    /// - Parameters:
    ///   - content: The piece, from the last event.
    ///   - bytes: The span from which that event was pulled.
    ///   - target: A value that `use` may change.
    ///   - use: Receives all octets of the piece and the target.
    /// - Returns: The result of `use`.
    public mutating func read<Target, Result>(
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

    /// Appends the octets of the last piece of content; the span is the one from which it was pulled.
    public func append(_ content: MessageContent, in bytes: Span<UInt8>, to target: inout [UInt8]) {
        if content.isDecoded { return target.append(contentsOf: coded.piece) }
        let (key, phase) = (content.maskingKey?.rawValue ?? 0, Int(content.payloadOffset & 3))
        Masking.append(bytes.extracting(content.chunk), key: key, phase: phase, to: &target)
    }

    // MARK: - Skipping

    /// How many octets of payload can be skipped now: the rest of a data frame that needs no decoder.
    public var skippablePayload: UInt64 {
        guard !coded.isOpen, let header = stream.currentHeader else { return 0 }
        return header.opcode.isControl || header.opcode.isReserved ? 0 : stream.remainingPayload
    }

    /// Continues as if this many octets of payload had been fed, without a content event for them.
    ///
    /// - Parameters:
    ///   - count: At most ``skippablePayload``.
    ///   - tail: The last four of them, or all if there are fewer. The caller knows that text is valid so far.
    package mutating func skipPayload(_ count: UInt64, endingWith tail: [UInt8]) {
        precondition(count <= skippablePayload, "more is skipped than can be")
        guard count > 0 else { return }
        let lead = tail.lastIndex { $0 & 0xC0 != 0x80 } ?? tail.startIndex
        let sequence = Array(tail[lead...])
        var validator = UTF8StreamValidator()
        _ = validator.validate(sequence.span)
        stream.skipPayload(count, utf8: validator)
    }

    /// Whether whole frames can be skipped now: no frame and no message is open.
    public var isBetweenMessages: Bool { !isInsideFrame && !isInsideMessage && !coded.isOpen }

    /// Continues as if the frames of a whole compressed message had been fed, without an event for it.
    ///
    /// - Parameters:
    ///   - octets: The length of the frames in octets, headers included.
    ///   - content: The content of the message, or the end of it.
    /// - Precondition: ``isBetweenMessages``.
    package mutating func skipMessage(octets: UInt64, content: Span<UInt8>) {
        precondition(isBetweenMessages, "a message is skipped inside of another")
        stream.skipFrames(octets)
        coded.skipMessage(content)
    }
}
