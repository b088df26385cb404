import WSProtocol
package import WSScenario

extension Catalogue {
    /// Reasons of Close frames: not UTF-8 in each way, as long as they can be, and behind codes of each range.
    package enum CloseReasons {
        /// Reasons that are not UTF-8.
        static func invalid() -> [Scenario] {
            let reasons: [(slug: String, name: String, octets: [UInt8])] = [
                ("overlong", "an overlong form", [0xC0, 0xAF]),
                ("surrogate", "a surrogate", utf8Octets(0xD800)),
                ("beyond-unicode", "a number beyond U+10FFFF", utf8Octets(0x11_0000)),
                ("truncated", "a letter that is not complete", [0xE2, 0x82]),
                ("lone-continuation", "a lone continuation octet", [0x80]),
            ]
            return reasons.map { slug, name, octets in
                Scenario.startsClosing(
                    "reason/\(slug)",
                    "Close 1000 with a reason that ends with \(name)",
                    ["RFC6455-5.5.1-07", "RFC6455-8.1-02", "RFC6455-7.1.6-01", "RFC6455-7.1.7-03"],
                    [.startClosingHandshake(body: .closeBody(1000, reason: Array("reason ".utf8) + octets))],
                    chapter: "UTF-06",
                    closing: .answersInvalidReason
                )
            }
        }

        /// The longest reasons, of letters that a peer which shortens the reason may cut.
        static func longest() -> [Scenario] {
            [(2, "é"), (3, "€"), (4, "😀")].map { length, letter in
                let letters = Array(String(repeating: letter, count: 123 / length).utf8)
                let reason = Array(repeating: UInt8(ascii: "a"), count: 123 - letters.count) + letters
                return Scenario.startsClosing(
                    "reason/123-octets-of-\(length)-octet-letters",
                    "Close 1000 with a reason of 123 octets, in letters of \(length)",
                    .answeringClose("RFC6455-5.5.1-03", "RFC6455-7.1.6-01"),
                    [.startClosingHandshake(body: .closeBody(1000, reason: reason))],
                    chapter: "UTF-07",
                    closing: .answersNormalClose
                )
            }
        }

        /// Reasons at the limit whose last letter is not complete.
        ///
        /// A peer that repairs the reason and sends it back makes it longer than a control frame can be, as
        /// U+FFFD has three octets.
        static func longestCut() -> [Scenario] {
            let cuts: [(slug: String, name: String, octets: [UInt8])] = [
                ("1-of-2-octets", "the first of two octets of a letter", [0xC3]),
                ("1-of-3-octets", "the first of three octets of a letter", [0xE2]),
                ("2-of-3-octets", "two of three octets of a letter", [0xE2, 0x82]),
                ("1-of-4-octets", "the first of four octets of a letter", [0xF0]),
                ("2-of-4-octets", "two of four octets of a letter", [0xF0, 0x9F]),
                ("3-of-4-octets", "three of four octets of a letter", [0xF0, 0x9F, 0x98]),
                ("a-lone-continuation", "a lone continuation octet", [0x80]),
            ]
            return [123, 122].flatMap { length in
                cuts.map { slug, name, octets in
                    let start = [UInt8](repeating: UInt8(ascii: "a"), count: length - octets.count)
                    return Scenario.startsClosing(
                        "reason/\(length)-octets-ending-in-\(slug)",
                        "Close 1000 with a reason of \(length) octets that ends with \(name)",
                        [
                            "RFC6455-5.5.1-07", "RFC6455-8.1-02", "RFC6455-7.1.6-01", "RFC6455-7.1.7-03",
                            "RFC6455-5.5-01",
                        ],
                        [.startClosingHandshake(body: .closeBody(1000, reason: start + octets))],
                        chapter: "UTF-07",
                        closing: .answersInvalidReason
                    )
                }
            }
        }

        /// A code of each range, with a reason.
        static func withCode() -> [Scenario] {
            [1001, 3000, 4999].map { code in
                Scenario.startsClosing(
                    "reason/with-code-\(code)",
                    "Close \(code) with a reason",
                    .answeringClose("RFC6455-5.5.1-03"),
                    [.startClosingHandshake(body: .closeBody(code, reason: Array("a reason".utf8)))],
                    chapter: "CLO-05",
                    closing: .answersClose(with: [1000, 1005, code])
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = invalid() + longest() + longestCut() + withCode()
    }
}
