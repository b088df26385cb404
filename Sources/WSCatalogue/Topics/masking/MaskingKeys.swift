import WSProtocol
package import WSScenario

extension Catalogue {
    /// Masking keys of every kind, over every place of their cycle, and the keys that a client chooses.
    package enum MaskingKeys {
        /// Keys that an endpoint may take for none, or that bring odd octets onto the wire; on a message and on a Ping.
        static func keys() -> [Scenario] {
            let keys: [(slug: String, title: String, key: UInt32)] = [
                ("00000000", "of zeros, which leaves the octets as they are", 0),
                ("ffffffff", "of ones", 0xFFFF_FFFF),
                ("000000ff", "with three zero octets", 0xFF),
                ("equal-to-payload", "equal to the payload, which leaves zeros on the wire", 0x6D61_736B),
            ]
            let whole = keys.flatMap { slug, title, key in
                both("key-\(slug)", "masking key \(title)", .key(key), .together)
            }
            // The header of a short frame has two octets, so that the key is in octets 2 to 5.
            return whole + both("key-split", "masking key in two segments", .key(0x1234_5678), .split(at: 4))
        }

        /// Short messages whose payload is cut at each place of the key's cycle.
        static func splitPayload() -> [Scenario] {
            (1...4).map { place in
                echoed(
                    "payload-split-at-\(place)",
                    "Messages of 0 to 17 octets, cut into two segments behind octet \(place) of the payload",
                    (0...17).map { length in
                        FrameToSend(.binary, pattern(length), pacing: .split(at: 6 + min(place, length)))
                    }
                )
            }
        }

        /// Messages around the border of the longest form of the length, cut at each place of the key's cycle.
        static let splitLongPayload = echoed(
            "long-payload-split",
            "Messages of 65535 to 65541 octets, each cut into two segments at another place of the key's cycle",
            (65_535...65_541).map { length in
                let header = length <= 65_535 ? 8 : 14
                return FrameToSend(.binary, pattern(length), pacing: .split(at: header + 1 + length % 4))
            },
            chapter: "MSK-04"
        )

        /// Two fragments with keys that have nothing in common, cut inside a letter.
        static let keyPerFragment: Scenario = {
            let text = Array("κόσμε".utf8)
            return echoing(
                "masking/key-per-fragment",
                "Text in two fragments with keys of their own, cut inside a letter",
                [
                    FrameToSend(.text, .octets(Array(text[..<3])), fin: false, masking: .key(0x0102_0304)),
                    FrameToSend(.continuation, .octets(Array(text[3...])), masking: .key(0xF0E0_D0C0)),
                ],
                [.message(.text, .octets(text))],
                chapter: "MSK-05"
            )
        }()

        /// So many Pongs that their masking keys show how the client chooses them.
        static let keysOfPongs: [Scenario] = [(1000, "MSK-09", [] as [Scenario.Tag]), (4000, "MSK-10", [.slow])].map {
            count,
            chapter,
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
                chapter: chapter,
                script: [.sendRun(FrameRun(numbered: FrameToSend(.ping), count: count))],
                conclusion: .closeWhenComplete,
                behaviour: .pongs([.numberedPongs(count)]),
                closing: .answersNormalClose
            )
        }

        /// Messages whose echoes show the same, some of them empty, so that there is nothing to mask.
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
            keys() + splitPayload() + [splitLongPayload, keyPerFragment] + keysOfPongs + [keysOfEchoes]

        /// Octets whose value tells their place, in a period that shares nothing with the key's.
        private static func pattern(_ length: Int) -> Payload {
            .repeating(unit: Array(0..<251), length: length)
        }

        private static func both(
            _ slug: String,
            _ title: String,
            _ masking: MaskingChoice,
            _ pacing: WritePacing
        ) -> [Scenario] {
            let payload = Payload.text("maskmaskmask")
            let ping = Scenario(
                id: "masking/\(slug)-ping",
                title: "Ping with a \(title)",
                requirements: ["RFC6455-6.2-06"] + rules + ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01"],
                targets: [.server],
                needs: .nothing,
                chapter: "MSK-03",
                script: [.send(FrameToSend(.ping, payload, masking: masking, pacing: pacing))],
                conclusion: .closeWhenComplete,
                behaviour: .answers([.pong(payload)]),
                closing: .answersNormalClose
            )
            return [
                echoing(
                    "masking/\(slug)",
                    "Message with a \(title)",
                    [FrameToSend(.binary, payload, masking: masking, pacing: pacing)],
                    [.message(.binary, payload)],
                    chapter: "MSK-03"
                ),
                ping,
            ]
        }

        private static func echoed(
            _ slug: String,
            _ title: String,
            _ frames: [FrameToSend],
            chapter: String = "MSK-04"
        ) -> Scenario {
            echoing("masking/\(slug)", title, frames, frames.map { .message($0.opcode, $0.payload) }, chapter: chapter)
        }

        private static func echoing(
            _ id: String,
            _ title: String,
            _ frames: [FrameToSend],
            _ events: [ExpectedEvent],
            chapter: String
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-6.2-06"] + rules + ["RFC6455-6.2-01"],
                targets: [.server],
                needs: .echo,
                chapter: chapter,
                script: frames.map { .send($0) },
                conclusion: .closeWhenComplete,
                behaviour: .answers(events),
                closing: .answersNormalClose
            )
        }

        private static let rules = ["RFC6455-5.3-05", "RFC6455-5.3-07"]

        private static let messages = (0..<60).map { $0 % 3 == 0 ? Payload.empty : .text("the same") }
    }
}
