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

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [fragmentedPing, fragmentedPong] + finalOrphan() + nonFinalOrphan()
            + [orphanAfterMessage, nonFinalBeforeEachMessage, finalBeforeEachMessage, textInsideText]

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
    }
}
