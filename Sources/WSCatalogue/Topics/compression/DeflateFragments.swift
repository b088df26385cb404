import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Compressed messages that are cut into fragments or writes, and control frames between them.
    package enum DeflateFragments {
        /// A message cut at each of its octets, in several ways.
        static let cut: [Scenario] = [
            (
                "with-empty-fragments", "in fragments of one octet with empty ones before, between and behind them",
                mixed.frames(cutAt: (0...mixed.payload.count).flatMap { [$0, $0] }).map { Step.send($0) }, []
            ),
            (
                "with-tails-inside", "in two fragments, of which the first ends with 00 00 FF FF",
                flushed.frames(cutAt: [flushed.payload.firstTail]).map { Step.send($0) }, ["RFC7692-7.2.1-08"]
            ),
        ].map { slug, phrase, script, rules in
            Scenario.inflated(
                "fragments-\(slug)",
                "Compressed text \(phrase)",
                "PMD-25",
                fragments + rules,
                script,
                [slug == "with-tails-inside" ? flushed.echo : mixed.echo]
            )
        }

        /// A message in two fragments, cut at every place: inside each header of a block, among others.
        static let everyBorder = Scenario.inflated(
            "fragments-cut-at-every-octet",
            "A compressed text of blocks of every type in two fragments, cut at each of its octets in turn",
            "PMD-25",
            fragments,
            references: [
                KnownDefect("Boost.Beast", "boostorg/beast#2191"), KnownDefect("Boost.Beast", "boostorg/beast#3028"),
                KnownDefect("Boost.Beast", "boostorg/beast#3029"),
            ],
            borders.flatMap { place in mixed(cutAt: place).frames(cutAt: [place]).map { .send($0) } },
            borders.map { mixed(cutAt: $0).echo }
        )

        /// Control frames between the fragments of a compressed message.
        static let controls: [Scenario] = [
            (
                "ping", "a Ping", [.send(FrameToSend(.ping, .text("between")))], [.pong(.text("between"))],
                ["RFC6455-5.4-08"]
            ),
            ("pong", "an unasked Pong", [.send(FrameToSend(.pong, .text("unasked")))], [], ["RFC6455-5.5.3-03"]),
        ].map { (slug: String, phrase: String, between: [Step], pongs: [ExpectedEvent], rules: [String]) in
            let frames = CompressedMessage.hello.frames(cutAt: [3]).map { Step.send($0) }
            return Scenario.inflated(
                "\(slug)-between-fragments",
                "Compressed text in two fragments with \(phrase) between them",
                "PMD-25",
                rules,
                references: controlDefects,
                [frames[0]] + between + [frames[1]],
                pongs + [CompressedMessage.hello.echo]
            )
        }

        /// A Ping between any two fragments of one octet, over two messages.
        static let pingsBetweenAll: Scenario = {
            let first = CompressedMessage.hello
            let second = CompressedMessage.fixed("World")
            var script: [Step] = []
            var events: [ExpectedEvent] = []
            for (number, message) in [first, second].enumerated() {
                for (index, frame) in message.frames(cutAt: Array(1..<message.payload.count)).enumerated() {
                    let name = Payload.text("before fragment \(index + 1) of message \(number + 1)")
                    script += [.send(FrameToSend(.ping, name)), .send(frame)]
                    events.append(.pong(name))
                }
                events.append(message.echo)
            }
            return Scenario.inflated(
                "pings-between-all-fragments",
                "Two compressed texts in fragments of one octet with a Ping before each of them",
                "PMD-25",
                ["RFC6455-5.4-08"],
                references: controlDefects,
                script,
                events
            )
        }()

        /// A Pong that nobody asked for before a compressed message.
        static let pongBefore = Scenario.inflated(
            "pong-before-message",
            "Unasked Pong without a payload, and a compressed text",
            "PMD-26",
            ["RFC6455-5.5.3-03"],
            references: [KnownDefect("aiohttp", "aio-libs/aiohttp#13277")],
            [.send(FrameToSend(.pong)), CompressedMessage.hello.step],
            [CompressedMessage.hello.echo]
        )

        /// A code point that the border of two compressed fragments divides.
        static let dividedCodePoint: Scenario = {
            let text = "κόσμε"
            let message = CompressedMessage(.text(text)) { $0.appendStored(Array(text.utf8)) }
            return Scenario.inflated(
                "code-point-across-fragments",
                "Compressed text in fragments whose borders divide each of its code points",
                "PMD-33",
                ["RFC7692-6.1-09"],
                message.frames(cutAt: (0..<5).map { 6 + 2 * $0 } + [message.payload.count - 1]).map { .send($0) },
                [message.echo]
            )
        }()

        /// The header of a frame with RSV1, cut behind each of its octets.
        static let cutHeaders: [Scenario] = [("7", 40, 2), ("16", 300, 4)].map { bits, length, header in
            let texts = (1...header + 4).map { RepeatingText.letters(length + $0, seed: UInt64($0)) }
            let messages = texts.map { text in CompressedMessage(.octets(text)) { $0.appendStored(text) } }
            return headers(
                "cut-header-of-\(bits)-bits",
                "Compressed texts with a length in \(bits) bits, each cut behind another octet of its header",
                messages.enumerated().map { .send($1.frame(pacing: .split(at: $0 + 1))) },
                messages.map(\.echo)
            )
        }

        /// The same for the longest header; what makes the payload long is 13,107 empty blocks.
        static let cutLongHeader: Scenario = {
            let places = 1...14
            return headers(
                "cut-header-of-64-bits",
                "Compressed texts with a length in 64 bits, each cut behind another octet of its header",
                places.flatMap { place in
                    let blocks = Payload.repeating(unit: [0x00, 0x00, 0x00, 0xFF, 0xFF], length: 65_536)
                    return [
                        .send(FrameToSend(.text, blocks, rsv: 4, pacing: .split(at: place))),
                        CompressedMessage.fixed("behind the one cut at \(place)").step,
                    ]
                },
                places.flatMap { [.message(.text, .empty), .message(.text, .text("behind the one cut at \($0)"))] }
            )
        }()

        /// The same cuts without RSV1, so that what fails here has another reason.
        static let cutHeadersUncompressed: Scenario = {
            let texts = (1...8).map { Payload.octets(RepeatingText.letters(300 + $0, seed: UInt64($0))) }
            return headers(
                "cut-header-uncompressed",
                "Uncompressed texts where compression is in use, each cut behind another octet of its header",
                texts.enumerated().map { .send(FrameToSend(.text, $1, pacing: .split(at: $0 + 1))) },
                texts.map { .message(.text, $0) }
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            cut + [everyBorder] + controls + [pingsBetweenAll, pongBefore, dividedCodePoint] + cutHeaders + [
                cutLongHeader, cutHeadersUncompressed,
            ]

        private static let fragments = ["RFC7692-6-02", "RFC6455-5.4-10", "RFC7692-7.2.1-04"]
        private static let controlDefects = [
            KnownDefect("wsproto", "python-hyper/wsproto#205"), KnownDefect("aiohttp", "aio-libs/aiohttp#12988"),
            KnownDefect("tornado", "tornadoweb/tornado#3353"), KnownDefect("Dart", "dart-lang/sdk#63488"),
        ]

        /// A text of blocks of each type.
        private static let mixed = mixed(cutAt: 0)
        private static let borders = Array(1..<mixed.payload.count)

        /// The same with a text that names where it is cut, so that what comes back wrong says which one it is.
        private static func mixed(cutAt place: Int) -> CompressedMessage {
            let number = String(1000 + place).suffix(3)
            return CompressedMessage(.text("stored, fixed and dynamic, cut at \(number)")) {
                $0.appendStored(Array("stored, ".utf8))
                $0.appendFixed(DeflateSymbol.literals("fixed and ".utf8))
                $0.appendDynamic(
                    DeflateSymbol.literals("dynamic, ".utf8),
                    codes: DynamicCodes(for: DeflateSymbol.literals("dynamic, ".utf8))
                )
                $0.appendStored(Array("cut at \(number)".utf8))
            }
        }

        /// A text in which an empty stored block stands whole.
        private static let flushed = CompressedMessage(.text("Hello Hello")) {
            $0.appendFixed(DeflateSymbol.literals("Hello ".utf8))
            $0.appendStored([])
            $0.appendFixed(DeflateSymbol.literals("Hello".utf8))
        }

        private static func headers(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            _ events: [ExpectedEvent]
        ) -> Scenario {
            Scenario.inflated(
                slug,
                title,
                "PMD-43",
                ["RFC6455-6.2-01"],
                references: [KnownDefect("Bun", "oven-sh/bun#33001")],
                script,
                events
            )
        }
    }
}

extension [UInt8] {
    /// The place behind the first 00 00 FF FF.
    fileprivate var firstTail: Int {
        indices.first { self[$0...].starts(with: [0x00, 0x00, 0xFF, 0xFF]) }.map { $0 + 4 } ?? count
    }
}
