import WSProtocol
package import WSScenario

extension Catalogue {
    /// Our Close frame among other frames: behind them, between them or before them; and what follows a violation.
    package enum ClosingOrder {
        /// A text, and the Close frame once it has come back.
        static let afterEcho: Scenario = {
            let echo = [ExpectedEvent.message(.text, greeting)]
            var autobahn = AutobahnCase.answered("7.1.1", echo, .killAfterOneSecond)
            autobahn.wrongCodeFailsBehaviour = true
            return Scenario(
                id: "closing/after-echo",
                title: "Text, and Close 1000 once its echo has come",
                requirements: .answeringClose() + ["RFC6455-5.5.1-09", "RFC6455-5.5.1-12"],
                needs: .echo,
                autobahn: autobahn,
                chapter: "CLO-07",
                script: [.send(FrameToSend(.text, greeting))],
                conclusion: .closeWhenComplete,
                behaviour: .answers(echo),
                closing: .answersNormalClose
            )
        }()

        /// Two Close frames.
        static let secondClose = Scenario.startsClosing(
            "second-close",
            "Close 1000 and a second Close frame behind it",
            .answeringClose("RFC6455-6.2-02", "RFC6455-5.5.1-09"),
            [normalClose, .send(FrameToSend(.close))],
            autobahn: .closed("7.1.2", codes: [1000]),
            chapter: "CLO-09"
        )

        /// A Ping behind the Close frame.
        static let pingBehindClose = Scenario.startsClosing(
            "ping-behind-close",
            "Close 1000 and a Ping behind it",
            .answeringClose("RFC6455-5.5.2-05", "RFC6455-6.2-02", "RFC6455-5.5.1-09"),
            [normalClose, .send(FrameToSend(.ping))],
            autobahn: .closed("7.1.3", codes: [1000]),
            chapter: "CLO-09",
            behaviour: .silence(
                informational: .events([.pong(.empty)]),
                "answered a Ping behind a Close frame, which it need not (RFC 6455, 5.5.2)",
                cites: "RFC6455-5.5.2-05"
            )
        )

        /// A text behind the Close frame, which breaks the rules on our side.
        static let textBehindClose = Scenario.startsClosing(
            "text-behind-close",
            "Close 1000 and a text behind it",
            .answeringClose("RFC6455-5.5.1-06"),
            [normalClose, .send(FrameToSend(.text, greeting))],
            autobahn: .closed("7.1.4", codes: [1000]),
            chapter: "CLO-09",
            behaviour: .mayAnswerBehindClose
        )

        /// A Close frame between two fragments, the second of which breaks the rules on our side.
        static let insideMessage = Scenario.startsClosing(
            "inside-message",
            "Close 1000 between two fragments of a text",
            .answeringClose("RFC6455-5.4-08", "RFC6455-5.5.1-06"),
            [
                .send(FrameToSend(.text, .text("fragment1"), fin: false)),
                normalClose,
                .send(FrameToSend(.continuation, .text("fragment2"))),
            ],
            autobahn: .closed("7.1.5", codes: [1000]),
            chapter: "CLO-09",
            behaviour: .mayAnswerBehindClose
        )

        /// A Close frame behind a message that takes a while to echo.
        static let behindLargeText: Scenario = {
            var autobahn = AutobahnCase.closed("7.1.6", codes: [1000])
            autobahn.expected = [
                AutobahnExpectation("OK", [.message(.text, greeting)]),
                AutobahnExpectation("NON-STRICT", []),
            ]
            autobahn.wrongCodeFailsBehaviour = false
            autobahn.isInformational = true
            return Scenario(
                id: "closing/behind-large-text",
                title: "Text of 256 KiB, a short text, Close 1000 and a Ping behind each other",
                requirements: .answeringClose("RFC6455-6.1-02", "RFC6455-5.5.1-10"),
                needs: .nothing,
                autobahn: autobahn,
                script: [
                    .send(FrameToSend(.text, .repeating("BAsd7&jh23", length: 262_144))),
                    .send(FrameToSend(.text, greeting)),
                    normalClose,
                    .send(FrameToSend(.ping)),
                ],
                conclusion: .awaitEnd,
                behaviour: [
                    .informational(
                        .anything,
                        "how much of what came before the Close frame is still answered is left open "
                            + "(RFC 6455, 5.5.1)",
                        cites: "RFC6455-5.5.1-10"
                    )
                ],
                closing: [
                    .informational(
                        .anything,
                        "how soon the Close frame behind much traffic is answered is left open (RFC 6455, 5.5.1)",
                        cites: "RFC6455-5.5.1-10"
                    )
                ]
            )
        }()

        /// Octets behind the Close frame that do not make up a frame.
        static let junkBehindClose = Scenario.startsClosing(
            "junk-behind-close",
            "Close 1000 and octets behind it that are no frame",
            .answeringClose("RFC6455-6.2-01", "RFC6455-7.1.1-01"),
            [normalClose, .sendOctets([0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x7F])],
            chapter: "CLO-09"
        )

        /// A first fragment behind the Close frame.
        static let fragmentBehindClose = Scenario.startsClosing(
            "fragment-behind-close",
            "Close 1000 and the first fragment of a text behind it",
            .answeringClose("RFC6455-6.2-01", "RFC6455-7.1.1-01"),
            [normalClose, .send(FrameToSend(.text, .text("fragment1"), fin: false))],
            chapter: "CLO-09",
            behaviour: .mayAnswerBehindClose
        )

        /// A Close frame behind a message whose echo is not read at first.
        static let behindUnreadEcho: Scenario = {
            let payload = Payload.repeating(unit: Array(0..<251), length: 1_048_576)
            let answers: [ExpectedEvent] = [.message(.binary, payload), .message(.text, .text("behind it"))]
            var scenario = Scenario.startsClosing(
                "behind-unread-echo",
                "Message of 1 MiB whose echo is not read at first, then a text and Close 1000",
                .answeringClose("RFC6455-6.2-01", "RFC6455-7.1.1-01"),
                [
                    .pauseReading(milliseconds: 100),
                    .send(FrameToSend(.binary, payload)),
                    .send(FrameToSend(.text, .text("behind it"))),
                    normalClose,
                ],
                chapter: "CLO-11",
                behaviour: [
                    .conforms(.events(answers)),
                    .informational(
                        .someOf(answers),
                        "did not answer all that came before the Close frame; how much of it is still sent is left open "
                            + "(RFC 6455, 5.5.1)",
                        cites: "RFC6455-5.5.1-10"
                    ),
                    .violates(
                        .anything,
                        "what comes back of a message is its octets, as they were received (RFC 6455, 6.2)",
                        cites: "RFC6455-6.2-01"
                    ),
                ]
            )
            scenario.needs = .echo
            scenario.requirements += ["RFC6455-5.5.1-06", "RFC6455-5.5.1-10", "RFC6455-6.1-02"]
            return scenario
        }()

        /// Very many octets behind a violation.
        static let floodBehindViolation = Scenario(
            id: "closing/flood-behind-violation",
            title: "Text frame with RSV3, and a message of 1 MiB behind it",
            requirements: [
                "RFC6455-5.2-03", "RFC6455-7.1.7-02", "RFC6455-7.1.7-01", "RFC6455-7.1.7-05", "RFC6455-7.1.7-04",
            ],
            needs: .nothing,
            chapter: "CLO-22",
            script: [
                .send(FrameToSend(.text, .text("Hello, world!"), rsv: 1)),
                .send(FrameToSend(.binary, .repeating(unit: [0xFE], length: 1_048_576))),
            ],
            conclusion: .peerFails(lateBarrier: false),
            behaviour: .failsIgnoringTheRest,
            closing: .failsOrDrops(with: 1002, over: "RFC6455-5.2-03")
        )

        /// A Ping and a text that come once the peer has closed, over a violation, and before our Close frame.
        static let behindItsClose = Scenario(
            id: "closing/ping-and-text-behind-its-close",
            title: "Text frame with RSV3; once the peer has closed over it, a Ping, a text and Close 1000",
            requirements: [
                "RFC6455-7.1.7-05", "RFC6455-5.5.1-06", "RFC6455-5.5.1-15", "RFC6455-5.5.1-11", "RFC6455-7.1.7-02",
                "RFC6455-5.2-03",
            ],
            needs: .nothing,
            chapter: "CLO-19",
            script: [
                .send(FrameToSend(.text, .text("Hello, world!"), rsv: 1)),
                .awaitClose,
                .send(FrameToSend(.ping, .text("behind its Close frame"))),
                .send(FrameToSend(.text, .text("behind its Close frame"))),
                .startClosingHandshake(body: .closeBody(1000)),
            ],
            conclusion: .peerFails(lateBarrier: false),
            behaviour: .failsIgnoringTheRest,
            closing: .fails(with: 1002, over: "RFC6455-5.2-03")
        )

        /// A Close frame behind a message that never ends.
        static let unfinished = Scenario(
            id: "closing/behind-unfinished-message",
            title: "First fragment of a text, then Close 1000",
            requirements: .answeringClose("RFC6455-5.4-08", "RFC6455-6.2-04"),
            needs: .nothing,
            chapter: "FRG-07",
            script: [
                .send(FrameToSend(.text, .text("unfinished"), fin: false)),
                .startClosingHandshake(body: .closeBody(1000)),
            ],
            conclusion: .awaitEnd,
            behaviour: .deliversNothing("a message that was not complete"),
            closing: .answersNormalClose
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [
                afterEcho, secondClose, pingBehindClose, textBehindClose, insideMessage, behindLargeText,
                junkBehindClose, fragmentBehindClose, behindUnreadEcho, behindItsClose, floodBehindViolation,
                unfinished,
            ]

        private static let greeting = Payload.text("Hello World!")
        private static let normalClose = Step.startClosingHandshake(body: .closeBody(1000))
    }
}
