import TestSupport
import Testing
import WSProtocol

/// What the handshake's texts say, in rows.
@Suite struct `Handshake tables` {
    private static func request(_ fields: String) -> HTTPHead {
        HTTPHead(kind: .request, raw: Array("GET / HTTP/1.1\r\n\(fields)\r\n".utf8))
    }

    /// A response, what its request named in Upgrade, and whether it accepts a handshake.
    private static let answers: [(response: String, upgrade: String, accepts: Bool)] = [
        ("101 S\r\nUpgrade: websocket", "websocket", true),
        ("101 S", "websocket", true),
        ("200 OK\r\nUpgrade: websocket", "websocket", false),
        ("102 Processing\r\nUpgrade: websocket", "websocket", false),
        ("101 S\r\nUpgrade: h2c", "websocket, h2c", false),
        ("101 S\r\nUpgrade: H2C", "websocket, h2c", false),
        ("101 S\r\nUpgrade: h2c", "websocket", true),
        ("101 S\r\nUpgrade: h2c, other", "websocket, h2c", true),
        ("101 S\r\nUpgrade: h2c, websocket", "websocket, h2c", true),
        ("101 S\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: x", "websocket, h2c", true),
    ]

    @Test func `A response accepts a handshake unless it turns to another protocol that was named`() async {
        await Sweep.each(of: Self.answers.map { "\($0.response)|\($0.upgrade)|\($0.accepts)" }) { row in
            let parts = row.split(separator: "|").map(String.init)
            let response = HTTPHead(kind: .response, raw: Array("HTTP/1.1 \(parts[0])\r\n\r\n".utf8))
            let accepts = HandshakeRules.accepts(response, request: Self.request("Upgrade: \(parts[1])\r\n"))
            #expect("\(accepts)" == parts[2])
        }
    }

    @Test func `A response whose status is not 101 does not need its request`() {
        let response = HTTPHead(kind: .response, raw: Array("HTTP/1.1 400 Bad\r\n\r\n".utf8))
        func none() -> HTTPHead {
            Issue.record("the request was asked for")
            return Self.request("")
        }
        let accepts = HandshakeRules.accepts(response, request: none())
        #expect(!accepts)
    }

    @Test func `Close codes have the numbers of RFC 6455 and of its registry`() {
        let codes = [
            CloseCode.normal, CloseCode.goingAway, CloseCode.protocolError, CloseCode.unsupportedData,
            CloseCode.reserved, CloseCode.noStatus, CloseCode.abnormal, CloseCode.invalidData,
            CloseCode.policyViolation, CloseCode.messageTooBig, CloseCode.mandatoryExtension, CloseCode.internalError,
            CloseCode.serviceRestart, CloseCode.tryAgainLater, CloseCode.badGateway, CloseCode.tlsHandshake,
        ]
        #expect(codes == Array(1000...1015))
    }

    @Test func `Each side has its own parameters of compression`() {
        let parameters = DeflateParameters(
            serverNoContextTakeover: true,
            clientNoContextTakeover: false,
            serverMaxWindowBits: 9,
            clientMaxWindowBits: 12
        )
        #expect(parameters.windowBits(of: .server) == 9 && parameters.windowBits(of: .client) == 12)
        #expect(!parameters.keepsContext(of: .server) && parameters.keepsContext(of: .client))
        let other = DeflateParameters(serverNoContextTakeover: false, clientNoContextTakeover: true)
        #expect(other.keepsContext(of: .server) && !other.keepsContext(of: .client))
        #expect(DeflateParameters(accepted: ExtensionOffer(name: "x-other")) == nil)
        #expect(DeflateParameters(accepted: ExtensionOffer(name: "permessage-deflate")) == DeflateParameters())
        #expect(Role.client.opposite == .server && Role.server.opposite == .client)
    }

    @Test func `Who accepts a wrong element breaks the requirement of its own role`() {
        let rows: [(DeflateProblem, server: String, client: String)] = [
            (.unknownParameter("x"), "RFC7692-7-01", "RFC7692-7-05"),
            (.missingValue(.serverMaxWindowBits), "RFC7692-7-02", "RFC7692-7-06"),
            (.unexpectedValue(.serverNoContextTakeover, "1"), "RFC7692-7-02", "RFC7692-7-06"),
            (.invalidValue(.clientMaxWindowBits, "7"), "RFC7692-7-02", "RFC7692-7-06"),
            (.repeatedParameter(.serverMaxWindowBits), "RFC7692-7-03", "RFC7692-7-07"),
        ]
        for (problem, server, client) in rows {
            #expect(problem.requirement(ofReceiver: .server) == server)
            #expect(problem.requirement(ofReceiver: .client) == client)
        }
    }

    @Test func `A name of up to 60 octets is quoted whole, a longer one to its 60th`() {
        let name = String(repeating: "x", count: 60)
        #expect(DeflateProblem.unknownParameter(name).clause == "with \(name), which is none of its parameters")
        #expect(DeflateProblem.unknownParameter(name + "y").clause == "with \(name)…, which is none of its parameters")
    }

    @Test(arguments: [
        ("", false), ("Sec-WebSocket-Extensions: permessage-deflate\r\n", true),
        ("Sec-WebSocket-Extensions: x, Permessage-Deflate; y=1\r\n", true),
        ("Sec-WebSocket-Extensions: x\r\nSec-WebSocket-Extensions: permessage-deflate\r\n", true),
        ("Sec-WebSocket-Extensions: x; permessage-deflate\r\n", false),
        ("Sec-WebSocket-Extensions: permessage-deflate-frame\r\n", false),
    ])
    func `An offer of compression is found in any line and any case`(fields: String, offers: Bool) {
        #expect(Self.request(fields).offersCompression == offers)
    }

