import WSProtocol
package import WSScenario

extension Catalogue {
    /// Extended CONNECT, right and wrong, and what it is answered with (RFC 8441, 4 and 5; RFC 9113, 8).
    package enum StreamRequests {
        /// The ordinary request, whose answer is looked at.
        static let opening = accepted(
            "opening",
            "Extended CONNECT, and all that its answer may and must not have",
            ["RFC8441-5-10", "RFC9113-8.6-01", "RFC9113-8.2-01", "RFC9113-8.2.2-02", "RFC9110-9.3.6-01"],
            "H2-02",
            "a valid Extended CONNECT is accepted with 2xx (RFC 8441, 5)"
        )

        /// The ordinary request, before which the server's settings are looked at.
        static let settings = accepted(
            "settings",
            "SETTINGS of the server, first and later ones, with ENABLE_CONNECT_PROTOCOL = 1 once and for all",
            ["RFC8441-5-10", "RFC8441-3-01", "RFC8441-3-05", "RFC9113-3.4-01"],
            "H2-01",
            "a valid Extended CONNECT is accepted with 2xx (RFC 8441, 5)"
        )

        /// A key, which HTTP/2 does not need.
        static let withKey = accepted(
            "with-key",
            "Extended CONNECT with a Sec-WebSocket-Key",
            ["RFC8441-5-10", "RFC8441-5-05"],
            "H2-03",
            "the key is neither required nor processed over HTTP/2 (RFC 8441, 5)",
            StreamToSpeak(request: .ordinary + [StreamToSpeak.Line("sec-websocket-key", "bogus")])
        )

        /// The setting from a client, on which it has no effect.
        static func settingOfClient() -> [Scenario] {
            [("0", 0), ("1", 1)].map { slug, value in
                accepted(
                    "setting-of-client-\(slug)",
                    "ENABLE_CONNECT_PROTOCOL = \(value) in SETTINGS of the client",
                    ["RFC8441-5-10", "RFC8441-3-04"],
                    "H2-12",
                    "the setting has no effect on a server (RFC 8441, 3)",
                    StreamToSpeak(settings: [StreamToSpeak.Setting(8, UInt32(value))])
                )
            }
        }

        /// The pseudo-header fields in other orders.
        static func orders() -> [Scenario] {
            let rows: [(String, String, [StreamToSpeak.Line])] = [
                ("protocol-first", "with :protocol first", [.webSocket, .method, .scheme, .path, .authority]),
                ("protocol-middle", "with :protocol in the middle", [.method, .scheme, .webSocket, .path, .authority]),
                ("protocol-last", "with :protocol last", [.method, .scheme, .path, .authority, .webSocket]),
                ("reversed", "in the reverse order", [.authority, .path, .scheme, .webSocket, .method]),
            ]
            return rows.map { slug, phrase, lines in
                accepted(
                    "order/\(slug)",
                    "Pseudo-header fields \(phrase)",
                    ["RFC8441-5-10", "RFC8441-4-01"],
                    "H2-32",
                    "no order among pseudo-header fields has a meaning (RFC 9113, 8.3)",
                    StreamToSpeak(request: lines + [.version, .ofUser])
                )
            }
        }

        /// Requests that are malformed.
        static func malformed() -> [Scenario] {
            typealias Line = StreamToSpeak.Line
            let fields: [Line] = .ordinary
            let missing = "a request that lacks what it must have is malformed (RFC 9113, 8.1.1; RFC 8441, 4)"
            let rows: [(String, String, String, String, [Line], String)] = [
                (
                    "without-scheme", "without :scheme", "H2-04", "RFC9113-8.1.1-01", fields.replacing(":scheme"),
                    missing
                ),
                ("without-path", "without :path", "H2-04", "RFC9113-8.1.1-01", fields.replacing(":path"), missing),
                (
                    "empty-path", "with an empty :path", "H2-04", "RFC9113-8.1.1-01",
                    fields.replacing(":path", with: Line(":path", "")),
                    "an empty :path makes a request malformed (RFC 9113, 8.3.1)"
                ),
                (
                    "protocol-twice", "with :protocol twice", "H2-04", "RFC9113-8.3-03",
                    fields.replacing(":protocol", with: .webSocket, .webSocket),
                    "a pseudo-header field stands in a request once (RFC 9113, 8.3)"
                ),
                (
                    "protocol-behind-field", "with :protocol behind a field", "H2-04", "RFC9113-8.3-02",
                    [.method, .scheme, .path, .authority, .version, .webSocket, .ofUser],
                    "pseudo-header fields come before all others (RFC 9113, 8.3)"
                ),
                (
                    "unknown-pseudo-field", "with a pseudo-header field that nobody has defined", "H2-04",
                    "RFC9113-8.3-01",
                    fields.replacing(":authority", with: .authority, Line(":wsconform", "1")),
                    "an undefined pseudo-header field makes a request malformed (RFC 9113, 8.3)"
                ),
                (
                    "get-with-protocol", "with :protocol and the method GET", "H2-05", "RFC9113-8.3-01",
                    fields.replacing(":method", with: Line(":method", "GET")),
                    "no method but CONNECT has :protocol (RFC 8441, 4; RFC 9113, 8.3)"
                ),
                (
                    "post-with-protocol", "with :protocol and the method POST", "H2-05", "RFC9113-8.3-01",
                    fields.replacing(":method", with: Line(":method", "POST")),
                    "no method but CONNECT has :protocol (RFC 8441, 4; RFC 9113, 8.3)"
                ),
                (
                    "connection-field", "with connection: upgrade", "H2-06", "RFC9113-8.2.2-01",
                    fields + [Line("connection", "upgrade")],
                    "a field of the connection makes a request malformed (RFC 9113, 8.2.2)"
                ),
                (
                    "upgrade-field", "with upgrade: websocket", "H2-06", "RFC9113-8.2.2-01",
                    fields + [Line("upgrade", "websocket")],
                    "a field of the connection makes a request malformed (RFC 9113, 8.2.2)"
                ),
                (
                    "transfer-encoding", "with transfer-encoding", "H2-06", "RFC9113-8.2.2-01",
                    fields + [Line("transfer-encoding", "chunked")],
                    "a field of the connection makes a request malformed (RFC 9113, 8.2.2)"
                ),
                (
                    "upper-case-name", "with a name in capitals", "H2-06", "RFC9113-8.2.1-01",
                    fields + [Line("X-Wsconform", "1")],
                    "a capital in a name makes a request malformed (RFC 9113, 8.2.1)"
                ),
            ]
            return rows.map { slug, phrase, chapter, rule, lines, why in
                Scenario(
                    id: "http2/request/\(slug)",
                    title: "Extended CONNECT \(phrase)",
                    requirements: [rule],
                    targets: [.server],
                    needs: .nothing,
                    tags: [.handshake],
                    chapter: chapter,
                    stream: StreamToSpeak(request: lines),
                    script: [],
                    conclusion: .closeWhenComplete,
                    behaviour: .rejectsStream(why, over: rule),
                    closing: .anyEnd
                )
            }
        }

        /// Protocols that a server need not know.
        static func protocols() -> [Scenario] {
            let why = "a :protocol that a server does not speak is answered with 501 (RFC 9220, 3)"
            return [("unknown", "foo"), ("empty", "")].map { slug, value in
                leftOpen(
                    "protocol/\(slug)",
                    "Extended CONNECT with :protocol \(value.isEmpty ? "empty" : value)",
                    ["RFC9220-3-03"],
                    "H2-07",
                    [.method, StreamToSpeak.Line(":protocol", value), .scheme, .path, .authority, .version, .ofUser],
                    .tolerated(.accepted, why, cites: "RFC9220-3-03")
                )
            } + [
                leftOpen(
                    "protocol/capitals",
                    "Extended CONNECT with :protocol WebSocket",
                    ["RFC9220-3-03"],
                    "H2-07",
                    [
                        .method, StreamToSpeak.Line(":protocol", "WebSocket"), .scheme, .path, .authority, .version,
                        .ofUser,
                    ],
                    .informational(
                        .accepted,
                        "no text says whether the case of :protocol matters (RFC 8441, 5)",
                        cites: "RFC9220-3-03"
                    )
                )
            ]
        }

        /// A scheme that is not that of HTTP, and two hosts.
        static func places() -> [Scenario] {
            [
                leftOpen(
                    "request/scheme-wss",
                    "Extended CONNECT with :scheme wss",
                    ["RFC9113-8.1.1-01"],
                    "H2-08",
                    .ordinary.replacing(":scheme", with: StreamToSpeak.Line(":scheme", "wss")),
                    .tolerated(
                        .accepted,
                        "the scheme of a WebSocket over HTTP/2 is http or https (RFC 8441, 5)",
                        cites: "RFC8441-5-02"
                    )
                ),
                leftOpen(
                    "request/other-host",
                    "Extended CONNECT with a field host that is not :authority",
                    ["RFC9113-8.1.1-01"],
                    "H2-08",
                    .ordinary + [StreamToSpeak.Line("host", "other.example")],
                    .tolerated(
                        .accepted,
                        "a host that is not :authority leads whoever checks one of them astray (RFC 9113, 8.3.1)",
                        cites: "RFC9113-8.3.1-01"
                    )
                ),
            ]
        }

        /// Versions of the WebSocket protocol.
        static func versions() -> [Scenario] {
            let rows: [(String, String, String, [StreamToSpeak.Line])] = [
                (
                    "version-missing", "without sec-websocket-version", "RFC6455-4.2.1-01",
                    .ordinary.replacing("sec-websocket-version")
                ),
                (
                    "version-25", "with sec-websocket-version: 25", "RFC6455-4.2.2-08",
                    .ordinary.replacing(
                        "sec-websocket-version",
                        with: StreamToSpeak.Line("sec-websocket-version", "25")
                    )
                ),
            ]
            return rows.map { slug, phrase, rule, lines in
                let section = rule.split(separator: "-")[1]
                var behaviour: [Outcome<BehaviourPattern>] = .rejectsStream(
                    "a version that a server does not speak is refused as over HTTP/1.1 "
                        + "(RFC 8441, 5; RFC 6455, \(section))",
                    over: rule
                )
                let refused = BehaviourPattern.refused(statuses: HandshakePolicy.errors)
                behaviour.removeAll { $0.grade == .conforms && $0.pattern != refused }
                return Scenario(
                    id: "http2/request/\(slug)",
                    title: "Extended CONNECT \(phrase)",
                    requirements: [rule, "RFC8441-5-08"] + (rule == "RFC6455-4.2.2-08" ? ["RFC6455-4.4-01"] : []),
                    targets: [.server],
                    needs: .nothing,
                    tags: [.handshake],
                    chapter: "H2-10",
                    stream: StreamToSpeak(request: lines),
                    script: [],
                    conclusion: .closeWhenComplete,
                    behaviour: behaviour,
                    closing: .anyEnd
                )
            }
        }

        /// A request that ends the stream with itself.
        static let ended = leftOpen(
            "request/ended",
            "Extended CONNECT with END_STREAM",
            ["RFC8441-5-12", "RFC8441-5-16"],
            "H2-31",
            nil,
            .informational(
                .accepted,
                "accepted a WebSocket on which the client can send nothing; no text forbids it (RFC 8441, 5)",
                cites: "RFC8441-5-16"
            )
        )

        /// Content that CONNECT does not have.
        static let contentLength = Scenario(
            id: "http2/request/content-length",
            title: "Extended CONNECT with content-length: 0, and a Ping on the stream",
            requirements: ["RFC8441-5-12", "RFC9113-5.4.2-01"],
            targets: [.server],
            needs: .nothing,
            tags: [.handshake, .ambiguous],
            chapter: "H2-36",
            stream: StreamToSpeak(request: .ordinary + [StreamToSpeak.Line("content-length", "0")]),
            script: [.send(FrameToSend(.ping, HandshakePolicy.ping))],
            conclusion: .closeWhenComplete,
            behaviour: [
                .conforms(.events([.pong(HandshakePolicy.ping)])),
                .conforms(.refused(statuses: HandshakePolicy.errors)),
                .conforms(.resetsStream(codes: nil)),
                .informational(
                    .endsConnection(withError: true),
                    "DATA beyond content-length are an error of the stream, and took the others with it "
                        + "(RFC 9113, 5.4.2 and 8.1.1)",
                    cites: "RFC9113-5.4.2-01"
                ),
                .informational(
                    .endsConnection(withError: false),
                    "DATA beyond content-length are an error of the stream, and took the others with it, without "
                        + "GOAWAY (RFC 9113, 5.4.2 and 8.1.1)",
                    cites: "RFC9113-5.4.2-01"
                ),
                .informational(.anything, "did not answer a Ping behind content-length: 0 (RFC 9113, 8.1.1)"),
            ],
            closing: .anyEnd
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [opening, settings, withKey] + settingOfClient() + orders() + malformed() + protocols() + places()
            + versions() + [ended, contentLength]

        /// A request that has to be accepted.
        private static func accepted(
            _ slug: String,
            _ title: String,
            _ requirements: [String],
            _ chapter: String,
            _ why: String,
            _ stream: StreamToSpeak = StreamToSpeak()
        ) -> Scenario {
            Scenario(
                id: "http2/\(slug)",
                title: title,
                requirements: requirements,
                targets: [.server],
                needs: .nothing,
                tags: [.handshake],
                chapter: chapter,
                stream: stream,
                script: [.send(FrameToSend(.ping, HandshakePolicy.ping))],
                conclusion: .closeWhenComplete,
                behaviour: .opensStream(why),
                closing: .answersNormalClose
            )
        }

        /// A request that is best refused, and that nobody has to refuse.
        private static func leftOpen(
            _ slug: String,
            _ title: String,
            _ requirements: [String],
            _ chapter: String,
            _ request: [StreamToSpeak.Line]?,
            _ accepting: Outcome<BehaviourPattern>
        ) -> Scenario {
            Scenario(
                id: "http2/\(slug)",
                title: title,
                requirements: requirements,
                targets: [.server],
                needs: .nothing,
                tags: [.handshake, .ambiguous],
                chapter: chapter,
                stream: StreamToSpeak(request: request, endsRequest: request == nil),
                script: [],
                conclusion: .closeWhenComplete,
                behaviour: [
                    .conforms(.refused(statuses: HandshakePolicy.errors)), .conforms(.resetsStream(codes: nil)),
                ] + .endsConnectionOverError + [
                    accepting,
                    .informational(.anything, "neither refused the request nor went on with it (RFC 9113, 8.1)"),
                ],
                closing: .anyEnd
            )
        }
    }
}
