import TestSupport
import Testing
import WSProtocol

@Suite struct `Frame decoder` {
    @Test(arguments: Feeding.all)
    func `Frames are cut at their borders`(feeding: Feeding) {
        let bytes: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x89, 0x00, 0x80, 0x02, 0x6C, 0x6F]
        #expect(
            DripFeeder.slices(of: bytes, feeding) == [
                .header(FrameHeader(fin: false, opcode: .text, payloadLength: 3), offset: 0),
                .payload([0x48, 0x65, 0x6C], payloadOffset: 0),
                .end(offset: 5),
                .header(FrameHeader(opcode: .ping, payloadLength: 0), offset: 5),
                .end(offset: 7),
                .header(FrameHeader(opcode: .continuation, payloadLength: 2), offset: 7),
                .payload([0x6C, 0x6F], payloadOffset: 0),
                .end(offset: 11),
            ]
        )
    }

    @Test func `Payload is reported piece by piece, with its place in the span and in the frame`() {
        var decoder = FrameDecoder(streamOffset: 100)
        let first: [UInt8] = [0x82, 0x04, 1, 2]
        let second: [UInt8] = [3, 4, 0x89]
        var position = 0
        let header = FrameHeader(opcode: .binary, payloadLength: 4)
        #expect(decoder.next(in: first.span, at: &position) == .header(header, offset: 100))
        #expect(position == 2)
        #expect(decoder.remainingPayload == 4)
        #expect(decoder.next(in: first.span, at: &position) == .payload(chunk: 2..<4, payloadOffset: 0))
        #expect(decoder.next(in: first.span, at: &position) == nil)
        #expect(decoder.isInsideFrame)
        position = 0
        #expect(decoder.next(in: second.span, at: &position) == .payload(chunk: 0..<2, payloadOffset: 2))
        #expect(decoder.next(in: second.span, at: &position) == .end(offset: 106))
        #expect(!decoder.isInsideFrame)
        #expect(position == 2)
        #expect(decoder.next(in: second.span, at: &position) == nil)
        #expect(decoder.isInsideFrame)
        #expect(decoder.streamOffset == 107)
    }

    @Test func `The end of an empty frame takes no byte`() {
        var decoder = FrameDecoder()
        let bytes: [UInt8] = [0x8A, 0x00]
        let nothing: [UInt8] = []
        var position = 0
        #expect(decoder.next(in: bytes.span, at: &position) != nil)
        position = 0
        #expect(decoder.next(in: nothing.span, at: &position) == .end(offset: 2))
        #expect(decoder.next(in: nothing.span, at: &position) == nil)
    }

    @Test(arguments: [1 << 31, 1 << 62, 1 << 63, .max] as [UInt64])
    func `A huge declared length neither traps nor takes memory`(length: UInt64) {
        var bytes: [UInt8] = []
        FrameHeader(opcode: .binary, payloadLength: length).encode(into: &bytes)
        bytes += [1, 2, 3]
        var decoder = FrameDecoder(streamOffset: .max - 14)
        var position = 0
        let header = FrameHeader(opcode: .binary, payloadLength: length)
        #expect(decoder.next(in: bytes.span, at: &position) == .header(header, offset: .max - 14))
        #expect(decoder.next(in: bytes.span, at: &position) == .payload(chunk: 10..<13, payloadOffset: 0))
        #expect(decoder.next(in: bytes.span, at: &position) == nil)
        #expect(decoder.remainingPayload == length - 3)
        decoder.skipPayload(length - 3)
        #expect(decoder.remainingPayload == 0)
        #expect(decoder.next(in: bytes.span, at: &position) == .end(offset: .max))
    }

    @Test func `Skipped payload counts as fed`() {
        let bytes: [UInt8] = [0x82, 0x7E, 0x01, 0x00, 9]
        var decoder = FrameDecoder()
        var position = 0
        _ = decoder.next(in: bytes.span, at: &position)
        decoder.skipPayload(200)
        #expect(decoder.streamOffset == 204)
        #expect(decoder.next(in: bytes.span, at: &position) == .payload(chunk: 4..<5, payloadOffset: 200))
        decoder.skipPayload(55)
        let nothing: [UInt8] = []
        position = 0
        #expect(decoder.isInsideFrame)
        #expect(decoder.next(in: nothing.span, at: &position) == .end(offset: 260))
    }

    @Test func `Skipping more than the frame has is refused`() async {
        await #expect(processExitsWith: .failure) {
            var decoder = FrameDecoder()
            decoder.skipPayload(1)
        }
    }

    @Test(arguments: [Role.client, .server], [false, true])
    func `Random streams look the same however they are cut`(sender: Role, legal: Bool) {
        for seed in 0..<150 as Range<UInt64> {
            let bytes = RandomStream.bytes(seed: seed, sender: sender, legal: legal)
            let whole = DripFeeder.slices(of: bytes, .whole)
            for feeding in Feeding.anywhere.dropFirst() where DripFeeder.slices(of: bytes, feeding) != whole {
                Issue.record("seed \(seed) differs when fed \(feeding)")
            }
        }
    }

    @Test(arguments: [Role.client, .server])
    func `What was cut encodes to what was fed`(sender: Role) {
        for seed in 0..<150 as Range<UInt64> {
            let bytes = RandomStream.bytes(seed: seed, sender: sender, legal: false)
            var again: [UInt8] = []
            for event in DripFeeder.slices(of: bytes, .randomChunks(seed: seed)) {
                switch event {
                case .header(let header, let offset):
                    #expect(offset == UInt64(again.count))
                    header.encode(into: &again)
                case .payload(let payload, _): again += payload
                case .end(let offset): #expect(offset == UInt64(again.count))
                }
            }
            #expect(bytes.starts(with: again))
            // What is missing is a header that the stream cuts short, as a frame with a huge length swallows the rest.
            #expect(bytes.count - again.count < 14)
        }
    }
}
