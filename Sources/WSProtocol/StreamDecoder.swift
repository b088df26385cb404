package import WSKernels

/// Decodes what one endpoint sends after the opening handshake, reports each violation, and goes on.
///
/// Events are pulled like those of `FrameDecoder`. The input is not modified, and memory does not grow with the length
/// of frames or messages. Where the RFC tells a receiver to stop, the decoder continues with the most literal reading:
/// - a masked frame is unmasked and an unmasked one read as it is, whichever role sent it;
/// - a text or binary frame inside a fragmented message starts a new message, and the open one never ends;
/// - a continuation frame without a message, and a frame with a reserved opcode, belongs to no message;
/// - a control frame is complete at its own end, whatever its FIN bit is;
/// - a text message is checked up to its first impossible byte.
public struct StreamDecoder: Sendable {
    /// The endpoint whose bytes are read.
    public private(set) var sender: Role

    /// The reserved bits that a negotiated extension defines on a message's first frame; RSV1 is 4.
    ///
    /// If a message has one of them set, the extension defines its payload, so its text is not checked for UTF-8.
    public var permittedRSV: UInt8 = 0

    /// Whether violations contain a description; leaving it out saves time.
    public var describesViolations = true

    /// Whether a Close frame has been seen.
    public private(set) var hasSeenClose = false

    /// The header of the frame that the next payload belongs to; nil between frames.
    public private(set) var currentHeader: FrameHeader?

    private var frames: FrameDecoder
    private var frameOffset: UInt64 = 0
    private var message: OpenMessage?
    /// Whether the current frame belongs to the open message.
    private(set) var isFrameOfMessage = false
    private var text = TextProgress()
    private var controlPayload: [UInt8] = []
    /// Events to return before further bytes are read, in order.
    private var due: [StreamEvent] = []
    private var dueIndex = 0
    /// The message whose end event follows those; stored separately, because most frames of most streams end a message.
    private var endedMessage: Message?

    private struct OpenMessage: Sendable {
        var opcode: Opcode
        var offset: UInt64
        var length: UInt64 = 0
        var frameCount = 0
        var isCheckedText: Bool
    }

    /// A decoder for what the sender writes from the given stream offset on.
    public init(sender: Role, streamOffset: UInt64 = 0) {
        self.sender = sender
        frames = FrameDecoder(streamOffset: streamOffset)
    }

    /// Restarts at the first octet of another stream; the options and allocated memory are kept.
    package mutating func restart(sender: Role) {
        self.sender = sender
        frames = FrameDecoder()
        hasSeenClose = false
        currentHeader = nil
        frameOffset = 0
        message = nil
        isFrameOfMessage = false
        if !due.isEmpty { due.removeAll(keepingCapacity: true) }
        dueIndex = 0
        endedMessage = nil
    }

    /// The offset of the next byte to be fed.
    public var streamOffset: UInt64 { frames.streamOffset }

    /// How many payload bytes of the current frame are still to come.
    public var remainingPayload: UInt64 { frames.remainingPayload }

    /// Whether a frame has begun and its end event has not been pulled.
    public var isInsideFrame: Bool { frames.isInsideFrame }

    /// Whether a fragmented message is open.
    public var isInsideMessage: Bool { message != nil }

    /// Returns the next event and moves the position over the bytes that led to it.
    ///
    /// Nil means that every byte of the span is used up and no event is due.
    public mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> StreamEvent? {
        if !due.isEmpty, let event = nextDue() { return event }
        if let ended = endedMessage {
            endedMessage = nil
            return .messageEnd(ended)
        }
        guard let event = frames.next(in: bytes, at: &position) else { return nil }
        switch event {
        case .header(let header, let offset):
            begin(header, at: offset)
            return .frame(header, offset: offset)
        case .payload(let chunk, let payloadOffset):
            let messageOffset = take(bytes.extracting(chunk), payloadOffset: payloadOffset)
            return .payload(chunk: chunk, payloadOffset: payloadOffset, messageOffset: messageOffset)
        case .end(let offset):
            endFrame(at: offset)
            return .frameEnd(offset: offset)
        }
    }

