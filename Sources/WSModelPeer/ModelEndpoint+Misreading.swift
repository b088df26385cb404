import WSKernels
import WSProtocol

/// How model peers with defects misread frames.
extension ModelEndpoint {
    /// Takes the octets of a read for one frame: its header has the length that it would have in an ordinary frame.
    mutating func readAsOneFrame(_ bytes: Span<UInt8>) {
        guard bytes.count > 0 else { return }
        let octets = Array(copying: bytes)
        let second = octets.count > 1 ? octets[1] : 0
        let extended = second & 0x7F == 127 ? 8 : second & 0x7F == 126 ? 2 : 0
        var payload = Array(octets.dropFirst(2 + extended))
        if second & 0x80 != 0 {
            let key = payload.prefix(4)
            payload = payload.dropFirst(4).enumerated().map { $1 ^ key[$0 & 3] }
        }
        let opcode = Opcode(rawValue: octets[0] & 0x0F)
        switch opcode {
        case .close: answerClose(CloseBody.decode(payload))
        case .ping: emit(OutgoingFrame(.pong, .pong, Array(payload.prefix(ControlFrame.maximumPayload))))
        default: emit(OutgoingFrame(.echo, opcode == .text ? .text : .binary, payload))
        }
    }

    /// The octets of a read with zeros for the first 33 bits of the 64-bit length with which it begins; nil if it
    /// begins with none.
    func withNarrowLength(_ bytes: Span<UInt8>) -> [UInt8]? {
        let end = 10
        guard !reader.isInsideFrame, bytes.count >= end, bytes[1] & 0x7F == 127 else { return nil }
        var octets = Array(copying: bytes)
        octets.replaceSubrange(2..<6, with: [0, 0, 0, 0])
        octets[6] &= 0x7F
        return octets
    }

    /// Drops what a violation has come in, where a defect goes on behind it.
    mutating func skipBrokenFrame() {
        isSkipping = true
        isOfMessage = false
        if lastHeader?.opcode.isControl != true { message.finish() }
    }
}
