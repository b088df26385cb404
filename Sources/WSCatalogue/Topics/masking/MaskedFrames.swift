import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frames that a server sends with a mask, and the masking keys of a client.
    package enum MaskedFrames {
        /// A text message.
        static let text = masked("text", FrameToSend(.text, .text("Hello, world!"), masking: .fresh))

        /// A binary message.
        static let binary = masked("binary", FrameToSend(.binary, .octets([0x00, 0xFF, 0xFE]), masking: .fresh))

        /// A Ping, whose Pong would show that it was read.
        static let ping = masked("ping", FrameToSend(.ping, .text("masked"), masking: .fresh))

        /// A Pong, which calls for no answer.
        static let pong = masked("pong", FrameToSend(.pong, .text("masked"), masking: .fresh))

        /// A Close frame; the first octets of its key read as the code 1000.
        static let close = masked("close", FrameToSend(.close, .closeBody(1001), masking: .key(0x03E8_2121)))

        /// An empty text, which has nothing to unmask.
        static let empty = masked("empty text", FrameToSend(.text, masking: .fresh))

        /// A text with a key of zeros, which looks the same as without one.
        static let zeroKey = masked("text with a key of zeros", FrameToSend(.text, .text("Hello"), masking: .key(0)))

        /// The last fragment of a message that began without a mask.
        static let continuation = masked(
            "continuation",
            FrameToSend(.continuation, .text("fragment2"), masking: .fresh),
            after: FrameToSend(.text, .text("fragment1"), fin: false)
        )

        /// Pongs in such a number that their keys show how they are chosen.
        static let keys: [Scenario] = [(1000, "MSK-09", [] as [Scenario.Tag]), (4000, "MSK-10", [.slow])].map {
            count,
            line,
            tags in
            Scenario(
                id: "masking/keys-of-\(count)-pongs",
                title: "\(count) Pings, whose Pongs show how a client chooses its masking keys",
                requirements: [
                    "RFC6455-5.3-02", "RFC6455-5.3-03", "RFC6455-5.3-04", "RFC6455-10.3-01", "RFC6455-5.1-01",
                ],
                targets: [.client],
                needs: .nothing,
                tags: tags,
                chapter: line,
                script: [.sendRun(FrameRun(numbered: FrameToSend(.ping), count: count))],
                conclusion: .closeWhenComplete,
                behaviour: .pongs([.numberedPongs(count)]),
                closing: .answersNormalClose
            )
        }

        /// The same with messages, those of a length that nothing masks among them.
        static let keysOfEchoes = Scenario(
            id: "masking/keys-of-echoes",
            title: "Sixty messages, every third of them empty, whose echoes have masking keys of their own",
            requirements: [
                "RFC6455-5.3-02", "RFC6455-5.3-03", "RFC6455-5.3-04", "RFC6455-10.3-01", "RFC6455-5.2-14",
                "RFC6455-6.1-07", "RFC6455-5.3-01", "RFC6455-5.3-05",
            ],
            targets: [.client],
            needs: .echo,
            chapter: "MSK-09",
            script: messages.map { .send(FrameToSend(.text, $0)) },
            conclusion: .closeWhenComplete,
            behaviour: .answers(messages.map { .message(.text, $0) }),
            closing: .answersNormalClose
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [text, binary, ping, pong, close, empty, zeroKey, continuation] + keys + [keysOfEchoes]

        private static let messages = (0..<60).map { $0 % 3 == 0 ? Payload.empty : .text("the same") }

        private static func masked(
            _ name: String,
            _ frame: FrameToSend,
            after first: FrameToSend? = nil
        ) -> Scenario {
            Scenario(
                id: "masking/masked-" + name.replacing(" ", with: "-"),
                title: "Masked \(name) frame from a server".replacing("zeros frame", with: "zeros"),
                requirements: ["RFC6455-5.1-06", "RFC6455-5.1-07", "RFC6455-10.7-01"],
                targets: [.client],
                needs: .nothing,
                chapter: "MSK-07",
                script: [first, frame].compactMap { $0.map { .send($0) } },
                conclusion: .peerFails(lateBarrier: true),
                behaviour: [
                    .conforms(.events([])),
                    .violates(
                        .anything,
                        "answered a frame with a mask instead of closing (RFC 6455, 5.1)",
                        cites: "RFC6455-5.1-06"
                    ),
                ],
                closing: frame.opcode == .close ? .failsMasked.ofOurClose : .failsMasked
            )
        }
    }
}
