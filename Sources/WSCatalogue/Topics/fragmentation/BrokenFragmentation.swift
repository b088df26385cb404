import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frame sequences that make up no message: fragmented control frames, orphans, a start inside a message.
    package enum BrokenFragmentation {
        /// A Ping in two fragments.
        static let fragmentedPing = fragmentedControl("ping", .ping, autobahn: "5.1")

        /// A Pong in two fragments.
        static let fragmentedPong = fragmentedControl("pong", .pong, autobahn: "5.2")

        /// A final continuation without a message before it, in each way to write it.
        static func finalOrphan() -> [Scenario] {
            orphans("final", fin: true, rule: "RFC6455-5.4-01", autobahn: 9)
        }

        /// A continuation that is not final, without a message before it, in each way to write it.
        static func nonFinalOrphan() -> [Scenario] {
            orphans("non-final", fin: false, rule: "RFC6455-5.4-02", autobahn: 12)
        }

        /// A continuation behind a complete message.
        static let orphanAfterMessage: Scenario = {
            let echo = [ExpectedEvent.message(.text, .text("fragment1fragment2"))]
            return Scenario(
                id: "fragmentation/continuation-after-message",
                title: "Text in two fragments, then a continuation without a message and another text",
                requirements: .failing("RFC6455-5.4-02", "RFC6455-6.2-04"),
                needs: .echo,
                autobahn: .failed("5.15", after: echo),
                script: [
                    .send(FrameToSend(.text, .text("fragment1"), fin: false)),
                    .send(FrameToSend(.continuation, .text("fragment2"))),
                    .send(FrameToSend(.continuation, .text("fragment3"), fin: false)),
                    .send(FrameToSend(.text, .text("fragment4"))),
                ],
                conclusion: .peerFails(lateBarrier: false),
                behaviour: .fails(after: echo),
                closing: .fails(with: 1002)
            )
        }()

        /// Twice a continuation that is not final in front of a message in two fragments.
        static let nonFinalBeforeEachMessage = beforeEachMessage(
            "non-final",
            fin: false,
            rule: "RFC6455-5.4-02",
            autobahn: "5.16"
        )

        /// Twice a final continuation in front of a message in two fragments.
        static let finalBeforeEachMessage = beforeEachMessage(
            "final",
            fin: true,
            rule: "RFC6455-5.4-01",
            autobahn: "5.17"
        )

        /// A second text frame where the continuation should be.
        static let textInsideText = Scenario(
            id: "fragmentation/text-inside-text",
            title: "First fragment of a text, then a text frame instead of a continuation",
            requirements: .failing("RFC6455-5.4-07", "RFC6455-5.4-02"),
            needs: .nothing,
            autobahn: .failed("5.18"),
            script: [
                .send(FrameToSend(.text, .text("fragment1"), fin: false)),
                .send(FrameToSend(.text, .text("fragment2"))),
            ],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .fails,
            closing: .fails(with: 1002)
        )

        /// Fragmented control frames between the fragments of a message.
        static func fragmentedInsideMessage() -> [Scenario] {
            [(Opcode.ping, "Ping"), (.pong, "Pong")].map { opcode, name in
                Scenario.violation(
                    "fragmentation/fragmented-\(opcode.name)-inside-message",
                    "\(name) without FIN between two fragments of a text",
                    "RFC6455-5.5-02",
                    [
                        FrameToSend(.text, .text("fragment1"), fin: false),
                        FrameToSend(opcode, .text("not final"), fin: false),
                        FrameToSend(.continuation, .text("fragment2")),
                    ],
                    chapter: "CTL-02"
                )
            }
        }

        /// A message that begins inside another one: of the other type, of the same type, or unfinished as well.
        static func inside() -> [Scenario] {
            let rows: [(slug: String, title: String, first: Opcode, second: FrameToSend)] = [
                (
                    "text-inside-binary", "First fragment of a binary message, then a text", .binary,
                    FrameToSend(.text, later)
                ),
                (
                    "binary-inside-text", "First fragment of a text, then a binary message", .text,
                    FrameToSend(.binary, later)
                ),
                (
                    "first-fragment-twice", "First fragment of a text, then another first fragment", .text,
                    FrameToSend(.text, later, fin: false)
                ),
                (
                    "binary-inside-binary", "First fragment of a binary message, then a binary message", .binary,
                    FrameToSend(.binary, later)
                ),
            ]
            return rows.map { slug, title, first, second in
                Scenario.violation(
                    "fragmentation/\(slug)",
                    title,
                    "RFC6455-5.4-07",
                    and: ["RFC6455-5.4-15"],
                    [FrameToSend(first, .text("fragment1"), fin: false), second],
                    chapter: "FRG-01"
                )
            }
        }

        /// The same with a control frame before the second message, over which a parser may forget the open message.
        static func insideBehindControl() -> [Scenario] {
            let rows: [(slug: String, phrase: String, first: Opcode, second: FrameToSend)] = [
                ("text-inside-text", "a text inside a text", .text, FrameToSend(.text, later)),
                ("text-inside-binary", "a text inside a binary message", .binary, FrameToSend(.text, later)),
                ("binary-inside-text", "a binary message inside a text", .text, FrameToSend(.binary, later)),
                ("binary-inside-binary", "a binary message inside another", .binary, FrameToSend(.binary, later)),
                (
                    "first-fragment-twice", "another first fragment of a text", .text,
                    FrameToSend(.text, later, fin: false)
                ),
            ]
            let controls: [(name: String, title: String, opcode: Opcode)] = [
                ("ping", "Ping", .ping), ("pong", "Pong", .pong),
            ]
            return controls.flatMap { control in
                rows.map { row in
                    behindControl(
                        "\(row.slug)-behind-\(control.name)",
                        "First fragment, a \(control.title), then \(row.phrase)",
                        [FrameToSend(row.first, .text("fragment1"), fin: false)],
                        control.opcode,
                        row.second
                    )
                }
            } + [
                behindControl(
                    "text-inside-binary-behind-continuation-and-ping",
                    "Two fragments of a binary message, a Ping, then a text where its end should be",
                    [
                        FrameToSend(.binary, .text("fragment1"), fin: false),
                        FrameToSend(.continuation, .text("fragment2"), fin: false),
                    ],
                    .ping,
                    FrameToSend(.text, .text("fragment3"))
                )
            ]
        }

        /// A continuation behind a complete message, with a Ping between.
        static let orphanAfterPing: Scenario = {
            let answers: [ExpectedEvent] = [.message(.text, .text("fragment1fragment2")), .pong(.text("between"))]
            return Scenario(
                id: "fragmentation/continuation-after-message-and-ping",
                title: "Text in two fragments, a Ping, then a continuation without a message",
                requirements: .failing("RFC6455-5.4-02", "RFC6455-6.2-04"),
                needs: .echo,
                chapter: "FRG-03",
                script: [
                    .send(FrameToSend(.text, .text("fragment1"), fin: false)),
                    .send(FrameToSend(.continuation, .text("fragment2"))),
                    .send(FrameToSend(.ping, .text("between"))),
                    .send(FrameToSend(.continuation, .text("orphan"))),
                ],
                conclusion: .peerFails(lateBarrier: false),
                behaviour: .fails(after: answers),
                closing: .fails(with: 1002)
            )
        }()

        /// Violations with a probe behind them, each without the frame that follows it in its own scenario.
        static let probes: [Scenario] = [
            fragmentedPing.probe(steps: 1, title: "Ping that is not final"), textInsideText.probe(),
            finalOrphan()[0].probe(steps: 1, title: "Continuation without a message"),
        ]

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [fragmentedPing, fragmentedPong] + fragmentedInsideMessage() + finalOrphan() + nonFinalOrphan()
            + [
                orphanAfterMessage, orphanAfterPing, nonFinalBeforeEachMessage, finalBeforeEachMessage, textInsideText,
            ] + inside() + insideBehindControl() + probes

        private static func fragmentedControl(_ name: String, _ opcode: Opcode, autobahn number: String) -> Scenario {
            Scenario(
                id: "fragmentation/fragmented-\(name)",
                title: "\(name == "ping" ? "Ping" : "Pong") that is not final, then a continuation",
                requirements: .failing("RFC6455-5.5-02"),
                needs: .nothing,
                autobahn: .failed(number),
                script: [
                    .send(FrameToSend(opcode, .text("fragment1"), fin: false)),
                    .send(FrameToSend(.continuation, .text("fragment2"))),
                ],
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .failsIgnoringTheRest,
                closing: .fails(with: 1002)
            )
        }

        private static func orphans(_ name: String, fin: Bool, rule: String, autobahn first: Int) -> [Scenario] {
            WriteStyle.allCases.enumerated().map { index, style in
                Scenario(
                    id: "fragmentation/\(name)-continuation-first" + style.suffix,
                    title: "Continuation, \(name), without a message before it, then a text, " + style.phrase,
                    requirements: .failing(rule),
                    needs: .nothing,
                    autobahn: .failed("5.\(first + index)"),
                    chapter: fin && style == .whole ? "FRG-03" : nil,
                    script: [
                        .send(
                            FrameToSend(
                                .continuation,
                                .text("non-continuation payload"),
                                fin: fin,
                                pacing: style.pacing
                            )
                        ),
                        .send(FrameToSend(.text, .text("Hello, world!"), pacing: style.pacing)),
                    ],
                    conclusion: .peerFails(lateBarrier: true),
                    behaviour: .failsIgnoringTheRest,
                    closing: .fails(with: 1002)
                )
            }
        }

        private static func beforeEachMessage(
            _ name: String,
            fin: Bool,
            rule: String,
            autobahn number: String
        ) -> Scenario {
            let round: [Step] = [
                .send(FrameToSend(.continuation, .text("fragment1"), fin: fin)),
                .send(FrameToSend(.text, .text("fragment2"), fin: false)),
                .send(FrameToSend(.continuation, .text("fragment3"))),
            ]
            return Scenario(
                id: "fragmentation/\(name)-continuation-before-each-message",
                title: "Twice a \(name) continuation without a message in front of a text in two fragments",
                requirements: .failing(rule),
                needs: .nothing,
                autobahn: .failed(number),
                script: round + round,
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .failsIgnoringTheRest,
                closing: .fails(with: 1002)
            )
        }

        private static let later = Payload.text("fragment2")

        private static func behindControl(
            _ slug: String,
            _ title: String,
            _ start: [FrameToSend],
            _ control: Opcode,
            _ second: FrameToSend
        ) -> Scenario {
            let between = Payload.text("between")
            var scenario = Scenario.violation(
                "fragmentation/\(slug)",
                title,
                "RFC6455-5.4-07",
                and: ["RFC6455-5.4-15"],
                start + [FrameToSend(control, between), second],
                chapter: "FRG-01"
            )
            if control == .ping { scenario.behaviour = .fails(after: [.pong(between)]) }
            return scenario
        }
    }
}
