import WSProtocol
package import WSScenario

extension Catalogue {
    /// Fragments of messages that overlap, follow each other, are empty, or never end.
    package enum MixedFragments {
        /// A message of one type inside one of the other, and one that is no more finished than the one around it.
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
                refused(
                    "fragmentation/\(slug)",
                    title,
                    "RFC6455-5.4-07",
                    [FrameToSend(first, .text("fragment1"), fin: false), second],
                    line: "FRG-01"
                )
            }
        }

        /// The same with a control frame behind the first fragment, at which a parser may forget the open message.
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

        private static func behindControl(
            _ slug: String,
            _ title: String,
            _ start: [FrameToSend],
            _ control: Opcode,
            _ second: FrameToSend
        ) -> Scenario {
            let between = Payload.text("between")
            var scenario = refused(
                "fragmentation/\(slug)",
                title,
                "RFC6455-5.4-07",
                start + [FrameToSend(control, between), second],
                line: "FRG-01"
            )
            if control == .ping { scenario.behaviour = .fails(after: [.pong(between)]) }
            return scenario
        }

        /// What is no continuation where one is due, and continuations with a reserved bit.
        static func notAContinuation() -> [Scenario] {
            let start = FrameToSend(.text, .text("fragment1"), fin: false)
            let bits = [(1, UInt8(4)), (2, 2), (3, 1)].map { number, bit in
                refused(
                    "reserved-bits/rsv\(number)-continuation",
                    "Text in two fragments, the second with RSV\(number)",
                    "RFC6455-5.2-03",
                    [start, FrameToSend(.continuation, later, rsv: bit)],
                    line: "FRG-02"
                )
            }
            return bits + [
                refused(
                    "opcode/reserved-3-inside-message",
                    "Frame with reserved opcode 3 where a continuation should be",
                    "RFC6455-5.2-05",
                    [start, FrameToSend(Opcode(rawValue: 3), later)],
                    line: "FRG-02"
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
                    line: "FRG-04"
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
                    line: "FRG-05"
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
            line: "FRG-05"
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
            inside() + insideBehindControl() + notAContinuation() + [orphanAfterPing] + backToBack() + emptyFragments()
            + [manyEmptyFragments, unfinished]

        private static let later = Payload.text("fragment2")

        private static func refused(
            _ id: String,
            _ title: String,
            _ rule: String,
            _ frames: [FrameToSend],
            line: String
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: .failing(rule) + (rule == "RFC6455-5.4-07" ? ["RFC6455-5.4-15"] : []),
                needs: .nothing,
                chapter: line,
                script: frames.map { .send($0) },
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .failsIgnoringTheRest,
                closing: .fails(with: 1002)
            )
        }

        private static func echoed(
            _ id: String,
            _ title: String,
            _ script: [Step],
            _ events: [ExpectedEvent],
            line: String
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: [
                    "RFC6455-5.4-10", "RFC6455-6.2-04", "RFC6455-6.2-03", "RFC6455-5.4-09", "RFC6455-5.4-03",
                ],
                needs: .echo,
                chapter: line,
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .answers(events),
                closing: .answersNormalClose
            )
        }
    }
}
