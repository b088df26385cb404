import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// What compressed messages refer to: earlier ones, as far back as the window reaches.
    package enum DeflateContext {
        /// The example of RFC 7692, 7.2.3.2.
        static let takeover = Scenario.inflated(
            "takeover",
            "The same compressed text twice, the second time as a reference to the first, as RFC 7692 has it",
            "PMD-27",
            ["RFC7692-7.1.1.2-04", "RFC7692-7.2.1-11"],
            need: kept,
            references: [
                KnownDefect("Bun", "oven-sh/bun#33003"), KnownDefect("Kitura", "Kitura/Kitura-WebSocket-NIO#22"),
            ],
            messages: [
                .hello, CompressedMessage(.text("Hello"), payload: [0xF2, 0x00, 0x11, 0x00, 0x00]),
                .reference("Hello", distance: 10),
            ],
            over: context
        )

        /// The same if we hinted that we would not refer to earlier messages, and the server does not demand it.
        static let takeoverAgainstHint = Scenario.inflated(
            "takeover-against-hint",
            "Offer with client_no_context_takeover that the answer does not have, and a reference to a text before",
            "PMD-27",
            ["RFC7692-7.1.1.2-04"],
            need: kept,
            opening: CompressionOpening(offers: [DeflateOffer(clientNoContextTakeover: true)]),
            targets: [.server],
            [CompressedMessage.hello.step, CompressedMessage.reference("Hello", distance: 5).step],
            [CompressedMessage.hello.echo, CompressedMessage.hello.echo],
            over: context
        )

        /// Uncompressed messages, which the window knows nothing of.
        static let uncompressed: [Scenario] = [
            (
                "reference-across-uncompressed", "Compressed text, an uncompressed one, and a reference to the first",
                [
                    CompressedMessage.hello.step, .send(FrameToSend(.text, .text("uncompressed"))),
                    CompressedMessage.reference("Hello", distance: 5).step,
                ],
                [
                    .message(.text, .text("Hello")), .message(.text, .text("uncompressed")),
                    .message(.text, .text("Hello")),
                ],
                ["RFC7692-7.2.3-01", "RFC7692-6.2-02", "RFC7692-6-03"]
            ),
            (
                "uncompressed-alone", "Uncompressed texts where compression is in use",
                [.send(FrameToSend(.text, .text("first"))), .send(FrameToSend(.binary, .octets([0xF2, 0x48])))],
                [.message(.text, .text("first")), .message(.binary, .octets([0xF2, 0x48]))],
                ["RFC7692-6-03"]
            ),
            (
                "reference-across-control", "Compressed text, a Ping and a Pong, and a reference to the text",
                [
                    CompressedMessage.hello.step, .send(FrameToSend(.ping, .text("between"))),
                    .send(FrameToSend(.pong)),
                    CompressedMessage.reference("Hello", distance: 5).step,
                ],
                [.message(.text, .text("Hello")), .pong(.text("between")), .message(.text, .text("Hello"))],
                ["RFC7692-6-01", "RFC6455-5.5.2-02"]
            ),
        ].map { (slug: String, title: String, script: [Step], events: [ExpectedEvent], rules: [String]) in
            Scenario.inflated(
                slug,
                title,
                "PMD-26",
                rules,
                need: slug == "uncompressed-alone" ? CompressionNeed() : kept,
                references: [
                    KnownDefect("nginx-clojure", "nginx-clojure/nginx-clojure#163"),
                    KnownDefect("libwebsockets", "warmcat/libwebsockets@9202017c2"),
                ],
                script,
                events,
                over: slug == "uncompressed-alone" ? "RFC7692-6.2-02" : context
            )
        }

        /// Distances that no common compressor writes.
        static let farthest: [Scenario] = [32_767, 32_768].map { distance in
            let start = RepeatingText.letters(200, seed: 32)
            let filler = CompressedMessage(.repeating("-", length: distance - 200)) {
                $0.appendFixed([.literal(0x2D)] + .run(of: distance - 201))
            }
            let last = CompressedMessage(.octets(start)) {
                $0.appendFixed([.match(length: 200, distance: distance)])
            }
            return Scenario.inflated(
                "distance-\(distance)",
                "Reference of \(distance) octets to the first of three messages",
                "PMD-28",
                ["RFC7692-7.1.2.2-08", "RFC7692-7.2.1-15", "RFC7692-5-04"],
                need: CompressionNeed(windowBits: 15, keepsContext: true),
                messages: [
                    CompressedMessage(.octets(start)) { $0.appendFixed(DeflateSymbol.literals(start)) }, filler, last,
                ],
                over: "RFC7692-7.2.2-09"
            )
        }

        /// References that our own promise rules out.
        static let broken: [Scenario] = [
            Scenario.leftOpenCompressed(
                "broken-no-context",
                "Reference to a text before, although client_no_context_takeover or its like was agreed on",
                "PMD-29",
                ["RFC7692-7.2.2-05"],
                opening: CompressionOpening(
                    offers: [DeflateOffer(clientNoContextTakeover: true)],
                    answers: [DeflateAnswer(serverNoContextTakeover: true)]
                ),
                [CompressedMessage.hello.step, CompressedMessage.reference("Hello", distance: 5).step],
                good: [CompressedMessage.hello.echo, CompressedMessage.hello.echo],
                "a receiver need not keep what the sender promised not to refer to, and no text says what to make of a "
                    + "reference to it (RFC 7692, 7.2.2)"
            ),
            {
                let start = RepeatingText.letters(300, seed: 29)
                let message = CompressedMessage(.octets(start + start)) { writer in
                    writer.appendFixed(DeflateSymbol.literals(start))
                    writer.appendFixed([.match(length: 258, distance: 300), .match(length: 42, distance: 300)])
                }
                return Scenario.leftOpenCompressed(
                    "broken-window",
                    "Reference of 300 octets, although the window that was agreed on may have 256",
                    "PMD-29",
                    ["RFC7692-7.2.2-09"],
                    opening: CompressionOpening(
                        offers: [DeflateOffer(clientMaxWindowBits: .atMost(8))],
                        answers: [DeflateAnswer(serverMaxWindowBits: 8)]
                    ),
                    [message.step],
                    good: [message.echo],
                    "a receiver need not keep more than the window that was agreed on, and no text says what to make of "
                        + "a reference beyond it (RFC 7692, 7.2.2)"
                )
            }(),
        ]

        /// References to what stands before the end of a block with BFINAL set.
        static let acrossFinal: [Scenario] = [
            ("into-final-block", "into a block with BFINAL set", [CompressedMessage](), 5),
            ("across-final-block", "across a block with BFINAL set", [.fixed("World")], 10),
        ].map { slug, phrase, before, distance in
            let final = CompressedMessage(.text("Hello")) {
                $0.appendFixed(DeflateSymbol.literals("Hello".utf8), isFinal: true)
            }
            let last = CompressedMessage.reference(before.isEmpty ? "Hello" : "World", distance: distance)
            let whole = (before + [final, last]).map(\.echo)
            return Scenario.leftOpenCompressed(
                "reference-\(slug)",
                "Compressed text that refers \(phrase) of an earlier message",
                "PMD-38",
                ["RFC7692-7.2.2-05", "RFC7692-7.2.1-06"],
                need: kept,
                references: [KnownDefect("Bun", "oven-sh/bun#34105")],
                (before + [final, last]).map(\.step),
                good: whole,
                "whether the window reaches across a block with BFINAL set, the text does not say; what cannot be "
                    + "inflated fails the connection, and is neither empty nor altered (RFC 7692, 7.2.2)"
            )
        }

        /// A long message between a short one and its like.
        static let behindLong: Scenario = {
            let unit = RepeatingText.letters(200, seed: 45)
            let long = CompressedMessage(.repeating(unit: unit, length: 200 * 401)) { writer in
                writer.appendFixed(
                    DeflateSymbol.literals(unit) + Array(repeating: .match(length: 200, distance: 200), count: 400)
                )
            }
            let end = CompressedMessage(.octets(Array(unit.suffix(50)))) {
                $0.appendFixed([.match(length: 50, distance: 50)])
            }
            return Scenario.inflated(
                "behind-long-message",
                "Compressed texts of 5 octets, of 80,200 octets, and one that refers to the end of that",
                "PMD-45",
                ["RFC7692-7.2.2-09"],
                need: kept,
                references: [KnownDefect("Workerman", "walkor/workerman#1052")],
                messages: [.hello, long, end],
                over: context
            )
        }()

        /// Messages that are as long as common buffers, or an octet off.
        static let bufferSizes: Scenario = {
            let lengths = [1] + [512, 4096, 7680, 16_384].flatMap { [$0 - 1, $0, $0 + 1] }
            return Scenario.inflated(
                "lengths-around-buffers",
                "Compressed texts of 1 octet and of common buffers' sizes, each and an octet less and more",
                "PMD-45",
                ["RFC7692-6-02"],
                references: [
                    KnownDefect("Boost.Beast", "boostorg/beast#1630"),
                    KnownDefect("Boost.Beast", "boostorg/beast#2191"),
                ],
                messages: lengths.map { length in
                    CompressedMessage(.repeating("b", length: length)) {
                        $0.appendFixed([.literal(0x62)] + .run(of: length - 1))
                    }
                }
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [takeover, takeoverAgainstHint] + uncompressed + farthest + broken + acrossFinal + [
                behindLong, bufferSizes,
            ]

        private static let kept = CompressionNeed(keepsContext: true)
        private static let context = "RFC7692-7.2.2-05"
    }
}
