import WSKernels
import WSProtocol

/// Mutates inputs of the shape ``InputShape/frames`` frame by frame instead of octet by octet.
///
/// It parses an input, makes one to three changes to its frames, cuts or options, and encodes it again. All randomness
/// comes from the seed.
package struct StreamMutator {
    /// The fuzzer's own mutation, which changes octets without knowing their meaning, within a limit.
    package typealias PlainMutation = ([UInt8], _ limit: Int) -> [UInt8]

    private var random: SplitMix64
    private let plain: PlainMutation
    private let limit: Int
    private var input: FuzzInput
    private var frames: [WireFrame]
    private var rest: [UInt8]

    /// Makes an input of at most `limit` octets from another one.
    package static func mutate(
        _ octets: Span<UInt8>,
        limit: Int,
        seed: UInt64,
        plain: PlainMutation
    ) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        // The fuzzer's own mutation is used now and then, so that every input can be reached.
        if Int.random(in: 0..<8, using: &random) == 0 { return plain(Array(copying: octets), limit) }
        return withoutActuallyEscaping(plain) { plain in
            var mutator = StreamMutator(octets, limit: limit, random: random, plain: plain)
            for _ in 0...Int.random(in: 0...2, using: &mutator.random) { mutator.mutateOnce() }
            return mutator.rendered
        }
    }

    /// Makes an input from the frames of two others.
    package static func cross(_ left: Span<UInt8>, _ right: Span<UInt8>, limit: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var first = FuzzInput(reading: left)
        let second = FuzzInput(reading: right)
        var frames = WireFrame.read(first.stream).frames
        let others = WireFrame.read(second.stream).frames
        guard !others.isEmpty else { return first.encoded(atMost: limit) }
        let start = Int.random(in: 0..<others.count, using: &random)
        let end = Int.random(in: start..<others.count, using: &random)
        let place = Int.random(in: 0...frames.count, using: &random)
        frames.insert(contentsOf: others[start...end].prefix(64), at: place)
        first.stream = []
        for frame in frames { frame.append(to: &first.stream) }
        return first.encoded(atMost: limit)
    }

    private init(_ octets: Span<UInt8>, limit: Int, random: SplitMix64, plain: @escaping PlainMutation) {
        self.random = random
        self.plain = plain
        self.limit = limit
        input = FuzzInput(reading: octets)
        (frames, rest) = WireFrame.read(input.stream)
    }

    private var rendered: [UInt8] {
        var result = input
        result.stream = []
        for frame in frames where result.stream.count <= limit { frame.append(to: &result.stream) }
        result.stream += rest
        return result.encoded(atMost: limit)
    }

    private mutating func roll(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    private mutating func pick<Element>(_ list: [Element]) -> Element { list[roll(list.count)] }

    // MARK: - Mutations

    private mutating func mutateOnce() {
        guard !frames.isEmpty else {
            frames.append(newFrame())
            rest = roll(2) == 0 ? [] : rest
            return
        }
        let index = roll(frames.count)
        switch roll(22) {
        case 0: frames[index].firstOctet ^= 0x80
        case 1: frames[index].firstOctet ^= UInt8(0x10 << roll(3))
        case 2: setOpcode(at: index)
        case 3: frames[index].form = pick([.minimal, .bits16, .bits64])
        case 4: changeLength(at: index)
        case 5: frames.swapAt(index, roll(frames.count))
        case 6: frames.insert(frames[index], at: roll(frames.count + 1))
        case 7: frames.remove(at: index)
        case 8, 9: split(at: index)
        case 10, 11: insertControl(at: index + 1)
        case 12: changeKey(at: index)
        case 13: frames[index].replacePayload(plain(frames[index].payload, max(1, frames[index].payload.count + 16)))
        case 14: resize(at: index)
        case 15: frames[index].replacePayload(mixedText(frames[index].payload))
        case 16: cut()
        case 17: input.options.bits ^= 1 << UInt32(roll(5))
        case 18: rest = roll(2) == 0 ? [] : Array(rest.dropLast())
        case 19: compress(from: index)
        case 20:
            let terms = SenderCompression(windowBits: 8 + roll(8), keepsContext: roll(3) > 0)
            input.options.compression = roll(8) == 0 ? nil : terms
        default: frames.insert(newFrame(), at: roll(frames.count + 1))
        }
    }

    private mutating func setOpcode(at index: Int) {
        let opcodes: [UInt8] = [0, 1, 2, 8, 9, 10, 1, 2, 0, UInt8(roll(16))]
        frames[index].firstOctet = frames[index].firstOctet & 0xF0 | pick(opcodes)
    }

    private mutating func changeLength(at index: Int) {
        let length = UInt64(frames[index].payload.count)
        switch roll(6) {
        case 0: frames[index].declaredLength = length &+ 1
        case 1: frames[index].declaredLength = length > 0 ? length - 1 : 0
        case 2: frames[index].declaredLength = length &+ 1 << UInt64(roll(64))
        case 3: frames[index].declaredLength |= 1 << 63
        default: frames[index].declaredLength = length
        }
    }

    /// Divides a data frame into two fragments.
    private mutating func split(at index: Int) {
        let frame = frames[index]
        guard frame.firstOctet & 0x08 == 0 else { return }
        let place = roll(frame.payload.count + 1)
        var (head, tail) = (frame, frame)
        head.firstOctet &= 0x7F
        head.replacePayload(Array(frame.payload[..<place]))
        tail.firstOctet &= 0x80
        tail.replacePayload(Array(frame.payload[place...]))
        frames.replaceSubrange(index...index, with: [head, tail])
    }

    /// Compresses up to four messages of one frame each, from a place on; later ones may refer to earlier ones.
    private mutating func compress(from index: Int) {
        if input.options.compression == nil { input.options.compression = SenderCompression() }
        var previous: [UInt8] = []
        for index in frames.indices[index...].prefix(4) where [0x81, 0x82].contains(frames[index].firstOctet) {
            let form = UInt8(roll(roll(4) == 0 ? 64 : 32))
            let message =
                previous.isEmpty || roll(3) > 0
                ? CompressedPayload.make(frames[index].payload, after: previous, form: form)
                : CompressedPayload.repeating(previous)
            frames[index].firstOctet |= 0x40
            frames[index].replacePayload(message.payload)
            previous += message.content
        }
    }

    private mutating func insertControl(at index: Int) {
        let opcode: UInt8 = pick([0x89, 0x8A, 0x88, 0x89])
        var payload: [UInt8] = Array(repeating: 0x70, count: pick([0, 1, 4, 124, 125, 125, 126]))
        if opcode == 0x88 { payload = closeBody() }
        frames.insert(WireFrame(firstOctet: opcode, key: ordinaryKey(), payload: payload), at: index)
    }

    private mutating func closeBody() -> [UInt8] {
        let code = pick(PayloadSource.codes)
        let body = [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + pick(PayloadSource.texts)
        return Array(body.prefix(pick([0, 1, 2, 2, 64])))
    }

    private mutating func ordinaryKey() -> UInt32? {
        input.options.sender == .client ? UInt32(truncatingIfNeeded: random.next()) : nil
    }

    private mutating func changeKey(at index: Int) {
        switch roll(4) {
        case 0: frames[index].key = 0
        case 1: frames[index].key = frames[index].key == nil ? 0x37FA_213D : nil
        default: frames[index].key = ordinaryKey()
        }
    }

    private mutating func resize(at index: Int) {
        let count = min(pick(PayloadSource.lengths), limit)
        var payload = Array(frames[index].payload.prefix(count))
        payload += Array(repeating: UInt8(ascii: "r"), count: count - payload.count)
        frames[index].replacePayload(payload)
    }

    /// The payload with a border case of UTF-8 inside or after it.
    private mutating func mixedText(_ payload: [UInt8]) -> [UInt8] {
        let place = roll(2) == 0 ? payload.count : roll(payload.count + 1)
        return Array(payload[..<place]) + pick(PayloadSource.texts) + payload[place...]
    }

    private mutating func newFrame() -> WireFrame {
        let octets: [UInt8] = [0x81, 0x82, 0x01, 0x02, 0x80, 0x00, 0x89, 0x88]
        let firstOctet = pick(octets)
        let payload = firstOctet == 0x88 ? closeBody() : mixedText(Array("frame".utf8))
        return WireFrame(firstOctet: firstOctet, key: ordinaryKey(), payload: payload)
    }

    /// Adds a cut inside a frame's header or anywhere, or removes cuts.
    private mutating func cut() {
        var borders: [Int] = [0]
        for frame in frames {
            borders.append(borders[borders.count - 1] + frame.header.encodedLength + frame.payload.count)
        }
        switch roll(4) {
        case 0: input.cuts = []
        case 1: input.cuts.append(roll(borders[borders.count - 1] + 1))
        default: input.cuts.append(pick(borders) + roll(15))
        }
        input.cuts = Array(Set(input.cuts).sorted().prefix(64))
    }
}

extension FuzzInput {
    /// The encoded input, truncated to a limit.
    func encoded(atMost limit: Int) -> [UInt8] {
        let octets = encoded()
        return octets.count <= limit ? octets : Array(octets.prefix(limit))
    }
}
