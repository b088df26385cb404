import WSProtocol
package import WSScenario

extension Catalogue {
    /// What a client does when its application asks for something: an address to open, a message, an end.
    ///
    /// That nothing was done is no fault of the client's: the driver rule says so, and the scenario shows nothing then.
    package enum ClientActions {
        /// Addresses with parts that a client has to write in its own way.
        static let addresses: [Scenario] = [
            address(
                "with-number-sign",
                "Address whose query has a number sign, escaped as it has to be",
                .open(suffix: "&x=%23"),
                ["RFC6455-3-02", "RFC6455-3-06", "RFC6455-4.1-22"]
            ),
            address(
                "with-escaped-octets",
                "Address whose query has escaped octets",
                .open(suffix: "&x=%C3%A4"),
                ["RFC6455-4.1-22", "RFC6455-3-06", "RFC9112-3.2.1-01"]
            ),
            address(
                "with-letters-above-ascii",
                "Address whose query has letters above ASCII",
                .open(suffix: "&x=ä€"),
                ["RFC6455-11.1.1-02", "RFC6455-4.1-03", "RFC6455-4.1-22"],
                mayStayAway: true
            ),
            address(
                "without-path",
                "Address with an empty path",
                .openWithoutPath,
                ["RFC6455-3-05", "RFC9112-3.2.1-01", "RFC6455-4.1-22", "RFC6455-3-06"]
            ),
            address(
                "with-userinfo",
                "Address with the name of a user before its host",
                .openAs(user: "wsconform"),
                ["RFC9112-3.2-03", "RFC6455-11.1.1-03", "RFC6455-4.1-23"],
                mayStayAway: true
            ),
            address(
                "with-fragment",
                "Address with a fragment, which no WebSocket address has",
                .open(suffix: "#fragment"),
                ["RFC6455-3-01", "RFC6455-4.1-04", "RFC6455-4.1-03"],
                mayStayAway: true
            ),
            address(
                "with-ipv6-host",
                "Address whose host is an IPv6 address",
                .openOverIPv6,
                ["RFC6455-4.1-23", "RFC9112-3.2-03", "RFC9110-7.2-01"]
            ),
        ]

        /// Messages that nobody has asked for.
        static let messages: [Scenario] = [
            ("text", ClientAction.sendText("of its own"), ExpectedEvent.message(.text, .text("of its own"))),
            ("empty-text", .sendText(""), .message(.text, .empty)),
            ("text-above-ascii", .sendText("κόσμε €𐍈"), .message(.text, .text("κόσμε €𐍈"))),
            ("binary", .sendBinary([0x00, 0xFF, 0x80]), .message(.binary, .octets([0x00, 0xFF, 0x80]))),
        ].map { slug, action, event in
            Scenario(
                id: "framing/client-sends-\(slug)",
                title: "\(slug.replacing("-", with: " ").capitalizingFirst) that the client sends of its own accord",
                requirements: [
                    "RFC6455-6.1-05", "RFC6455-6.1-03", "RFC6455-6.1-07", "RFC6455-6.1-09", "RFC6455-5.1-08",
                ],
                targets: [.client],
                needs: .nothing,
                driver: .action(action),
                chapter: "MSK-08",
                script: [],
                conclusion: .closeWhenComplete,
                behaviour: [.conforms(.events([event]))],
                closing: .answersNormalClose
            )
        }

        /// Ends that the application asks for.
        static let closes: [Scenario] = [
            close("with-1000", "Close 1000 of the client's own accord", 1000, ""),
            close("with-reason", "Close 1000 with a reason, of the client's own accord", 1000, "that is all ✓"),
            close("with-3000", "Close 3000 with a reason, of the client's own accord", 3000, "by a library"),
            close("with-4999", "Close 4999 of the client's own accord", 4999, ""),
        ]

        /// An end without a code.
        static let closeWithoutCode: Scenario = {
            var scenario = close("without-code", "Close without a code, of the client's own accord", nil, "")
            scenario.closing =
                [
                    .conforms(.peerCloses(codes: [1005])),
                    // 7.1.2 has the handshake begin with a code, 5.5.1 has a body as a choice; some have no way to leave
                    // it out.
                    .informational(
                        .peerCloses(codes: nil),
                        "gave a code where its application had named none (RFC 6455, 7.1.2)",
                        cites: "RFC6455-5.5.1-01"
                    ),
                ] + scenario.closing.dropFirst(2)
            return scenario
        }()

        /// Close frames of both sides that may cross.
        static let closesAtOnce = Scenario(
            id: "closing/client-and-server-at-once",
            title: "Close 1000 from the tester while the client's application asks for an end, too",
            requirements: ["RFC6455-5.5.1-11", "RFC6455-5.5.1-15", "RFC6455-7.1.2-02", "RFC6455-5.5.1-07"],
            targets: [.client],
            needs: .nothing,
            driver: .action(.close(code: 1000, reason: "")),
            chapter: "CLO-14",
            script: [.startClosingHandshake(body: .closeBody(1000))],
            conclusion: .awaitEnd,
            behaviour: .mayEndIdle,
            closing: [
                .conforms(.peerReplies(codes: [1000, 1005])),
                .conforms(.peerCloses(codes: [1000, 1005])),
                .tolerated(
                    .peerReplies(codes: nil),
                    "gave another code than either side had named (RFC 6455, 5.5.1)",
                    cites: "RFC6455-5.5.1-08"
                ),
                .violates(
                    .anything,
                    "two Close frames that cross end the connection as any two do (RFC 6455, 5.5.1)",
                    cites: "RFC6455-5.5.1-11"
                ),
            ]
        )

        /// What a client hears behind its own Close frame, before ours: it answers no message, and waits for ours.
        static let behindItsClose: [Scenario] = [
            (
                "ping-and-text", "a Ping and a text",
                [Step.send(FrameToSend(.ping, lastPing)), .send(FrameToSend(.text, .text("before our Close frame")))]
            ),
            (
                "fragments-around-a-ping", "a text in two fragments around a Ping",
                [
                    .send(FrameToSend(.text, .text("before our "), fin: false)), .send(FrameToSend(.ping, lastPing)),
                    .send(FrameToSend(.continuation, .text("Close frame"))),
                ]
            ),
        ].map { slug, phrase, script in
            Scenario(
                id: "closing/client-hears-\(slug)-behind-its-close",
                title: "Close 1000 of the client's own accord; before ours, it hears \(phrase)",
                requirements: [
                    "RFC6455-5.5.1-06", "RFC6455-5.5.1-11", "RFC6455-5.5.1-15", "RFC6455-7.1.2-02", "RFC6455-7.1.2-01",
                ],
                targets: [.client],
                needs: .nothing,
                driver: .action(.close(code: 1000, reason: "")),
                chapter: "CLO-12",
                script: [.awaitClose] + script + [.startClosingHandshake(body: .closeBody(1000))],
                conclusion: .awaitEnd,
                behaviour: [
                    .conforms(.events([.pong(lastPing)])),
                    .informational(
                        .events([]),
                        "left a Ping unanswered that came behind its own Close frame and before ours; only a received "
                            + "Close frame ends that duty (RFC 6455, 5.5.2)",
                        cites: "RFC6455-5.5.2-02"
                    ),
                    .violates(
                        .anything,
                        "no data frame is sent behind a Close frame of one's own (RFC 6455, 5.5.1)",
                        cites: "RFC6455-5.5.1-06"
                    ),
                ],
                closing: [
                    .conforms(.peerCloses(codes: [1000])),
                    .violates(
                        .peerCloses(codes: nil),
                        "sent another code than its application had asked for (RFC 6455, 7.1.2)",
                        cites: "RFC6455-7.1.2-01"
                    ),
                    .violates(
                        .peerDrops,
                        "an end that the application asks for begins with a Close frame (RFC 6455, 7.1.2)",
                        cites: "RFC6455-7.1.2-01"
                    ),
                ]
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            addresses + messages + closes + [closeWithoutCode, closesAtOnce] + behindItsClose

        private static let lastPing = Payload.text("before our Close frame")

        private static func address(
            _ slug: String,
            _ title: String,
            _ action: ClientAction,
            _ rules: [String],
            mayStayAway: Bool = false
        ) -> Scenario {
            let ping = ExpectedEvent.pong(.text("there"))
            let stays = Outcome<BehaviourPattern>.conforms(.neverConnects)
            return Scenario(
                id: "handshake/request/address-\(slug)",
                title: title,
                requirements: ["RFC6455-5.5.2-02"] + rules,
                targets: [.client],
                needs: .nothing,
                driver: .action(action),
                meantFor: Transport.ofHTTP1,
                tags: [.handshake],
                chapter: slug == "with-fragment" ? "HSC-04" : slug == "with-userinfo" ? "HSC-03" : "HSC-02",
                script: [.send(FrameToSend(.ping, .text("there")))],
                conclusion: .closeWhenComplete,
                behaviour: .answers([ping]) + (mayStayAway ? [stays] : []),
                closing: .answersNormalClose
            )
        }

        private static func close(_ slug: String, _ title: String, _ code: UInt16?, _ reason: String) -> Scenario {
            Scenario(
                id: "closing/client-closes-\(slug)",
                title: title,
                requirements: [
                    "RFC6455-7.1.2-01", "RFC6455-5.5.1-05", "RFC6455-5.5.1-11", "RFC6455-7.1.2-02", "RFC6455-7.3-03",
                ],
                targets: [.client],
                needs: .nothing,
                driver: .action(.close(code: code, reason: reason)),
                chapter: "CLO-12",
                script: [],
                conclusion: .awaitEnd,
                behaviour: .mayEndIdle,
                closing: [
                    .conforms(.peerCloses(codes: [code ?? 1005])),
                    .violates(
                        .peerCloses(codes: nil),
                        "sent another code than its application had asked for (RFC 6455, 7.1.2)",
                        cites: "RFC6455-7.1.2-01"
                    ),
                    .violates(
                        .peerDrops,
                        "an end that the application asks for begins with a Close frame (RFC 6455, 7.1.2)",
                        cites: "RFC6455-7.1.2-01"
                    ),
                ]
            )
        }
    }
}

extension String {
    /// The text with its first letter in capitals.
    fileprivate var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }
}
