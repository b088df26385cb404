import WSProtocol
package import WSScenario

extension Catalogue {
    /// Reserved bits on a connection that has agreed on permessage-deflate.
    package enum DeflateBits {
        /// RSV1 on the second fragment, which only the first one may have.
        static func onContinuation() -> [Scenario] {
            [true, false].flatMap { isCompressed in
                [true, false].map { isFinal in
                    let message = CompressedMessage.hello
                    let start =
                        isCompressed
                        ? message.frames(cutAt: [3])[0] : FrameToSend(.text, .text("Hel"), fin: false)
                    let middle = Array(isFinal ? message.payload[3...] : message.payload[3..<6])
                    let last = Payload.octets(isCompressed ? Array(message.payload[6...]) : [])
                    return Scenario.refusedCompressed(
                        "rsv1-continuation" + (isCompressed ? "" : "-uncompressed") + (isFinal ? "" : "-not-final"),
                        "\(isCompressed ? "Compressed" : "Uncompressed") text whose \(isFinal ? "last" : "middle") fragment has RSV1",
                        "PMD-17",
                        .failing("RFC7692-6.1-06") + ["RFC6455-5.2-03"],
                        [
                            start,
                            FrameToSend(
                                .continuation,
                                isCompressed ? .octets(middle) : .text("lo"),
                                fin: isFinal,
                                rsv: 4
                            ),
                        ] + (isFinal ? [] : [FrameToSend(.continuation, last)])
                    )
                }
            }
        }

        /// RSV1 on each control frame, alone and inside a compressed message.
        ///
        /// What inflates the payload of a control frame is caught with one that can be inflated.
        static func onControlFrames() -> [Scenario] {
            let deflated = Payload.octets(CompressedMessage.hello.payload)
            let frames: [(slug: String, opcode: Opcode, name: String, payload: Payload)] = [
                ("ping", .ping, "Ping", deflated), ("pong", .pong, "Pong", deflated),
                ("close", .close, "Close", .closeBody(1000)),
            ]
            let others: [(slug: String, opcode: Opcode, name: String, payload: Payload)] = [
                ("ping-not-deflated", .ping, "Ping whose payload is no DEFLATE data,", .text("reserved bit")),
                ("pong-not-deflated", .pong, "Pong whose payload is no DEFLATE data,", .text("reserved bit")),
                ("ping-empty", .ping, "Ping without a payload,", .empty),
            ]
            let alone = (frames + others).map { onControlFrame($0.slug, $0.opcode, $0.name, $0.payload) }
            return alone + frames.map { onControlFrame($0.slug, $0.opcode, $0.name, $0.payload, isInside: true) }
        }

        /// A Ping with RSV1 and an uncompressed message whose octets could be inflated.
        static let beforeUncompressed = Scenario.refusedCompressed(
            "rsv1-ping-then-uncompressed",
            "Ping with RSV1, and an uncompressed binary message of DEFLATE data",
            "PMD-18",
            .failing("RFC7692-6.1-05") + ["RFC6455-5.2-03"],
            references: [KnownDefect("Bun", "oven-sh/bun#33001")],
            [
                FrameToSend(.ping, rsv: 4),
                FrameToSend(.binary, .octets(CompressedMessage.hello.payload)),
            ]
        )

        private static func onControlFrame(
            _ slug: String,
            _ opcode: Opcode,
            _ name: String,
            _ payload: Payload,
            isInside: Bool = false
        ) -> Scenario {
            .refusedCompressed(
                "rsv1-\(slug)" + (isInside ? "-inside-message" : ""),
                "\(name) with RSV1" + (isInside ? " behind the first fragment of a compressed text" : "")
                    + " where compression is in use",
                "PMD-18",
                .failing("RFC7692-6.1-05") + ["RFC6455-5.2-03"],
                (isInside ? [CompressedMessage.hello.frames(cutAt: [3])[0]] : [])
                    + [FrameToSend(opcode, payload, rsv: 4)],
                closing: opcode == .close ? .failsOverMalformedClose(over: "RFC7692-6.1-05") : .fails(with: 1002)
            )
        }

        /// The bits that the extension leaves alone.
        static func others() -> [Scenario] {
            [(2, "rsv2", "RSV2"), (1, "rsv3", "RSV3"), (6, "rsv1-rsv2", "RSV1 and RSV2")].map { bits, slug, name in
                let message = CompressedMessage.hello
                let payload: Payload = bits & 4 != 0 ? .octets(message.payload) : message.content
                return Scenario.refusedCompressed(
                    "\(slug)-text",
                    "Text with \(name) where compression is in use",
                    "PMD-19",
                    .failing("RFC6455-5.2-03") + ["RFC6455-5.2-04"],
                    [FrameToSend(.text, payload, rsv: UInt8(bits))]
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = onContinuation() + onControlFrames() + [beforeUncompressed] + others()
    }
}
