import WSProtocol
package import WSScenario

extension Catalogue {
    /// Large messages, many fragments, many writes, many messages.
    package enum Limits {
        /// One message in one frame of growing size.
        static func single(_ kind: Kind) -> [Scenario] {
            [65_536, 262_144, 1_048_576, 4_194_304, 8_388_608, 16_777_216].enumerated().map { index, length in
                let payload = Payload.repeating(unit: kind.unit, length: length)
                return load(
                    "\(kind.name)/\(slug(length))",
                    "One \(kind.name) frame of \(size(length))",
                    ["RFC6455-6.2-01", "RFC6455-5.2-08", "RFC6455-5.4-10", "RFC6455-10.4-01", "RFC6455-7.4.1-09"],
                    "9.\(kind.series).\(index + 1)",
                    .send(FrameToSend(kind.opcode, payload)),
                    .message(kind.opcode, payload),
                    closeAfter: length > kind.lastWithShortDeadline ? 100 : 10
                )
            }
        }

        /// One message of 4 MiB in fragments of growing size.
        static func fragmented(_ kind: Kind) -> [Scenario] {
            let lengths = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304]
            return lengths.enumerated().map { index, length in
                let unit: UInt8 = kind.opcode == .binary && index == 0 ? 0xFE : UInt8(ascii: "*")
                let payload = Payload.repeating(unit: [unit], length: 4_194_304)
                return load(
                    "fragmented-\(kind.name)/\(slug(length))",
                    "4 MiB of \(kind.name) in fragments of \(size(length))",
                    ["RFC6455-5.4-10", "RFC6455-5.4-03", "RFC6455-5.4-06", "RFC6455-5.4-09", "RFC6455-10.4-01"],
                    "9.\(kind.series + 2).\(index + 1)",
                    .sendMessage(MessageToSend(kind.opcode, payload, fragmentLength: length)),
                    .message(kind.opcode, payload),
                    closeAfter: 100
                )
            }
        }

        /// One frame of 1 MiB in writes of growing size.
        static func chopped(_ kind: Kind) -> [Scenario] {
            [64, 128, 256, 512, 1024, 2048].enumerated().map { index, length in
                let payload = Payload.repeating(unit: kind.unit, length: 1_048_576)
                return load(
                    "chopped-\(kind.name)/\(length)-octets",
                    "One \(kind.name) frame of 1 MiB, written \(length) octets at a time",
                    ["RFC6455-6.2-01", "RFC6455-5.2-08"],
                    "9.\(kind.series + 4).\(index + 1)",
                    .send(FrameToSend(kind.opcode, payload, pacing: .pieces(length))),
                    .message(kind.opcode, payload),
                    closeAfter: 1000
                )
            }
        }

        /// Messages one after the other, each awaiting its echo.
        static func echoLoops(_ kind: Kind) -> [Scenario] {
            let loops: [(length: Int, seconds: Int)] = [
                (0, 60), (16, 60), (64, 60), (256, 120), (1024, 240), (4096, 480),
            ]
            return loops.enumerated().map { index, loop in
                let payload = Payload.repeating(unit: kind.loopUnit, length: loop.length)
                return load(
                    "echo-loop/\(kind.name)-\(loop.length)",
                    "Messages of \(loop.length) octets of \(kind.name), each once the one before has come back",
                    ["RFC6455-5.4-10", "RFC6455-6.2-01", "RFC6455-6.2-04"],
                    "9.\(kind.series + 6).\(index + 1)",
                    .echoLoop(EchoLoop(kind.opcode, payload, fullCount: 1000, quickCount: 50)),
                    .echoes(kind.opcode, payload),
                    closeAfter: loop.seconds
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = [Kind.text, .binary].flatMap { kind in
            [single(kind), fragmented(kind), chopped(kind), echoLoops(kind)].flatMap(\.self)
        }

        /// What differs between Autobahn's text and binary series.
        struct Kind {
            /// The type of message.
            var opcode: Opcode
            /// The number of the series behind `9.`; the further series are every other one from there.
            var series: Int
            /// What large payloads repeat.
            var unit: [UInt8]
            /// What payloads of echo loops repeat.
            var loopUnit: [UInt8]
            /// The largest single message that Autobahn gives ten seconds rather than a hundred.
            var lastWithShortDeadline: Int

            /// The type in ids and titles.
            var name: String { opcode == .text ? "text" : "binary" }

            static let text = Kind(
                opcode: .text,
                series: 1,
                unit: Array("BAsd7&jh23".utf8),
                loopUnit: [UInt8(ascii: "*")],
                lastWithShortDeadline: 262_144
            )
            static let binary = Kind(
                opcode: .binary,
                series: 2,
                unit: [0x00, 0xFE, 0x23, 0xFA, 0xF0],
                loopUnit: [0xFE],
                lastWithShortDeadline: 4_194_304
            )
        }

        private static func load(
            _ slug: String,
            _ title: String,
            _ requirements: [String],
            _ number: String,
            _ step: Step,
            _ event: ExpectedEvent,
            closeAfter seconds: Int
        ) -> Scenario {
            Scenario(
                id: "limits/\(slug)",
                title: title,
                requirements: requirements,
                needs: .echo,
                phase: .load,
                tags: [.load],
                autobahn: .load(number, event, closeAfter: seconds),
                script: [step],
                conclusion: .closeWhenComplete,
                behaviour: .answers([event]),
                closing: .answersNormalClose
            )
        }

        private static func slug(_ length: Int) -> String {
            let (count, unit) = scaled(length, ["octet", "kibibyte", "mebibyte"])
            return "\(count)-\(unit)" + (count == 1 ? "" : "s")
        }

        private static func size(_ length: Int) -> String {
            let (count, unit) = scaled(length, ["octets", "KiB", "MiB"])
            return "\(count) \(unit)"
        }

        private static func scaled(_ length: Int, _ units: [String]) -> (count: Int, unit: String) {
            var count = length
            var index = 0
            while count >= 1024, index + 1 < units.count {
                count /= 1024
                index += 1
            }
            return (count, units[index])
        }
    }
}
