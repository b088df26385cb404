import TestSupport
import Testing
import WSDeflate
import WSLimits

@Suite struct `Ends of compressed messages` {
    @Test func `A payload without any octet has no block`() {
        var inflater = Inflater()
        let result = inflater.inflate([])
        #expect(result.message.ending == .border)
        #expect(result.message.failure == nil)
        #expect(!result.message.isWellFormed)
        #expect(inflater.inflate(hex("f2 48 cd c9 c9 07 00")).content == octets("Hello"))
    }

    @Test(arguments: Feeding.anywhere)
    func `A tail that the sender left on is told, and the next message is read`(feeding: Feeding) {
        var inflater = Inflater()
        let result = inflater.inflate(hex("f2 48 cd c9 c9 07 00 00 00 ff ff"), feeding)
        #expect(result.content == octets("Hello"))
        #expect(result.message.ending == .border)
        #expect(result.message.bitsLeft == 0)
        #expect(!result.message.isWellFormed)
        #expect(inflater.inflate(hex("f2 00 11 00 00"), feeding).content == octets("Hello"))
    }

    @Test func `Nothing behind a block with BFINAL set is told`() {
        var inflater = Inflater()
        let result = inflater.inflate(hex("f3 48 cd c9 c9 07 00"))
        #expect(result.content == octets("Hello"))
        #expect(result.message.ending == .border)
        #expect(result.message.finalBlockCount == 1)
    }

    @Test(arguments: Feeding.anywhere)
    func `A truncated block is a failure behind the last bit, and what the tail puts out is counted`(feeding: Feeding) {
        var inflater = Inflater()
        let result = inflater.inflate(hex("f2 48 cd c9"), feeding)
        // zlib says Helh and no error.
        #expect(result.content == octets("Helh"))
        #expect(result.message.tailContentLength == 1)
        #expect(result.message.ending == .insideBlock)
        #expect(result.message.failure == InflateFailure(.truncated, bit: 32))
        #expect(result.message.bitsLeft == 5)
    }

    @Test func `Every proper beginning of a message is told from the whole`() async {
        let payload = DeflateWriter.message {
            $0.appendDynamic(DeflateSymbol.literals("a few words".utf8) + [.match(length: 9, distance: 3)])
            $0.appendStored(octets("stored"))
            $0.appendFixed(DeflateSymbol.literals("fixed".utf8))
        }
        var inflater = Inflater()
        #expect(inflater.inflate(payload).message.isWellFormed)
        await Sweep.each(of: 0..<payload.count) { count in
            var inflater = Inflater()
            let message = inflater.inflate(Array(payload.prefix(count))).message
            #expect(!message.isWellFormed || message.blockCount < 4)
            #expect(message.payloadLength == count)
            if let failure = message.failure { #expect(failure == InflateFailure(.truncated, bit: 8 * count)) }
        }
    }

    @Test func `Of a message that was cut nothing is told that only the tail makes of it`() async {
        let filler = `Windows and limits of inflating`.filler(700)
        let payload = DeflateWriter.message {
            $0.appendFixed([.literal(0x61), .match(length: 258, distance: 1), .match(length: 9, distance: 601)])
            $0.appendFixed(DeflateSymbol.literals("end".utf8), isFinal: true)
        }
        @Sendable func inflated(_ payload: ArraySlice<UInt8>, _ overruns: Inflater.Overruns = .observed) -> Inflated {
            var inflater = Inflater(windowBits: 8, overruns: overruns)
            inflater.adopt(filler.span)
            return inflater.inflate(Array(payload))
        }
        let whole = inflated(payload[...]).message
        #expect(whole.overrun?.distance == 601)
        await Sweep.each(of: 0..<payload.count) { count in
            let message = inflated(payload.prefix(count)).message
            #expect([0, 1, 601].contains(message.largestDistance))
            #expect([0, whole.reach].contains(message.reach))
            #expect(message.overrun == nil || message.overrun == whole.overrun)
            #expect(message.paddingFault == nil)
            // Where the distance is not whole, it is the end that is wrong, with a window that is enforced as well.
            guard message.overrun == nil, let failure = message.failure else { return }
            #expect(inflated(payload.prefix(count), .refused).message.failure == failure)
        }
    }

    @Test func `Octets behind the end of a message begin another block`() {
        var inflater = Inflater()
        let result = inflater.inflate(hex("f2 48 cd c9 c9 07 00 ff"))
        // With the tail it is a stored block of 255 octets, of which one is there.
        #expect(result.content == octets("Hello") + [0xFF])
        #expect(result.message.tailContentLength == 1)
        #expect(result.message.ending == .insideBlock)
        #expect(result.message.failure == InflateFailure(.truncated, bit: 64))
    }

    @Test func `Bits other than zero behind BFINAL are told`() {
        var inflater = Inflater()
        let result = inflater.inflate(hex("f3 48 cd c9 c9 07 20 00"))
        #expect(result.content == octets("Hello"))
        #expect(result.message.paddingFault == 53)
        #expect(result.message.failure == nil)
        #expect(!result.message.isWellFormed)
    }

    @Test(arguments: [0, 1])
    func `The first bit of padding behind BFINAL is told if it is not zero`(padding: Int) {
        var start = 0
        let payload = DeflateWriter.message {
            $0.finalPadding = padding
            $0.appendStored(octets("a"), isFinal: true)
            $0.appendFixed(DeflateSymbol.literals("b".utf8), isFinal: true)
            start = $0.bit - 6
            $0.appendFixed(DeflateSymbol.literals("c".utf8), isFinal: true)
        }
        for feeding in Feeding.anywhere {
            var inflater = Inflater()
            let result = inflater.inflate(payload, feeding)
            #expect(result.content == octets("abc"))
            #expect(result.message.finalBlockCount == 3)
            #expect(result.message.paddingFault == (padding == 0 ? nil : start))
            #expect(result.message.isWellFormed == (padding == 0))
        }
    }

    @Test(arguments: DeflatedMessage.BlockType.allCases, [false, true])
    func `A block with BFINAL set may stand anywhere`(type: DeflatedMessage.BlockType, refersBack: Bool) {
        let payload = DeflateWriter.message {
            switch type {
            case .stored: $0.appendStored(octets("one "), isFinal: true)
            case .fixed: $0.appendFixed(DeflateSymbol.literals("one ".utf8), isFinal: true)
            case .dynamic: $0.appendDynamic(DeflateSymbol.literals("one ".utf8), isFinal: true)
            }
            $0.appendFixed(refersBack ? [.match(length: 4, distance: 4)] : DeflateSymbol.literals("one ".utf8))
        }
        for feeding in Feeding.anywhere {
            var inflater = Inflater()
            let result = inflater.inflate(payload, feeding)
            #expect(result.content == octets("one one "))
            #expect(result.message.isWellFormed)
            #expect(result.message.blocks.map(\.isFinal) == [true, false, false])
        }
    }

    @Test func `Of 50,000 empty blocks the first are told, and all are counted`() {
        let payload = DeflateWriter.message { for _ in 0..<50_000 { $0.appendFixed([]) } }
        var inflater = Inflater()
        let message = inflater.inflate(payload).message
        #expect(message.blockCount == 50_001)
        #expect(message.blocks.count == Limits.messageBlocks.value)
        #expect(message.isWellFormed)
    }
}
