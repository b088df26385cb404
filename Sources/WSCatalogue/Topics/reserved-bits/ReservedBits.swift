import WSProtocol
package import WSScenario

extension Catalogue {
    /// Reserved bits that no extension has given a meaning.
    package enum ReservedBits {
        /// RSV3 on a text frame.
        static let rsv3Text = alone(
            "reserved-bits/rsv3-text",
            "Text frame with RSV3",
            FrameToSend(.text, greeting, rsv: 1),
            autobahn: "3.1",
            chapter: "CLO-20"
        )

        /// RSV2 on the second of two text frames.
        static let rsv2AfterText = afterText(
            "reserved-bits/rsv2-after-text",
            "Text, text with RSV2 and Ping in one write",
            rsv: 2,
            pacing: .together,
            autobahn: "3.2"
        )

        /// RSV2 and RSV3 on the second of two text frames, and a Ping in a write of its own.
        ///
        /// Autobahn asks for a write for each frame, but the first two leave its stack in one segment. Apart it would
        /// be a matter of microseconds whether a server has answered the first when it reads the second.
        static let rsv2rsv3AfterText = afterText(
            "reserved-bits/rsv2-rsv3-after-text-frame-wise",
            "Text and text with RSV2 and RSV3 in one write, Ping in the next",
            rsv: 3,
            pacing: .together,
            pingPacing: .separately,
            autobahn: "3.3"
        )

        /// RSV1 on the second of two text frames, an octet at a time.
        static let rsv1AfterText = afterText(
            "reserved-bits/rsv1-after-text-octet-wise",
            "Text, text with RSV1 and Ping, written one octet at a time",
            rsv: 4,
            pacing: .pieces(1),
            autobahn: "3.4"
        )

        /// RSV1 and RSV3 on a binary frame.
        static let rsv1rsv3Binary = alone(
            "reserved-bits/rsv1-rsv3-binary",
            "Binary frame with RSV1 and RSV3",
            FrameToSend(.binary, .octets([0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF]), rsv: 5),
            autobahn: "3.5"
        )

        /// RSV1 and RSV2 on a binary frame.
        static let rsv1rsv2Binary = alone(
            "reserved-bits/rsv1-rsv2-binary",
            "Binary frame with RSV1 and RSV2",
            FrameToSend(.binary, greeting, rsv: 6),
            autobahn: "3.6"
        )

        /// All three on a Close frame.
        static let allOnClose = alone(
            "reserved-bits/rsv1-rsv2-rsv3-close",
            "Close frame with all three reserved bits",
            FrameToSend(.close, rsv: 7),
            autobahn: "3.7",
            closing: .failsOverMalformedClose(over: "RFC6455-5.2-03")
        )

        /// Each reserved bit on each control frame, alone and inside a message.
        static func onControlFrames() -> [Scenario] {
            let frames: [(opcode: Opcode, name: String, payload: Payload)] = [
                (.ping, "Ping", .text("reserved bit")), (.pong, "Pong", .text("reserved bit")),
                (.close, "Close", .closeBody(1000)),
            ]
            return frames.flatMap { opcode, name, payload in
                [(1, UInt8(4)), (2, 2), (3, 1)].flatMap { number, bit in
                    [false, true].map { isInside in
                        let start = [FrameToSend(.text, .text("fragment1"), fin: false)]
                        return Scenario.violation(
                            "reserved-bits/rsv\(number)-\(opcode.name)" + (isInside ? "-inside-message" : ""),
                            "\(name) with RSV\(number)" + (isInside ? " behind the first fragment of a text" : ""),
                            "RFC6455-5.2-03",
                            (isInside ? start : []) + [FrameToSend(opcode, payload, rsv: bit)],
                            chapter: "CTL-07",
                            closing: opcode == .close
                                ? .failsOverMalformedClose(over: "RFC6455-5.2-03") : .fails(with: 1002)
                        )
                    }
                }
            }
        }

        /// Each reserved bit on the second fragment of a text.
        static func onContinuation() -> [Scenario] {
            [(1, UInt8(4)), (2, 2), (3, 1)].map { number, bit in
                Scenario.violation(
                    "reserved-bits/rsv\(number)-continuation",
                    "Text in two fragments, the second with RSV\(number)",
                    "RFC6455-5.2-03",
                    [
                        FrameToSend(.text, .text("fragment1"), fin: false),
                        FrameToSend(.continuation, .text("fragment2"), rsv: bit),
                    ],
                    chapter: "FRG-02"
                )
            }
        }

        /// RSV3 on a text frame, with a probe behind it.
        static let rsv3TextProbe = rsv3Text.probe()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [
                rsv3Text, rsv2AfterText, rsv2rsv3AfterText, rsv1AfterText, rsv1rsv3Binary, rsv1rsv2Binary, allOnClose,
                rsv3TextProbe,
            ] + onControlFrames() + onContinuation()

        private static let greeting = Payload.text("Hello, world!")

        private static func alone(
            _ id: String,
            _ title: String,
            _ frame: FrameToSend,
            autobahn number: String,
            chapter: String? = nil,
            closing: [Outcome<ClosingPattern>] = .fails(with: 1002)
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: .failing("RFC6455-5.2-03") + ["IANA-rsv-01"],
                needs: .nothing,
                autobahn: .failed(number),
                chapter: chapter,
                script: [.send(frame)],
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .fails,
                closing: closing
            )
        }

        private static func afterText(
            _ id: String,
            _ title: String,
            rsv: UInt8,
            pacing: WritePacing,
            pingPacing: WritePacing? = nil,
            autobahn number: String
        ) -> Scenario {
            let echo = [ExpectedEvent.message(.text, greeting)]
            return Scenario(
                id: id,
                title: title,
                requirements: .failing("RFC6455-5.2-03") + ["IANA-rsv-01"],
                needs: .echo,
                autobahn: .failed(number, after: echo),
                script: [
                    .send(FrameToSend(.text, greeting, pacing: pacing)),
                    .send(FrameToSend(.text, greeting, rsv: rsv, pacing: pacing)),
                    .send(FrameToSend(.ping, pacing: pingPacing ?? pacing)),
                ],
                conclusion: .peerFails(lateBarrier: false),
                behaviour: .fails(after: echo),
                closing: .fails(with: 1002)
            )
        }
    }
}
