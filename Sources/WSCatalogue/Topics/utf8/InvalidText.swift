import WSProtocol
package import WSScenario

extension Catalogue {
    /// Text messages that are not UTF-8, for which the peer has to fail the connection.
    package enum InvalidText {
        /// A surrogate between Greek and ASCII letters.
        static let surrogateInText = refused(
            "surrogate-in-text/one-frame",
            "Valid text with a surrogate in the middle",
            "6.3.1",
            [.send(FrameToSend(.text, .octets(textWithSurrogate)))],
            killAfter: 1000,
            chapter: "CLO-20"
        )

        /// The same text, each octet in a fragment of its own.
        static let surrogateInTextOctets = refused(
            "surrogate-in-text/octet-per-frame",
            "Valid text with a surrogate in the middle, in fragments of one octet",
            "6.3.2",
            [.sendMessage(MessageToSend(.text, .octets(textWithSurrogate), fragmentLength: 1))],
            killAfter: 1000
        )

        /// Prefixes of a Greek word that end inside a letter.
        static func cutPrefixes() -> [Scenario] {
            [1, 3, 4, 6, 8, 10].map { count in
                row(
                    "prefix/\(count)-octet" + (count == 1 ? "" : "s"),
                    "First \(count) octet\(count == 1 ? "" : "s") of a Greek word, ending inside a letter",
                    "6.6.\(count)",
                    Array(greekText[..<count])
                )
            }
        }

        /// Bit patterns for numbers above the highest code point.
        static func beyondUnicode() -> [Scenario] {
            let firsts: [(length: Int, number: UInt32)] = [(5, 0x20_0000), (6, 0x400_0000)]
            let lasts: [(length: Int, number: UInt32)] = [(4, 0x1F_FFFF), (5, 0x3FF_FFFF), (6, 0x7FFF_FFFF)]
            return firsts.enumerated().map { index, first in
                row(
                    "first-of-length/\(first.length)",
                    "Lowest number that takes \(first.length) octets",
                    "6.8.\(index + 1)",
                    utf8Pattern(first.number, length: first.length)
                )
            }
                + lasts.enumerated().map { index, last in
                    row(
                        "last-of-pattern/\(last.length)",
                        "Highest number that \(last.length) octets can hold",
                        "6.10.\(index + 1)",
                        utf8Pattern(last.number, length: last.length)
                    )
                } + [
                    row("boundary/110000", "First number behind the last code point", "6.11.5", utf8Octets(0x11_0000))
                ]
        }

        /// Continuation octets without a lead octet.
        static func loneContinuations() -> [Scenario] {
            let alternating: [UInt8] = [0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF]
            return [
                row("lone-continuation/80", "Lone continuation octet 80", "6.12.1", [0x80]),
                row("lone-continuation/bf", "Lone continuation octet BF", "6.12.2", [0xBF]),
            ]
                + (2...6).map { count in
                    row(
                        "lone-continuation/\(count)-octets",
                        "\(count) continuation octets without a lead octet",
                        "6.12.\(count + 1)",
                        Array(alternating[..<count])
                    )
                } + [
                    row(
                        "lone-continuation/80-to-be",
                        "Continuation octets 80 to BE in a row",
                        "6.12.8",
                        Array(0x80...0xBE)
                    )
                ]
        }

        /// Lead octets of each length, with a space behind each.
        static func loneLeads() -> [Scenario] {
            let ranges: [ClosedRange<UInt8>] = [0xC0...0xDE, 0xE0...0xEE, 0xF0...0xF6, 0xF8...0xFA, 0xFC...0xFC]
            return ranges.enumerated().map { index, leads in
                row(
                    "lone-lead/\(index + 2)-octet",
                    "Lead octets of \(index + 2) octets, each followed by a space",
                    "6.13.\(index + 1)",
                    leads.flatMap { [$0, 0x20] }
                )
            }
        }

        /// Sequences without their last octet, alone and all in a row.
        static func truncated() -> [Scenario] {
            let lengths = Array(2...6)
            let lowest = lengths.map { Array(utf8Pattern(0, length: $0).dropLast()) }
            let highest = zip(lengths, maxima).map { Array(utf8Pattern($1, length: $0).dropLast()) }
            return zip(lengths, lowest).map { length, octets in
                row(
                    "truncated/lowest-\(length)-octet",
                    "Lowest pattern of \(length) octets without the last one",
                    "6.14.\(length - 1)",
                    octets
                )
            }
                + zip(lengths, highest).map { length, octets in
                    row(
                        "truncated/highest-\(length)-octet",
                        "Highest pattern of \(length) octets without the last one",
                        "6.14.\(length + 4)",
                        octets
                    )
                } + [
                    row(
                        "truncated/all-joined",
                        "Ten sequences in a row, each without its last octet",
                        "6.15.1",
                        (lowest + highest).flatMap(\.self)
                    )
                ]
        }

        /// Octets that never occur.
        static func impossibleOctets() -> [Scenario] {
            [
                row("impossible-octet/fe", "Octet FE, which never occurs", "6.16.1", [0xFE]),
                row("impossible-octet/ff", "Octet FF, which never occurs", "6.16.2", [0xFF]),
                row("impossible-octet/fefeffff", "Octets FE and FF, each twice", "6.16.3", [0xFE, 0xFE, 0xFF, 0xFF]),
            ]
        }

        /// Numbers in more octets than they need.
        static func overlong() -> [Scenario] {
            (2...6).flatMap { length in
                [
                    row(
                        "overlong/\(length)-octet-slash",
                        "Slash in \(length) octets",
                        "6.17.\(length - 1)",
                        utf8Pattern(0x2F, length: length)
                    ),
                    row(
                        "overlong/\(length)-octet-maximum",
                        "Highest number that needs fewer octets, in \(length)",
                        "6.18.\(length - 1)",
                        utf8Pattern(overlongMaxima[length - 2], length: length)
                    ),
                    row(
                        "overlong/\(length)-octet-nul",
                        "NUL in \(length) octets",
                        "6.19.\(length - 1)",
                        utf8Pattern(0, length: length)
                    ),
                ]
            }
        }

        /// Single surrogates at the borders of their range.
        static func surrogates() -> [Scenario] {
            [0xD800, 0xDB7F, 0xDB80, 0xDBFF, 0xDC00, 0xDF80, 0xDFFF].enumerated().map { index, value in
                let digits = String(value, radix: 16)
                return row(
                    "surrogate/\(digits)",
                    "Lone surrogate \(digits.uppercased())",
                    "6.20.\(index + 1)",
                    utf8Octets(UInt32(value))
                )
            }
        }

        /// Surrogates in pairs, as UTF-16 has them.
        static func surrogatePairs() -> [Scenario] {
            let pairs: [(high: UInt32, low: UInt32)] = [0xD800, 0xDB7F, 0xDB80, 0xDBFF].flatMap { high in
                [0xDC00, 0xDFFF].map { low in (high, low) }
            }
            return pairs.enumerated().map { index, pair in
                let high = String(pair.high, radix: 16)
                let low = String(pair.low, radix: 16)
                return row(
                    "surrogate-pair/\(high)-\(low)",
                    "Surrogates \(high.uppercased()) and \(low.uppercased()) as a pair",
                    "6.21.\(index + 1)",
                    utf8Octets(pair.high) + utf8Octets(pair.low)
                )
            }
        }

        /// The text with a surrogate, and a probe behind it.
        ///
        /// A peer that looks at text only when the application takes the message may see the Ping, and even the Close
        /// frame, first.
        static let surrogateProbe: Scenario = {
            var scenario = surrogateInText.probe()
            scenario.behaviour.insert(
                .informational(
                    .events([.pong(Scenario.probePing)]),
                    "answered a Ping behind invalid text before it failed the connection; RFC 6455, 8.1 sets no moment",
                    cites: "RFC6455-8.1-01"
                ),
                at: 1
            )
            let closesFirst = Outcome<ClosingPattern>.informational(
                .peerCloses(codes: [Scenario.probeCode]),
                "a Close frame behind invalid text was answered before the text was looked at; RFC 6455, 8.1 sets no "
                    + "moment",
                cites: "RFC6455-8.1-01"
            )
            scenario.closing = .fails(with: 1007, [closesFirst], over: "RFC6455-8.1-01")
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            [surrogateInText, surrogateInTextOctets, surrogateProbe],
            cutPrefixes(), beyondUnicode(), loneContinuations(), loneLeads(), truncated(), impossibleOctets(),
            overlong(), surrogates(), surrogatePairs(),
        ].flatMap(\.self)

        // The second letter is U+1F79, written as an escape because editors like to normalise it to U+03CC.
        private static let greekText = Array("\u{3BA}\u{1F79}\u{3C3}\u{3BC}\u{3B5}".utf8)
        private static let textWithSurrogate = greekText + utf8Octets(0xD800) + Array("edited".utf8)

        /// The highest numbers that 2 to 6 octets can hold.
        private static let maxima: [UInt32] = [0x7FF, 0xFFFF, 0x1F_FFFF, 0x3FF_FFFF, 0x7FFF_FFFF]
        /// The highest numbers that one octet fewer can hold.
        private static let overlongMaxima = [0x7F] + maxima.dropLast()

        /// One frame, with Autobahn's deadline for its UTF-8 table.
        private static func row(_ slug: String, _ title: String, _ number: String, _ octets: [UInt8]) -> Scenario {
            refused(slug, title, number, [.send(FrameToSend(.text, .octets(octets)))], killAfter: 500)
        }

        private static func refused(
            _ slug: String,
            _ title: String,
            _ number: String,
            _ script: [Step],
            killAfter milliseconds: Int,
            chapter: String? = nil
        ) -> Scenario {
            Scenario(
                id: "utf8/\(slug)",
                title: title,
                requirements: .failingText,
                needs: .nothing,
                autobahn: .invalidText(number, [AutobahnExpectation("OK", [])], killAfter: milliseconds),
                chapter: chapter,
                script: script,
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .fails,
                closing: .fails(with: 1007)
            )
        }
    }
}
