import TestSupport
import Testing
import WSKernels
import WSLink
import WSModelPeer
import WSProtocol

@Suite("The model server and hostile clients") struct HostileClientTests {
    @Test("garbage never traps, as request or as frames, and always comes to an end")
    func garbage() async {
        await Sweep.each(of: 0..<200) { seed in
            var random = SplitMix64(seed: UInt64(seed))
            let count = Int.random(in: 1...600, using: &random)
            let octets = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let length = Int.random(in: 1...64, using: &random)
            for request in [nil, ScriptedClient.handshake().encode()] {
                let conversation = Conversation(ScriptedClient([octets], request: request), chunkLength: length)
                #expect(conversation.end != nil)
                #expect(conversation.violations.isEmpty)
            }
        }
    }

    @Test("a changed octet of a legal conversation never traps with any defect")
    func mutations() async {
        await Sweep.each(of: ModelDefect.allCases) { defect in
            var random = SplitMix64(seed: 1)
            let frames = [frame(.text, "h\u{E9}llo", fin: false), frame(.ping, "p"), frame(.continuation), close(1001)]
            let legal = ScriptedClient.handshake().encode() + frames.flatMap(\.self)
            for _ in 0..<50 {
                var octets = legal
                octets[Int.random(in: octets.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                var direct = DirectLink(ModelServerSettings(defects: [defect]))
                direct.receive(octets, pieces: Int.random(in: 1...octets.count, using: &random))
                #expect(direct.written.count < 10_000)
            }
        }
    }

    @Test("a head without an end gets 431 after 64 KiB")
    func endlessHead() {
        let request = Array("GET / HTTP/1.1\r\n".utf8) + Array(repeating: UInt8(ascii: "a"), count: 200_000)
        let conversation = Conversation(ScriptedClient([], request: request))
        #expect(conversation.status == 431)
        #expect(conversation.end == .finished)
    }

    @Test("a client that says nothing gets 408 after the time it has")
    func silence() {
        let conversation = Conversation(ScriptedClient([], request: Array("GET".utf8)))
        #expect(conversation.status == 408)
        #expect(conversation.end == .finished)
    }

    @Test("what is not HTTP gets 400 at once")
    func notHTTP() {
        #expect(Conversation(ScriptedClient([], request: [0x16, 0x03, 0x01, 0x02])).status == 400)
    }

    @Test("a client that keeps its side open is dropped a second after FIN")
    func lingering() {
        var direct = DirectLink()
        direct.receive(ScriptedClient.handshake().encode() + close(), pieces: 1_000)
        #expect(direct.actions.contains(.closeOutput))
        let due = LinkAction.setTimer(LinkTimer(number: 1), at: .zero + ModelServer.lingeringLimit)
        #expect(direct.actions.last == due)
        direct.receive(Array(repeating: 0, count: 1_000), pieces: 100)
        direct.server.linkTimerFired(LinkTimer(number: 1), at: .zero + .seconds(1), actions: &direct.actions)
        #expect(direct.actions.last == .close)
    }

    // MARK: - Large and many

    @Test("a large echo is handed over piece by piece, each once the last has left", arguments: [300_000, 2_000_000])
    func backPressure(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        var direct = DirectLink()
        direct.receive(ScriptedClient.handshake().encode(), pieces: 1_000)
        let before = direct.written.count
        direct.receive(frame(.binary, payload) + frame(.ping, "p") + close(), pieces: 10_007)
        var most = direct.written.count - before
        while direct.takeNotice() {
            let count = direct.written.count
            direct.server.linkWritable(at: .zero, actions: &direct.actions)
            most = max(most, direct.written.count - count)
        }
        #expect(most <= 2 * 262_144)
        var expected: [UInt8] = []
        FrameHeader(opcode: .binary, payloadLength: UInt64(length)).encode(payload: payload.span, into: &expected)
        FrameHeader(opcode: .pong, payloadLength: 1).encode(payload: [0x70].span, into: &expected)
        FrameHeader(opcode: .close, payloadLength: 2).encode(payload: [0x03, 0xE8].span, into: &expected)
        #expect(Array(direct.written.dropFirst(before)) == expected)
        #expect(direct.actions.contains(.closeOutput))
    }

    @Test("a message of a hundred thousand tiny fragments comes back whole")
    func tinyFragments() {
        var octets = frame(.text, "a", fin: false)
        for _ in 0..<100_000 { octets += frame(.continuation, "bc", fin: false) }
        octets += frame(.continuation)
        var direct = DirectLink()
        direct.receive(ScriptedClient.handshake().encode() + octets, pieces: 65_536)
        while direct.takeNotice() { direct.server.linkWritable(at: .zero, actions: &direct.actions) }
        let whole = Array(("a" + String(repeating: "bc", count: 100_000)).utf8)
        #expect(Array(direct.written.suffix(whole.count)) == whole)
    }

    @Test("a client that writes and never reads is dropped when too much waits for it")
    func neverReads() {
        var direct = DirectLink(ModelServerSettings(maximumBacklog: 1_000_000))
        direct.receive(ScriptedClient.handshake().encode(), pieces: 1_000)
        let message = frame(.binary, Array(repeating: 1, count: 100_000))
        var messages = 0
        while direct.actions.last != .reset, messages < 100 {
            direct.receive(message, pieces: 65_536)
            messages += 1
        }
        #expect((10...16).contains(messages))
        #expect(direct.written.count <= 600_000)
    }

    @Test("a declared length alone takes no memory, and octets beyond the limit are never kept")
    func declaredLengths() {
        let settings = ModelServerSettings(maximumMessageLength: 1_000, defects: [.swallowsLengthTopBit])
        var direct = DirectLink(settings)
        direct.receive(ScriptedClient.handshake().encode(), pieces: 1_000)
        direct.receive(frame(.binary, Array(repeating: 0, count: 2_000), length: .max), pieces: 100)
        #expect(direct.written.suffix(60).contains(CloseBody(code: 1009).encoded[1]))
        #expect(direct.actions.contains(.closeOutput))
    }
}

/// A model server driven without a link, so that nothing is written unless the test lets it.
struct DirectLink {
    var server: ModelServer
    var actions: [LinkAction] = []
    private var notices = 0

    init(_ settings: ModelServerSettings = ModelServerSettings()) {
        server = ModelServer(settings)
        server.linkConnected(at: .zero, actions: &actions)
    }

    /// Everything the server has handed over.
    var written: [UInt8] {
        var octets: [UInt8] = []
        for case .write(let piece) in actions { octets += piece }
        return octets
    }

    mutating func receive(_ octets: [UInt8], pieces length: Int) {
        var start = 0
        while start < octets.count {
            let end = min(start + length, octets.count)
            server.linkReceived(octets.span.extracting(start..<end), at: .zero, actions: &actions)
            start = end
        }
    }

    /// Whether the server has asked to be told that its octets have left; each time counts once.
    mutating func takeNotice() -> Bool {
        let asked = actions.count { $0 == .notifyWhenWritten }
        guard asked > notices else { return false }
        notices += 1
        return true
    }
}
