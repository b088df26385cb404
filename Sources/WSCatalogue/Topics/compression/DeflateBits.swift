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
        static func onControlFrames() -> [Scenario] {
            let frames: [(opcode: Opcode, name: String, payload: Payload)] = [
                (.ping, "Ping", .text("reserved bit")), (.pong, "Pong", .text("reserved bit")),
                (.close, "Close", .closeBody(1000)),
            ]
            return frames.flatMap { opcode, name, payload in
                [false, true].map { isInside in
                    Scenario.refusedCompressed(
                        "rsv1-\(opcode.name)" + (isInside ? "-inside-message" : ""),
                        "\(name) with RSV1" + (isInside ? " behind the first fragment of a compressed text" : "")
                            + " where compression is in use",
                        "PMD-18",
                        .failing("RFC7692-6.1-05") + ["RFC6455-5.2-03"],
                        (isInside ? [CompressedMessage.hello.frames(cutAt: [3])[0]] : [])
                            + [FrameToSend(opcode, payload, rsv: 4)],
                        closing: opcode == .close
                            ? .failsOverMalformedClose(over: "RFC7692-6.1-05") : .fails(with: 1002)
                    )
                }
            }
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
        package static let all: [Scenario] = onContinuation() + onControlFrames() + others()
    }
}
