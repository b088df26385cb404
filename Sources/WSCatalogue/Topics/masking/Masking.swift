import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frames without a mask from a client, and frames with a mask from a server.
    package enum Masking {
        /// A text message.
        static let unmaskedText = refused(
            by: .server,
            "text",
            FrameToSend(.text, .text("Hello, world!"), masking: .none)
        )

        /// A binary message.
        static let unmaskedBinary = refused(
            by: .server,
            "binary",
            FrameToSend(.binary, .octets([0x00, 0xFF, 0xFE, 0xFD]), masking: .none)
        )

        /// A Ping, whose Pong would show that it was read.
        static let unmaskedPing = refused(by: .server, "ping", FrameToSend(.ping, .text("unmasked"), masking: .none))

        /// A Close frame; an answer with 1000 looks the same as closing over the missing mask.
        static let unmaskedClose = refused(by: .server, "close", FrameToSend(.close, .closeBody(1000), masking: .none))

        /// An empty text, which has nothing to mask.
        static let unmaskedEmptyText = refused(by: .server, "empty text", FrameToSend(.text, masking: .none))

        /// A Pong, which calls for no answer.
        static let unmaskedPong = refused(by: .server, "pong", FrameToSend(.pong, .text("unmasked"), masking: .none))

        /// The last fragment of a message that began with a mask.
        static let unmaskedContinuation = refused(
            by: .server,
            "continuation",
            FrameToSend(.continuation, .text("fragment2"), masking: .none),
            after: FrameToSend(.text, .text("fragment1"), fin: false),
            chapter: "MSK-02"
        )

        /// The text message without a mask, and a probe behind it.
        static let unmaskedTextProbe: Scenario = {
            var scenario = unmaskedText.probe()
            scenario.closing = .failsUnmasked([.answersProbe])
            return scenario
        }()

        /// A frame without a mask behind many that have one.
        static let unmaskedAfterPings = Scenario(
            id: "masking/unmasked-after-100-pings",
            title: "Unmasked Ping from a client behind a hundred masked ones",
            requirements: ["RFC6455-5.1-03", "RFC6455-5.1-04", "RFC6455-10.7-01"],
            targets: [.server],
            needs: .nothing,
            chapter: "MSK-02",
            script: [
                .sendRun(FrameRun(numbered: FrameToSend(.ping), count: 100)),
                .send(FrameToSend(.ping, .text("unmasked"), masking: .none)),
            ],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .fails(after: [.numberedPongs(100)]),
            closing: .failsUnmasked()
        )

        /// A text message with a mask.
        static let maskedText = refused(
            by: .client,
            "text",
            FrameToSend(.text, .text("Hello, world!"), masking: .fresh)
        )

        /// A binary message.
        static let maskedBinary = refused(
            by: .client,
            "binary",
            FrameToSend(.binary, .octets([0x00, 0xFF, 0xFE]), masking: .fresh)
        )

        /// A Ping, whose Pong would show that it was read.
        static let maskedPing = refused(by: .client, "ping", FrameToSend(.ping, .text("masked"), masking: .fresh))

        /// A Pong, which calls for no answer.
        static let maskedPong = refused(by: .client, "pong", FrameToSend(.pong, .text("masked"), masking: .fresh))

        /// A Close frame; the first octets of its key read as the code 1000.
        static let maskedClose = refused(
            by: .client,
            "close",
            FrameToSend(.close, .closeBody(1001), masking: .key(0x03E8_2121))
        )

        /// An empty text, which has nothing to unmask.
        static let maskedEmptyText = refused(by: .client, "empty text", FrameToSend(.text, masking: .fresh))

        /// A text with a key of zeros, which looks the same as without one.
        static let maskedWithZeros: Scenario = {
            var scenario = refused(
                by: .client,
                "text with a key of zeros",
                FrameToSend(.text, .text("Hello"), masking: .key(0))
            )
            scenario.title = "Masked text with a key of zeros from a server"
            return scenario
        }()

        /// The last fragment of a message that began without a mask.
        static let maskedContinuation = refused(
            by: .client,
            "continuation",
            FrameToSend(.continuation, .text("fragment2"), masking: .fresh),
            after: FrameToSend(.text, .text("fragment1"), fin: false)
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            unmaskedText, unmaskedTextProbe, unmaskedBinary, unmaskedPing, unmaskedClose, unmaskedContinuation,
            unmaskedEmptyText, unmaskedPong, unmaskedAfterPings, maskedText, maskedBinary, maskedPing, maskedPong,
            maskedClose, maskedEmptyText, maskedWithZeros, maskedContinuation,
        ]

        /// A frame with the wrong masking for the side that sends it, behind one with the right masking.
        private static func refused(
            by target: Role,
            _ name: String,
            _ frame: FrameToSend,
            after first: FrameToSend? = nil,
            chapter: String? = nil
        ) -> Scenario {
            let isMasked = target == .client
            let word = isMasked ? "masked" : "unmasked"
            let rule = isMasked ? "RFC6455-5.1-06" : "RFC6455-5.1-03"
            let closing: [Outcome<ClosingPattern>] = isMasked ? .failsMasked : .failsUnmasked()
            return Scenario(
                id: "masking/\(word)-" + name.replacing(" ", with: "-"),
                title: (isMasked ? "Masked" : "Unmasked") + " \(name) frame from a \(target.opposite)",
                requirements: [rule, isMasked ? "RFC6455-5.1-07" : "RFC6455-5.1-04", "RFC6455-10.7-01"],
                targets: [target],
                needs: .nothing,
                chapter: chapter ?? (isMasked ? "MSK-07" : "MSK-01"),
                script: [first, frame].compactMap { $0.map { .send($0) } },
                conclusion: .peerFails(lateBarrier: true),
                behaviour: [
                    .conforms(.events([])),
                    .violates(
                        .anything,
                        "answered a frame \(isMasked ? "with" : "without") a mask instead of closing (RFC 6455, 5.1)",
                        cites: rule
                    ),
                ],
                closing: frame.opcode == .close ? closing.ofOurClose : closing
            )
        }
    }
}
