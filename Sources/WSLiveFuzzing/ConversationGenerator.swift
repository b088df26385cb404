import WSFuzzing
package import WSKernels
import WSProtocol
import WSScenario

/// Makes conversations by chance, and from others; all of it comes from the generator of random numbers.
package struct ConversationGenerator: Sendable {
    private var random: SplitMix64
    private let client: Bool
    private let compression: Bool
    private let role: Role

    /// Creates a generator.
    ///
    /// - Parameters:
    ///   - random: The source of chance.
    ///   - peer: What is under test.
    ///   - compression: Whether the peer agrees to compression, as far as it is known.
    package init(_ random: SplitMix64, for peer: FuzzConversation.Peer, compression: Bool) {
        self.random = random
        client = peer.role == .server
        self.compression = compression
        role = peer.role
    }

    /// A new conversation.
    package mutating func make() -> FuzzConversation {
        if roll(12) == 0 { return FuzzConversation(frames: [], handshake: makeHandshake()) }
        var conversation = FuzzConversation(frames: [], isCompressed: compression && roll(5) == 0)
        for _ in 0...roll(4) {
            if roll(6) == 0 {
                conversation.frames += fragments(conversation.isCompressed)
            } else {
                conversation.frames.append(frame(conversation.isCompressed))
            }
        }
        // About half of the conversations are right, and most of the others have one fault.
        if roll(2) == 0 { spoil(&conversation) }
        if roll(16) == 0 { spoil(&conversation) }
        conversation.bound()
        return conversation
    }

    /// A conversation made from one that was kept, or from two of them.
    package mutating func mutate(_ parent: FuzzConversation, _ other: FuzzConversation) -> FuzzConversation {
        var conversation = parent
        if let handshake = parent.handshake {
            let rewritings = handshake.rewritings + [rewriting()]
            conversation.handshake = FuzzHandshake(base: handshake.base, rewritings: rewritings)
            return conversation
        }
        if roll(6) == 0, !other.frames.isEmpty {
            let start = roll(other.frames.count)
            let part = other.frames[start...].prefix(1 + roll(4))
            conversation.frames.insert(contentsOf: part, at: roll(conversation.frames.count + 1))
        }
        for _ in 0...roll(3) { mutateOnce(&conversation) }
        conversation.bound()
        return conversation
    }

    // MARK: - Parts

    private mutating func roll(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    private mutating func pick<Element>(_ list: [Element]) -> Element { list[roll(list.count)] }

    private mutating func makeHandshake() -> FuzzHandshake {
        let base = pick(FuzzHandshake.bases(for: role)).id
        return FuzzHandshake(base: base, rewritings: (0..<roll(4)).map { _ in rewriting() })
    }

    private mutating func rewriting() -> FuzzHandshake.Rewriting {
        switch roll(7) {
        case 0: .rotated(1 + roll(6))
        case 1: .namesInLowerCase
        case 2: .namesInCapitals
        case 3: .spacesBeforeValues(roll(9))
        case 4: .whitespaceBehindValues
        case 5: .unknownField(pick([0, 1, 17, 255, 1_000]))
        default: .pieces(pick([1, 2, 3, 7, 16, 64]))
        }
    }

    /// A frame that breaks no rule by itself.
    private mutating func frame(_ isCompressed: Bool) -> FrameToSend {
        switch roll(10) {
        case 0, 1, 2: return data(.text, isCompressed)
        case 3, 4: return data(.binary, isCompressed)
        case 5, 6, 7: return FrameToSend(.ping, .octets(controlPayload()), masking: masking(), pacing: pacing())
        case 8: return FrameToSend(.pong, .octets(controlPayload()), masking: masking(), pacing: pacing())
        default: return FrameToSend(.close, .octets(closeBody()), masking: masking(), pacing: pacing())
        }
    }

    private mutating func data(_ opcode: Opcode, _ isCompressed: Bool) -> FrameToSend {
        let content = opcode == .text ? text() : binary()
        var frame = FrameToSend(opcode, .octets(content), masking: masking(), pacing: pacing())
        if isCompressed, roll(4) > 0 {
            let small = Array(content.prefix(200))
            let valid = String(validating: small, as: UTF8.self) == nil ? Array("wsconform".utf8) : small
            let form = UInt8(roll(32))
            frame.payload = .octets(
                CompressedPayload.make(opcode == .text ? valid : small, after: [], form: form).payload
            )
            frame.rsv = 4
        }
        return frame
    }

    /// A message in fragments, with control frames between them at times.
    private mutating func fragments(_ isCompressed: Bool) -> [FrameToSend] {
        let whole = data(pick([.text, .binary]), isCompressed)
        let octets = whole.payload.octets
        let cuts = ([0, octets.count] + (0...roll(3)).map { _ in roll(octets.count + 1) }).sorted()
        var frames: [FrameToSend] = []
        for index in 1..<cuts.count {
            var frame = whole
            frame.opcode = index == 1 ? whole.opcode : .continuation
            frame.rsv = index == 1 ? whole.rsv : 0
            frame.fin = index == cuts.count - 1
            frame.payload = .octets(Array(octets[cuts[index - 1]..<cuts[index]]))
            frames.append(frame)
            if roll(4) == 0, index < cuts.count - 1 {
                frames.append(FrameToSend(.ping, .octets(controlPayload()), masking: masking()))
            }
        }
        return frames
    }

    private mutating func controlPayload() -> [UInt8] {
        let count = pick([0, 0, 1, 2, 4, 8, 31, 124, 125])
        let first = UInt8(roll(256))
        return (0..<count).map { first &+ UInt8(truncatingIfNeeded: $0) }
    }

    private mutating func closeBody() -> [UInt8] {
        switch roll(6) {
        case 0: return []
        case 1, 2: return [0x03, 0xE8]
        default: break
        }
        let code = pick([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16])
        let reason = pick(["", "", "bye", "κόσμε", "😀"])
        return [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + Array(reason.utf8)
    }

    /// A valid text of some length.
    private mutating func text() -> [UInt8] {
        let letters = ["a", "é", "€", "😀", "\u{7F}", "\u{0}", "\u{FFFF}", "\u{10FFFF}", "κόσμε"]
        var text = ""
        for _ in 0..<roll(6) { text += pick(letters) }
        let octets = Array(text.utf8)
        let length = roll(5) == 0 ? pick(lengths) : 0
        return octets + Array(repeating: UInt8(ascii: "t"), count: max(0, length - octets.count))
    }

    private mutating func binary() -> [UInt8] {
        let first = UInt8(roll(256))
        let step = UInt8(roll(3))
        let count = roll(3) == 0 ? pick(lengths) : roll(24)
        return (0..<count).map { first &+ UInt8(truncatingIfNeeded: $0) &* step }
    }

    /// Lengths at the borders of the three forms and of usual buffers; most of them are small.
    private let lengths = [
        0, 1, 2, 3, 7, 8, 124, 125, 126, 127, 128, 255, 256, 1_000, 4_095, 4_096, 32_768, 65_535, 65_536,
    ]

    private mutating func masking() -> MaskingChoice {
        guard client, roll(4) == 0 else { return .ofRole }
        return .key(pick([0, 0xFFFF_FFFF, 0x0000_0001, 0x8000_0000, 0x6161_6161]))
    }

    private mutating func pacing() -> WritePacing {
        switch roll(12) {
        case 0: .separately
        case 1: .split(at: 1 + roll(15))
        case 2: .firstOctets(1 + roll(14))
        default: .together
        }
    }

    // MARK: - Faults

    /// Makes one thing wrong, or at least unusual.
    private mutating func spoil(_ conversation: inout FuzzConversation) {
        guard !conversation.frames.isEmpty else { return }
        let index = roll(conversation.frames.count)
        var frame = conversation.frames[index]
        switch roll(17) {
        case 0, 1: frame.rsv ^= pick([1, 2, 4])
        case 2, 3: frame.opcode = Opcode(rawValue: UInt8(pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])))
        case 4: frame.fin.toggle()
        case 5:
            frame.opcode = pick([.ping, .pong, .close])
            frame.fin = false
        case 6:
            frame.opcode = pick([.ping, .pong, .close])
            frame.payload = .octets(Array(repeating: 0x70, count: pick([126, 127, 128, 1_000])))
        case 7: frame.masking = client ? .none : .fresh
        case 8: frame.opcode = .continuation
        case 9:
            frame = FrameToSend(pick([.text, .binary]), frame.payload, fin: false, masking: frame.masking)
            conversation.frames.insert(data(pick([.text, .binary]), false), at: index)
        case 10, 11:
            frame.opcode = .text
            frame.rsv = 0
            let octets = frame.payload.octets
            let place = roll(octets.count + 1)
            frame.payload = .octets(Array(octets[..<place]) + pick(PayloadSource.texts) + octets[place...])
        case 12:
            let code = pick(PayloadSource.codes)
            let body = [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + pick([[], [], pick(PayloadSource.texts)])
            frame = FrameToSend(.close, .octets(body), masking: frame.masking)
        case 13:
            frame = FrameToSend(.close, .octets(pick([[0x03], [0x00], [0x03, 0xE8, 0xC3]])), masking: frame.masking)
        case 14: frame.lengthEncoding = pick([.bits16, .bits64])
        case 15:
            let length = UInt64(frame.payload.count)
            frame.claimedLength = pick([length + 1, length / 2, length << 8, length | 1 << 63, length + 70_000])
        default:
            let octets = frame.payload.octets
            guard !octets.isEmpty else { break }
            var changed = octets
            changed[roll(octets.count)] ^= UInt8(1 << roll(8))
            frame.payload = .octets(changed)
        }
        conversation.frames[min(index, conversation.frames.count - 1)] = frame
    }

    private mutating func mutateOnce(_ conversation: inout FuzzConversation) {
        guard !conversation.frames.isEmpty else {
            conversation.frames.append(frame(conversation.isCompressed))
            return
        }
        let index = roll(conversation.frames.count)
        switch roll(9) {
        case 0: conversation.frames.remove(at: index)
        case 1: conversation.frames.insert(conversation.frames[index], at: roll(conversation.frames.count + 1))
        case 2: conversation.frames.swapAt(index, roll(conversation.frames.count))
        case 3: conversation.frames.insert(frame(conversation.isCompressed), at: roll(conversation.frames.count + 1))
        case 4: conversation.frames.insert(contentsOf: fragments(conversation.isCompressed), at: index)
        case 5: conversation.frames[index].pacing = pacing()
        case 6: conversation.frames[index].masking = masking()
        default: spoil(&conversation)
        }
    }
}
