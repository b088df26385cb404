import TestSupport
import Testing
import WSFuzzing
import WSKernels
import WSProtocol

@Suite struct `Fuzz inputs` {
    @Test func `No octets are an input with every default`() {
        let empty: [UInt8] = []
        let input = FuzzInput(reading: empty.span)
        #expect(input.options == FuzzOptions())
        #expect(input.options.sender == .client)
        #expect(!input.options.drips)
        #expect(!input.options.permitsRSV1)
        #expect(input.options.maximumMessage == 1 << 20)
        #expect(input.stream == [])
    }

    @Test func `Options of an octet mean what they meant, and options that nobody knows change nothing`() {
        let octets: [UInt8] = [0x80 | 0b1_1101, 0x40, 0, 0x89, 0x00]
        let input = FuzzInput(reading: octets.span)
        #expect(input.options.sender == .server)
        #expect(input.options.drips)
        #expect(!input.options.permitsRSV1)
        #expect(input.options.maximumMessage == 65_536)
        #expect(input.stream == [0x89, 0x00])
    }

    @Test func `Options that never end are skipped, and what follows is the stream`() {
        let octets = Array(repeating: UInt8(0xFF), count: 40) + [0x00, 0x00, 0x81]
        let input = FuzzInput(reading: octets.span)
        #expect(input.options.bits == 0x0FFF_FFFF)
        #expect(input.stream == [0x81])
    }

    @Test func `A length octet cuts the stream, and zero takes all that is left`() {
        let octets: [UInt8] = [0, 2, 1, 2, 1, 3, 0, 4, 5, 6]
        let input = FuzzInput(reading: octets.span)
        #expect(input.stream == [1, 2, 3, 4, 5, 6])
        #expect(input.cuts == [2, 3])
        #expect(input.pieces.map(Array.init) == [[1, 2], [3], [4, 5, 6]])
    }

    @Test func `A piece that the input has no room for ends with it`() {
        let octets: [UInt8] = [0, 200, 1, 2]
        let input = FuzzInput(reading: octets.span)
        #expect(input.stream == [1, 2])
    }

    @Test
    func `What is put together is taken apart again`() async {
        await Sweep.each(of: 0..<200 as Range<UInt64>) { seed in
            var random = SplitMix64(seed: seed)
            let stream = (0..<Int.random(in: 1...700, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let cuts = Set((0..<4).map { _ in Int.random(in: 0...stream.count, using: &random) }).sorted()
            let input = FuzzInput(
                options: FuzzOptions(bits: UInt32(truncatingIfNeeded: seed * 97)),
                stream: stream,
                cuts: cuts
            )
            let again = FuzzInput(reading: input.encoded().span)
            #expect(again.options == input.options)
            #expect(again.stream == stream)
            #expect(Set(cuts.filter { $0 > 0 && $0 < stream.count }).isSubset(of: again.cuts))
            #expect(again.encoded() == input.encoded())
        }
    }

    @Test func `Recipes of a few octets each make no stream without end`() throws {
        let recipes = Array(
            repeating: FrameRecipe(firstOctet: 0x82, payload: Array(repeating: 0x2A, count: 1000)),
            count: 200
        )
        let (octets, borders) = FrameRecipe.stream(of: recipes, sender: .client)
        #expect(octets.count >= FrameRecipe.longestStream)
        #expect(octets.count < FrameRecipe.longestStream + 1100)
        #expect(try #require(borders.last) == octets.count)
    }

    @Test
    func `Frames that are read are written the same`() async {
        await Sweep.each(of: 0..<100 as Range<UInt64>) { seed in
            let recipes = RandomInput.octets(seed: seed, count: 300)
            let stream = FrameRecipe.stream(of: FrameRecipe.read(recipes.span), sender: .client).octets
            let read = WireFrame.read(stream)
            var written: [UInt8] = []
            for frame in read.frames { frame.append(to: &written) }
            #expect(written + read.rest == stream)
        }
    }
}

/// Octets that a seed gives.
enum RandomInput {
    static func octets(seed: UInt64, count: Int) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
    }

    /// Changes octets as a fuzzer does that knows nothing of them.
    static func plainly(_ octets: [UInt8], limit: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var result = octets
        switch random.next() % 4 {
        case 0 where !result.isEmpty:
            result[Int.random(in: result.indices, using: &random)] ^= 1 << UInt8(random.next() % 8)
        case 1 where !result.isEmpty: result.remove(at: Int.random(in: result.indices, using: &random))
        case 2 where !result.isEmpty:
            result[Int.random(in: result.indices, using: &random)] = UInt8(truncatingIfNeeded: random.next())
        default:
            result.insert(
                UInt8(truncatingIfNeeded: random.next()),
                at: Int.random(in: 0...result.count, using: &random)
            )
        }
        return Array(result.prefix(limit))
    }
}
