import TestSupport
import Testing
import WSDeflate

/// The streams of RFC 7692 section 7.2.3.
@Suite struct `Examples of RFC 7692` {
    static let hello = octets("Hello")

    @Test(arguments: Feeding.anywhere)
    func `A message of one compressed block`(feeding: Feeding) {
        var inflater = Inflater()
        let result = inflater.inflate(hex("f2 48 cd c9 c9 07 00"), feeding)
        #expect(result.content == Self.hello)
        #expect(
            result.message.blocks == [
                .init(.fixed, bit: 0, contentLength: 5), .init(.stored, bit: 50, contentLength: 0),
            ]
        )
        #expect(result.message.isWellFormed)
        #expect(result.message.payloadLength == 7)
        #expect(result.message.largestDistance == 0)
    }

    @Test func `The second message refers to the window of the first`() {
        var inflater = Inflater()
        _ = inflater.inflate(hex("f2 48 cd c9 c9 07 00"))
        let second = inflater.inflate(hex("f2 00 11 00 00"))
        #expect(second.content == Self.hello)
        #expect(second.message.isWellFormed)
        #expect(second.message.largestDistance == 5)
        #expect(second.message.reach == 4)
    }

    @Test func `Without the context, the second message leads before its start`() {
        var inflater = Inflater(keepsContext: false)
        _ = inflater.inflate(hex("f2 48 cd c9 c9 07 00"))
        let second = inflater.inflate(hex("f2 00 11 00 00"))
        #expect(second.content == octets("H"))
        #expect(second.message.failure?.kind == .distanceBeforeStart(5))
        #expect(second.message.failure?.bit == 18)
    }

    @Test(arguments: Feeding.anywhere)
    func `A block without compression`(feeding: Feeding) {
        var inflater = Inflater()
        let result = inflater.inflate(hex("00 05 00 fa ff 48 65 6c 6c 6f 00"), feeding)
        #expect(result.content == Self.hello)
        #expect(result.message.blocks.map(\.type) == [.stored, .stored])
        #expect(result.message.blocks.map(\.bit) == [0, 80])
        #expect(result.message.isWellFormed)
    }

    @Test(arguments: Feeding.anywhere)
    func `A block with BFINAL set, and messages behind it`(feeding: Feeding) {
        var inflater = Inflater()
        for _ in 0..<2 {
            let result = inflater.inflate(hex("f3 48 cd c9 c9 07 00 00"), feeding)
            #expect(result.content == Self.hello)
            #expect(
                result.message.blocks == [
                    .init(.fixed, isFinal: true, bit: 0, contentLength: 5), .init(.stored, bit: 56, contentLength: 0),
                ]
            )
            #expect(result.message.finalBlockCount == 1)
            #expect(result.message.isWellFormed)
        }
        #expect(inflater.inflate(hex("f2 00 11 00 00")).content == Self.hello)
    }

    @Test(arguments: Feeding.anywhere)
    func `Two blocks and an empty one between them`(feeding: Feeding) {
        var inflater = Inflater()
        let result = inflater.inflate(hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"), feeding)
        #expect(result.content == Self.hello)
        #expect(result.message.blocks.map(\.contentLength) == [2, 0, 3, 0])
        #expect(result.message.blocks.map(\.bit) == [0, 26, 64, 98])
        #expect(result.message.isWellFormed)
    }

    @Test func `An empty message is the single octet 00`() {
        var inflater = Inflater()
        let result = inflater.inflate([0x00])
        #expect(result.content.isEmpty)
        #expect(result.message.blocks == [.init(.stored, bit: 0, contentLength: 0)])
        #expect(result.message.isWellFormed)
    }
}
