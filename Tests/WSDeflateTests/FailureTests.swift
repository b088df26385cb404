import TestSupport
import Testing
import WSDeflate

@Suite struct `Failures of inflating` {
    static let places = [0, 1, 2, 3, 4, 5, 6, 7]

    /// Nothing, or empty blocks of ten bits, so that the defect begins at another bit of an octet.
    static func writer(emptyBlocks count: Int) -> DeflateWriter {
        var writer = DeflateWriter()
        for _ in 0..<count { writer.appendFixed([]) }
        return writer
    }

    @Test func `Each defect is told with its kind and bit, wherever it stands and however it is cut`() async {
        await Sweep.each(of: DeflateDefect.allCases, and: Self.places) { defect, count in
            var writer = Self.writer(emptyBlocks: count)
            let failure = writer.append(defect)
            for feeding in Feeding.anywhere {
                var inflater = Inflater()
                #expect(inflater.inflate(writer.octets, feeding).message.failure == failure)
            }
        }
    }

    @Test func `Each defect is told behind content that the fast loop reads, with more of it behind`() async {
        let text = DeflateSymbol.literals(repeatElement(octets("abc def "), count: 90).joined())
        await Sweep.each(of: DeflateDefect.allCases.filter { $0 != .distanceBeforeStart }) { defect in
            var writer = DeflateWriter()
            writer.appendDynamic(text + [.match(length: 258, distance: 700)])
            let failure = writer.append(defect)
            if failure.kind != .truncated { writer.appendStored(Array(repeating: 0x55, count: 600)) }
            for feeding in Feeding.anywhere {
                var inflater = Inflater()
                let result = inflater.inflate(writer.octets, feeding)
                #expect(result.message.failure == failure)
                #expect(result.content.count - result.message.tailContentLength >= 978)
            }
        }
    }

    @Test func `A failure lasts to the end of the message, and the next one is read`() {
        var writer = DeflateWriter()
        writer.appendStored(octets("Hello"))
        let failure = writer.append(.reservedBlockType)
        var inflater = Inflater()
        var content: [UInt8] = []
        let wrong = writer.octets
        let more = hex("f2 48 cd c9 c9 07 00")
        #expect(inflater.inflate(wrong.span, into: &content) == failure)
        #expect(inflater.inflate(more.span, into: &content) == failure)
        let message = inflater.endMessage(into: &content)
        #expect(content == octets("Hello"))
        #expect(message.failure == failure)
        #expect(message.ending == nil)
        #expect(message.payloadLength == wrong.count + more.count)
        let next = inflater.inflate(hex("f2 00 11 00 00"))
        #expect(next.content == octets("Hello"))
        #expect(next.message.isWellFormed)
    }

    @Test func `Codes with few symbols are right where RFC 1951 has them`() {
        // One code of one bit for distances, none at all, and the end of the block alone.
        let payload = DeflateWriter.message {
            $0.appendDynamic(DeflateSymbol.literals("aa".utf8) + [.match(length: 3, distance: 1)])
            $0.appendDynamic(DeflateSymbol.literals("bcd".utf8))
            $0.appendDynamic([])
        }
        for feeding in Feeding.anywhere {
            var inflater = Inflater()
            let result = inflater.inflate(payload, feeding)
            #expect(result.content == octets("aaaaabcd"))
            #expect(result.message.isWellFormed)
            #expect(result.message.blocks.map(\.type) == [.dynamic, .dynamic, .dynamic, .stored])
        }
    }

    @Test(arguments: [[0, 1, 0, 0], [0, 0, 0, 0]])
    func `A single code of one bit, or none, is wrong for code lengths`(lengths: [Int]) {
        var writer = DeflateWriter()
        writer.appendHeader(2, isFinal: false)
        writer.append(0, bits: 14)
        for length in lengths { writer.append(length, bits: 3) }
        var inflater = Inflater()
        let failure = inflater.inflate(writer.octets + [0, 0]).message.failure
        #expect(failure == InflateFailure(.incomplete(.codeLength), bit: 17))
    }

    @Test func `A bit without meaning is told even where it is the last one of the payload`() {
        var writer = DeflateWriter()
        // 19 and 10 bits, so that the defect's 107 bits end with an octet.
        writer.appendFixed([.literal(200)])
        writer.appendFixed([])
        let failure = writer.append(.unassignedLiteral)
        #expect(writer.bit == 8 * writer.octets.count)
        #expect(failure.bit == writer.bit - 1)
        var inflater = Inflater()
        #expect(inflater.inflate(writer.octets).message.failure == failure)
        // 19 bits, so that the 29 bits up to the last length of a code length do.
        writer = DeflateWriter()
        writer.appendFixed([.literal(200)])
        let incomplete = writer.append(.incompleteCodeLengths)
        #expect(writer.bit == 8 * writer.octets.count)
        inflater = Inflater()
        #expect(inflater.inflate(writer.octets).message.failure == incomplete)
    }

    @Test func `Literals whose codes have more bits than the first table are read in a row`() {
        var literals = [UInt8](repeating: 0, count: 265)
        for (index, symbol) in (Array(256...264) + Array(97...103)).enumerated() {
            literals[symbol] = UInt8(min(index + 1, 15))
        }
        let codes = DynamicCodes(literals: literals, distances: [1])
        let text = octets(String(repeating: "abcdefggfedcba", count: 50))
        let payload = DeflateWriter.message {
            $0.appendDynamic(DeflateSymbol.literals(text) + [.match(length: 10, distance: 1)], codes: codes)
        }
        for feeding in Feeding.anywhere {
            var inflater = Inflater()
            let result = inflater.inflate(payload, feeding)
            #expect(result.content == text + [UInt8](repeating: 97, count: 10))
            #expect(result.message.isWellFormed)
        }
    }

    @Test func `Codes of 15 bits are read in both codes`() {
        var literals = [UInt8](repeating: 0, count: 286)
        for (index, symbol) in [97, 98, 99, 100, 101, 102, 103, 257, 258, 259, 260, 261, 262, 263, 256].enumerated() {
            literals[symbol] = UInt8(index + 1)
        }
        literals[285] = 15
        var distances = [UInt8](repeating: 0, count: 16)
        for index in 0..<15 { distances[index] = UInt8(index + 1) }
        distances[15] = 15
        let codes = DynamicCodes(literals: literals, distances: distances)
        let symbols =
            DeflateSymbol.literals("abcdefg".utf8)
            + (3...9).map { .match(length: $0, distance: $0 - 2) } + [.match(length: 258, distance: 20)]
            + DeflateSymbol.literals(repeatElement(octets("gfedcba"), count: 60).joined())
            + [.match(length: 258, distance: 200), .match(length: 3, distance: 1), .match(length: 9, distance: 255)]
        let fixed = DeflateWriter.message { $0.appendFixed(symbols) }
        let dynamic = DeflateWriter.message { $0.appendDynamic(symbols, codes: codes) }
        for feeding in Feeding.anywhere {
            var one = Inflater()
            var other = Inflater()
            let expected = one.inflate(fixed, feeding)
            let result = other.inflate(dynamic, feeding)
            #expect(expected.message.isWellFormed)
            #expect(result.message.isWellFormed)
            #expect(result.content == expected.content)
            #expect(result.message.largestDistance == 255)
        }
    }
}
