import TestSupport
import Testing
import WSKernels
import WSProtocol

@Suite struct `HTTP head decoder` {
    static let response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX:\r\n\r\n"

    @Test(arguments: Feeding.all)
    func `A head ends with its empty line and leaves the frames behind it alone`(feeding: Feeding) {
        let bytes = Array(Self.response.utf8)
        let (outcome, consumed) = DripFeeder.head(of: bytes, expecting: .response, feeding)
        #expect(outcome == .complete(HTTPHead(kind: .response, raw: bytes), consumed: bytes.count))
        #expect(consumed == bytes.count)
    }

    @Test(arguments: Feeding.anywhere)
    func `Without its empty line a head is not complete`(feeding: Feeding) {
        let bytes = Array(Self.response.utf8.dropLast())
        #expect(DripFeeder.head(of: bytes, expecting: .response, feeding).outcome == .needMore)
    }

    @Test
    func `A bare LF ends a line, and so a head`() async {
        await Sweep.each(
            of: [
                "HTTP/1.1 101\n\n", "HTTP/1.1 101\r\n\n", "HTTP/1.1 101\n\r\n", "HTTP/1.1 101\nA: b\r\nC: d\n\r\n",
            ],
            and: Feeding.all
        ) { text, feeding in
            let bytes = Array(text.utf8)
            #expect(DripFeeder.head(of: bytes, expecting: .response, feeding).consumed == bytes.count)
        }
    }

    @Test func `An interim response may come before the final one`() {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let bytes = Array((interim + Self.response).utf8)
        var decoder = HTTPHeadDecoder(expecting: .response)
        guard case .complete(let first, let consumed) = decoder.feed(bytes.span) else {
            Issue.record("the interim response is not complete")
            return
        }
        #expect(first.startLineText == "HTTP/1.1 100 Continue")
        #expect(decoder.received.isEmpty)
        let rest = Array(bytes[consumed...])
        guard case .complete(let second, let restConsumed) = decoder.feed(rest.span) else {
            Issue.record("the final response is not complete")
            return
        }
        #expect(second.startLineText == "HTTP/1.1 101 Switching Protocols")
        #expect(restConsumed == rest.count)
    }

    @Test
    func `A response that is not HTTP is known by its first wrong byte`() async {
        await Sweep.each(
            of: [
                ("SSH-2.0-OpenSSH\r\n", 0), ("HTTPS/1.1", 4), ("http/1.1 101", 0), ("HTTP 101", 4),
                ("\r\nHTTP/1.1 101", 0),
                ("\u{0}", 0),
                ("HTTQ", 3),
            ],
            and: Feeding.anywhere
        ) { example, feeding in
            let bytes = Array(example.0.utf8)
            #expect(DripFeeder.head(of: bytes, expecting: .response, feeding).outcome == .notHTTP(at: example.1))
        }
    }

    @Test(
        arguments: [([0x16, 0x03, 0x01], 0), ([0x47, 0x45, 0x00], 2), ([0x20], 0), ([0x0D, 0x0A, 0x81], 2)]
            as [([UInt8], Int)]
    )
    func `A request that is not HTTP is known by a byte no method has`(example: ([UInt8], Int)) {
        for feeding in Feeding.anywhere {
            #expect(DripFeeder.head(of: example.0, expecting: .request, feeding).outcome == .notHTTP(at: example.1))
        }
    }

    @Test func `A refusal is for good`() {
        var decoder = HTTPHeadDecoder(expecting: .response)
        let bad: [UInt8] = [0x48, 0x58]
        let good = Array(Self.response.utf8)
        #expect(decoder.feed(bad.span) == .notHTTP(at: 1))
        #expect(decoder.feed(good.span) == .notHTTP(at: 1))
        #expect(decoder.received == [0x48])
        // What would have been right behind the first octet is of no use any more.
        let rest = Array(Self.response.utf8.dropFirst())
        #expect(decoder.feed(rest.span) == .notHTTP(at: 1))
        #expect(decoder.received == [0x48])
    }

    @Test(arguments: Feeding.anywhere)
    func `A head may be as long as the limit and no longer`(feeding: Feeding) {
        let bytes = Array(Self.response.utf8)
        let fitting = DripFeeder.head(of: bytes, expecting: .response, limit: bytes.count, feeding)
        #expect(fitting.consumed == bytes.count)
        let limit = bytes.count - 1
        let outcome = DripFeeder.head(of: bytes, expecting: .response, limit: limit, feeding).outcome
        #expect(outcome == .tooLarge(limit: limit))
    }

    @Test func `A head without end stops at the limit`() {
        let bytes = Array("HTTP/1.1 200 OK\r\n".utf8) + Array(repeating: 0x41, count: 100_000)
        var decoder = HTTPHeadDecoder(expecting: .response)
        #expect(decoder.feed(bytes.span) == .tooLarge(limit: 65_536))
        #expect(decoder.received.count == 65_536)
    }

    @Test func `Empty lines before a request are taken with it`() {
        let bytes = Array("\r\n\nGET / HTTP/1.1\r\n\r\n".utf8)
        for feeding in Feeding.all {
            let (outcome, consumed) = DripFeeder.head(of: bytes, expecting: .request, feeding)
            #expect(consumed == bytes.count)
            guard case .complete(let head, _) = outcome else { continue }
            #expect(RequestLine(head)?.method == "GET")
        }
    }

    @Test(arguments: [HTTPHead.Kind.request, .response])
    func `Random bytes neither trap nor look different when cut`(kind: HTTPHead.Kind) {
        let alphabet = Array("GET HTTP/1.1\r\n\r\n\n: \t\u{0}A,".utf8) + [0xFF]
        for seed in 0..<500 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let start = kind == .response ? "HTTP/1.1 101 X\r\n" : "GET / HTTP/1.1\r\n"
            let noise = (0..<80).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let bytes = (seed % 4 == 0 ? [] : Array(start.utf8)) + noise
            let whole = DripFeeder.head(of: bytes, expecting: kind, limit: 70)
            for feeding in Feeding.anywhere {
                let found = DripFeeder.head(of: bytes, expecting: kind, limit: 70, feeding)
                #expect(found.outcome == whole.outcome, "seed \(seed), fed \(feeding)")
            }
        }
    }
}
