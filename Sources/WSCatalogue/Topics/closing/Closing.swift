import WSProtocol
package import WSScenario

extension Catalogue {
    /// The closing handshake: what is in our Close frame, and what comes around it.
    package enum Closing {
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
        static let secondClose = starts(
            "second-close",
            "Close 1000 and a second Close frame behind it",
            .answeringClose("RFC6455-6.2-02", "RFC6455-5.5.1-09"),
            [normalClose, .send(FrameToSend(.close))],
            autobahn: "7.1.2"
        ).in("CLO-09")

        /// A Ping behind the Close frame.
        static let pingBehindClose = starts(
            "ping-behind-close",
            "Close 1000 and a Ping behind it",
            .answeringClose("RFC6455-5.5.2-05", "RFC6455-6.2-02", "RFC6455-5.5.1-09"),
            [normalClose, .send(FrameToSend(.ping))],
            autobahn: "7.1.3",
            behaviour: .silence(
                informational: .events([.pong(.empty)]),
                "answered a Ping behind a Close frame, which it need not (RFC 6455, 5.5.2)",
                cites: "RFC6455-5.5.2-05"
            )
        ).in("CLO-09")

        /// A text behind the Close frame, which breaks the rules on our side.
        static let textBehindClose = starts(
            "text-behind-close",
            "Close 1000 and a text behind it",
            .answeringClose("RFC6455-5.5.1-06"),
            [normalClose, .send(FrameToSend(.text, greeting))],
            autobahn: "7.1.4",
            behaviour: .mayAnswerBehindClose
        ).in("CLO-09")

        /// A Close frame between two fragments, the second of which breaks the rules on our side.
        static let insideMessage = starts(
            "inside-message",
            "Close 1000 between two fragments of a text",
            .answeringClose("RFC6455-5.4-08", "RFC6455-5.5.1-06"),
            [
                .send(FrameToSend(.text, .text("fragment1"), fin: false)),
                normalClose,
                .send(FrameToSend(.continuation, .text("fragment2"))),
            ],
            autobahn: "7.1.5",
            behaviour: .mayAnswerBehindClose
        ).in("CLO-09")

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

        /// A Close frame without a body.
        static let emptyBody = starts(
            "empty-body",
            "Close frame without a body",
            .answeringClose("RFC6455-7.4-01", "RFC6455-7.1.5-01", "RFC6455-5.5.1-12"),
            [.startClosingHandshake(body: .empty)],
            autobahn: "7.3.1"
        ).in("CLO-06")

        /// A body of one octet cannot hold a code.
        static let oneBytePayload = malformed(
            "one-byte-payload",
            "Close frame with a body of one octet",
            "RFC6455-5.5.1-02",
            .text("a"),
            autobahn: "7.3.2"
        )

        /// A body of one octet, behind the header in a segment of its own.
        static let oneBytePayloadSplit = malformed(
            "one-byte-payload-split",
            "Close frame with a body of one octet, cut behind the two octets of its header",
            "RFC6455-5.5.1-02",
            .text("a"),
            // From a client, the second segment has the masking key and the body.
            pacing: .split(at: 2)
        )

        /// A code alone.
        static let codeAlone = starts(
            "code-alone",
            "Close 1000 without a reason",
            .answeringClose("RFC6455-5.5.1-01"),
            [normalClose],
            autobahn: "7.3.3"
        )

        /// A code and a reason.
        static let codeAndReason = starts(
            "code-and-reason",
            "Close 1000 with a reason",
            .answeringClose("RFC6455-5.5.1-03", "RFC6455-7.1.6-01"),
            [.startClosingHandshake(body: .closeBody(1000, reason: Array("Hello World!".utf8)))],
            autobahn: "7.3.4"
        )

        /// The longest reason that fits.
        static let longestReason = starts(
            "reason-of-123-octets",
            "Close 1000 with a reason of 123 octets, the most that fit",
            .answeringClose("RFC6455-5.5.1-03", "RFC6455-7.1.6-01"),
            [.startClosingHandshake(body: .closeBody(1000, reason: stars(123)))],
            autobahn: "7.3.5"
        )

        /// One octet more makes the control frame too long.
        static let tooLongReason = malformed(
            "reason-of-124-octets",
            "Close 1000 with a reason of 124 octets, one too many",
            "RFC6455-5.5-01",
            .closeBody(1000, reason: stars(124)),
            autobahn: "7.3.6"
        )

        /// A reason that is not UTF-8.
        static let invalidReason = Scenario(
            id: "closing/invalid-utf8-reason",
            title: "Close 1000 with a reason that is not UTF-8",
            requirements: ["RFC6455-5.5.1-07", "RFC6455-8.1-02", "RFC6455-7.1.6-01", "RFC6455-7.1.7-03"],
            needs: .nothing,
            autobahn: .closed("7.5.1", codes: [1002, 1007], isClean: false),
            script: [
                .startClosingHandshake(
                    body: .closeBody(
                        1000,
                        reason: Array("\u{3BA}\u{1F79}\u{3C3}\u{3BC}\u{3B5}".utf8) + utf8Octets(0xD800)
                            + Array("edited".utf8)
                    )
                )
            ],
            conclusion: .awaitEnd,
            behaviour: .silence,
            closing: .answersInvalidReason
        )

        /// A Close frame that is not final.
        static let closeNotFinal = Scenario.violation(
            "closing/not-final",
            "Close 1000 without FIN",
            "RFC6455-5.5-02",
            [FrameToSend(.close, .closeBody(1000), fin: false)],
            chapter: "CTL-01",
            closing: .failsOverMalformedClose()
        )

        /// A Close frame that is too long, its length in the longest form.
        static let longClose = Scenario.violation(
            "closing/126-octets-in-64-bit",
            "Close 1000 with a body of 126 octets, one too many, its length in 64 bits",
            "RFC6455-5.5-01",
            [
                FrameToSend(
                    .close,
                    .closeBody(1000, reason: Array(repeating: UInt8(ascii: "*"), count: 124)),
                    lengthEncoding: .bits64
                )
            ],
            chapter: "CTL-01",
            closing: .failsOverMalformedClose()
        )

        /// The first of these with a probe behind it, whose Close frame is not the only one of ours.
        static let notFinalProbe: Scenario = {
            var scenario = closeNotFinal.probe()
            scenario.closing = scenario.closing.ofOurClose
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            afterEcho, secondClose, pingBehindClose, textBehindClose, insideMessage, behindLargeText,
            emptyBody, oneBytePayload, oneBytePayloadSplit, codeAlone, codeAndReason, longestReason, tooLongReason,
            invalidReason, closeNotFinal, longClose, notFinalProbe,
        ]

        private static let greeting = Payload.text("Hello World!")
        private static let normalClose = Step.startClosingHandshake(body: .closeBody(1000))

        private static func stars(_ count: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "*"), count: count)
        }

        private static func starts(
            _ slug: String,
            _ title: String,
            _ requirements: [String],
            _ script: [Step],
            autobahn number: String,
            behaviour: [Outcome<BehaviourPattern>] = .silence
        ) -> Scenario {
            Scenario(
                id: "closing/\(slug)",
                title: title,
                requirements: requirements,
                needs: .nothing,
                autobahn: .closed(number, codes: [1000]),
                script: script,
                conclusion: .awaitEnd,
                behaviour: behaviour,
                closing: .answersNormalClose
            )
        }

        private static func malformed(
            _ slug: String,
            _ title: String,
            _ rule: String,
            _ body: Payload,
            pacing: WritePacing = .together,
            autobahn number: String? = nil
        ) -> Scenario {
            Scenario(
                id: "closing/\(slug)",
                title: title,
                requirements: .failing(rule),
                needs: .nothing,
                autobahn: number.map { .closed($0, codes: [1002], isClean: false) },
                script: [.startClosingHandshake(body: body, pacing: pacing)],
                conclusion: .awaitEnd,
                behaviour: .silence,
                closing: .failsOverMalformedClose()
            )
        }
    }
}
