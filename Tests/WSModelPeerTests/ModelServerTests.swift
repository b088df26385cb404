import TestSupport
import Testing
import WSLink
import WSModelPeer
import WSProtocol

@Suite("The model server without defects") struct ModelServerTests {
    typealias Frame = Conversation.Frame

    @Test("echoes messages, answers Ping, and closes with the code it got", arguments: [1, 7, 65_536])
    func echoes(chunkLength: Int) {
        let conversation = Conversation(
            [
                frame(.text, ""), frame(.text, "Hello"), frame(.binary, [0, 255]), frame(.ping, "p"), frame(.pong),
                frame(.text, "a", fin: false), frame(.ping, "in between"), frame(.continuation, "b"),
                frame(.text, [0xC3], fin: false), frame(.continuation, [0xA9]), frame(.text, [0x61], key: 0),
                close(3000, reason: "bye"),
            ],
            chunkLength: chunkLength
        )
        #expect(conversation.status == 101)
        #expect(
            conversation.frames == [
                Frame(.text, ""), Frame(.text, "Hello"), Frame(.binary, [0, 255]), Frame(.pong, "p"),
                Frame(.pong, "in between"), Frame(.text, "ab"), Frame(.text, "\u{E9}"), Frame(.text, "a"), .close(3000),
            ]
        )
        #expect(conversation.violations.isEmpty)
        #expect(conversation.end == .finished)
        #expect(conversation.closingTime <= .milliseconds(1))
    }

    @Test("answers an empty Close with an empty one, and 1010, which only clients send, with 1000")
    func repliesToClose() {
        #expect(Conversation([close(nil)]).frames == [Frame(.close, "")])
        #expect(Conversation([close(1010)]).frames == [.close(1000)])
    }

    @Test("reads nothing after a Close, and still ends TCP with FIN")
    func discardsAfterClose() {
        let conversation = Conversation([close(), frame(.text, "late"), frame(.ping), [0xFF, 0xFF]])
        #expect(conversation.frames == [.close(1000)])
        #expect(conversation.end == .finished)
    }

    // MARK: - Violations

    static let violations: [(name: String, octets: [UInt8], code: UInt16)] = [
        ("reserved bit", frame(.text, "a", rsv: 2), 1002),
        ("reserved bit on Ping", frame(.ping, "a", rsv: 4), 1002),
        ("reserved data opcode", frame(Opcode(rawValue: 3)), 1002),
        ("reserved control opcode", frame(Opcode(rawValue: 11)), 1002),
        ("fragmented Ping", frame(.ping, "a", fin: false), 1002),
        ("Ping of 126 octets", frame(.ping, Array(repeating: 0, count: 126)), 1002),
        ("Close of 126 octets", frame(.close, Array(repeating: 0, count: 126)), 1002),
        ("continuation without start", frame(.continuation, "a"), 1002),
        ("message inside a message", frame(.text, "a", fin: false) + frame(.text, "b"), 1002),
        ("unmasked frame", frame(.text, [0x61], key: nil), 1002),
        ("length in 16 bits", frame(.text, [0x61], lengthEncoding: .bits16), 1002),
        ("length in 64 bits", frame(.text, [0x61], lengthEncoding: .bits64), 1002),
        ("length with top bit", frame(.binary, [], length: 1 << 63), 1002),
        ("impossible octet", frame(.text, [0xC0], fin: false), 1007),
        ("impossible octet in an unfinished frame", frame(.text, [0x61, 0xFF], length: 1_000), 1007),
        ("text that ends in a character", frame(.text, [0xC3]), 1007),
        ("Close of one octet", frame(.close, [0x03]), 1002),
        ("close code 999", close(999), 1002),
        ("close code 1004", close(1004), 1002),
        ("close code 1005", close(1005), 1002),
        ("close code 1006", close(1006), 1002),
        ("close code 1015", close(1015), 1002),
        ("close code 1016", close(1016), 1002),
        ("close code 2999", close(2999), 1002),
        ("close code 5000", close(5000), 1002),
        ("close reason", frame(.close, [0x03, 0xE8, 0xFF]), 1007),
        ("message too big", frame(.binary, [], length: 33 * 1024 * 1024), 1009),
        ("message as big as can be", frame(.binary, [], length: 1 << 62), 1009),
        (
            "fragments too big together",
            frame(.binary, "a", fin: false) + frame(.continuation, [], length: 32 * 1024 * 1024), 1009
        ),
    ]

    @Test("answers what came before a violation, fails with a fitting code, and reads nothing after")
    func fails() async {
        await Sweep.each(of: Self.violations.indices, and: [1, 65_536]) { index, chunkLength in
            let (name, octets, code) = Self.violations[index]
            let conversation = Conversation(
                [frame(.text, "before"), octets, frame(.ping, "after"), close()],
                chunkLength: chunkLength
            )
            #expect(conversation.plainFrames == [Frame(.text, "before"), .close(code)], "\(name)")
            #expect(conversation.frames.last?.payload.count ?? 0 > 2, "\(name): no reason")
            #expect(conversation.violations.isEmpty, "\(name)")
            #expect(conversation.end == .finished, "\(name)")
        }
    }

    @Test("fails at the first impossible octet of a text, however it is cut", arguments: 1...8)
    func failsFast(cut: Int) {
        // The frame announces more than ever comes, so only its octets can make the server fail.
        let octets = frame(.text, Array("ab\u{20AC}".utf8) + [0xF4, 0x90], length: 100)
        let conversation = Conversation(
            ScriptedClient([Array(octets.dropLast(cut)), Array(octets.suffix(cut))])
        )
        #expect(conversation.plainFrames == [.close(1007)])
        #expect(Conversation(ScriptedClient([Array(octets.dropLast())])).frames.isEmpty)
    }

    // MARK: - Handshake

    @Test("picks the client's first subprotocol that it speaks, and only permessage-deflate among extensions")
    func negotiates() {
        let request = ScriptedClient.handshake {
            $0.subprotocols = ["none", "second", "first"]
            $0.extensions = ["x-other, permessage-deflate"]
        }
        let client = ScriptedClient([close()], request: request.encode())
        let conversation = Conversation(client, ModelServerSettings(version: "9.9", subprotocols: ["first", "second"]))
        #expect(conversation.values(of: "Sec-WebSocket-Protocol") == ["second"])
        #expect(conversation.values(of: "Sec-WebSocket-Extensions") == ["permessage-deflate"])
        #expect(conversation.values(of: "Server") == ["wsconform/9.9"])
        #expect(conversation.head.map { HandshakeRules.checkResponse($0, to: request) } == [])
        #expect(Conversation(client).values(of: "Sec-WebSocket-Protocol").isEmpty)
    }

    @Test(
        "refuses what is no handshake, and closes",
        arguments: [
            ("GET", "POST", 405), ("GET", "BREW", 501), ("/", "*", 400), ("HTTP/1.1", "HTTP/1.0", 400),
            ("Host: localhost\r\n", "", 400), ("Host: ", "Host : ", 400), ("websocket", "h2c", 426),
            ("Connection: Upgrade", "Connection: close", 426), ("Version: 13", "Version: 8", 426),
            ("dGhl", "", 400), ("Host", "Content-Length: 3\r\nHost", 400),
            ("Host", "Transfer-Encoding: chunked\r\nHost", 400),
        ]
    )
    func refuses(old: String, new: String, status: Int) {
        let text = String(decoding: ScriptedClient.handshake().encode(), as: UTF8.self)
        let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        let conversation = Conversation(
            ScriptedClient([frame(.text, "x")], request: Array(parts.joined(separator: new).utf8), atOnce: true)
        )
        #expect(conversation.status == status)
        #expect(conversation.frames.isEmpty)
        #expect(conversation.end == .finished)
        let versions = conversation.values(of: "Sec-WebSocket-Version")
        #expect(versions == (status == 426 ? ["13"] : []))
        #expect(conversation.values(of: "Allow") == (status == 405 ? ["GET"] : []))
    }

    @Test("takes an absolute target, fields in any case, and frames sent with the request", arguments: [1, 65_536])
    func acceptsFreedoms(chunkLength: Int) {
        let lines = [
            "GET http://localhost/chat HTTP/1.1", "host:localhost", "UPGRADE: foo, WebSocket",
            "connection: keep-alive,upgrade", "sec-websocket-key:  dGhlIHNhbXBsZSBub25jZQ== ",
            "sec-websocket-version: 13", "Content-Length: 0", "Cookie: a=b", "", "",
        ]
        let request = Array(lines.joined(separator: "\r\n").utf8)
        let client = ScriptedClient([frame(.text, "early") + close()], request: request, atOnce: true)
        let conversation = Conversation(client, chunkLength: chunkLength)
        #expect(conversation.status == 101)
        #expect(conversation.frames == [Frame(.text, "early"), .close(1000)])
    }

    @Test("sends a 100 before the 101 where the client waits for one")
    func continues() {
        let request = ScriptedClient.handshake { $0.extraFields = [HTTPField("Expect", "100-continue")] }
        let client = ScriptedClient([], request: request.encode())
        var link = InMemoryLink(client: client, server: ModelServer())
        link.run(until: .zero + .seconds(1))
        let lines = String(decoding: link.sentByServer, as: UTF8.self).split(separator: "\r\n")
        #expect(lines.first == "HTTP/1.1 100 Continue")
        #expect(lines.dropFirst().first == "HTTP/1.1 101 Switching Protocols")
    }
}
