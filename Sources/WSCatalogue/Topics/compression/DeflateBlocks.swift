import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// The blocks that a compressed message can be made of (RFC 1951, 3.2; RFC 7692, 7.2.3).
    package enum DeflateBlocks {
        /// The examples of RFC 7692, 7.2.3.
        static let examples: [Scenario] = [
            ("one-block", "in one block", CompressedMessage.hello),
            (
                "stored", "in a stored block",
                CompressedMessage(hello, payload: [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00])
            ),
            (
                "final-block", "in a block with BFINAL set",
                CompressedMessage(hello, payload: [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00])
            ),
            (
                "two-blocks", "in two blocks with an empty one between",
                CompressedMessage(
                    hello,
                    payload: [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]
                )
            ),
        ].map { slug, phrase, message in
            Scenario.inflated(
                "hello-\(slug)",
                "Compressed text \(phrase), as RFC 7692 has it",
                "PMD-21",
                slug == "final-block" ? ["RFC7692-7.2.1-06"] : ["RFC7692-7.2.1-05", "RFC7692-7.2.1-04"],
                references: slug == "final-block" ? finalBlockDefects : [],
                messages: [message]
            )
        }

        /// The simplest of all, over which a server shows whether it supports what it accepted.
        static let simplest: Scenario = {
            var scenario = Scenario.inflated(
                "agreed/used",
                "Compressed text of one octet as the first message",
                "PMD-21",
                ["RFC7692-5-07"],
                messages: [.fixed("a")],
                over: "RFC7692-5-16"
            )
            scenario.behaviour.append(
                .violates(
                    .events([]),
                    "accepted permessage-deflate, which has to be fully supported then, and did not echo the simplest "
                        + "message (RFC 7692, 5)",
                    cites: "RFC7692-5-07"
                ).of(.server)
            )
            return scenario
        }()

        /// The examples in fragments.
        static let fragmentedExamples: [Scenario] = [
            ("fragmented", "in two fragments", CompressedMessage.hello.frames(cutAt: [3])),
            (
                "empty-last-fragment", "with the tail in its first fragment, and a last one of the octet 00",
                [
                    FrameToSend(
                        .text,
                        .octets(CompressedMessage.hello.payload + [0x00, 0x00, 0xFF, 0xFF]),
                        fin: false,
                        rsv: 4
                    ), FrameToSend(.continuation, .octets([0])),
                ]
            ),
        ].map { slug, phrase, frames in
            Scenario.inflated(
                "hello-\(slug)",
                "Compressed text \(phrase), as RFC 7692 has it",
                "PMD-21",
                ["RFC7692-7.2.3-03", "RFC7692-7.2.3-02", "RFC7692-7.2.1-08"],
                frames.map { .send($0) },
                [CompressedMessage.hello.echo]
            )
        }

        /// Blocks with BFINAL set, behind which more follows.
        static let finalBlocks: [Scenario] = [
            Scenario.inflated(
                "final-block-then-blocks",
                "Compressed text of a block with BFINAL set and two more blocks behind it",
                "PMD-22",
                finalRules,
                references: finalBlockDefects,
                messages: [
                    CompressedMessage(.text("Hello, world")) {
                        $0.appendFixed(DeflateSymbol.literals("Hel".utf8), isFinal: true)
                        $0.appendFixed(DeflateSymbol.literals("lo, ".utf8))
                        $0.appendDynamic(DeflateSymbol.literals("world".utf8), isFinal: true)
                    }
                ]
            ),
            Scenario.inflated(
                "final-block-then-messages",
                "Compressed text of a block with BFINAL set, then texts without, each by itself",
                "PMD-22",
                finalRules,
                references: finalBlockDefects,
                messages: [final("first"), .fixed("second"), final("third"), .fixed("fourth"), .stored("fifth")]
            ),
            Scenario.inflated(
                "final-block-then-context",
                "Compressed text of a block with BFINAL set, then a text, and one that refers to that",
                "PMD-22",
                finalRules + ["RFC7692-7.2.2-05"],
                need: CompressionNeed(keepsContext: true),
                references: finalBlockDefects,
                messages: [final("first"), .fixed("Hello"), .reference("Hello", distance: 5)]
            ),
            Scenario.inflated(
                "final-block-of-4097-octets",
                "Compressed texts of 4096, 4097 and 5 octets, each of a block with BFINAL set",
                "PMD-22",
                finalRules,
                references: finalBlockDefects,
                messages: [4096, 4097].map { length in
                    let text = RepeatingText.letters(length, seed: 4096)
                    return CompressedMessage(.octets(text)) {
                        $0.appendFixed(DeflateSymbol.literals(text), isFinal: true)
                    }
                } + [final("Hello")]
            ),
        ]

        /// The forms of a message without content.
        static let empty: [Scenario] = [
            ("stored", "one stored block", []),
            ("final", "a fixed block with BFINAL set", [0x03, 0x00]),
            ("two", "a fixed and a stored block", [0x02, 0x00, 0x00, 0x00, 0xFF, 0xFF]),
        ].map { slug, phrase, before in
            Scenario.inflated(
                "empty-message-\(slug)",
                "Compressed message without content, of \(phrase), and a text behind it",
                "PMD-23",
                ["RFC7692-7.2.3-02", "RFC7692-7.2.1-05", "RFC7692-7.2.1-06"],
                messages: [CompressedMessage(.empty, payload: before + [0]), .hello]
            )
        }

        /// A message without content between two others.
        static let emptyBetween = Scenario.inflated(
            "empty-message-between",
            "Compressed texts of one octet, of none and of one octet",
            "PMD-23",
            ["RFC7692-7.2.3-02"],
            references: [
                KnownDefect("Dart", "dart-lang/sdk#35540"), KnownDefect("IXWebSocket", "machinezone/IXWebSocket#167"),
                KnownDefect("Cap'n Proto", "capnproto/capnproto#1601"),
            ],
            messages: [.fixed("a"), CompressedMessage(.empty, payload: [0]), .fixed("a")]
        )

        /// Every form of a block at every place of a message, with and without references to earlier ones.
        static func everyForm() -> [Scenario] {
            [false, true].map { keepsContext in
                Scenario.inflated(
                    "every-form-at-every-place" + (keepsContext ? "-with-context" : ""),
                    keepsContext
                        ? "Each form of a block without BFINAL at each place of a text that refers to the one before"
                        : "Each form of a block as the first, a middle and the last one of a compressed text",
                    "PMD-21",
                    ["RFC7692-7.2.1-05", "RFC7692-7.2.1-04"] + (keepsContext ? ["RFC7692-7.2.2-05"] : []),
                    need: CompressionNeed(windowBits: 8, keepsContext: keepsContext),
                    messages: BlockForm.messages(keepsContext: keepsContext)
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            examples + [simplest] + fragmentedExamples + finalBlocks + empty + [emptyBetween] + everyForm()

        private static let hello = Payload.text("Hello")
        private static let finalRules = ["RFC7692-7.2.1-06", "RFC7692-7.2.1-05"]
        private static let finalBlockDefects = [
            KnownDefect("Boost.Beast", "boostorg/beast#923"), KnownDefect("Bun", "oven-sh/bun#33592"),
            KnownDefect("Cap'n Proto", "capnproto/capnproto#1505"), KnownDefect("ws", "websockets/ws@92774377"),
        ]

        private static func final(_ text: String) -> CompressedMessage {
            CompressedMessage(.text(text)) { $0.appendFixed(DeflateSymbol.literals(text.utf8), isFinal: true) }
        }
    }
}

/// A form of a block, for the sweep over all of them.
private enum BlockForm: CaseIterable {
    case stored, storedFinal, storedEmpty, fixed, fixedFinal, fixedEmpty, dynamic, dynamicFinal, dynamicEmpty

    var name: String {
        switch self {
        case .stored: "stored"
        case .storedFinal: "stored, final"
        case .storedEmpty: "stored, empty"
        case .fixed: "fixed"
        case .fixedFinal: "fixed, final"
        case .fixedEmpty: "fixed, empty"
        case .dynamic: "dynamic"
        case .dynamicFinal: "dynamic, final"
        case .dynamicEmpty: "dynamic, empty"
        }
    }

    var isFinal: Bool { [.storedFinal, .fixedFinal, .dynamicFinal].contains(self) }

    /// Appends the block, and returns the part of the text that it holds.
    func append(_ text: String, to writer: inout DeflateWriter) -> String {
        let symbols = DeflateSymbol.literals(text.utf8)
        switch self {
        case .stored: writer.appendStored(Array(text.utf8))
        case .storedFinal: writer.appendStored(Array(text.utf8), isFinal: true)
        case .storedEmpty: writer.appendStored([])
        case .fixed: writer.appendFixed(symbols)
        case .fixedFinal: writer.appendFixed(symbols, isFinal: true)
        case .fixedEmpty: writer.appendFixed([])
        case .dynamic: writer.appendDynamic(symbols)
        case .dynamicFinal: writer.appendDynamic(symbols, isFinal: true)
        case .dynamicEmpty: writer.appendDynamic([])
        }
        switch self {
        case .storedEmpty, .fixedEmpty, .dynamicEmpty: return ""
        default: return text
        }
    }

    /// Texts whose words name the block and its place, so that what comes back wrong says which one it is.
    static func messages(keepsContext: Bool) -> [CompressedMessage] {
        var before = ""
        // Whether a reference may lead behind a block with BFINAL set the text leaves open.
        let forms = allCases.filter { !keepsContext || !$0.isFinal }
        return forms.flatMap { form in
            ["first", "middle", "last"].map { place in
                var content = ""
                var writer = DeflateWriter()
                if keepsContext, before.utf8.count >= 3, before.utf8.count < 250 {
                    // What comes before the references is what they refer to, three octets of it.
                    writer.appendFixed([.match(length: 3, distance: before.utf8.count)])
                    content += String(before.prefix(3))
                }
                let name = "\(form.name) block \(place)"
                if place != "first" {
                    writer.appendFixed(DeflateSymbol.literals("<".utf8))
                    content += "<"
                }
                content += form.append(name, to: &writer)
                if place != "last" {
                    writer.appendFixed(DeflateSymbol.literals(">".utf8))
                    content += ">"
                }
                writer.endMessage()
                before = content
                return CompressedMessage(.text(content), payload: writer.octets)
            }
        }
    }
}
