import Testing
import WSProtocol

@Suite struct `Handshake requests` {
    static let good = HandshakeRequest(
        host: "server.example.com:9001",
        target: "/chat?x=1",
        key: "dGhlIHNhbXBsZSBub25jZQ==",
        subprotocols: ["chat", "superchat"],
        extensions: ["permessage-deflate; client_max_window_bits", "x"],
        origin: "http://example.com",
        extraFields: [HTTPField("Cookie", "a=b")]
    )

    @Test func `A request is written field by field`() {
        let text = """
            GET /chat?x=1 HTTP/1.1\r
            Host: server.example.com:9001\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            Origin: http://example.com\r
            Sec-WebSocket-Protocol: chat, superchat\r
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x\r
            Cookie: a=b\r
            \r

            """
        #expect(String(decoding: Self.good.encode(), as: UTF8.self) == text)
    }

    @Test func `Our own request is accepted and understood`() {
        let assessment = HandshakeRules.checkRequest(HTTPHead(kind: .request, raw: Self.good.encode()))
        #expect(assessment.problems == [])
        #expect(assessment.status == 101)
        #expect(assessment.isAcceptable)
        #expect(assessment.key == Self.good.key)
        #expect(assessment.requestLine?.target == "/chat?x=1")
        #expect(assessment.subprotocols == ["chat", "superchat"])
        let deflate = ExtensionOffer(
            name: "permessage-deflate",
            parameters: [ExtensionParameter(name: "client_max_window_bits")]
        )
        #expect(assessment.extensions == [deflate, ExtensionOffer(name: "x")])
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.1", "POST / HTTP/1.1", .requestMethod, 405),
            ("GET / HTTP/1.1", "get / HTTP/1.1", .requestMethod, 501),
            ("GET / HTTP/1.1", "BREW / HTTP/1.1", .requestMethod, 501), ("HTTP/1.1", "HTTP/1.0", .requestVersion, 400),
            ("GET / HTTP/1.1", "GET /", .requestLine, 400), ("Host: h\r\n", "", .requestHostMissing, 400),
            ("Host: h\r\n", "Host: h\r\nHost: h\r\n", .requestHostRepeated, 400),
            ("Host: h\r\n", "Host:\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: a b\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: user@h\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: h:port\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: [::1\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: a]\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: h/\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: %\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: a%4\r\n", .requestHostInvalid, 400),
            ("Host: h\r\n", "Host: %4g\r\n", .requestHostInvalid, 400),
            ("Upgrade: websocket\r\n", "", .requestUpgrade, 426),
            ("Upgrade: websocket", "Upgrade: h2c", .requestUpgrade, 426),
            ("Connection: Upgrade\r\n", "", .requestConnection, 426),
            ("Connection: Upgrade", "Connection: keep-alive", .requestConnection, 426),
            ("Sec-WebSocket-Version: 13\r\n", "", .requestProtocolVersionMissing, 400),
            ("Version: 13", "Version: 8", .requestProtocolVersion, 426),
            ("Version: 13", "Version: 013", .requestProtocolVersion, 426),
            (
                "Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n",
                .requestProtocolVersionRepeated, 400
            ),
            ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", .requestKeyMissing, 400),
            ("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key:", .requestKeyMissing, 400),
            ("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: dGhlIHNhbXBsZSBub25jZQ", .requestKeyInvalid, 400),
            ("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: AAAA", .requestKeyInvalid, 400),
            ("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: AAAAAAAAAAAAAAAAAAAAAAA=", .requestKeyInvalid, 400),
            (
                "Sec-WebSocket-Key:", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key:",
                .requestKeyRepeated, 400
            ),
            ("Host: h", "Sec-WebSocket-Protocol:\r\nHost: h", .requestSubprotocolMalformed, 400),
            ("Host: h", "Sec-WebSocket-Protocol: a, b(\r\nHost: h", .requestSubprotocolMalformed, 400),
            ("Host: h", "Sec-WebSocket-Protocol: a, b, a\r\nHost: h", .requestSubprotocolRepeated, 101),
            ("Host: h", "Sec-WebSocket-Extensions: a;;b\r\nHost: h", .requestExtensionMalformed, 400),
        ] as [(String, String, HandshakeRule, Int)]
    )
    func `Each broken rule is reported alone and has its status`(
        old: String,
        new: String,
        rule: HandshakeRule,
        status: Int
    ) {
        let assessment = assess { $0.replacing(old, with: new) }
        #expect(assessment.problems.map(\.rule) == [rule])
        #expect(assessment.status == status)
    }

    @Test(arguments: [
        ("Upgrade: websocket", "UPGRADE:   WebSocket"), ("Upgrade: websocket", "Upgrade: h2c, websocket"),
        ("Connection: Upgrade", "connection: keep-alive, UPGRADE"), ("Host: h", "Host: [::1]:80"),
        ("Host: h", "Host: a,b"), ("Host: h", "Host: h:"), ("Host: h", "Host: %C3%a9.example"),
        ("GET / ", "GET http://h/ "),
        ("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: AQIDBAUGBwgJCgsMDQ4PEC=="), ("HTTP/1.1", "HTTP/1.2"),
        ("Host", "X-Y: z\r\nHost"),
        ("\r\n", "\n"),
    ])
    func `What the RFCs leave open is accepted`(old: String, new: String) {
        let assessment = assess { $0.replacing(old, with: new) }
        #expect(assessment.problems == [])
        #expect(assessment.status == 101)
    }

    @Test(arguments: ["Host: h\r\n folded", "Host : h", "Host: h\r\nno colon", "Host: h\r\nX: a\u{0}b"])
    func `A head whose form RFC 9112 has a server reject is answered with 400`(line: String) {
        #expect(assess { $0.replacing("Host: h", with: line) }.status == 400)
    }

    @Test func `The gravest problem decides the status`() {
        #expect(assess { $0.replacing("GET", with: "PUT").replacing("Host: h\r\n", with: "") }.status == 405)
        #expect(assess { $0.replacing(": 13", with: ": 0").replacing("dGhl", with: "!") }.status == 426)
    }

    private func assess(_ change: (String) -> String) -> RequestAssessment {
        let plain = HandshakeRequest(host: "h", key: "dGhlIHNhbXBsZSBub25jZQ==")
        let text = change(String(decoding: plain.encode(), as: UTF8.self))
        return HandshakeRules.checkRequest(HTTPHead(kind: .request, raw: Array(text.utf8)))
    }
}
