import TestSupport
import Testing
import WSCompression
import WSDeflate
import WSKernels

@Suite struct `Compressing messages` {
    /// Content of several kinds, as a connection may carry them one behind the other.
    static let contents: [[UInt8]] = {
        var random = SplitMix64(seed: 7692)
        let noise = Self.noise(5_000, &random)
        let text = words(20_000, &random)
        let stars = [UInt8](repeating: 0x2A, count: 100_000)
        let hello = Array("Hello".utf8)
        return [
            hello, hello, [], [0], text, text.suffix(700) + [], noise, [], noise, stars, words(70_000, &random), text,
        ]
    }()

    static func noise(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    static func words(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        let words = ["mask", "frame", "opcode", "payload", "close", "ping", "context", "window"]
        var octets: [UInt8] = []
        while octets.count < count {
            octets += words[Int.random(in: words.indices, using: &random)].utf8
            octets.append(0x20)
        }
        return Array(octets.prefix(count))
    }

    @Test func `Messages come back at every window, with and without context, whole and in pieces`() async {
        await Sweep.each(of: 8...15, and: [true, false]) { bits, keepsContext in
            for feeding in [Feeding.whole, .randomChunks(seed: 1), .randomChunks(seed: 2)] {
                var compressor = Compressor(windowBits: bits, keepsContext: keepsContext)
                var inflater = Inflater(windowBits: bits, keepsContext: keepsContext, overruns: .refused)
                for content in Self.contents {
                    var payload: [UInt8] = []
                    for piece in feeding.chunks(of: content) { compressor.append(piece.span, into: &payload) }
                    compressor.endMessage(into: &payload)
                    let (inflated, message) = inflater.inflate(payload)
                    #expect(inflated == content)
                    #expect(message.isWellFormed, "\(message)")
                }
            }
        }
    }

    @Test func `The largest distance is the window less 262 octets, and 250 at a window of 8 bits`() async {
        await Sweep.each(of: 8...15) { bits in
            let largest = 1 << max(9, bits) - 262
            var random = SplitMix64(seed: 1)
            let noise = Self.noise(largest + 1, &random)
            // What comes again after so many octets, within a message and from one to the next.
            for (period, isReached) in [(largest, true), (largest + 1, false)] {
                let content = Array(noise.prefix(period))
                var compressor = Compressor(windowBits: bits)
                var inflater = Inflater(windowBits: bits)
                let (_, first) = inflater.inflate(compressor.compress(content + content))
                let (_, second) = inflater.inflate(compressor.compress(content))
                #expect((first.largestDistance == largest) == isReached)
                #expect((second.largestDistance == largest) == isReached)
                #expect(max(first.largestDistance, second.largestDistance) <= largest)
            }
        }
    }

    @Test func `A message refers to the one before it only where context is kept`() {
        let text = Array("permessage-deflate, permessage-deflate".utf8)
        for keepsContext in [true, false] {
            var compressor = Compressor(keepsContext: keepsContext)
            let first = compressor.compress(text)
            let second = compressor.compress(text)
            #expect((second.count < first.count) == keepsContext)
            #expect((second == first) == !keepsContext)
        }
    }

    @Test func `The payloads are those of RFC 7692 section 7.2.3`() {
        var compressor = Compressor()
        let hello = Array("Hello".utf8)
        #expect(compressor.compress(hello) == [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        #expect(compressor.compress(hello) == [0xF2, 0x00, 0x11, 0x00, 0x00])
        #expect(compressor.compress([]) == [0x00])
    }

    @Test func `An empty message changes nothing, however it is given`() {
        var compressor = Compressor()
        var other = Compressor()
        let content = Array("Hello, Hello".utf8)
        let nothing: [UInt8] = []
        #expect(compressor.compress(content) == other.compress(content))
        for _ in 0..<3 {
            var payload: [UInt8] = []
            compressor.append(nothing.span, into: &payload)
            compressor.endMessage(into: &payload)
            #expect(payload == Compressor.emptyMessage)
        }
        #expect(compressor.compress(content) == other.compress(content))
    }

    /// Where the room for output is full at the very end of a flush, zlib writes its end twice if it is asked again.
    @Test func `Sizes around every multiple of 1024 make one message each, of content that does not compress`() async {
        var random = SplitMix64(seed: 3)
        let noise = Self.noise(66 * 1_024, &random)
        await Sweep.each(of: [1, 2, 4, 8, 15, 16, 31, 32, 33, 48, 63, 64, 65]) { kibi in
            for size in (kibi * 1_024 - 16)...(kibi * 1_024 + 16) {
                let content = Array(noise.prefix(size))
                var compressor = Compressor(windowBits: 15, keepsContext: false)
                let payload = compressor.compress(content)
                var inflater = Inflater()
                let (inflated, message) = inflater.inflate(payload)
                #expect(inflated == content && message.isWellFormed, "\(size) octets: \(message)")
                // Behind the blocks with content there is exactly one empty block.
                #expect(message.blocks.filter { $0.contentLength == 0 }.count == 1, "\(size) octets")
            }
        }
    }

    @Test func `Every level gives messages that are well-formed`() async {
        await Sweep.each(of: 0...9) { level in
            var compressor = Compressor(windowBits: 10, level: level)
            var inflater = Inflater(windowBits: 10)
            for content in Self.contents {
                let (inflated, message) = inflater.inflate(compressor.compress(content))
                #expect(inflated == content)
                #expect(message.isWellFormed, "\(message)")
            }
        }
    }

    @Test func `Copies go on by themselves`() {
        let texts = (0..<3).map { Array("message \($0), message \($0)".utf8) }
        let (beginning, rest) = (Array(texts[1].prefix(4)), Array(texts[1].dropFirst(4)))
        var one = Compressor()
        var payload = one.compress(texts[0])
        one.append(beginning.span, into: &payload)
        var two = one
        var ends: [[UInt8]] = [[], []]
        one.append(rest.span, into: &ends[0])
        one.endMessage(into: &ends[0])
        two.append(rest.span, into: &ends[1])
        two.endMessage(into: &ends[1])
        #expect(ends[0] == ends[1])
        #expect(one.compress(texts[2]) == two.compress(texts[2]))
    }

    @Test func `A cycle of messages that is compressed once is right in every round`() async {
        await Sweep.each(of: 8...15) { bits in
            let cycle = Self.contents
            let before = [cycle[cycle.count - 1]] + cycle.dropLast()
            let payloads = zip(cycle, before).map { Compressor.compress($0, after: $1, windowBits: bits) }
            var compressor = Compressor(windowBits: bits)
            var inflater = Inflater(windowBits: bits, overruns: .refused)
            // The first round needs the message before its first one, too.
            _ = inflater.inflate(compressor.compress(cycle[cycle.count - 1]))
            for round in 0..<3 {
                for index in cycle.indices {
                    let (inflated, message) = inflater.inflate(payloads[index])
                    #expect(inflated == cycle[index], "round \(round), message \(index)")
                    #expect(message.isWellFormed, "\(message)")
                    #expect(message.reach <= before[index].count)
                }
            }
            // Equal to what the one before it says, a message is a reference to it.
            #expect(payloads[1].count < 8)
        }
    }
}

extension Inflater {
    /// Inflates a whole message.
    mutating func inflate(_ payload: [UInt8]) -> (content: [UInt8], message: DeflatedMessage) {
        var content: [UInt8] = []
        inflate(payload.span, into: &content)
        let message = endMessage(into: &content)
        return (content, message)
    }
}
