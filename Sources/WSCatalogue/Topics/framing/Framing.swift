import WSProtocol
package import WSScenario

extension Catalogue {
    /// Unfragmented messages on both sides of the borders between the three forms of the length.
    package enum Framing {
        /// Messages of one frame, then one cut into writes, as in Autobahn's 1.1 and 1.2.
        static func messages(_ opcode: Opcode, of unit: UInt8, autobahn section: String) -> [Scenario] {
            let whole = lengths.enumerated().map { index, length in
                message(
                    "framing/\(opcode.name)/\(length)-octets",
                    "One \(opcode.name) frame of \(length) octets",
                    FrameToSend(opcode, .repeating(unit: [unit], length: length)),
                    autobahn: "\(section).\(index + 1)"
                )
            }
            let length = 65_536
            let cut = message(
                "framing/\(opcode.name)/\(length)-octets-in-997-octet-writes",
                "One \(opcode.name) frame of \(length) octets, written 997 octets at a time",
                FrameToSend(opcode, .repeating(unit: [unit], length: length), pacing: .pieces(997)),
                autobahn: "\(section).8"
            )
            return whole + [cut]
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            messages(.text, of: UInt8(ascii: "*"), autobahn: "1.1") + messages(.binary, of: 0xFE, autobahn: "1.2")

        private static let lengths = [0, 125, 126, 127, 128, 65_535, 65_536]

        private static func message(
            _ id: String,
            _ title: String,
            _ frame: FrameToSend,
            autobahn number: String
        ) -> Scenario {
            let length = frame.payload.count
            let echo = [ExpectedEvent.message(frame.opcode, frame.payload)]
            let form =
                switch length {
                case ...125: "RFC6455-5.2-06"
                case ...65_535: "RFC6455-5.2-07"
                default: "RFC6455-5.2-08"
                }
            return Scenario(
                id: id,
                title: title,
                requirements: [
                    "RFC6455-6.2-01", form, "RFC6455-5.4-10", "RFC6455-5.3-05", "RFC6455-6.2-06", "RFC6455-6.1-05",
                    "RFC6455-6.1-03", "RFC6455-6.1-06", "RFC6455-6.1-09", "RFC6455-5.2-01", "RFC6455-5.3-06",
                ] + (frame.opcode == .binary ? ["RFC6455-5.6-03"] : []) + (length == 0 ? ["RFC6455-5.2-12"] : [])
                    // A peer that cuts its messages into fragments cuts the long ones.
                    + (length > 65_535 ? ["RFC6455-6.1-04"] : []),
                needs: .echo,
                // Autobahn gives ten seconds from 65535 octets on.
                autobahn: .answered(number, echo, .kill(milliseconds: length < 65_535 ? 1000 : 10_000)),
                script: [.send(frame)],
                conclusion: .closeWhenComplete,
                behaviour: .answers(echo),
                closing: .answersNormalClose
            )
        }
    }
}
