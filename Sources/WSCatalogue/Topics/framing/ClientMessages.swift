import WSProtocol
package import WSScenario

extension Catalogue {
    /// Messages that a client sends because its application asks for it, and not as an echo.
    package enum ClientMessages {
        /// Texts and a binary message.
        static let messages: [Scenario] = [
            (
                "text", "Text", ClientAction.sendText("of its own"),
                ExpectedEvent.message(.text, .text("of its own"))
            ),
            ("empty-text", "Empty text", .sendText(""), .message(.text, .empty)),
            (
                "text-above-ascii", "Text above ascii", .sendText("κόσμε €𐍈"),
                .message(.text, .text("κόσμε €𐍈"))
            ),
            (
                "binary", "Binary", .sendBinary([0x00, 0xFF, 0x80]),
                .message(.binary, .octets([0x00, 0xFF, 0x80]))
            ),
        ].map { slug, name, action, event in
            Scenario(
                id: "framing/client-sends-\(slug)",
                title: "\(name) that the client sends of its own accord",
                requirements: [
                    "RFC6455-6.1-05", "RFC6455-6.1-03", "RFC6455-6.1-07", "RFC6455-6.1-09", "RFC6455-5.1-08",
                ],
                targets: [.client],
                needs: .nothing,
                driver: .action(action),
                chapter: "MSK-08",
                script: [],
                conclusion: .closeWhenComplete,
                behaviour: [.conforms(.events([event]))],
                closing: .answersNormalClose
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = messages
    }
}
