import Testing
import WSHTTP2

@Suite struct `HTTP/2 field sections` {
    static func rules(
        _ fields: [FieldLine],
        as kind: HTTP2SectionKind = .request,
        _ context: HTTP2SectionContext = HTTP2SectionContext()
    ) -> [HTTP2Rule] {
        HTTP2FieldCheck.problems(of: fields, as: kind, context).map(\.rule)
    }

    private static func line(_ name: String, _ value: String) -> FieldLine { FieldLine(name, value) }

    @Test func `Requests and responses of the RFCs are right`() {
        #expect(Self.rules(Fields.request) == [])
        #expect(Self.rules(Fields.webSocket) == [])
        #expect(Self.rules([Self.line(":method", "CONNECT"), Self.line(":authority", "example.com:443")]) == [])
        let options = [("method", "OPTIONS"), ("scheme", "http"), ("path", "*")].map { Self.line(":" + $0.0, $0.1) }
        #expect(Self.rules(options) == [])
        let response = [Self.line(":status", "200"), Self.line("sec-websocket-protocol", "chat")]
        #expect(Self.rules(response, as: .response, HTTP2SectionContext(answersConnect: true)) == [])
        #expect(Self.rules([Self.line("grpc-status", "0")], as: .trailers) == [])
    }

    /// A request for a WebSocket with something wrong.
    static let wrongRequests: [(String, [HTTP2Rule], @Sendable (inout [FieldLine]) -> Void)] = [
        ("no scheme", [.extendedConnectPseudo], { $0.remove(at: 2) }),
        ("no path", [.extendedConnectPseudo], { $0.remove(at: 3) }),
        ("empty path", [.pathEmpty], { $0[3].value = [] }),
        (":protocol twice", [.pseudoRepeated], { $0.insert(line(":protocol", "websocket"), at: 1) }),
        (":protocol behind a field", [.pseudoAfterField], { $0.append($0.remove(at: 1)) }),
        ("unknown", [.pseudoUndefined], { $0.insert(line(":colour", "red"), at: 0) }),
        (":status", [.pseudoUndefined], { $0.insert(line(":status", "200"), at: 0) }),
        ("GET", [.protocolWithoutConnect], { $0[0].value = Array("GET".utf8) }),
        ("no method", [.pseudoMissing, .protocolWithoutConnect], { $0.remove(at: 0) }),
        ("connection", [.connectionField], { $0.append(line("connection", "upgrade")) }),
        ("upgrade", [.connectionField], { $0.append(line("upgrade", "websocket")) }),
        ("transfer-encoding", [.connectionField], { $0.append(line("transfer-encoding", "chunked")) }),
        ("keep-alive", [.connectionField], { $0.append(line("keep-alive", "5")) }),
        ("proxy-connection", [.connectionField], { $0.append(line("proxy-connection", "x")) }),
        ("te", [.teValue], { $0.append(line("te", "gzip")) }),
        ("upper case", [.upperCaseName], { $0.append(line("Origin", "x")) }),
        ("upper and invalid", [.upperCaseName, .invalidName], { $0.append(line("Or igin", "x")) }),
        ("empty name", [.invalidName], { $0.append(line("", "x")) }),
        ("colon", [.invalidName], { $0.append(line("a:b", "x")) }),
        ("DEL", [.invalidName], { $0.append(line("a\u{7F}", "x")) }),
        ("NUL", [.invalidValue], { $0.append(line("a", "x\u{0}y")) }),
        ("LF", [.invalidValue], { $0.append(line("a", "x\ny")) }),
        ("CR", [.invalidValue], { $0.append(line("a", "x\ry")) }),
        ("blank first", [.invalidValue], { $0.append(line("a", " x")) }),
        ("tab last", [.invalidValue], { $0.append(line("a", "x\t")) }),
        ("wss", [.webSocketScheme], { $0[2].value = Array("wss".utf8) }),
        ("user name", [.authorityInvalid], { $0[4].value = Array("me@example.com".utf8) }),
        ("other host", [.authorityInvalid], { $0.append(line("host", "other.example.com")) }),
        ("content-length", [.contentLengthInvalid], { $0.append(line("content-length", "-1")) }),
        (
            "none but :protocol", [.pseudoMissing, .protocolWithoutConnect, .pseudoMissing, .pseudoMissing],
            {
                $0 = [line(":protocol", "websocket")]
            }
        ),
    ]

