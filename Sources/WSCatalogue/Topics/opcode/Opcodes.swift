import WSProtocol
package import WSScenario

extension Catalogue {
    /// Opcodes without a meaning.
    package enum Opcodes {
        /// The first reserved opcode of a data frame, without a payload.
        static let reserved3 = alone(3, .empty, autobahn: "4.1.1")
        /// A reserved opcode of a data frame, with a payload.
        static let reserved4 = alone(4, payload, autobahn: "4.1.2")
        /// Text, a reserved opcode and a Ping in one write.
        static let reserved5 = afterText(5, .empty, autobahn: "4.1.3")
        /// The same with a payload.
        static let reserved6 = afterText(6, greeting, autobahn: "4.1.4")
        /// The same with a payload, an octet at a time.
        static let reserved7 = afterText(7, greeting, pacing: .pieces(1), autobahn: "4.1.5")
        /// The first reserved opcode of a control frame, without a payload.
        static let reserved11 = alone(11, .empty, autobahn: "4.2.1")
        /// A reserved opcode of a control frame, with a payload.
        static let reserved12 = alone(12, payload, autobahn: "4.2.2")
        /// Text, a reserved opcode and a Ping in one write.
        static let reserved13 = afterText(13, .empty, autobahn: "4.2.3")
        /// The same with a payload.
        static let reserved14 = afterText(14, greeting, autobahn: "4.2.4")
        /// The same with a payload, an octet at a time.
        static let reserved15 = afterText(15, greeting, pacing: .pieces(1), autobahn: "4.2.5")

        /// Reserved opcodes of control frames inside a message.
        static func reservedOpcodesInsideMessage() -> [Scenario] {
            (11...15).map { opcode in
                Scenario.violation(
                    "opcode/reserved-\(opcode)-inside-message",
                    "Frame with reserved opcode \(opcode) behind the first fragment of a text",
                    "RFC6455-5.2-05",
                    [
                        FrameToSend(.text, .text("fragment1"), fin: false),
                        FrameToSend(Opcode(rawValue: opcode), .text("reserved")),
                    ],
                    chapter: "CTL-08"
                )
            }
        }

        /// A frame of a reserved opcode that is not final.
        static let reservedNotFinal = Scenario.violation(
            "opcode/reserved-13-not-final",
            "Frame with reserved opcode 13 without FIN",
            "RFC6455-5.2-05",
            [FrameToSend(Opcode(rawValue: 13), .text("reserved"), fin: false)],
            chapter: "CTL-08"
        )

        /// A frame of a reserved opcode that is too long for a control frame.
        static let reservedTooLong = Scenario.violation(
            "opcode/reserved-14-126-octets",
            "Frame with reserved opcode 14 and a payload of 126 octets",
            "RFC6455-5.2-05",
            [FrameToSend(Opcode(rawValue: 14), .repeating(unit: [0xFE], length: 126))],
            chapter: "CTL-08"
        )

        /// A reserved opcode of a data frame where a continuation should be.
        static let reserved3InsideMessage = Scenario.violation(
            "opcode/reserved-3-inside-message",
            "Frame with reserved opcode 3 where a continuation should be",
            "RFC6455-5.2-05",
            [
                FrameToSend(.text, .text("fragment1"), fin: false),
                FrameToSend(Opcode(rawValue: 3), .text("fragment2")),
            ],
            chapter: "FRG-02"
        )

        /// The first reserved opcode of either kind, with a probe behind it.
        static let probes: [Scenario] = [reserved3.probe(), reserved11.probe()]

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [
                reserved3, reserved4, reserved5, reserved6, reserved7,
                reserved11, reserved12, reserved13, reserved14, reserved15,
                reservedNotFinal, reservedTooLong, reserved3InsideMessage,
            ] + reservedOpcodesInsideMessage() + probes

        private static let greeting = Payload.text("Hello, world!")
        private static let payload = Payload.text("reserved opcode payload")

        private static func alone(_ opcode: UInt8, _ payload: Payload, autobahn number: String) -> Scenario {
            Scenario(
                id: "opcode/reserved-\(opcode)",
                title: "Frame with reserved opcode \(opcode)" + (payload.count == 0 ? "" : " and a payload"),
                requirements: .failing("RFC6455-5.2-05") + ["IANA-opcode-01"],
                needs: .nothing,
                autobahn: .failed(number),
                script: [.send(FrameToSend(Opcode(rawValue: opcode), payload))],
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .fails,
                closing: .fails(with: 1002)
            )
        }

        private static func afterText(
            _ opcode: UInt8,
            _ payload: Payload,
            pacing: WritePacing = .together,
            autobahn number: String
        ) -> Scenario {
            let echo = [ExpectedEvent.message(.text, greeting)]
            let isWhole = pacing == .together
            return Scenario(
                id: "opcode/reserved-\(opcode)-after-text" + (isWhole ? "" : "-octet-wise"),
                title: "Text, a frame with reserved opcode \(opcode) and Ping, "
                    + (isWhole ? "in one write" : "written one octet at a time"),
                requirements: .failing("RFC6455-5.2-05") + ["IANA-opcode-01"],
                needs: .echo,
                autobahn: .failed(number, after: echo),
                script: [
                    .send(FrameToSend(.text, greeting, pacing: pacing)),
                    .send(FrameToSend(Opcode(rawValue: opcode), payload, pacing: pacing)),
                    .send(FrameToSend(.ping, pacing: pacing)),
                ],
                conclusion: .peerFails(lateBarrier: false),
                behaviour: .fails(after: echo),
                closing: .fails(with: 1002)
            )
        }
    }
}
