import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frames that a client sends without a mask.
    package enum Masking {
        /// A text message.
        static let unmaskedText = unmasked("text", FrameToSend(.text, .text("Hello, world!"), masking: .none))

        /// A binary message.
        static let unmaskedBinary = unmasked(
            "binary",
            FrameToSend(.binary, .octets([0x00, 0xFF, 0xFE, 0xFD]), masking: .none)
        )

        /// A Ping, whose Pong would show that it was read.
        static let unmaskedPing = unmasked("ping", FrameToSend(.ping, .text("unmasked"), masking: .none))

        /// A Close frame; an answer with 1000 looks the same as closing over the missing mask.
        static let unmaskedClose = unmasked("close", FrameToSend(.close, .closeBody(1000), masking: .none))

        /// An empty text, which has nothing to mask.
        static let unmaskedEmptyText = unmasked("empty text", FrameToSend(.text, masking: .none))

        /// A Pong, which calls for no answer.
        static let unmaskedPong = unmasked("pong", FrameToSend(.pong, .text("unmasked"), masking: .none))

        /// The last fragment of a message that began with a mask.
        static let unmaskedContinuation = unmasked(
            "continuation",
            FrameToSend(.continuation, .text("fragment2"), masking: .none),
            after: FrameToSend(.text, .text("fragment1"), fin: false)
        )

        /// The first of these with a probe behind it.
        static let unmaskedTextProbe: Scenario = {
            var scenario = unmaskedText.probe()
            scenario.closing = .failsUnmasked([.answersProbe])
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            unmaskedText, unmaskedBinary, unmaskedPing, unmaskedClose, unmaskedContinuation, unmaskedEmptyText,
            unmaskedPong, unmaskedTextProbe,
        ]

        private static func unmasked(
            _ name: String,
            _ frame: FrameToSend,
            after first: FrameToSend? = nil
        ) -> Scenario {
            Scenario(
                id: "masking/unmasked-" + name.replacing(" ", with: "-"),
                title: "Unmasked \(name) frame from a client",
                requirements: ["RFC6455-5.1-03", "RFC6455-5.1-04", "RFC6455-10.7-01"],
                targets: [.server],
                needs: .nothing,
                // A first fragment with a mask stands before the continuation alone.
                chapter: first == nil ? "MSK-01" : "MSK-02",
                script: [first, frame].compactMap { $0.map { .send($0) } },
                conclusion: .peerFails(lateBarrier: true),
                behaviour: [
                    .conforms(.events([])),
                    .violates(
                        .anything,
                        "answered a frame without a mask instead of closing (RFC 6455, 5.1)",
                        cites: "RFC6455-5.1-03"
                    ),
                ],
                closing: frame.opcode == .close ? .failsUnmasked().ofOurClose : .failsUnmasked()
            )
        }
    }
}
