import TestSupport
import Testing
import WSFuzzing
import WSKernels
import WSProtocol

@Suite struct `Stream decoder` {
    @Test(arguments: Feeding.all)
    func `A fragmented text with a ping inside is one message`(feeding: Feeding) {
        let bytes: [UInt8] = [0x01, 0x02, 0x48, 0xC3, 0x89, 0x01, 0x7A, 0x80, 0x01, 0xA9, 0x88, 0x02, 0x03, 0xE8]
        let ping = ControlFrame(opcode: .ping, payload: [0x7A], declaredLength: 1, offset: 4, end: 7)
        let message = Message(opcode: .text, length: 3, frameCount: 2, offset: 0, end: 10)
        let expected: [DecodedEvent] = [
            .other(.frame(FrameHeader(fin: false, opcode: .text, payloadLength: 2), offset: 0)),
            .payload([0x48, 0xC3], payloadOffset: 0, messageOffset: 0),
            .other(.frameEnd(offset: 4)),
            .other(.frame(FrameHeader(opcode: .ping, payloadLength: 1), offset: 4)),
            .payload([0x7A], payloadOffset: 0, messageOffset: 0),
            .other(.frameEnd(offset: 7)),
            .other(.control(ping)),
            .other(.frame(FrameHeader(opcode: .continuation, payloadLength: 1), offset: 7)),
            .payload([0xA9], payloadOffset: 0, messageOffset: 2),
            .other(.frameEnd(offset: 10)),
            .other(.messageEnd(message)),
            .other(.frame(FrameHeader(opcode: .close, payloadLength: 2), offset: 10)),
            .payload([0x03, 0xE8], payloadOffset: 0, messageOffset: 0),
            .other(.frameEnd(offset: 14)),
            .other(.close(CloseBody(code: 1000), offset: 10, end: 14)),
        ]
        #expect(DripFeeder.observations(of: bytes, sender: .server, feeding) == expected)
    }

    @Test(arguments: Feeding.all)
    func `A client's control payload is unmasked`(feeding: Feeding) {
        var bytes: [UInt8] = []
        let payload = Array("Hello, masked".utf8)
        let key = MaskingKey(rawValue: 0x0102_0304)
        let header = FrameHeader(opcode: .pong, maskingKey: key, payloadLength: UInt64(payload.count))
        header.encode(payload: payload.span, into: &bytes)
        let pong = ControlFrame(
            opcode: .pong,
            payload: payload,
            declaredLength: 13,
            offset: 0,
            end: UInt64(bytes.count)
        )
        #expect(DripFeeder.observations(of: bytes, sender: .client, feeding).last == .other(.control(pong)))
    }

    @Test func `Every code point in masked text passes, however it is cut`() {
        let scalars = stride(from: 0, through: 0x10FFFF as UInt32, by: 37).compactMap(Unicode.Scalar.init)
        let payload = Array(String(String.UnicodeScalarView(scalars)).utf8)
        var bytes: [UInt8] = []
        let key = MaskingKey(rawValue: 0x8A5C_D301)
        FrameHeader(opcode: .text, maskingKey: key, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &bytes)
        for feeding in Feeding.all {
            #expect(DripFeeder.observations(of: bytes, sender: .client, feeding).violations == [])
        }
    }

    @Test(arguments: [Role.client, .server])
    func `Legal random streams have no violation and agree with the reference however they are cut`(sender: Role) {
        for seed in 0..<150 as Range<UInt64> {
            let bytes = RandomStream.bytes(seed: seed, sender: sender, legal: true)
            let expected = ReferenceDecoder.observations(of: bytes, sender: sender)
            #expect(expected.violations == [])
            for feeding in Feeding.all {
                let found = DripFeeder.observations(of: bytes, sender: sender, feeding)
                if found != expected { recordDifference(found, expected, "seed \(seed), fed \(feeding)") }
            }
        }
    }

