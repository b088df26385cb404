import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Compressed messages in one write with others, with control frames and with Close.
    package enum DeflateBursts {
        /// Messages of all kinds and sizes, and Pings between them.
        static let mixed: Scenario = {
            var script: [Step] = []
            var events: [ExpectedEvent] = []
            for (index, message) in sizes.enumerated() {
                let plain = Payload.text("uncompressed \(index)")
                let ping = Payload.text("ping \(index)")
                script += [message.step, .send(FrameToSend(.ping, ping)), .send(FrameToSend(.text, plain))]
                events += [message.echo, .pong(ping), .message(.text, plain)]
            }
            return burst(
                "burst-of-all-kinds",
                "Compressed texts of 0 to 70,000 octets, uncompressed ones and Pings in one write",
                script,
                events
            )
        }()

        /// A burst of messages that refer to each other.
        static let context: Scenario = {
            let messages =
                [CompressedMessage.hello]
                + (1...50).map { index in
                    CompressedMessage(.text("Hello\(index % 10)")) {
                        $0.appendFixed([
                            .match(length: 5, distance: index == 1 ? 5 : 6), .literal(UInt8(0x30 + index % 10)),
                        ])
                    }
                }
            var scenario = burst(
                "burst-with-context",
                "Fifty compressed texts in one write, each of which refers to the one before",
                messages.map(\.step),
                messages.map(\.echo)
            )
            scenario.compression?.keepsContext = true
            scenario.requirements.append("RFC7692-7.2.2-05")
            return scenario
        }()

        /// Close behind compressed messages, in the same write.
        static let closing: [Scenario] = [
            ("one", "one compressed text", [CompressedMessage.hello]),
            ("ten", "ten compressed texts", (0..<10).map { CompressedMessage.fixed("message \($0)") }),
        ].map { slug, phrase, messages in
            let echoes = messages.map(\.echo)
            return Scenario(
                id: "compression/close-behind-\(slug)",
                title: "Close 1000 in one write with \(phrase)",
                requirements: ["RFC6455-5.5.1-07", "RFC6455-5.5.1-06", "RFC7692-6.2-01", "RFC6455-5.5.1-10"],
                needs: .echo,
                chapter: "PMD-42",
                references: [KnownDefect("websocket-driver", "faye/websocket-driver-node#11")],
                compression: CompressionNeed(),
                opening: .negotiating(CompressionOpening()),
                script: messages.map(\.step) + [.startClosingHandshake(body: .closeBody(1000))],
                conclusion: .awaitEnd,
                behaviour: [
                    .conforms(.events(echoes)),
                    .informational(
                        .someOf(echoes),
                        "left out echoes of messages before a Close frame, which no rule has sent before the answer to "
                            + "it (RFC 6455, 5.5.1)",
                        cites: "RFC6455-5.5.1-10"
                    ),
                ],
                closing: .answersNormalClose
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = [mixed, context] + closing

        private static let sizes = [0, 1, 5, 125, 126, 300, 4096, 65_535, 70_000].map { length in
            CompressedMessage(.repeating("s", length: length)) { writer in
                guard length > 0 else { return }
                writer.appendFixed([.literal(0x73)] + .run(of: length - 1))
            }
        }

        private static func burst(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            _ events: [ExpectedEvent]
        ) -> Scenario {
            Scenario.inflated(
                slug,
                title,
                "PMD-41",
                ["RFC6455-5.4-08", "RFC7692-6.2-02"],
                references: [
                    KnownDefect("uWebSockets", "uNetworking/uWebSockets#1650"), KnownDefect("ws", "websockets/ws#594"),
                ],
                script,
                events
            )
        }
    }
}
