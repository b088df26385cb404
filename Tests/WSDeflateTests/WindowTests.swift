import TestSupport
import Testing
import WSDeflate

@Suite struct `Windows and limits of inflating` {
    /// Octets that do not repeat soon.
    static func filler(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8 &* 31 ^ $0 >> 3) }
    }

    /// A message of so many octets, then a match at a distance, then an end.
    static func payload(_ filler: [UInt8], distance: Int, length: Int = 20) -> [UInt8] {
        DeflateWriter.message {
            $0.appendStored(filler)
            $0.appendFixed([.match(length: length, distance: distance)])
            $0.appendStored(octets(String(repeating: "end", count: 100)))
        }
    }

    @Test func `A distance of the whole window is within it, one more is not`() async {
        await Sweep.each(of: 8...15, and: [0, 1]) { bits, excess in
            let distance = 1 << bits + excess
            guard distance <= 32_768 else { return }
            let filler = Self.filler(40_000)
            let payload = Self.payload(filler, distance: distance)
            let start = filler.count - distance
            let content = filler + filler[start..<(start + 20)] + octets(String(repeating: "end", count: 100))
            for feeding in [Feeding.whole, .randomChunks(seed: 1)] {
                var inflater = Inflater(windowBits: bits)
                let observed = inflater.inflate(payload, feeding)
                #expect(observed.content == content)
                #expect(observed.message.largestDistance == distance)
                #expect(observed.message.failure == nil)
                #expect((observed.message.overrun?.distance ?? 0) == (excess == 0 ? 0 : distance))
                #expect(observed.message.isWellFormed == (excess == 0))

                var strict = Inflater(windowBits: bits, overruns: .refused)
                let refused = strict.inflate(payload, feeding)
                #expect(refused.message.failure?.kind == (excess == 0 ? nil : .distanceBeyondWindow(distance)))
                #expect(refused.message.failure?.bit == observed.message.overrun?.bit)
                #expect(refused.content == (excess == 0 ? content : filler))
            }
        }
    }

    @Test func `Every distance symbol finds its octets, at its first and its last distance`() async {
        let bases = (0..<14).flatMap { [1 << $0 + 1, 3 << $0 + 1] } + [1, 2, 3, 32_768, 24_576, 24_577, 32_507]
        let distances = Set(bases.flatMap { [$0, $0 - 1] }).filter { (1...32_768).contains($0) }
        await Sweep.each(of: distances.sorted()) { distance in
            let filler = Self.filler(33_000)
            var inflater = Inflater()
            let result = inflater.inflate(Self.payload(filler, distance: distance, length: 258))
            var content = filler
            for _ in 0..<258 { content.append(content[content.count - distance]) }
            #expect(Array(result.content.prefix(content.count)) == content)
            #expect(result.message.largestDistance == distance)
            #expect(result.message.isWellFormed)
        }
    }

    @Test func `Every length at every small distance repeats what stands there`() {
        var symbols: [DeflateSymbol] = []
        var content: [UInt8] = []
        for distance in 1...20 {
            for length in 3...258 {
                let fresh = Self.filler(20).map { $0 ^ UInt8(truncatingIfNeeded: length &* distance) }
                symbols += DeflateSymbol.literals(fresh) + [.match(length: length, distance: distance)]
                content += fresh
                for _ in 0..<length { content.append(content[content.count - distance]) }
            }
        }
        let payload = DeflateWriter.message { $0.appendFixed(symbols) }
        for feeding in [Feeding.whole, .byteByByte] {
            var inflater = Inflater()
            let result = inflater.inflate(payload, feeding)
            #expect(result.content == content)
            #expect(result.message.isWellFormed)
        }
    }

    @Test func `The window goes through messages, or is dropped between them`() {
        let filler = Self.filler(1_000)
        let first = DeflateWriter.message { $0.appendStored(filler) }
        let second = DeflateWriter.message { $0.appendFixed([.match(length: 100, distance: 700), .literal(0x21)]) }
        var keeping = Inflater()
        _ = keeping.inflate(first)
        let kept = keeping.inflate(second)
        #expect(kept.content == Array(filler[300..<400]) + [0x21])
        #expect(kept.message.reach == 700)

        var dropping = Inflater(keepsContext: false)
        #expect(dropping.inflate(first).message.isWellFormed)
        let dropped = dropping.inflate(second)
        #expect(dropped.content.isEmpty)
        #expect(dropped.message.failure?.kind == .distanceBeforeStart(700))
        #expect(dropped.message.failure?.bit == 3 + 7 + 4)
    }

    @Test func `Without the context no octet of earlier messages can be reached, wherever the buffer stands`() async {
        await Sweep.each(of: [1, 1_000, 30_000, 40_000, 65_000, 70_000], and: [0, 1, 20_000, 32_000]) { first, own in
            for excess in [0, 1] {
                let second = DeflateWriter.message {
                    if own > 0 { $0.appendStored(Self.filler(own)) }
                    // Enough of it that the fast loop reads the match.
                    $0.appendFixed([.literal(0x21), .match(length: 3, distance: own + 1 + excess)])
                    $0.appendStored(Self.filler(300))
                }
                var inflater = Inflater(keepsContext: false)
                _ = inflater.inflate(DeflateWriter.message { $0.appendStored(Self.filler(first)) })
                let result = inflater.inflate(second)
                #expect(result.message.failure?.kind == (excess == 0 ? nil : .distanceBeforeStart(own + 2)))
                #expect(result.content.count == (excess == 0 ? own + 304 : own + 1))
                #expect(result.message.reach == 0)
            }
        }
    }

    @Test func `How far a message reaches back is told beyond the buffer's size`() {
        var inflater = Inflater()
        _ = inflater.inflate(DeflateWriter.message { $0.appendStored(Self.filler(50_000)) })
        let result = inflater.inflate(
            DeflateWriter.message {
                $0.appendStored(Self.filler(32_000))
                $0.appendFixed([.match(length: 10, distance: 32_768)])
                $0.appendStored(Self.filler(50_000))
                $0.appendFixed([.match(length: 10, distance: 32_768)])
            }
        )
        #expect(result.message.reach == 768)
        #expect(result.message.isWellFormed)
    }

    @Test func `The limit is hit at any octet exactly, for every form of block and every cut`() async {
        let text = octets("limits are met ")
        let symbols = DeflateSymbol.literals(text) + [.match(length: 25, distance: 15)]
        let payloads = [
            DeflateWriter.message { $0.appendStored(text + text + text.prefix(10)) },
            DeflateWriter.message { $0.appendFixed(symbols) },
            DeflateWriter.message { $0.appendDynamic(symbols) },
        ]
        await Sweep.each(of: 0...45) { limit in
            for payload in payloads {
                for feeding in [Feeding.whole, .byteByByte] {
                    var free = Inflater()
                    let whole = free.inflate(payload, feeding).content
                    var inflater = Inflater(contentLimit: limit)
                    let result = inflater.inflate(payload, feeding)
                    #expect(result.content == Array(whole.prefix(limit)))
                    #expect(result.message.contentLength == min(limit, whole.count))
                    #expect((result.message.failure?.kind == .contentLimit) == (limit < whole.count))
                    #expect(result.message.isWellFormed == (limit >= whole.count))
                }
            }
        }
    }

    @Test func `The limit is hit exactly where the fast loop would run`() async {
        let payload = DeflateWriter.message {
            $0.appendDynamic(
                DeflateSymbol.literals(Self.filler(64))
                    + Array(repeating: .match(length: 258, distance: 60), count: 600)
            )
        }
        var free = Inflater()
        let whole = free.inflate(payload).content
        await Sweep.each(of: [100, 1_000, 65_535, 65_536, 65_537, 70_000] + (-3...3).map { 154_864 + $0 }) { limit in
            var inflater = Inflater(contentLimit: limit)
            let result = inflater.inflate(payload)
            #expect(result.content.elementsEqual(whole.prefix(limit)))
            #expect((result.message.failure?.kind == .contentLimit) == (limit < whole.count))
        }
    }

    @Test func `What the tail puts out counts towards the limit`() {
        var exact = Inflater(contentLimit: 4)
        #expect(exact.inflate(hex("f2 48 cd c9")).message.failure?.kind == .truncated)
        var less = Inflater(contentLimit: 3)
        let result = less.inflate(hex("f2 48 cd c9"))
        #expect(result.message.failure?.kind == .contentLimit)
        #expect(result.content == octets("Hel"))
    }
}
