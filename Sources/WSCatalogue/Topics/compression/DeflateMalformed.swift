import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Payloads that are not DEFLATE, and those about whose end the text is silent.
    package enum DeflateMalformed {
        /// Blocks that no inflater can read.
        static let blocks: [Scenario] = [
            (.reservedBlockType, "block of the type 11"), (.lengthCheck, "stored block whose length fails its check"),
            (.distanceBeforeStart, "reference to an octet before the first one"),
            (.oversubscribedLiterals, "block with more codes than there can be"),
            (.literal286, "block with the symbol 286, which never occurs"),
        ].map { (defect: DeflateDefect, phrase: String) in
            refused(defect.rawValue, "Compressed binary message with a \(phrase)", malformed(defect))
        }

        /// Octets at random, in which block type 11 comes first.
        static let noise = refused(
            "random-octets",
            "Compressed binary message of a hundred random octets",
            [0x07] + RepeatingText.noise(99, seed: 30)
        )

        /// A message that ends in the middle of a stored block, of which no more comes.
        static let truncatedStored: Scenario = {
            var scenario = Scenario.refusedCompressed(
                "truncated-stored-block",
                "Compressed binary message that ends inside a stored block",
                "PMD-31",
                .failing("RFC7692-7.2.2-11"),
                [FrameToSend(.binary, .octets([0x00, 0x40, 0x00, 0xBF, 0xFF, 0x48, 0x65]), rsv: 4)],
                closing: .failsInflating
            )
            scenario.behaviour = [
                .conforms(.events([])),
                .violates(
                    .anything,
                    "delivered a message whose stored block announces more octets than there are (RFC 7692, 7.2.2)",
                    cites: "RFC7692-7.2.2-11"
                ).because(.deliveredIncomplete),
            ]
            return scenario
        }()

        /// A message that ends inside a symbol, and one that refers to its content.
        static let truncatedSymbol = Scenario.leftOpenCompressed(
            "truncated-inside-a-symbol",
            "Compressed text that ends inside a symbol, and a text that refers to it",
            "PMD-31",
            ["RFC7692-7.2.2-11"],
            need: CompressionNeed(keepsContext: true),
            [
                .send(FrameToSend(.text, .octets([0xF2, 0x48, 0xCD, 0xC9]), rsv: 4)),
                .send(FrameToSend(.text, .octets([0xF2, 0x00, 0x11, 0x00, 0x00]), rsv: 4)),
            ],
            good: [],
            "did not fail the connection over a message that ends inside a symbol; the text has no word on it "
                + "(RFC 7692, 7.2.2)"
        )

        /// A message without the octet that the tail completes.
        static let noPayload = Scenario.leftOpenCompressed(
            "no-payload",
            "Compressed text without any payload, and a text behind it",
            "PMD-24",
            ["RFC7692-7.2.2-01", "RFC7692-7.2.1-03"],
            [.send(FrameToSend(.text, .empty, rsv: 4)), CompressedMessage.hello.step],
            good: [.message(.text, .empty), CompressedMessage.hello.echo],
            "a message without any octet of DEFLATE is not what 7.2.1 has a sender make, and no text says what to make "
                + "of it (RFC 7692, 7.2.1)"
        )

        /// A block with BFINAL set and nothing behind it.
        static let finalAlone: [Scenario] = [
            ("empty-final-block-alone", [0x03, 0x00], "an empty block", [], Payload.empty),
            (
                "final-block-alone", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "a block",
                [KnownDefect("OkHttp", "square/okhttp#8078")], .text("Hello")
            ),
        ].map { slug, payload, phrase, defects, content in
            Scenario.leftOpenCompressed(
                slug,
                "Compressed text of \(phrase) with BFINAL set and no octet 00 behind it, and another text",
                "PMD-23",
                ["RFC7692-7.2.2-01", "RFC7692-7.2.1-03"],
                references: defects,
                [.send(FrameToSend(.text, .octets(payload), rsv: 4)), CompressedMessage.hello.step],
                good: [.message(.text, content), CompressedMessage.hello.echo],
                leavesTail
            )
        }

        /// A block with BFINAL set and octets behind it that are none.
        static let finalAndJunk = Scenario.leftOpenCompressed(
            "final-block-and-junk",
            "Compressed text of a block with BFINAL set and five octets of nothing behind it, and another text",
            "PMD-23",
            ["RFC7692-7.2.2-01", "RFC7692-7.2.1-03"],
            references: [KnownDefect("OkHttp", "square/okhttp#8136")],
            [
                .send(
                    FrameToSend(
                        .text,
                        .octets([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
                        rsv: 4
                    )
                ), CompressedMessage.hello.step,
            ],
            good: [.message(.text, .text("Hello")), CompressedMessage.hello.echo],
            leavesTail
        )

        /// A message from which the tail was not removed, and one that refers to it.
        static let tailLeft = Scenario.leftOpenCompressed(
            "tail-left",
            "Compressed text whose tail was not removed, and a text that refers to it",
            "PMD-32",
            ["RFC7692-7.2.2-01", "RFC7692-7.2.1-03"],
            need: CompressionNeed(keepsContext: true),
            [
                .send(FrameToSend(.text, .octets(CompressedMessage.hello.payload + [0x00, 0x00, 0xFF, 0xFF]), rsv: 4)),
                .send(FrameToSend(.text, .octets([0xF2, 0x00, 0x11, 0x00, 0x00]), rsv: 4)),
            ],
            good: [.message(.text, .text("Hello")), .message(.text, .text("Hello"))],
            leavesTail
        )

        /// Content that is not UTF-8 once it is inflated.
        static let invalidText: Scenario = {
            var scenario = Scenario.refusedCompressed(
                "invalid-utf8",
                "Compressed text whose content is not UTF-8",
                "PMD-33",
                .failingText + ["RFC7692-6.1-08"],
                [CompressedMessage(.empty) { $0.appendFixed(DeflateSymbol.literals([0x48, 0xFF, 0xFE])) }.frame()],
                closing: .fails(with: 1007)
            )
            scenario.behaviour = [
                .conforms(.events([])),
                .violates(
                    .anything,
                    "answered a message whose text is not valid UTF-8 (RFC 6455, 8.1)",
                    cites: "RFC6455-8.1-01"
                ),
            ]
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            blocks + [
                noise, truncatedStored, truncatedSymbol, noPayload, finalAndJunk, tailLeft,
                invalidText,
            ] + finalAlone

        private static let leavesTail =
            "how a message ends, the text says to senders alone; what a receiver makes of another end, it leaves open "
            + "(RFC 7692, 7.2.1)"

        private static func malformed(_ defect: DeflateDefect) -> [UInt8] {
            var writer = DeflateWriter()
            _ = writer.append(defect)
            // More octets than any decoder reads ahead, so that none waits for the rest.
            return writer.octets + [UInt8](repeating: 0, count: 16)
        }

        private static func refused(_ slug: String, _ title: String, _ payload: [UInt8]) -> Scenario {
            Scenario.refusedCompressed(
                slug,
                title,
                "PMD-30",
                .failing("RFC7692-7.2.2-11"),
                [FrameToSend(.binary, .octets(payload), rsv: 4)],
                closing: .failsInflating
            )
        }
    }
}
