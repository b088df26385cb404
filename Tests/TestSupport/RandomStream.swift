package import WSKernels
package import WSProtocol

/// Seeded byte streams of frames, most of them legal.
package struct RandomStream {
    private var random: SplitMix64
    private let sender: Role
    private let isLegal: Bool
    private var isInsideMessage = false
    /// The rest of a text that is being sent in fragments.
    private var rest: [UInt8] = []
    private var bytes: [UInt8] = []

    /// A stream of frames: legal ones only, or with every kind of flaw among them.
    package static func bytes(seed: UInt64, sender: Role, legal: Bool) -> [UInt8] {
        var stream = RandomStream(seed: seed, sender: sender, isLegal: legal)
        for _ in 0..<Int.random(in: 1...12, using: &stream.random) { stream.appendFrame() }
        return stream.bytes
    }

    /// Text of scalars from every length class.
    package static func text(scalars: Int, using random: inout SplitMix64) -> [UInt8] {
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<scalars {
            let range = Bool.random(using: &random) ? ranges[0] : ranges.randomElement(using: &random) ?? ranges[0]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return Array(String(text).utf8)
    }

    private init(seed: UInt64, sender: Role, isLegal: Bool) {
        random = SplitMix64(seed: seed)
        self.sender = sender
        self.isLegal = isLegal
    }

    /// True once in so many times, and never in a legal stream.
    private mutating func flaw(oneIn chances: Int) -> Bool {
        Int.random(in: 1...chances, using: &random) == 1 && !isLegal
    }

    private mutating func appendFrame() {
        if Int.random(in: 1...4, using: &random) == 1 {
            appendControl()
        } else if isInsideMessage && !flaw(oneIn: 8) {
            append(.continuation, payload: takePiece())
        } else if flaw(oneIn: 8) {
            append([3, 7, 0].map { Opcode(rawValue: $0) }.randomElement(using: &random) ?? .text, payload: [1, 2])
        } else if Bool.random(using: &random) {
            rest = Self.text(scalars: Int.random(in: 0...90, using: &random), using: &random)
            if flaw(oneIn: 3), let index = rest.indices.randomElement(using: &random) {
                rest[index] = UInt8.random(in: 0...255, using: &random)
            }
            if flaw(oneIn: 6), !rest.isEmpty { rest.removeLast() }
            append(.text, payload: takePiece())
        } else {
            rest = (0..<Int.random(in: 0...300, using: &random)).map { UInt8(truncatingIfNeeded: $0) }
            append(.binary, payload: takePiece())
        }
    }

    /// A piece of what is to be sent, which may cut a UTF-8 sequence; all of it ends the message.
    private mutating func takePiece() -> [UInt8] {
        let isLast = Int.random(in: 0...2, using: &random) > 0
        let count = isLast ? rest.count : Int.random(in: 0...rest.count, using: &random)
        defer { rest.removeFirst(count) }
        isInsideMessage = !isLast
        return Array(rest.prefix(count))
    }

    private mutating func appendControl() {
        let ping = Bool.random(using: &random) ? Opcode.ping : .pong
        if flaw(oneIn: 3) {
            let codes: [UInt16] = [0, 999, 1000, 1004, 1005, 1006, 1010, 1015, 1016, 2999, 3000, 4999, 5000, 65_535]
            var reason = Self.text(scalars: Int.random(in: 0...50, using: &random), using: &random)
            if Bool.random(using: &random), !reason.isEmpty { reason.removeLast() }
            let body = CloseBody(code: codes.randomElement(using: &random), reason: reason)
            append(.close, payload: flaw(oneIn: 4) ? [3] : body.encoded)
        } else {
            let count = flaw(oneIn: 8) ? 126 : Int.random(in: 0...125, using: &random)
            let opcode = flaw(oneIn: 8) ? Opcode(rawValue: 0xB) : ping
            append(opcode, payload: Array(repeating: 0x2A, count: count))
        }
    }

    private mutating func append(_ opcode: Opcode, payload: [UInt8]) {
        let isMasked = (sender == .client) != flaw(oneIn: 16)
        let fin = opcode.isControl ? !flaw(oneIn: 16) : !isInsideMessage
        let long: PayloadLengthEncoding = Bool.random(using: &random) ? .bits16 : .bits64
        let encoding = flaw(oneIn: 8) ? long : .minimal
        var length = UInt64(payload.count)
        if flaw(oneIn: 200) { length = .random(in: 0x7FFF_FFFF_FFFF_FFF0 ... .max, using: &random) }
        let header = FrameHeader(
            fin: fin,
            rsv: flaw(oneIn: 10) ? UInt8.random(in: 1...7, using: &random) : 0,
            opcode: opcode,
            maskingKey: isMasked ? MaskingKey(rawValue: .random(in: 0 ... .max, using: &random)) : nil,
            payloadLength: length,
            lengthEncoding: length > 0xFFFF ? .bits64 : encoding
        )
        header.encode(payload: payload.span, into: &bytes)
    }
}