    @Test func `Requests begin with a capital`() {
        for octet in "AGMZ".utf8 { #expect(HTTPHead.canBeginRequest(octet)) }
        for octet in "@[az0 \n".utf8 { #expect(!HTTPHead.canBeginRequest(octet)) }
    }

    @Test func `A version is HTTP, a digit, a point and a digit`() {
        #expect(HTTPVersion("HTTP/1.1") == .http11)
        #expect(HTTPVersion("HTTP/2.0") == HTTPVersion(major: 2, minor: 0))
        for text in ["HTTP/1x1", "HTTP/x.1", "HTTP/1.x", "HTTP/:.1", "HTTP/1./", "HTTP/1.10", "http/1.1", "HTTP.1.1"] {
            #expect(HTTPVersion(text) == nil)
        }
        #expect(HTTPVersion(major: 1, minor: 1) > HTTPVersion(major: 1, minor: 0))
        #expect(HTTPVersion(major: 2, minor: 0) > HTTPVersion(major: 1, minor: 1))
    }

    @Test func `Elements of a list are without whitespace, and empty ones are left out`() {
        let head = Self.request("Z: , a ,\t b\t, ,,\r\nB: x\r\nZ:\r\nz: c\r\n")
        #expect(head.tokens(of: "z") == ["a", "b", "c"])
        #expect(head.tokens(of: "Z") == ["a", "b", "c"])
    }

    @Test func `Octets beyond ASCII are Latin-1, from the first one on`() {
        let raw = Array("GET / HTTP/1.1\r\nA: ".utf8) + [0x7F, 0x80, 0xFF] + Array("\r\n\r\n".utf8)
        let head = HTTPHead(kind: .request, raw: raw)
        #expect(head.values(of: "A") == ["\u{7F}\u{80}\u{FF}"])
    }

    @Test func `The wrong accept value is made of the decoded key, or of nothing where it is no base64`() {
        #expect(AcceptKey.accept(forDecodedKey: "dGhlIHNhbXBsZSBub25jZQ==") == "BXhwxM0SZasKmCD9S4BfpPmCnEw=")
        #expect(AcceptKey.accept(forDecodedKey: "???") == "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=")
    }

    @Test func `An acceptance without extensions or subprotocol has no field for them`() {
        let raw = HandshakeResponse.accepting(key: "dGhlIHNhbXBsZSBub25jZQ==").encode()
        let head = HTTPHead(kind: .response, raw: raw)
        #expect(head.fields(named: "Sec-WebSocket-Extensions").isEmpty)
        #expect(head.fields(named: "Sec-WebSocket-Protocol").isEmpty)
        #expect(head.fields.count == 3)
    }

    @Test func `A parameter that is repeated twice is told once`() {
        let parameter = ExtensionParameter(name: "server_no_context_takeover")
        for count in 1...4 {
            let element = ExtensionOffer(
                name: "permessage-deflate",
                parameters: Array(repeating: parameter, count: count)
            )
            let expected: [DeflateProblem] = count == 1 ? [] : [.repeatedParameter(.serverNoContextTakeover)]
            #expect(DeflateNegotiation.problems(ofForm: element) == expected)
        }
    }

    /// A field, and what a correct server says.
    @Test(arguments: [
        ("Host: [::1]", true), ("Host: [::1]:80", true), ("Host: []", false), ("Host: [::1", false),
        ("Host: [:: 1]", false), ("Host: h:8a", false), ("Host: h:9", true), ("Host: h:0", true), ("Host: h:/", false),
        ("Host: h:;", false), ("Host: a#b", false), ("Host: %4é", false), ("Host: :80", false), ("Host: [a]b", false),
    ])
    func `A host is a name or an address in brackets, with or without a port of digits`(host: String, isRight: Bool) {
        let fields =
            "\(host)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        let assessment = HandshakeRules.checkRequest(Self.request(fields))
        #expect(assessment.problems.map(\.rule) == (isRight ? [] : [.requestHostInvalid]))
        #expect(assessment.isAcceptable == isRight)
    }

    @Test func `An empty line before a request is overlooked`() {
        let text =
            "\r\nGET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        let head = HTTPHead(kind: .request, raw: Array(text.utf8))
        #expect(head.problems.map(\.rule) == [.leadingEmptyLine])
        #expect(HandshakeRules.checkRequest(head).status == 101)
    }

    @Test func `Problems of a head and of a handshake are bounded`() {
        func problems(_ count: Int) -> Int {
            HTTPHead(kind: .request, raw: Array(("GET / HTTP/1.1\r\n" + String(repeating: "x\r\n", count: count)).utf8))
                .problems.count
        }
        #expect(problems(10) == 10)
        #expect(problems(2_000) == problems(3_000))

        func mistakes(_ count: Int) -> Int {
            let names = (0..<count).map { "x\($0)" }.joined(separator: ", ")
            let response = HTTPHead(
                kind: .response,
                raw: Array("HTTP/1.1 101 S\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: \(names)\r\n\r\n".utf8)
            )
            let request = HandshakeRequest(host: "h", key: "dGhlIHNhbXBsZSBub25jZQ==")
            return HandshakeRules.checkResponse(response, to: request).count
        }
        #expect(mistakes(10) == 10 + mistakes(1) - 1)
        #expect(mistakes(3_000) == mistakes(4_000))
        #expect(mistakes(3_000) < 3_000)
    }
}
