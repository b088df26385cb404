import WSProtocol
package import WSScenario

extension Catalogue {
    /// When the octets of the answer to a client's opening handshake come, and what comes behind or instead of them.
    package enum ResponsePacing {
        /// An answer in many writes.
        static let pieces: [Scenario] = [
            ("octet-wise", 1, "an octet at a time"), ("in-pieces-of-7", 7, "7 octets at a time"),
        ].map { slug, length, phrase in
            Scenario.answer(
                "handshake/response/\(slug)",
                "101 written \(phrase)",
                "HSR-20",
                sends: ResponseTemplate.ordinary.response(pacing: .pieces(length)),
                .mustAccept("where a response is cut into writes does not matter (RFC 6455, 4.1)").because(
                    .refusedInPieces
                )
            )
        }

        /// An answer whose last CR LF comes late.
        static let heldBack = Scenario.answer(
            "handshake/response/end-held-back",
            "Last CR LF of the 101 held back for half a second",
            "HSC-08",
            ["RFC6455-4.1-39", "RFC6455-6.1-01", "RFC9110-7.8-07", "RFC9110-5.3-02"],
            sends: ResponseTemplate.ordinary.response(pacing: .holdingBack(last: 2, milliseconds: 500)),
            .mustAccept("a response that takes its time is as good as any other (RFC 6455, 4.1)").because(
                .refusedSlowResponse
            )
        )

        /// An answer that comes late, while the application has something to send.
        static let messageHeldBack: Scenario = {
            let message = ExpectedEvent.message(.text, .text("early"))
            var scenario = Scenario.answer(
                "handshake/response/message-before-it",
                "101 held back for a second while the application has a message to send",
                "HSC-08",
                ["RFC6455-4.1-39", "RFC6455-6.1-01", "RFC9110-7.8-07"],
                driver: .action(.sendText("early")),
                sends: ResponseTemplate.ordinary.response(pacing: .holdingBack(last: .max, milliseconds: 1000)),
                .mustAccept("a response that takes its time is as good as any other (RFC 6455, 4.1)").because(
                    .refusedSlowResponse
                )
            )
            scenario.behaviour = [
                .conforms(.anyOrder([message, .pong(ResponsePolicy.ping)])),
                .violates(
                    .failsHandshake,
                    "a response that takes its time is as good as any other (RFC 6455, 4.1)",
                    cites: "RFC6455-4.1-57"
                ).because(.refusedSlowResponse),
            ]
            return scenario
        }()

        /// A Ping in the segment of the 101.
        static let pingBehind = behind(
            "ping-in-the-same-segment",
            "Ping in the same segment as the 101",
            .nothing,
            [.send(FrameToSend(.ping, .text("prob")))],
            .answers([.pong(.text("prob"))]),
            "RFC6455-5.5.2-02",
            chapter: "CTL-10"
        )

        /// A message and a Ping in the segment of the 101.
        static let messageBehind = behind(
            "message-in-the-same-segment",
            "Text and Ping in the same segment as the 101",
            .echo,
            [.send(FrameToSend(.text, .text("Hello, world!"))), .send(FrameToSend(.ping, .text("prob")))],
            .answersWithPongs([.message(.text, .text("Hello, world!")), .pong(.text("prob"))]),
            "RFC6455-6.2-01"
        )

        /// A message, a Ping and a Close frame in the segment of the 101.
        static let closeBehind: Scenario = {
            var scenario = behind(
                "close-in-the-same-segment",
                "Ping and Close 1000 in the same segment as the 101",
                .nothing,
                [.send(FrameToSend(.ping, .text("prob"))), .startClosingHandshake(body: .closeBody(1000))],
                [
                    .conforms(.events([.pong(.text("prob"))])),
                    .informational(
                        .events([]),
                        "answered the Close frame alone; after that no Pong is due any more (RFC 6455, 5.5.2)",
                        cites: "RFC6455-5.5.2-05"
                    ),
                ],
                "RFC6455-5.5.1-07"
            )
            scenario.conclusion = .awaitEnd
            return scenario
        }()

        /// Half a frame in the segment of the 101.
        ///
        /// The frame is a Pong, which needs no answer, so that only the Ping behind it shows whether it was read whole.
        static let halfAFrameBehind = behind(
            "half-a-frame-in-the-same-segment",
            "Half a Pong in the same segment as the 101, then its rest and a Ping",
            .nothing,
            [
                .beginFrame(fin: true, opcode: .pong, length: 8), .continueFrame(.text("half")),
                .pause(milliseconds: 20), .continueFrame(.text("rest")), .send(FrameToSend(.ping, .text("prob"))),
            ],
            .answers([.pong(.text("prob"))]),
            "RFC6455-6.2-01"
        )

        /// Connections that end in place of an answer, or inside it.
        static let finInPlace: [Scenario] = [
            ("fin-in-place-of-it", "FIN in place of an answer", 0), ("fin-inside-it", "FIN inside the 101", 60),
        ].map { slug, title, length in
            ending(
                slug,
                title,
                .endOutput(afterMilliseconds: 20),
                length,
                [
                    .conforms(.unanswered),
                    .tolerated(
                        .anything,
                        "kept a connection that had ended before the handshake was answered; no text sets a time "
                            + "(RFC 6455, 7.2.1)"
                    ),
                ]
            )
        }

        /// Connections that are reset in place of an answer, or inside it.
        ///
        /// Only the run can tell whether the client lives on.
        static let resetInPlace: [Scenario] = [
            ("reset-in-place-of-it", "Reset in place of an answer", 0), ("reset-inside-it", "Reset inside the 101", 60),
        ].map { slug, title, length in
            ending(slug, title, .reset(afterMilliseconds: 20), length, .survives)
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            pieces + [heldBack, messageHeldBack, pingBehind, messageBehind, closeBehind, halfAFrameBehind] + finInPlace
            + resetInPlace

        private static func behind(
            _ slug: String,
            _ title: String,
            _ needs: ApplicationNeed,
            _ script: [Step],
            _ behaviour: [Outcome<BehaviourPattern>],
            _ rule: String,
            chapter: String = "HSR-21"
        ) -> Scenario {
            let rules = [
                "RFC6455-4.2.2-23", "RFC6455-5.1-08", "RFC6455-4.1-57", "RFC6455-5.5.2-02", "RFC6455-5.5.2-04",
            ]
            return Scenario(
                id: "handshake/response/\(slug)",
                title: title,
                requirements: [rule] + rules.filter { $0 != rule },
                targets: [.client],
                needs: needs,
                chapter: chapter,
                opening: .framesWithHandshake,
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: behaviour,
                closing: .answersNormalClose
            )
        }

        private static func ending(
            _ slug: String,
            _ title: String,
            _ ending: ResponseToSend.Ending,
            _ length: Int,
            _ behaviour: [Outcome<BehaviourPattern>]
        ) -> Scenario {
            Scenario(
                id: "handshake/response/\(slug)",
                title: title,
                requirements: ["RFC6455-7.2.1-02", "RFC6455-7.2.1-01", "RFC6455-7.1.7-01"],
                targets: [.client],
                needs: .nothing,
                tags: [.handshake, .robustness],
                chapter: "HSR-27",
                opening: .response(
                    ResponseToSend(template: Array(ResponseTemplate.ordinary.octets.prefix(length)), ending: ending)
                ),
                script: [],
                conclusion: .peerFails(lateBarrier: false),
                behaviour: behaviour,
                closing: .anyEnd
            )
        }
    }
}
