import WSProtocol
package import WSScenario

extension Catalogue {
    /// Close frames in pieces, with something behind them or much before them, and octets behind a violation.
    package enum ClosingOrder {
        /// Octets that are no frame behind the Close frame.
        static let junkBehindClose = closes(
            "junk-behind-close",
            "Close 1000 and octets behind it that are no frame",
            [normalClose, .sendOctets([0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x7F])],
            line: "CLO-09"
        )

        /// A first fragment behind the Close frame.
        static let fragmentBehindClose = closes(
            "fragment-behind-close",
            "Close 1000 and the first fragment of a text behind it",
            [normalClose, .send(FrameToSend(.text, .text("fragment1"), fin: false))],
            line: "CLO-09",
            behaviour: .mayAnswerBehindClose
        )

        /// A Close frame an octet at a time.
        static let octetWise = closes(
            "octet-wise",
            "Close 1000 with a reason, written one octet at a time",
            [.startClosingHandshake(body: body, pacing: .pieces(1))],
            line: "CLO-10"
        )

        /// A Close frame cut at each place that a reader may wait at.
        static func cut() -> [Scenario] {
            let places = [(1, "inside the header"), (2, "behind the header"), (7, "inside the code")]
            return places.map { place, name in
                closes(
                    "cut-at-\(place)",
                    "Close 1000 with a reason, cut into two segments \(name)",
                    [.startClosingHandshake(body: body, pacing: .split(at: place))],
                    line: "CLO-10"
                )
            }
        }

        /// A Close frame behind a message whose echo is not read at first.
        static let behindUnreadEcho: Scenario = {
            let payload = Payload.repeating(unit: Array(0..<251), length: 1_048_576)
            let answers: [ExpectedEvent] = [.message(.binary, payload), .message(.text, .text("behind it"))]
            var scenario = closes(
                "behind-unread-echo",
                "Message of 1 MiB whose echo is not read at first, then a text and Close 1000",
                [
                    .pauseReading(milliseconds: 100),
                    .send(FrameToSend(.binary, payload)),
                    .send(FrameToSend(.text, .text("behind it"))),
                    normalClose,
                ],
                line: "CLO-11",
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
                junkBehindClose, fragmentBehindClose, octetWise, behindUnreadEcho, behindItsClose, floodBehindViolation,
                unfinished,
            ] + cut()

        private static let body = Payload.closeBody(1000, reason: Array("in pieces".utf8))
        private static let normalClose = Step.startClosingHandshake(body: .closeBody(1000))

        private static func closes(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            line: String,
            behaviour: [Outcome<BehaviourPattern>] = .silence
        ) -> Scenario {
            Scenario(
                id: "closing/\(slug)",
                title: title,
                requirements: .answeringClose("RFC6455-6.2-01", "RFC6455-7.1.1-01"),
                needs: .nothing,
                chapter: line,
                script: script,
                conclusion: .awaitEnd,
                behaviour: behaviour,
                closing: .answersNormalClose
            )
        }
    }
}
