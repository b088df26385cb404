import WSProtocol
package import WSScenario

extension Catalogue {
    /// Closing handshakes that a client's application asks for, and how long a client waits for the end of TCP.
    ///
    /// If the client does not do what its driver was asked for, it is not at fault: the driver rule says so.
    package enum ClientClosing {
        /// Closing handshakes that the application asks for, with a code.
        static let closes: [Scenario] = [
            close("with-1000", "Close 1000 of the client's own accord", 1000, ""),
            close("with-reason", "Close 1000 with a reason, of the client's own accord", 1000, "that is all ✓"),
            close("with-3000", "Close 3000 with a reason, of the client's own accord", 3000, "by a library"),
            close("with-4999", "Close 4999 of the client's own accord", 4999, ""),
        ]

        /// A closing handshake that the application asks for without a code.
        static let closeWithoutCode: Scenario = {
            var scenario = close("without-code", "Close without a code, of the client's own accord", nil, "")
            scenario.closing =
                [
                    .conforms(.peerCloses(codes: [1005])),
                    // By 7.1.2 the handshake begins with a code, by 5.5.1 the body is optional; some applications
                    // cannot leave it out.
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
                    ).because(.answeredBehindClose),
                ],
                closing: asked(for: 1000)
            )
        }

        /// A server that takes its time to end TCP behind the Close frames.
        static let waitsForFIN = Scenario(
            id: "closing/client-waits-for-fin",
            title: "Close 1000, and TCP ended by the server only a second behind the answer",
            requirements: .answeringClose("RFC6455-5.5.1-13", "RFC6455-7.1.1-06"),
            targets: [.client],
            needs: .nothing,
            chapter: "CLO-08",
            script: [
                .ignoreClose, .startClosingHandshake(body: .closeBody(1000)), .pause(milliseconds: 1000), .endOutput,
            ],
            conclusion: .awaitEnd,
            behaviour: .silence,
            closing: [
                .conforms(.peerReplies(codes: [1000, 1005])),
                .tolerated(
                    .peerReplies(codes: nil),
                    "the code received is typically sent back (RFC 6455, 5.5.1)",
                    cites: "RFC6455-5.5.1-08"
                ),
                .tolerated(
                    .peerDropsAfterOurClose,
                    "had not answered a Close frame when TCP was ended a second later; the answer should come as soon "
                        + "as practical (RFC 6455, 5.5.1)",
                    cites: "RFC6455-5.5.1-09"
                ),
                .violates(.anything, "a Close frame has to be answered (RFC 6455, 5.5.1)", cites: "RFC6455-5.5.1-07"),
            ]
        )

        /// A server that does not end TCP behind the Close frames.
        static let finNeverComes = Scenario(
            id: "closing/client-gets-no-fin",
            title: "Close 1000, and TCP not ended by the server for half a minute",
            requirements: ["RFC6455-5.5.1-14", "RFC6455-7.1.1-04"],
            targets: [.client],
            needs: .nothing,
            tags: [.slow, .ambiguous],
            chapter: "CLO-08",
            script: [
                .ignoreClose, .startClosingHandshake(body: .closeBody(1000)), .pause(milliseconds: 30_000), .endOutput,
            ],
            conclusion: .awaitEnd,
            behaviour: .mayEndIdle,
            closing: [
                .conforms(.peerReplies(codes: nil)),
                .informational(
                    .anything,
                    "did not end with a Close frame of its own; how long a client waits for the server is its own affair "
                        + "(RFC 6455, 7.1.1)",
                    cites: "RFC6455-7.1.1-04"
                ),
            ]
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            closes + [closeWithoutCode, closesAtOnce] + behindItsClose + [waitsForFIN, finNeverComes]

        private static let lastPing = Payload.text("before our Close frame")

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
                closing: asked(for: code ?? 1005)
            )
        }

        /// What a client does whose application asks for the end of the connection with this code (RFC 6455, 7.1.2).
        private static func asked(for code: UInt16) -> [Outcome<ClosingPattern>] {
            [
                .conforms(.peerCloses(codes: [code])),
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
        }
    }
}
