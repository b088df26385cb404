import WSProtocol
package import WSScenario

extension Catalogue {
    /// Connections that end without a Close frame of ours: with FIN or a reset, idle or in the middle of something.
    package enum Endings {
        /// FIN where nothing is under way.
        static let finIdle = fin(
            "idle",
            "FIN without a Close frame on an idle connection",
            [.endOutput],
            .deliversNothing("nothing at all")
        )

        /// FIN inside a frame.
        static let finInsideFrame = fin(
            "inside-frame",
            "FIN inside a text frame",
            [
                .beginFrame(fin: true, opcode: .text, length: 20), .continueFrame(.text("ten octets")), .endOutput,
            ],
            .deliversNothing("a frame of which half came")
        )

        /// FIN between two fragments.
        static let finInsideMessage = fin(
            "inside-message",
            "FIN behind the first fragment of a text",
            [.send(FrameToSend(.text, .text("unfinished"), fin: false)), .endOutput],
            .deliversNothing("a message of which one fragment came")
        )

        /// FIN behind a message whose echo takes a while.
        static let finBehindRequest: Scenario = {
            let payload = Payload.repeating(unit: Array(0..<251), length: 1_048_576)
            var scenario = fin(
                "behind-message",
                "FIN behind a message of 1 MiB, whose echo may still come",
                [.send(FrameToSend(.binary, payload)), .endOutput],
                [
                    .conforms(.events([.message(.binary, payload)])),
                    .conforms(.events([])),
                ],
                chapter: "CLO-17"
            )
            scenario.needs = .echo
            return scenario
        }()

        /// A reset where nothing is under way.
        static let resetIdle = reset("idle", "Reset of an idle connection", [])

        /// A reset while an echo is on its way.
        static let resetDuringEcho: Scenario = {
            var scenario = reset(
                "during-echo",
                "Reset while the echo of a message of 1 MiB is on its way",
                [
                    .pauseReading(milliseconds: 100),
                    .send(FrameToSend(.binary, .repeating(unit: [0xFE], length: 1_048_576))),
                    .pause(milliseconds: 20),
                ]
            )
            scenario.needs = .echo
            return scenario
        }()

        /// A reset right behind our Close frame.
        static let resetBehindClose = reset(
            "behind-close",
            "Reset right behind Close 1000",
            [.startClosingHandshake(body: .closeBody(1000))]
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            finIdle, finInsideFrame, finInsideMessage, finBehindRequest, resetIdle, resetDuringEcho, resetBehindClose,
        ]

        private static func fin(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            _ behaviour: [Outcome<BehaviourPattern>],
            chapter: String = "CLO-16"
        ) -> Scenario {
            Scenario(
                id: "closing/fin-\(slug)",
                title: title,
                requirements: ["RFC6455-6.2-01", "RFC6455-7.2.1-02", "RFC6455-7.1.5-01"],
                needs: .nothing,
                tags: [.robustness],
                chapter: chapter,
                script: script,
                conclusion: .awaitEnd,
                behaviour: behaviour,
                closing: .endsAfterFIN
            )
        }

        /// Nothing of the connection is left to judge; that others are still served, the run finds out.
        private static func reset(_ slug: String, _ title: String, _ script: [Step]) -> Scenario {
            Scenario(
                id: "closing/reset-\(slug)",
                title: title,
                requirements: ["RFC6455-10.7-01", "RFC6455-7.2.1-02"],
                needs: .nothing,
                tags: [.robustness],
                chapter: "CLO-18",
                script: script + [.reset],
                conclusion: .awaitEnd,
                behaviour: .survives,
                closing: .anyEnd
            )
        }
    }
}