    /// Continues as if this many payload bytes of the current data frame had been fed, without a payload event.
    ///
    /// `utf8` is the state of the text message after the skipped bytes, which the caller knows to be valid so far. Nil
    /// keeps the state: that is right for data other than text, and for skipped text that begins and ends between
    /// sequences. The payload of control frames cannot be skipped, because it is reported.
    package mutating func skipPayload(_ count: UInt64, utf8: UTF8StreamValidator? = nil) {
        precondition(currentHeader?.opcode.isControl != true, "a control frame's payload is reported, not skipped")
        frames.skipPayload(count)
        guard isFrameOfMessage, let open = message else { return }
        message?.length = open.length.addingClamped(count)
        if let utf8, open.isCheckedText { text.skip(to: utf8, at: frames.streamOffset) }
    }

    /// Continues as if whole messages of this length in octets had been fed; no frame and no message may be open.
    package mutating func skipFrames(_ octets: UInt64) {
        precondition(message == nil, "a message is open")
        frames.skipFrames(octets)
    }

    // MARK: - Steps

    private mutating func nextDue() -> StreamEvent? {
        guard dueIndex < due.count else { return nil }
        let event = due[dueIndex]
        dueIndex += 1
        if dueIndex == due.count {
            due.removeAll(keepingCapacity: true)
            dueIndex = 0
        }
        return event
    }

    private mutating func report(_ rule: ViolationRule, at offset: UInt64, _ detail: @autoclosure () -> String) {
        let text = describesViolations ? detail() : ""
        due.append(.violation(Violation(rule: rule, offset: offset, detail: text)))
    }

    private mutating func begin(_ header: FrameHeader, at offset: UInt64) {
        currentHeader = header
        frameOffset = offset
        isFrameOfMessage = false
        if !controlPayload.isEmpty { controlPayload.removeAll(keepingCapacity: true) }
        if !isOrdinary(header) {
            checkBits(of: header, at: offset)
            checkLength(of: header, at: offset)
        }
        guard !header.opcode.isControl else { return }
        if hasSeenClose { report(.dataAfterClose, at: offset, "\(header.opcode.name) frame after the Close frame") }
        guard !header.opcode.isReserved else { return }
        if header.opcode == .continuation {
            if message == nil { report(.continuationWithoutStart, at: offset, "no message is open") }
            isFrameOfMessage = message != nil
        } else {
            if let open = message {
                report(.dataFrameInsideMessage, at: offset, "the message begun at offset \(open.offset) is open")
            }
            let isCheckedText = header.opcode == .text && header.rsv & permittedRSV == 0
            message = OpenMessage(opcode: header.opcode, offset: offset, isCheckedText: isCheckedText)
            isFrameOfMessage = true
            if isCheckedText { text.restart() }
        }
        if isFrameOfMessage { message?.frameCount += 1 }
    }

    /// Whether the header alone violates no rule.
    private func isOrdinary(_ header: FrameHeader) -> Bool {
        guard header.rsv == 0, !header.opcode.isReserved, header.isMinimal, header.payloadLength >> 63 == 0 else {
            return false
        }
        if header.opcode.isControl, !header.fin || header.payloadLength > UInt64(ControlFrame.maximumPayload) {
            return false
        }
        return (header.maskingKey != nil) == (sender == .client)
    }

    /// FIN, RSV and opcode stand in the header's octet 0, MASK in octet 1 (RFC 6455 section 5.2).
    private mutating func checkBits(of header: FrameHeader, at offset: UInt64) {
        switch (sender, header.maskingKey) {
        case (.server, .some): report(.maskedServerFrame, at: offset.addingClamped(1), "MASK is set")
        case (.client, .none): report(.unmaskedClientFrame, at: offset.addingClamped(1), "MASK is clear")
        case (.server, .none), (.client, .some): break
        }
        let beginsMessage = header.opcode == .text || header.opcode == .binary
        let undefined = header.rsv & ~(beginsMessage ? permittedRSV : 0)
        if undefined != 0 {
            report(.reservedBits, at: offset, Self.names(ofBits: undefined) + " set on a \(header.opcode.name) frame")
        }
        if header.opcode.isReserved { report(.reservedOpcode, at: offset, header.opcode.name) }
        if header.opcode.isControl, !header.fin {
            report(.fragmentedControl, at: offset, "FIN is clear on a \(header.opcode.name) frame")
        }
    }

