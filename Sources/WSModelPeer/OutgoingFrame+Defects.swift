import WSProtocol

/// Applies the defects in sent frames, immediately before sending.
extension OutgoingFrame {
    /// The frames that an endpoint with the defects sends instead of this one.
    func spoiled(
        by defects: Set<ModelDefect>,
        _ compression: inout MessageCompression?
    ) -> [OutgoingFrame] {
        var frames: [OutgoingFrame]
        switch purpose {
        case .echo:
            frames = spoiledMessages(defects).flatMap { compression?.frames(for: $0) ?? [$0] }
                .flatMap { $0.spoiledFrames(defects) }
            frames = surplus(defects) + frames
        case .pong: frames = spoiledPong(defects).map { compression?.control($0) ?? $0 }
        case .closeReply, .failure: frames = spoiledClose(defects)
        case .surplus: frames = [self]
        }
        for index in frames.indices { frames[index].spoilHeader(defects) }
        return frames
    }

    private mutating func spoilHeader(_ defects: Set<ModelDefect>) {
        if defects.contains(.masksFrames) { maskingKey = MaskingKey(rawValue: 0x0BAD_C0DE) }
        if defects.contains(.setsRSV1), purpose == .echo { rsv = 4 }
        if defects.contains(.nonMinimalLength) { lengthEncoding = .bits64 }
        if defects.contains(.lengthTopBit), purpose == .echo { lengthExcess = 1 << 63 }
    }

    /// The messages that are sent for an echo.
    private func spoiledMessages(_ defects: Set<ModelDefect>) -> [OutgoingFrame] {
        guard !defects.contains(.dropsEcho) else { return [] }
        var echo = self
        if defects.contains(.wrongEchoType) { echo.opcode = opcode == .text ? .binary : .text }
        if defects.contains(.corruptsEcho) { echo.changeLastOctet() }
        if defects.contains(.truncatesEcho) { _ = echo.payload.popLast() }
        if defects.contains(.countsKeyAsPayload) { echo.payload.removeLast(min(4, echo.payload.count)) }
        if defects.contains(.cutsTextAtNUL), opcode == .text { echo.payload = Array(payload.prefix { $0 != 0 }) }
        // UTF-8 never contains 0xFF, and 0xC3 requires another octet (RFC 3629 section 3).
        if defects.contains(.invalidUTF8Echo), opcode == .text { echo.payload.append(0xFF) }
        if defects.contains(.truncatedUTF8Echo), opcode == .text { echo.payload.append(0xC3) }
        return defects.contains(.echoesTwice) ? [echo, echo] : [echo]
    }

    /// The frames that a message is sent in.
    private func spoiledFrames(_ defects: Set<ModelDefect>) -> [OutgoingFrame] {
        var frame = self
        if defects.contains(.leavesEchoOpen) { frame.fin = false }
        return defects.contains(.fragmentsEcho) ? frame.halves(.continuation) : [frame]
    }

    /// The frames before an echo that nobody asked for.
    private func surplus(_ defects: Set<ModelDefect>) -> [OutgoingFrame] {
        guard !defects.contains(.dropsEcho) else { return [] }
        var frames: [OutgoingFrame] = []
        if defects.contains(.unsolicitedPong) { frames.insert(OutgoingFrame(.surplus, .pong), at: 0) }
        if defects.contains(.sendsReservedOpcode) {
            frames.insert(OutgoingFrame(.surplus, Opcode(rawValue: 0x3)), at: 0)
        }
        if defects.contains(.sendsOrphanContinuation) {
            frames.insert(OutgoingFrame(.surplus, .continuation), at: 0)
        }
        if defects.contains(.interleavesEcho) {
            frames.insert(OutgoingFrame(.surplus, .text, fin: false), at: 0)
        }
        return frames
    }

    private func spoiledPong(_ defects: Set<ModelDefect>) -> [OutgoingFrame] {
        guard !defects.contains(.neverPongs) else { return [] }
        var pong = self
        if defects.contains(.wrongPongPayload) { pong.changeLastOctet() }
        if defects.contains(.oversizedPong) {
            pong.payload += Array(repeating: 0, count: max(0, ControlFrame.maximumPayload + 1 - payload.count))
        }
        return defects.contains(.fragmentsPong) ? pong.halves(.continuation) : [pong]
    }

    private func spoiledClose(_ defects: Set<ModelDefect>) -> [OutgoingFrame] {
        var close = self
        if purpose == .closeReply {
            // The order of the cases decides if two such defects are set.
            let code = ModelDefect.allCases.lazy.filter(defects.contains).compactMap(\.replyCode).first
            if let code { close.payload = CloseBody(code: code).encoded }
            if defects.contains(.repliesEmptyClose) { close.payload = [] }
            if defects.contains(.repliesOneByteClose) { close.payload = [0x03] }
        } else if defects.contains(.wrongFailureCode) {
            close.payload = CloseBody(code: CloseCode.normal).encoded
        }
        if defects.contains(.closeReasonNotUTF8) {
            let code = CloseBody.decode(close.payload).code ?? CloseCode.normal
            close.payload = CloseBody(code: code, reason: [0xFF]).encoded
        }
        if defects.contains(.repeatsClose) { return [close, close] }
        guard defects.contains(.dataAfterClose) else { return [close] }
        return [close, OutgoingFrame(.surplus, .text, Array("after Close".utf8))]
    }

    private mutating func changeLastOctet() {
        // Changing the lowest bit keeps ASCII, and the end of a longer character, valid.
        if let last = payload.indices.last { payload[last] ^= 1 } else { payload = [UInt8(ascii: "x")] }
    }

    /// The frame in two, of which the second has this opcode.
    func halves(_ opcode: Opcode) -> [OutgoingFrame] {
        var (first, second) = (self, self)
        first.fin = false
        first.payload = Array(payload.prefix(payload.count / 2))
        second.payload = Array(payload.dropFirst(payload.count / 2))
        second.opcode = opcode
        second.rsv = 0
        return [first, second]
    }
}

extension ModelDefect {
    /// The code with which an endpoint with the defect answers every Close frame; nil for the correct one.
    fileprivate var replyCode: UInt16? {
        switch self {
        case .repliesWrongCode: CloseCode.goingAway
        case .replies999: 999
        case .replies1004: CloseCode.reserved
        case .replies1005: CloseCode.noStatus
        case .replies1006: CloseCode.abnormal
        case .replies1010: CloseCode.mandatoryExtension
        case .replies1015: CloseCode.tlsHandshake
        case .replies2999: 2999
        case .replies5000: 5000
        default: nil
        }
    }
}
