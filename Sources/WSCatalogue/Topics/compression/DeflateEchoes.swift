import WSProtocol
package import WSScenario

extension Catalogue {
    /// Messages that make the peer compress, for the rules over every conversation to look at.
    package enum DeflateEchoes {
        /// Text that compresses.
        static let text = Scenario.keepingTo(
            "sent/text",
            "Texts that compress well, where compression is in use",
            "PMD-34",
            sending + ["RFC7692-6.1-04", "RFC7692-6.1-07", "RFC7692-5-16"],
            [RepeatingText.sentences, .repeating(unit: RepeatingText.letters(300, seed: 34), length: 8192)]
        )

        /// Control frames beside compressed messages.
        static let controls: Scenario = {
            let message = RepeatingText.sentences
            var scenario = Scenario.keepingTo(
                "sent/text-and-pings",
                "A Ping of repeated octets before and behind a text that compresses well",
                "PMD-35",
                ["RFC7692-6.1-03", "RFC7692-6-01", "RFC6455-5.5.2-02"],
                [message]
            )
            let ping = { Payload.repeating($0, length: 125) }
            scenario.script =
                [.send(FrameToSend(.ping, ping("a")))] + scenario.script + [.send(FrameToSend(.ping, ping("b")))]
            scenario.behaviour = .answersWithPongs([.pong(ping("a")), .message(.text, message), .pong(ping("b"))])
            return scenario
        }()

        /// Echoes that follow each other: the same text, one that compresses not at all, and both.
        static let repeated: [Scenario] = [
            ("same-text", "The same text four times", [sentences, sentences, sentences, sentences]),
            (
                "noise-between", "Octets that repeat, some in which nothing does, and the first again",
                [sentences, noise, sentences]
            ),
        ].map { slug, phrase, messages in
            Scenario.keepingTo(
                "sent/\(slug)",
                "\(phrase), where compression is in use",
                "PMD-44",
                sending + ["RFC7692-7.2.3-01"],
                opcode: .binary,
                references: [KnownDefect("sockudo-ws", "sockudo/sockudo-ws#14")],
                messages
            )
        }

        /// Octets in which nothing repeats, with lengths around those of buffers.
        static func incompressible() -> [Scenario] {
            [1, 4, 16, 64].map { count in
                let size = count * 1024
                // Behind 33,000 octets they may come again: no window reaches so far.
                let noise = RepeatingText.noise(min(size + 16, 33_000), seed: 46)
                let places = count < 16 ? [-16, -5, -4, -1, 0, 1, 4, 5, 16] : count == 16 ? [-16, 0, 16] : [-16, 16]
                return Scenario.keepingTo(
                    "sent/noise-around-\(count)-kib",
                    "Binary messages of about \(count) KiB in which nothing repeats, where compression is in use",
                    "PMD-46",
                    sending,
                    opcode: .binary,
                    references: [KnownDefect("libwebsockets", "warmcat/libwebsockets#1413")],
                    places.map { .repeating(unit: noise, length: size + $0) }
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = [text, controls] + repeated + incompressible()

        private static let sending = [
            "RFC7692-7.2.1-03", "RFC7692-7.2.1-02", "RFC7692-6.1-01", "RFC7692-6.1-02", "RFC7692-7.2.1-01",
        ]
        private static let sentences = RepeatingText.sentences
        private static let noise = Payload.octets(RepeatingText.noise(2000, seed: 44))
    }
}