    private static func names(ofBits bits: UInt8) -> String {
        [(4, "RSV1"), (2, "RSV2"), (1, "RSV3")].filter { bits & $0.0 != 0 }.map(\.1).joined(separator: ", ")
    }

    private mutating func checkLength(of header: FrameHeader, at offset: UInt64) {
        let length = header.payloadLength
        if header.opcode.isControl, length > UInt64(ControlFrame.maximumPayload) {
            report(.oversizedControl, at: offset.addingClamped(1), "\(header.opcode.name) frame of \(length) bytes")
        }
        if !header.isMinimal {
            let bits = header.lengthEncoding == .bits16 ? 16 : 64
            report(.nonMinimalLength, at: offset.addingClamped(1), "length \(length) in \(bits) bits")
        }
        if length >> 63 != 0 { report(.lengthTopBit, at: offset.addingClamped(2), "length \(length)") }
    }

    /// Reads payload that was just fed and returns its offset in the message.
    private mutating func take(_ bytes: Span<UInt8>, payloadOffset: UInt64) -> UInt64 {
        guard let header = currentHeader else { return payloadOffset }
        if header.opcode.isControl { keep(bytes, of: header, payloadOffset: payloadOffset) }
        guard isFrameOfMessage, let open = message else { return payloadOffset }
        message?.length = open.length.addingClamped(UInt64(bytes.count))
        if open.isCheckedText {
            let start = frames.streamOffset - UInt64(bytes.count)
            let impossible = text.take(bytes, key: header.maskingKey, payloadOffset: payloadOffset, at: start)
            if let impossible { report(.invalidUTF8, at: impossible, "the byte cannot stand there") }
        }
        return open.length
    }

    private mutating func keep(_ bytes: Span<UInt8>, of header: FrameHeader, payloadOffset: UInt64) {
        let count = min(bytes.count, ControlFrame.maximumPayload - controlPayload.count)
        guard count > 0 else { return }
        let (key, phase) = (header.maskingKey?.rawValue ?? 0, Int(payloadOffset & 3))
        Masking.append(bytes.extracting(first: count), key: key, phase: phase, to: &controlPayload)
    }

    private mutating func endFrame(at end: UInt64) {
        guard let header = currentHeader else { return }
        currentHeader = nil
        switch header.opcode {
        case .ping, .pong:
            let frame = ControlFrame(
                opcode: header.opcode,
                payload: controlPayload,
                declaredLength: header.payloadLength,
                offset: frameOffset,
                end: end
            )
            due.append(.control(frame))
        case .close:
            let body = CloseBody.decode(controlPayload)
            due.append(.close(body, offset: frameOffset, end: end))
            check(body, of: header)
            hasSeenClose = true
        default:
            if isFrameOfMessage, header.fin { endMessage(at: end) }
        }
    }

    private mutating func check(_ body: CloseBody, of header: FrameHeader) {
        let offset = frameOffset.addingClamped(UInt64(header.encodedLength))
        if body.isOneByte { report(.closeBodyOneByte, at: offset, "a status code takes two bytes") }
        guard let code = body.code else { return }
        if let rule = CloseCode.violatedRule(by: code, sentBy: sender) { report(rule, at: offset, "code \(code)") }
        var validator = UTF8StreamValidator()
        let reason = body.reason
        validator.validate(reason.span)
        // Only a part of an oversized body is kept, so its end says nothing.
        let isWhole = header.payloadLength <= UInt64(ControlFrame.maximumPayload)
        if let impossible = isWhole ? validator.finish() : validator.firstImpossibleByte {
            let place = offset.addingClamped(2 + UInt64(impossible))
            report(.closeReasonNotUTF8, at: place, "byte \(impossible) of the reason")
        }
    }

    private mutating func endMessage(at end: UInt64) {
        guard let open = message else { return }
        message = nil
        if open.isCheckedText, let unfinished = text.finish() {
            report(.truncatedUTF8, at: unfinished, "the sequence is not finished")
        }
        let whole = Message(
            opcode: open.opcode,
            length: open.length,
            frameCount: open.frameCount,
            offset: open.offset,
            end: end
        )
        endedMessage = whole
    }
}
