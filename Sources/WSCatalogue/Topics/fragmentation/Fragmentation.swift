import WSProtocol
package import WSScenario

extension Catalogue {
    /// Messages in legal fragments, with and without control frames between them.
    package enum Fragmentation {
        /// Two fragments, in each way to write them.
        static func twoFragments() -> [Scenario] {
            WriteStyle.allCases.enumerated().map { index, style in
                let echo = [ExpectedEvent.message(.text, .text("fragment1fragment2"))]
                return Scenario(
                    id: "fragmentation/two-fragments" + style.suffix,
                    title: "Text in two fragments, " + style.phrase,
                    requirements: reassembly,
                    needs: .echo,
                    autobahn: .answered("5.\(3 + index)", echo, .closeAfterOneSecond),
                    script: [
                        .send(FrameToSend(.text, .text("fragment1"), fin: false, pacing: style.pacing)),
                        .send(FrameToSend(.continuation, .text("fragment2"), pacing: style.pacing)),
                    ],
                    conclusion: .closeWhenComplete,
                    behaviour: .answers(echo),
                    closing: .answersNormalClose
                )
            }
        }

        /// A Ping between two fragments, in each way to write them.
        static func pingBetween() -> [Scenario] {
            WriteStyle.allCases.enumerated().map { index, style in
                let answers: [ExpectedEvent] = [
                    .pong(.text("ping payload")), .message(.text, .text("fragment1fragment2")),
                ]
                return Scenario(
                    id: "fragmentation/ping-between" + style.suffix,
                    title: "Ping between two fragments of a text, " + style.phrase,
                    requirements: injection + reassembly,
                    needs: .echo,
                    autobahn: .answered("5.\(6 + index)", answers, .closeAfterOneSecond),
                    script: [
                        .send(FrameToSend(.text, .text("fragment1"), fin: false, pacing: style.pacing)),
                        .send(FrameToSend(.ping, .text("ping payload"), pacing: style.pacing)),
                        .send(FrameToSend(.continuation, .text("fragment2"), pacing: style.pacing)),
                    ],
                    conclusion: .closeWhenComplete,
                    behaviour: .answersWithPongs(answers),
                    closing: .answersNormalClose
                )
            }
        }

        /// Two Pings inside a message of five fragments, the rest of which waits for the first Pong.
        static let twoPingsInside = twoPings(.whole, autobahn: "5.19")

        /// The same message, a frame at a time.
        static let twoPingsInsideFrameWise = twoPings(.frameWise, autobahn: "5.20")

        /// A message that the sending side cuts by itself.
        static let cutAutomatically: Scenario = {
            let payload = Payload.repeating("*", length: 65_536)
            let echo = [ExpectedEvent.message(.text, payload)]
            return Scenario(
                id: "fragmentation/65536-octets-by-1300",
                title: "Text message of 65536 octets in fragments of 1300",
                requirements: reassembly,
                needs: .echo,
                autobahn: .answered("10.1.1", echo, .kill(milliseconds: 10_000)),
                script: [.sendMessage(MessageToSend(.text, payload, fragmentLength: 1300))],
                conclusion: .closeWhenComplete,
                behaviour: .answers(echo),
                closing: .answersNormalClose
            )
        }()

        /// Two fragmented messages of different types behind each other.
        static func backToBack() -> [Scenario] {
            [(Opcode.text, Opcode.binary), (.binary, .text)].map { first, second in
                echoed(
                    "fragmentation/\(first.name)-then-\(second.name)",
                    "Two messages in two fragments each, \(first.name) and then \(second.name)",
                    [
                        FrameToSend(first, .text("first "), fin: false),
                        FrameToSend(.continuation, .text("message")),
                        FrameToSend(second, .text("second "), fin: false),
                        FrameToSend(.continuation, .text("message")),
                    ].map { .send($0) },
                    [.message(first, .text("first message")), .message(second, .text("second message"))],
                    chapter: "FRG-04"
                )
            }
        }

        /// Empty fragments at each place of a binary message.
        static func emptyFragments() -> [Scenario] {
            ["first", "middle", "last"].enumerated().map { empty, name in
                let parts: [Payload] = (0..<3).map { $0 == empty ? .empty : .octets([0xFE, UInt8($0)]) }
                return echoed(
                    "fragmentation/empty-\(name)-fragment-binary",
                    "Binary message in three fragments, the \(name) of them empty",
                    parts.enumerated().map { index, part in
                        .send(FrameToSend(index == 0 ? .binary : .continuation, part, fin: index == 2))
                    },
                    [.message(.binary, .octets(parts.flatMap(\.octets)))],
                    chapter: "FRG-05"
                )
            }
        }

        /// Very many empty fragments.
        static let manyEmptyFragments = echoed(
            "fragmentation/1000-empty-continuations",
            "Binary message with a thousand empty continuations inside",
            [
                .send(FrameToSend(.binary, .octets([0xFE]), fin: false)),
                .sendRun(FrameRun(FrameToSend(.continuation, fin: false), count: 1000)),
                .send(FrameToSend(.continuation, .octets([0xFF]))),
            ],
            [.message(.binary, .octets([0xFE, 0xFF]))],
            chapter: "FRG-05"
        )

        /// A Pong that answers no Ping, inside a message.
        static let pongInsideMessage: Scenario = {
            let echo = [ExpectedEvent.message(.text, .text("fragment1fragment2"))]
            return Scenario(
                id: "fragmentation/pong-inside-message",
                title: "Pong that answers no Ping between two fragments of a text",
                requirements: ["RFC6455-5.4-08", "RFC6455-5.5.3-03", "RFC6455-5.4-10", "RFC6455-6.2-02"],
                needs: .echo,
                chapter: "CTL-09",
                script: [
                    .send(FrameToSend(.text, .text("fragment1"), fin: false)),
                    .send(FrameToSend(.pong, .text("unsolicited"))),
                    .send(FrameToSend(.continuation, .text("fragment2"))),
                ],
                conclusion: .closeWhenComplete,
                behaviour: .answers(echo),
                closing: .answersNormalClose
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            twoFragments() + pingBetween() + [twoPingsInside, twoPingsInsideFrameWise, cutAutomatically] + backToBack()
            + emptyFragments() + [manyEmptyFragments, pongInsideMessage]

        private static let reassembly = [
            "RFC6455-5.4-10", "RFC6455-5.4-03", "RFC6455-5.4-06", "RFC6455-6.2-03", "RFC6455-5.4-16",
        ]
        private static let injection = [
            "RFC6455-5.4-08", "RFC6455-5.5.2-02", "RFC6455-5.5.2-03", "RFC6455-5.5.3-01", "RFC6455-5.4-04",
        ]

        private static func twoPings(_ style: WriteStyle, autobahn number: String) -> Scenario {
            let pacing = style.pacing
            let answers: [ExpectedEvent] = [
                .pong(.text("pongme 1!")),
                .pong(.text("pongme 2!")),
                .message(.text, .text("fragment1fragment2fragment3fragment4fragment5")),
            ]
            return Scenario(
                id: "fragmentation/two-pings-inside" + style.suffix,
                title: "Text in five fragments with two Pings inside, paused until the first Pong, " + style.phrase,
                requirements: injection + reassembly,
                needs: .echo,
                autobahn: .answered(number, answers, .close(milliseconds: 2000)),
                script: [
                    .send(FrameToSend(.text, .text("fragment1"), fin: false, pacing: pacing)),
                    .send(FrameToSend(.continuation, .text("fragment2"), fin: false, pacing: pacing)),
                    .send(FrameToSend(.ping, .text("pongme 1!"), pacing: pacing)),
                    .awaitPong(.text("pongme 1!")),
                    .send(FrameToSend(.continuation, .text("fragment3"), fin: false, pacing: pacing)),
                    .send(FrameToSend(.continuation, .text("fragment4"), fin: false, pacing: pacing)),
                    .send(FrameToSend(.ping, .text("pongme 2!"), pacing: pacing)),
                    .send(FrameToSend(.continuation, .text("fragment5"), pacing: pacing)),
                ],
                conclusion: .closeWhenComplete,
                behaviour: .answersWithPongs(answers),
                closing: .answersNormalClose
            )
        }

        private static func echoed(
            _ id: String,
            _ title: String,
            _ script: [Step],
            _ events: [ExpectedEvent],
            chapter: String
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: [
                    "RFC6455-5.4-10", "RFC6455-6.2-04", "RFC6455-6.2-03", "RFC6455-5.4-09", "RFC6455-5.4-03",
                ],
                needs: .echo,
                chapter: chapter,
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .answers(events),
                closing: .answersNormalClose
            )
        }
    }
}