    @Test func `Each fault of a request is told by its rule`() {
        for (name, expected, change) in Self.wrongRequests {
            let problems = HTTP2FieldCheck.problems(of: Fields.webSocket(change), as: .request)
            #expect(problems.map(\.rule) == expected, "\(name)")
            #expect(problems.allSatisfy { !$0.detail.isEmpty })
        }
    }

    @Test func `Order among pseudo-header fields is free, as are te with trailers and the host itself`() {
        #expect(Self.rules(Fields.webSocket { $0[0...4].reverse() }) == [])
        #expect(Self.rules(Fields.webSocket { $0.append(Self.line("te", "trailers")) }) == [])
        #expect(Self.rules(Fields.webSocket { $0.append(Self.line("host", "Server.Example.COM")) }) == [])
        #expect(Self.rules(Fields.webSocket { $0.append(Self.line("content-length", "0")) }) == [])
        #expect(Self.rules(Fields.webSocket { $0[1].value = [] }) == [])
    }

    @Test func `CONNECT without :protocol has an authority, and neither scheme nor path`() {
        let connect = [Self.line(":method", "CONNECT"), Self.line(":authority", "a:1")]
        #expect(Self.rules(connect + [Self.line(":path", "/")]) == [.connectPseudo])
        #expect(Self.rules(connect + [Self.line(":scheme", "http")]) == [.connectPseudo])
        #expect(Self.rules([connect[0]]) == [.connectPseudo])
    }

    @Test func `:protocol needs the setting of the server`() {
        let context = HTTP2SectionContext(isProtocolEnabled: false)
        #expect(Self.rules(Fields.webSocket, as: .request, context) == [.protocolNotEnabled])
    }

    static let wrongResponses: [(String, [HTTP2Rule], [FieldLine])] = [
        ("no status", [.pseudoMissing], []),
        ("two digits", [.statusInvalid], [line(":status", "20")]),
        ("text", [.statusInvalid], [line(":status", "2OO")]),
        ("600", [.statusInvalid], [line(":status", "600")]),
        ("101", [.statusSwitchingProtocols], [line(":status", "101")]),
        ("twice", [.pseudoRepeated], [line(":status", "200"), line(":status", "200")]),
        ("method", [.pseudoUndefined], [line(":status", "200"), line(":method", "GET")]),
        ("content-length", [.contentLengthInConnect], [line(":status", "200"), line("content-length", "0")]),
        ("te", [.teValue], [line(":status", "200"), line("te", "trailers")]),
        ("connection", [.connectionField], [line(":status", "200"), line("connection", "close")]),
    ]

    @Test func `Each fault of a response is told by its rule`() {
        for (name, expected, fields) in Self.wrongResponses {
            let found = Self.rules(fields, as: .response, HTTP2SectionContext(answersConnect: true))
            #expect(found == expected, "\(name)")
        }
        let ordinary = [Self.line(":status", "200"), Self.line("content-length", "0")]
        #expect(Self.rules(ordinary, as: .response) == [])
        let refusal = [Self.line(":status", "404"), Self.line("content-length", "9")]
        #expect(Self.rules(refusal, as: .response, HTTP2SectionContext(answersConnect: true)) == [])
    }

    @Test func `Trailers have no pseudo-header field`() {
        #expect(Self.rules([Self.line(":status", "200")], as: .trailers) == [.pseudoUndefined])
        #expect(Self.rules([Self.line(":path", "/")], as: .trailers) == [.pseudoUndefined])
    }

    @Test func `Control data are read as they first occur`() {
        let pseudo = HTTP2Pseudo(of: Fields.webSocket + [Self.line(":path", "/other")])
        #expect(pseudo.isWebSocket)
        #expect(pseudo.path == Array("/chat".utf8))
        #expect(HTTP2Pseudo(of: [Self.line(":status", "404")]).status == 404)
        #expect(!HTTP2Pseudo(of: Fields.request).isWebSocket)
        #expect(!HTTP2Pseudo(of: Fields.webSocket { $0[1].value = Array("WebSocket".utf8) }).isWebSocket)
    }
}
