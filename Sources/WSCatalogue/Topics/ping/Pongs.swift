import WSProtocol
package import WSScenario

extension Catalogue {
    /// Pongs that answer no Ping, Pongs that are too long, and the lack of Pongs.
    package enum Pongs {
        /// A Pong without a Ping before it, and no body.
        static let unsolicitedEmptyPong = unsolicited(
            "ping/unsolicited-empty-pong",
            "Pong that answers no Ping, without a body, then Close",
            .empty,
            autobahn: "2.7"
        )

        /// A Pong without a Ping before it.
        static let unsolicitedPong = unsolicited(
            "ping/unsolicited-pong",
            "Pong that answers no Ping, then Close",
            unasked,
            autobahn: "2.8"
        )

        /// A Pong without a Ping before it, then a Ping.
        static let unsolicitedPongThenPing = Scenario(
            id: "ping/unsolicited-pong-then-ping",
            title: "Pong that answers no Ping, then a Ping",
            requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.3-03", "RFC6455-6.2-02"],
            needs: .nothing,
            autobahn: .answered("2.9", [.pong(.text("ping payload"))], .closeAfterOneSecond),
            script: [.send(FrameToSend(.pong, unasked)), .send(FrameToSend(.ping, .text("ping payload")))],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.pong(.text("ping payload"))]),
            closing: .answersNormalClose
        )

        /// Very many Pongs that answer no Ping.
        static let unsolicitedPongs = Scenario(
            id: "ping/1000-unsolicited-pongs",
            title: "A thousand Pongs that answer no Ping, then a Ping",
            requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-03", "RFC6455-6.2-02"],
            needs: .nothing,
            chapter: "CTL-09",
            script: [
                .sendRun(FrameRun(FrameToSend(.pong, .text("unsolicited")), count: 1000)),
                .send(FrameToSend(.ping, .text("behind the Pongs"))),
            ],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.pong(.text("behind the Pongs"))]),
            closing: .answersNormalClose
        )

        /// Pongs that are too long.
        static func longPongs() -> [Scenario] {
            [126, 65_536].map { length in
                Scenario.violation(
                    "ping/pong-of-\(length)-octets",
                    "Pong with a body of \(length) octets",
                    "RFC6455-5.5-01",
                    [FrameToSend(.pong, .repeating(unit: [0xFE], length: length))],
                    chapter: "CTL-01"
                )
            }
        }

        /// A minute in which we do not answer the peer's own Pings.
        static let missing = Scenario(
            id: "ping/peers-own-unanswered",
            title: "A minute without an answer to the peer's own Pings, if it sends any",
            requirements: ["RFC6455-7.3-03", "RFC6455-7.3-01", "RFC6455-5.5.2-02"],
            needs: .nothing,
            tags: [.slow, .ambiguous],
            chapter: "CTL-11",
            script: [
                .ignorePings, .pause(milliseconds: 60_000), .startClosingHandshake(body: .closeBody(1000)),
            ],
            conclusion: .awaitEnd,
            behaviour: .mayEndIdle,
            closing: .mayEndIdle
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [unsolicitedEmptyPong, unsolicitedPong, unsolicitedPongThenPing, unsolicitedPongs, missing] + longPongs()

        private static let unasked = Payload.text("unsolicited pong payload")

        private static func unsolicited(
            _ id: String,
            _ title: String,
            _ body: Payload,
            autobahn number: String
        ) -> Scenario {
            var autobahn = AutobahnCase.answered(number, [], .closeAfterOneSecond)
            // The Close frame is a step of the case, whatever comes back.
            autobahn.closesWhenComplete = false
            return Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-6.2-02", "RFC6455-5.5.3-03", "RFC6455-5.5.1-07"],
                needs: .nothing,
                autobahn: autobahn,
                script: [.send(FrameToSend(.pong, body)), .startClosingHandshake(body: .closeBody(1000))],
                conclusion: .awaitEnd,
                behaviour: .silence,
                closing: .answersNormalClose
            )
        }
    }
}
