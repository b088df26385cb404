import TestSupport
import Testing
import WSProtocol
import WSScenario

@Suite struct `Peer reader` {
    private static let payloads: [Payload] = [.text("häé"), .repeating("x", length: 300)]

    private static func frame(_ opcode: Opcode, _ payload: [UInt8], fin: Bool = true, key: UInt32? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameHeader(
            fin: fin,
            opcode: opcode,
            maskingKey: key.map { MaskingKey(rawValue: $0) },
            payloadLength: UInt64(payload.count)
        ).encode(payload: payload.span, into: &bytes)
        return bytes
    }

    /// The payload that each message equals, its first octets, and the rules that are broken.
    private struct Outcome: Hashable {
        var equal: [Int?] = []
        var previews: [[UInt8]] = []
        var rules: [ViolationRule] = []
    }

    private static func take(_ event: MessageEvent, _ reader: PeerReader, into outcome: inout Outcome) {
        switch event {
        case .message:
            outcome.equal.append(reader.equalPayload)
            outcome.previews.append(reader.preview)
        case .violation(let violation): outcome.rules.append(violation.rule)
        default: break
        }
    }

    private static func read(_ bytes: [UInt8], sender: Role, _ feeding: Feeding) -> Outcome {
        var reader = PeerReader(sender: sender, comparing: payloads, previewLength: 4)
        var outcome = Outcome()
        for chunk in feeding.chunks(of: bytes) {
            var position = 0
            while let event = reader.next(in: chunk.span, at: &position) { take(event, reader, into: &outcome) }
        }
        return outcome
    }

    @Test(arguments: Feeding.all)
    func `A message is compared with every payload, whatever frames it comes in`(feeding: Feeding) {
        let long = Self.payloads[1].octets
        let bytes =
            Self.frame(.text, Array(Self.payloads[0].octets.prefix(2)), fin: false, key: 1)
            + Self.frame(.ping, [1], key: 2)
            + Self.frame(.continuation, Array(Self.payloads[0].octets.dropFirst(2)), key: 3)
            + Self.frame(.text, long, key: 0x0405_0607) + Self.frame(.text, Array(long.dropLast()), key: 0x0405_0607)
        let found = Self.read(bytes, sender: .client, feeding)
        #expect(found.equal == [0, 1, nil])
        #expect(found.previews == [Array(Self.payloads[0].octets.prefix(4)), Array("xxxx".utf8), Array("xxxx".utf8)])
    }

    @Test(arguments: Feeding.all)
    func `What a server masks equals nothing, and is shown as it stands`(feeding: Feeding) {
        let key: UInt32 = 0x0101_0101
        let found = Self.read(Self.frame(.text, Self.payloads[1].octets, key: key), sender: .server, feeding)
        #expect(found.equal == [nil])
        #expect(found.previews == [Array("yyyy".utf8)])
    }

    @Test func `A piece that equals a payload is named with its place`() throws {
        var reader = PeerReader(sender: .server, comparing: Self.payloads)
        let bytes = Self.frame(.text, Self.payloads[1].octets)
        var position = 0
        var matches: [Range<Int>] = []
        for piece in [Array(bytes[..<100]), Array(bytes[100...])] {
            position = 0
            while let event = reader.next(in: piece.span, at: &position) {
                guard case .content(let content) = event else { continue }
                let match = try #require(reader.match)
                #expect(match.payload == 1)
                matches.append(match.start..<match.start + content.count)
            }
        }
        #expect(matches == [0..<96, 96..<300])
    }

    @Test func `Octets that are referred to count as if they had come, up to any octet of a sequence`() {
        let octets = Self.payloads[0].octets
        for skipped in 1...octets.count {
            var reader = PeerReader(sender: .server, comparing: Self.payloads, previewLength: 4)
            var outcome = Outcome()
            let header = Array(Self.frame(.text, octets).prefix(2))
            var position = 0
            while let event = reader.next(in: header.span, at: &position) { Self.take(event, reader, into: &outcome) }
            reader.skip(payload: 0, start: 0, length: skipped)
            let rest = Array(octets[skipped...])
            position = 0
            while let event = reader.next(in: rest.span, at: &position) { Self.take(event, reader, into: &outcome) }
            #expect(outcome == Outcome(equal: [0], previews: [Array(octets.prefix(4))]))
        }
    }

    @Test(arguments: [(7, 0, 3), (0, -1, 3), (0, 3, 3), (0, 0, 300), (0, 0, 0), (0, 0, -1), (1, 0, 300)])
    func `A reference that does not fit makes the message equal nothing`(payload: Int, start: Int, length: Int) {
        var reader = PeerReader(sender: .server, comparing: Self.payloads)
        let bytes = Self.frame(.text, Self.payloads[0].octets)
        let header = Array(bytes.prefix(2))
        let rest = Array(bytes.dropFirst(2))
        var position = 0
        while reader.next(in: header.span, at: &position) != nil {}
        reader.skip(payload: payload, start: start, length: length)
        position = 0
        while reader.next(in: rest.span, at: &position) != nil {}
        #expect(reader.equalPayload == nil)
    }

    @Test func `Nothing is skipped outside a frame of data`() {
        var reader = PeerReader(sender: .server, comparing: Self.payloads)
        reader.skip(payload: 0, start: 0, length: 1)
        #expect(!reader.isInsideFrame)
        var position = 0
        let header: [UInt8] = [0x89, 0x05]
        while reader.next(in: header.span, at: &position) != nil {}
        reader.skip(payload: 0, start: 0, length: 5)
        #expect(reader.isInsideFrame)
    }
}