    @Test(arguments: [Role.client, .server], [0, 4, 7] as [UInt8])
    func `Illegal random streams agree with the reference however they are cut`(sender: Role, permittedRSV: UInt8) {
        for seed in 0..<250 as Range<UInt64> {
            let bytes = RandomStream.bytes(seed: seed, sender: sender, legal: false)
            let expected = ReferenceDecoder.observations(of: bytes, sender: sender, permittedRSV: permittedRSV)
            for feeding in Feeding.anywhere {
                let found = DripFeeder.observations(of: bytes, sender: sender, permittedRSV: permittedRSV, feeding)
                if found != expected { recordDifference(found, expected, "seed \(seed), fed \(feeding)") }
            }
        }
    }

    @Test(arguments: [Role.client, .server])
    func `Random bytes agree with the reference however they are cut`(sender: Role) {
        for seed in 0..<250 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let bytes = (0..<120).map { _ -> UInt8 in
                // Mostly short lengths, so that there are many frames.
                Bool.random(using: &random) ? .random(in: 0...12, using: &random) : .random(in: 0...255, using: &random)
            }
            let expected = ReferenceDecoder.observations(of: bytes, sender: sender)
            for feeding in Feeding.anywhere {
                let found = DripFeeder.observations(of: bytes, sender: sender, feeding)
                if found != expected { recordDifference(found, expected, "seed \(seed), fed \(feeding)") }
            }
        }
    }

    @Test func `The random streams break every rule`() {
        var rules: Set<ViolationRule> = []
        for sender in Role.allCases {
            for seed in 0..<250 as Range<UInt64> {
                let bytes = RandomStream.bytes(seed: seed, sender: sender, legal: false)
                rules.formUnion(DripFeeder.observations(of: bytes, sender: sender).violations.map(\.rule))
            }
        }
        #expect(rules == Set(ViolationRule.allCases).subtracting([.invalidDeflate]))
    }

    @Test func `A permitted reserved bit begins a message that is not checked as text`() {
        let compressed: [UInt8] = [0xC1, 0x02, 0xFF, 0xFE]
        #expect(DripFeeder.observations(of: compressed, sender: .server, permittedRSV: 4).violations == [])
        let rules = DripFeeder.observations(of: compressed, sender: .server).violations.map(\.rule)
        #expect(rules == [.reservedBits, .invalidUTF8])
    }

    @Test(arguments: [[0x41, 0x00, 0xC0, 0x00], [0xC9, 0x00], [0xE1, 0x00]] as [[UInt8]])
    func `A permitted bit has no meaning on continuation and control frames`(bytes: [UInt8]) {
        let violations = DripFeeder.observations(of: bytes, sender: .server, permittedRSV: 4).violations
        #expect(violations.map(\.rule) == [.reservedBits])
    }

    @Test func `State is visible between events`() {
        var decoder = StreamDecoder(sender: .server, streamOffset: 129)
        let bytes: [UInt8] = [0x01, 0x01, 0x61, 0x88, 0x00]
        var position = 0
        _ = decoder.next(in: bytes.span, at: &position)
        #expect(decoder.currentHeader == FrameHeader(fin: false, opcode: .text, payloadLength: 1))
        #expect(decoder.remainingPayload == 1)
        #expect(decoder.streamOffset == 131)
        while decoder.next(in: bytes.span, at: &position) != nil {}
        #expect(decoder.currentHeader == nil)
        #expect(decoder.isInsideMessage)
        #expect(!decoder.isInsideFrame)
        #expect(decoder.hasSeenClose)
        #expect(decoder.streamOffset == 134)
    }

    private func recordDifference(_ found: [DecodedEvent], _ expected: [DecodedEvent], _ comment: String) {
        let index = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let place = index.map { "event \($0): found \(found[$0]), expected \(expected[$0])" }
        Issue.record("\(comment): \(place ?? "\(found.count) events instead of \(expected.count)")")
    }
}
