package import WSProtocol

/// A second implementation of the decoder, for whole inputs and without regard for speed.
package struct ReferenceDecoder {
    private let bytes: [UInt8]
    private let sender: Role
    private let permittedRSV: UInt8
    private var events: [DecodedEvent] = []
    private var position = 0
    private var hasSeenClose = false
    /// The open message, with the offset of each of its bytes in the stream.
    private var message: Message?
    private var isCheckedText = false
    private var text: [(byte: UInt8, offset: UInt64)] = []
    private var hasReportedText = false

    /// The events for the sender's bytes.
    package static func observations(of bytes: [UInt8], sender: Role, permittedRSV: UInt8 = 0) -> [DecodedEvent] {
        var decoder = ReferenceDecoder(bytes: bytes, sender: sender, permittedRSV: permittedRSV)
        while decoder.readFrame() {}
        return decoder.events
    }

    private init(bytes: [UInt8], sender: Role, permittedRSV: UInt8) {
        self.bytes = bytes
        self.sender = sender
        self.permittedRSV = permittedRSV
    }

    private mutating func report(_ rule: ViolationRule, at offset: Int) {
        events.append(.other(.violation(Violation(rule: rule, offset: UInt64(offset), detail: ""))))
    }

    private func number(at start: Int, octets: Int) -> UInt64 {
        bytes[start..<(start + octets)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The header at the position and its length; nil if it is incomplete (RFC 6455 section 5.2).
    private func header() -> (header: FrameHeader, length: Int)? {
        guard bytes.count - position >= 2 else { return nil }
        let (first, second) = (bytes[position], bytes[position + 1])
        let extra = second & 0x7F == 126 ? 2 : second & 0x7F == 127 ? 8 : 0
        let isMasked = second & 0x80 != 0
        let length = 2 + extra + (isMasked ? 4 : 0)
        guard bytes.count - position >= length else { return nil }
        let payloadLength = extra == 0 ? UInt64(second & 0x7F) : number(at: position + 2, octets: extra)
        let key = isMasked ? UInt32(number(at: position + 2 + extra, octets: 4)) : nil
        let header = FrameHeader(
            fin: first & 0x80 != 0,
            rsv: (first & 0x70) / 16,
            opcode: Opcode(rawValue: first & 0x0F),
            maskingKey: key.map { MaskingKey(rawValue: $0) },
            payloadLength: payloadLength,
            lengthEncoding: extra == 0 ? .bits7 : extra == 2 ? .bits16 : .bits64
        )
        return (header, length)
    }

    private mutating func readFrame() -> Bool {
        guard let (header, length) = header() else { return false }
        let start = position
        position += length
        events.append(.other(.frame(header, offset: UInt64(start))))
        checkHeader(header, at: start)
        let ownsMessage = openMessage(header, at: start)

        let available = bytes.count - position
        let count = header.payloadLength > UInt64(available) ? available : Int(header.payloadLength)
        let wire = Array(bytes[position..<(position + count)])
        let plain = header.maskingKey.map { ReferenceKernels.mask(wire, key: $0.rawValue, phase: 0) } ?? wire
        if count > 0 {
            let messageOffset = ownsMessage ? message?.length ?? 0 : 0
            events.append(.payload(wire, payloadOffset: 0, messageOffset: messageOffset))
        }
        if ownsMessage { takeMessagePayload(plain, at: position) }
        position += count
        guard UInt64(count) == header.payloadLength else { return false }
        events.append(.other(.frameEnd(offset: UInt64(position))))
        finish(header, payload: plain, from: start, payloadStart: start + length, ownsMessage: ownsMessage)
        return true
    }

    private mutating func checkHeader(_ header: FrameHeader, at start: Int) {
        if sender == .server && header.maskingKey != nil { report(.maskedServerFrame, at: start + 1) }
        if sender == .client && header.maskingKey == nil { report(.unmaskedClientFrame, at: start + 1) }
        let defined = [1, 2].contains(header.opcode.rawValue) ? permittedRSV : 0
        if header.rsv & ~defined != 0 { report(.reservedBits, at: start) }
        if ![0, 1, 2, 8, 9, 10].contains(header.opcode.rawValue) { report(.reservedOpcode, at: start) }
        if header.opcode.rawValue >= 8 {
            if !header.fin { report(.fragmentedControl, at: start) }
            if header.payloadLength > 125 { report(.oversizedControl, at: start + 1) }
        }
        let tooLong =
            header.lengthEncoding == .bits16 && header.payloadLength < 126
            || header.lengthEncoding == .bits64 && header.payloadLength < 65_536
        if tooLong { report(.nonMinimalLength, at: start + 1) }
        if header.payloadLength > UInt64(Int64.max) { report(.lengthTopBit, at: start + 2) }
        if header.opcode.rawValue < 8 && hasSeenClose { report(.dataAfterClose, at: start) }
    }

    /// Updates the message with a frame's header and returns whether the frame belongs to it.
    private mutating func openMessage(_ header: FrameHeader, at start: Int) -> Bool {
        switch header.opcode.rawValue {
        case 0:
            guard let open = message else {
                report(.continuationWithoutStart, at: start)
                return false
            }
            message?.frameCount = open.frameCount + 1
            return true
        case 1, 2:
            if message != nil { report(.dataFrameInsideMessage, at: start) }
            message = Message(opcode: header.opcode, length: 0, frameCount: 1, offset: UInt64(start), end: 0)
            isCheckedText = header.opcode.rawValue == 1 && header.rsv & permittedRSV == 0
            text = []
            hasReportedText = false
            return true
        default: return false
        }
    }

    private mutating func takeMessagePayload(_ plain: [UInt8], at start: Int) {
        message?.length += UInt64(plain.count)
        guard isCheckedText else { return }
        text += plain.enumerated().map { ($1, UInt64(start + $0)) }
        guard !hasReportedText else { return }
        let found = ReferenceKernels.utf8(text.map(\.byte))
        guard let impossible = found.impossible else {
            // Only an unfinished sequence affects what follows.
            text.removeFirst(found.unfinished ?? text.count)
            return
        }
        hasReportedText = true
        report(.invalidUTF8, at: Int(text[impossible].offset))
    }

    private mutating func finish(
        _ header: FrameHeader,
        payload: [UInt8],
        from start: Int,
        payloadStart: Int,
        ownsMessage: Bool
    ) {
        let kept = Array(payload.prefix(125))
        switch header.opcode.rawValue {
        case 8:
            let body = CloseBody(
                code: kept.count < 2 ? nil : UInt16(kept[0]) * 256 + UInt16(kept[1]),
                reason: kept.count < 2 ? kept : Array(kept.dropFirst(2))
            )
            events.append(.other(.close(body, offset: UInt64(start), end: UInt64(position))))
            checkClose(body, isWhole: payload.count <= 125, payloadStart: payloadStart)
            hasSeenClose = true
        case 9, 10:
            let frame = ControlFrame(
                opcode: header.opcode,
                payload: kept,
                declaredLength: header.payloadLength,
                offset: UInt64(start),
                end: UInt64(position)
            )
            events.append(.other(.control(frame)))
        default:
            guard ownsMessage, header.fin, var whole = message else { return }
            message = nil
            whole.end = UInt64(position)
            if isCheckedText, !hasReportedText, let lead = ReferenceKernels.utf8(text.map(\.byte)).unfinished {
                report(.truncatedUTF8, at: Int(text[lead].offset))
            }
            events.append(.other(.messageEnd(whole)))
        }
    }

    private mutating func checkClose(_ body: CloseBody, isWhole: Bool, payloadStart: Int) {
        guard let code = body.code else {
            if !body.reason.isEmpty { report(.closeBodyOneByte, at: payloadStart) }
            return
        }
        let rule: ViolationRule? =
            switch code {
            case 0...999: .closeCodeUnused
            case 1004: .closeCodeReserved
            case 1005: .closeCodeNoStatus
            case 1006: .closeCodeAbnormal
            case 1010 where sender == .server: .closeCodeForClientsOnly
            case 1015: .closeCodeTLSHandshake
            case 1016...2999: .closeCodeUndefined
            case 5000...: .closeCodeOutOfRange
            default: nil
            }
        if let rule { report(rule, at: payloadStart) }
        let reason = ReferenceKernels.utf8(body.reason)
        if let offset = reason.impossible ?? (isWhole ? reason.unfinished : nil) {
            report(.closeReasonNotUTF8, at: payloadStart + 2 + offset)
        }
    }
}
