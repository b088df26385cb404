import TestSupport
import Testing
import WSProtocol

@Suite struct `Handshake responses` {
    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    static let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    static let basis = "Upgrade: websocket\r\nConnection: Upgrade\r\n"

    @Test func `The accept value of RFC 6455 section 1.3 comes out`() {
        #expect(AcceptKey.accept(forKey: Self.key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test func `Our own answer has no problem`() {
        let request = request(subprotocols: ["a", "chat"], extensions: ["permessage-deflate; client_max_window_bits"])
        let response = HandshakeResponse.accepting(
            key: Self.key,
            subprotocol: "chat",
            extensions: ["permessage-deflate"],
            extraFields: [HTTPField("Server", "x")]
        )
        let head = HTTPHead(kind: .response, raw: response.encode())
        #expect(head.problems == [])
        #expect(HandshakeRules.checkResponse(head, to: request) == [])
        #expect(head.values(of: "server") == ["x"])
    }

    @Test(arguments: [
        "UPGRADE: WebSocket\r\nconnection: keep-alive , UPGRADE\r\n",
        "Connection: a\r\nConnection: ,upgrade\r\nUpgrade:websocket\r\n",
    ])
    func `Case, order, lists and repeated lines of Connection do not matter`(fields: String) {
        #expect(rules(fields + Self.accept) == [])
    }

    @Test(
        arguments: [
            ("Connection: Upgrade\r\n\(accept)", .responseUpgradeMissing),
            ("Upgrade: h2c\r\nConnection: Upgrade\r\n\(accept)", .responseUpgradeWrong),
            ("Upgrade:\r\nConnection: Upgrade\r\n\(accept)", .responseUpgradeWrong),
            ("Upgrade: websocket/13\r\nConnection: Upgrade\r\n\(accept)", .responseUpgradeWrong),
            ("Upgrade: websocket, foo\r\nConnection: Upgrade\r\n\(accept)", .responseUpgradeList),
            ("Upgrade: websocket\r\n\(accept)", .responseConnectionMissing),
            ("Upgrade: websocket\r\nConnection: keep-alive\r\n\(accept)", .responseConnectionWrong),
            ("Upgrade: websocket\r\nConnection: upgraded\r\n\(accept)", .responseConnectionWrong),
            (basis, .responseAcceptMissing),
            (basis + "Sec-WebSocket-Accept:\r\n", .responseAcceptWrong),
            (basis + "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", .responseAcceptWrong),
            (basis + "Sec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ==\r\n", .responseAcceptWrong),
            (basis + accept + accept, .responseAcceptRepeated),
            (basis + accept + "Sec-WebSocket-Protocol: chat\r\n", .responseSubprotocolUnasked),
            (basis + accept + "Sec-WebSocket-Protocol:\r\n", .responseSubprotocolEmpty),
            (basis + accept + "Sec-WebSocket-Extensions: x\r\n", .responseExtensionNotOffered),
            (basis + accept + "Sec-WebSocket-Extensions:\r\n", .responseExtensionEmpty),
            (basis + accept + "Sec-WebSocket-Extensions: x;\r\n", .responseExtensionMalformed),
            (basis + accept + "Content-Length: 0\r\n", .responseContentLength),
            (basis + accept + "Transfer-Encoding: chunked\r\n", .responseTransferEncoding),
        ] as [(String, HandshakeRule)]
    )
    func `Each broken rule is reported alone`(fields: String, rule: HandshakeRule) {
        #expect(rules(fields) == [rule])
    }

    @Test(
        arguments: [
            ("chat", []), ("Chat", [.responseSubprotocolOtherCase]), ("other", [.responseSubprotocolNotOffered]),
            ("chat, chat2", [.responseSubprotocolNotToken]), ("\"chat\"", [.responseSubprotocolNotToken]),
            ("chat\r\nSec-WebSocket-Protocol: chat2", [.responseSubprotocolRepeated]),
        ] as [(String, [HandshakeRule])]
    )
    func `One of the subprotocols asked for is chosen`(value: String, expected: [HandshakeRule]) {
        let fields = Self.basis + Self.accept + "Sec-WebSocket-Protocol: \(value)\r\n"
        #expect(rules(fields, to: request(subprotocols: ["chat", "chat2"])) == expected)
    }

    @Test func `Accepted extensions may be split over lines`() {
        let fields = Self.basis + Self.accept + "Sec-WebSocket-Extensions: a; p\r\nSec-WebSocket-Extensions: b\r\n"
        #expect(rules(fields, to: request(extensions: ["b", "a, c"])) == [])
        #expect(rules(fields, to: request(extensions: ["a"])) == [.responseExtensionNotOffered])
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK", [.responseStatus]), ("HTTP/1.1 426 Upgrade Required", [.responseStatus]),
            ("HTTP/1.0 101 Switching", [.responseVersion]), ("HTTP/1.1 OK", [.responseStatusLine]),
            ("HTTP/1.1 101", []),
        ] as [(String, [HandshakeRule])]
    )
    func `The status line decides first`(line: String, expected: [HandshakeRule]) {
        let head = HTTPHead(kind: .response, raw: Array("\(line)\r\n\(Self.basis)\(Self.accept)\r\n".utf8))
        #expect(HandshakeRules.checkResponse(head, to: request()).map(\.rule) == expected)
    }

    @Test func `A problem stands at the value, and what is missing at the end`() throws {
        let head = head("Upgrade: h2c\r\n" + Self.accept)
        let problems = HandshakeRules.checkResponse(head, to: request())
        #expect(problems.map(\.offset) == [43, head.raw.count])
        #expect(problems.map(\.detail) == ["h2c", "no Connection field"])
    }

    @Test
    func `A rule cites a requirement and has a kebab-case name that tells the side`() async {
        await Sweep.each(of: HandshakeRule.allCases) { rule in
            #expect(rule.requirement.hasPrefix("RFC"))
            #expect(rule.rawValue.hasPrefix("request-") || rule.rawValue.hasPrefix("response-"))
        }
    }

    private func request(subprotocols: [String] = [], extensions: [String] = []) -> HandshakeRequest {
        HandshakeRequest(host: "example.com", key: Self.key, subprotocols: subprotocols, extensions: extensions)
    }

    private func head(_ fields: String) -> HTTPHead {
        HTTPHead(kind: .response, raw: Array("HTTP/1.1 101 Switching Protocols\r\n\(fields)\r\n".utf8))
    }

    private func rules(_ fields: String, to request: HandshakeRequest? = nil) -> [HandshakeRule] {
        HandshakeRules.checkResponse(head(fields), to: request ?? self.request()).map(\.rule)
    }
}
