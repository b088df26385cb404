import TestSupport
import Testing
import WSProtocol
import WSScenario

@Suite struct `Sample data` {
    @Test(arguments: SampleData.allCases)
    func `is the same for a seed and another for another one`(data: SampleData) {
        let octets = data.octets(seed: 1)
        #expect(octets.count == data.count && data.count.isMultiple(of: SampleData.grain))
        #expect(data.octets(seed: 1) == octets)
        #expect(data.octets(seed: 2) != octets)
        // Most octets differ, not only a few at the beginning.
        let tail = octets.suffix(4096)
        #expect(!data.octets(seed: 2).suffix(4096).elementsEqual(tail))
    }

    @Test(arguments: [SampleData.json, .markup], [UInt64(1), 2, 0, .max])
    func `that is text can be cut at each sixteenth octet`(data: SampleData, seed: UInt64) {
        let octets = data.octets(seed: seed)
        #expect(String(validating: octets, as: UTF8.self) != nil)
        for start in stride(from: 0, to: octets.count, by: SampleData.grain) where octets[start] & 0xC0 == 0x80 {
            Issue.record("a character goes across octet \(start)")
        }
        #expect((data == .markup) == octets.contains { $0 >= 0x80 })
    }

    @Test func `comes again when others have taken its place`() {
        let before = SampleData.document.octets(seed: 1)
        for seed in UInt64(100)..<110 { _ = SampleData.document.octets(seed: seed) }
        #expect(SampleData.document.octets(seed: 1) == before)
    }

    @Test func `is named by words that stay`() {
        #expect(SampleData.allCases.map(\.rawValue) == ["json", "bitmap", "prose", "markup", "document"])
    }
}

@Suite struct `Echo loops` {
    private let loop = EchoLoop(
        .text,
        .sample(SampleSlice(.json, start: 0, length: 65_536)),
        fullCount: 10,
        quickCount: 3,
        turn: 4
    )

    @Test func `have slices that follow each other until the first one comes again`() {
        let count = SampleData.json.count
        let starts = (0..<6).map { index -> Int in
            guard case .sample(let slice) = loop.payload(ofMessage: index) else { return -1 }
            #expect(slice.length == 65_536)
            return slice.start
        }
        #expect(starts == [0, 65_536, 131_072, 196_608 % count, 0, 65_536])
        #expect(loop.payloads == (0..<4).map { loop.payload(ofMessage: $0) })
        var short = loop
        short.fullCount = 2
        #expect(short.payloads.count == 2)
        short.turn = nil
        #expect(short.payloads == [loop.payload] && short.payload(ofMessage: 5) == loop.payload)
    }

    @Test func `tell from the octets of a message its frames and its payload`() {
        for fragment in [nil, 1, 2, 125, 126, 127, 256, 65_535, 65_536] {
            var loop = loop
            loop.compression = EchoLoop.Compression(fragmentLength: fragment)
            for payload in [
                0, 1, 2, 124, 125, 126, 127, 128, 250, 252, 256, 257, 511, 512, 513, 65_535, 65_536, 131_072,
            ] {
                let message = MessageToSend(
                    .text,
                    .repeating("a", length: payload),
                    fragmentLength: fragment ?? 131_073
                )
                for (role, key) in [(Role.server, 0), (.client, 4)] {
                    let length = (0..<message.frameCount).reduce(0) { sum, index in
                        let count = message.range(ofFrame: index).count
                        return sum + count + key + (count < 126 ? 2 : count < 65_536 ? 4 : 10)
                    }
                    let frames = loop.frames(ofLength: UInt64(length), sentBy: role)
                    #expect(frames.count == message.frameCount, "\(payload) in \(fragment ?? 0)")
                    #expect(frames.payloadLength == UInt64(payload), "\(payload) in \(fragment ?? 0)")
                }
            }
        }
    }
}
