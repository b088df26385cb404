import WSProtocol
package import WSScenario

extension Catalogue {
    /// Text messages that are valid UTF-8, each of which comes back.
    package enum ValidText {
        /// An empty text.
        static let empty = echoed("empty", "Empty text", "6.1.1", [.send(FrameToSend(.text))], [])

        /// Three fragments without a payload.
        static let emptyFragments = echoed(
            "empty-fragments",
            "Text in three empty fragments",
            "6.1.2",
            [
                .send(FrameToSend(.text, fin: false)),
                .send(FrameToSend(.continuation, fin: false)),
                .send(FrameToSend(.continuation)),
            ],
            []
        )

        /// A payload between two empty fragments.
        static let emptyFirstAndLast = echoed(
            "empty-first-and-last-fragment",
            "Text in three fragments, the first and last empty",
            "6.1.3",
            [
                .send(FrameToSend(.text, fin: false)),
                .send(FrameToSend(.continuation, .text("middle frame payload"), fin: false)),
                .send(FrameToSend(.continuation)),
            ],
            Array("middle frame payload".utf8)
        )

        /// Letters of two octets, in one frame.
        static let latin = echoed(
            "latin/one-frame",
            "Text with letters of two octets, in one frame",
            "6.2.1",
            [.send(FrameToSend(.text, .octets(latinText)))],
            latinText
        )

        /// Letters of two octets, cut between two of them.
        static let latinCut = echoed(
            "latin/two-frames",
            "Text with letters of two octets, in two fragments cut between letters",
            "6.2.2",
            [
                .send(FrameToSend(.text, .octets(Array(latinText[..<15])), fin: false)),
                .send(FrameToSend(.continuation, .octets(Array(latinText[15...])))),
            ],
            latinText
        )

        /// Letters of two octets, each octet in a fragment of its own.
        static let latinOctets = echoed(
            "latin/octet-per-frame",
            "Text with letters of two octets, in fragments of one octet",
            "6.2.3",
            [.sendMessage(MessageToSend(.text, .octets(latinText), fragmentLength: 1))],
            latinText
        )

        /// Letters of two and three octets, each octet in a fragment of its own.
        static let greekOctets = echoed(
            "greek/octet-per-frame",
            "Text with letters of two and three octets, in fragments of one octet",
            "6.2.4",
            [.sendMessage(MessageToSend(.text, .octets(greekText), fragmentLength: 1))],
            greekText
        )

        /// One code point of each length between ASCII letters, then Greek.
        static func samples() -> [Scenario] {
            let codePoints: [(slug: String, value: UInt32)] = [
                ("24", 0x24), ("a2", 0xA2), ("20ac", 0x20AC), ("24b62", 0x24B62),
            ]
            let between = codePoints.enumerated().map { index, point in
                row(
                    "sample/\(point.slug)",
                    "U+\(hex(point.value)) between ASCII letters",
                    "6.5.\(index + 1)",
                    Array("hello".utf8) + utf8Octets(point.value) + Array("world".utf8)
                )
            }
            return between + [row("sample/greek", "Greek word", "6.5.5", greekText)]
        }

        /// Prefixes of a Greek word that end between letters.
        static func wholePrefixes() -> [Scenario] {
            [2, 5, 7, 9, 11].map { count in
                row(
                    "prefix/\(count)-octets",
                    "First \(count) octets of a Greek word, ending on a letter",
                    "6.6.\(count)",
                    Array(greekText[..<count])
                )
            }
        }

        /// The first and the last code point of each length.
        static func bordersOfLengths() -> [Scenario] {
            let borders: [(first: UInt32, last: UInt32)] = [
                (0x0, 0x7F), (0x80, 0x7FF), (0x800, 0xFFFF), (0x10000, 0x10FFFF),
            ]
            return borders.enumerated().flatMap { index, border in
                let length = index + 1
                return [
                    row(
                        "first-of-length/\(length)",
                        "First code point of the \(length)-octet form, U+\(hex(border.first))",
                        "6.7.\(length)",
                        utf8Octets(border.first)
                    ),
                    row(
                        "last-of-length/\(length)",
                        "Last code point of the \(length)-octet form, U+\(hex(border.last))",
                        "6.9.\(length)",
                        utf8Octets(border.last)
                    ),
                ]
            }
        }

        /// Code points next to a forbidden range.
        static func boundaries() -> [Scenario] {
            [0xD7FF, 0xE000, 0xFFFD, 0x10FFFF].enumerated().map { index, codePoint in
                row(
                    "boundary/\(hex(codePoint).lowercased())",
                    "U+\(hex(codePoint)), next to a border of what is allowed",
                    "6.11.\(index + 1)",
                    utf8Octets(codePoint)
                )
            }
        }

        /// The last two code points of each plane, which are legal although no characters are assigned to them.
        static func noncharacters() -> [Scenario] {
            (0...16).flatMap { plane in [plane << 16 | 0xFFFE, plane << 16 | 0xFFFF] }.enumerated()
                .map { index, codePoint in
                    row(
                        "noncharacter/\(hex(codePoint).lowercased())",
                        "Noncharacter U+\(hex(codePoint))",
                        "6.22.\(index + 1)",
                        utf8Octets(codePoint)
                    )
                }
        }

        /// The end of the Specials block.
        static func specials() -> [Scenario] {
            (0xFFF9...0xFFFF).enumerated().map { index, codePoint in
                row(
                    "specials/\(hex(codePoint).lowercased())",
                    "U+\(hex(codePoint)) of the Specials block",
                    "6.23.\(index + 1)",
                    utf8Octets(codePoint)
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            [empty, emptyFragments, emptyFirstAndLast, latin, latinCut, latinOctets, greekOctets],
            samples(), wholePrefixes(), bordersOfLengths(), boundaries(), noncharacters(), specials(),
        ].flatMap(\.self)

        private static let latinText = Array("Hello-µ@ßöäüàá-UTF-8!!".utf8)
        // The third letter is U+1F79, written as an escape because editors like to normalise it to U+03CC.
        private static let greekText = Array("\u{3BA}\u{1F79}\u{3C3}\u{3BC}\u{3B5}".utf8)

        private static func hex(_ codePoint: UInt32) -> String {
            let digits = String(codePoint, radix: 16, uppercase: true)
            return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }

        /// One frame, with Autobahn's deadline for its UTF-8 table.
        private static func row(_ slug: String, _ title: String, _ number: String, _ octets: [UInt8]) -> Scenario {
            echoed(
                slug,
                title,
                number,
                [.send(FrameToSend(.text, .octets(octets)))],
                octets,
                .kill(milliseconds: 500)
            )
        }

        private static func echoed(
            _ slug: String,
            _ title: String,
            _ number: String,
            _ script: [Step],
            _ octets: [UInt8],
            _ deadline: AutobahnDeadline = .closeAfterOneSecond
        ) -> Scenario {
            let echo = [ExpectedEvent.message(.text, .octets(octets))]
            return Scenario(
                id: "utf8/\(slug)",
                title: title,
                requirements: script.count == 1 && isUnfragmented(script)
                    ? ["RFC6455-8.1-04", "RFC6455-5.4-10"]
                    : ["RFC6455-5.4-10", "RFC6455-8.1-04", "RFC6455-5.6-02", "RFC6455-5.4-03", "RFC6455-5.4-09"],
                needs: .echo,
                autobahn: .answered(number, echo, deadline),
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .answers(echo),
                closing: .answersNormalClose
            )
        }

        private static func isUnfragmented(_ script: [Step]) -> Bool {
            if case .send(let frame)? = script.first { frame.fin } else { false }
        }
    }
}
