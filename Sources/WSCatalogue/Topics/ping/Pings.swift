import WSProtocol
package import WSScenario

extension Catalogue {
    /// Pings of all legal lengths and one that is too long, alone, in great numbers, and beside messages.
    package enum Pings {
        /// A Ping without a body.
        static let empty = answered(
            "ping/empty",
            "Ping without a body",
            .empty,
            autobahn: "2.1",
            chapter: "CTL-10"
        )

        /// A body of text.
        static let textBody = answered("ping/text-body", "Ping with a text body", greeting, autobahn: "2.2")

        /// A body that is not text.
        static let binaryBody = answered(
            "ping/binary-body",
            "Ping with a body that is not UTF-8",
            .octets([0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF]),
            autobahn: "2.3"
        )

        /// The longest body that a control frame can have.
        static let longest = answered("ping/125-octets", "Ping with a body of 125 octets", full, autobahn: "2.4")

        /// A body of one octet more than the longest.
        static let tooLong = Scenario(
            id: "ping/126-octets",
            title: "Ping with a body of 126 octets, one too many",
            requirements: .failing("RFC6455-5.5-01"),
            needs: .nothing,
            autobahn: .failed("2.5"),
            script: [.send(FrameToSend(.ping, .repeating(unit: [0xFE], length: 126)))],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .fails,
            closing: .fails(with: 1002)
        )

        /// The longest body, an octet at a time.
        static let longestOctetWise = answered(
            "ping/125-octets-octet-wise",
            "Ping with a body of 125 octets, written one octet at a time",
            full,
            pacing: .pieces(1),
            autobahn: "2.6",
            .close(milliseconds: 2000)
        )

        /// Ten Pings in one write.
        static let ten = tenPings("ping/ten", "Ten Pings in one write", pacing: .together, autobahn: "2.10")

        /// Ten Pings, an octet at a time.
        static let tenOctetWise = tenPings(
            "ping/ten-octet-wise",
            "Ten Pings, written one octet at a time",
            pacing: .pieces(1),
            autobahn: "2.11"
        )

        /// The Ping that is too long, with a probe behind it.
        static let tooLongProbe = tooLong.probe()

        /// Every length that a control frame can have, and every value that an octet can have.
        static let everyLength: Scenario = {
            let bodies = (0...125).map { length in
                Payload.octets((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ length &* 3) })
            }
            return pings(
                "ping/every-length",
                "Pings of each length from 0 to 125",
                bodies.map { .send(FrameToSend(.ping, $0)) },
                bodies.map { .pong($0) }
            )
        }()

        /// Pings in one go.
        static func floods() -> [Scenario] {
            [100, 10_000].map { count in
                pings(
                    "ping/\(count)-at-once",
                    "\(count) Pings back to back",
                    [.sendRun(FrameRun(numbered: FrameToSend(.ping), count: count))],
                    [.numberedPongs(count)],
                    phase: count > 100 ? .alone : .ordinary,
                    tags: count > 100 ? [.slow, .alone] : [],
                    chapter: "CTL-04"
                )
            }
        }

        /// A Ping between each two fragments of one octet.
        static func betweenAllFragments() -> [Scenario] {
            [Opcode.text, .binary].map { opcode in
                let octets = Array("between the fragments".utf8)
                let last = octets.count - 1
                let script = octets.enumerated().flatMap { index, octet -> [Step] in
                    let fragment = FrameToSend(
                        index == 0 ? opcode : .continuation,
                        .octets([octet]),
                        fin: index == last
                    )
                    return [.send(fragment)] + (index == last ? [] : [.send(FrameToSend(.ping, body(index)))])
                }
                let answers = (0..<last).map { ExpectedEvent.pong(body($0)) } + [.message(opcode, .octets(octets))]
                return Scenario(
                    id: "ping/between-all-fragments-\(opcode.name)",
                    title: "Ping between each two fragments of one octet of a \(opcode.name) message",
                    requirements: [
                        "RFC6455-5.4-08", "RFC6455-5.5.2-02", "RFC6455-5.5.2-03", "RFC6455-5.5.3-01",
                        "RFC6455-5.5.3-02", "RFC6455-5.4-10", "RFC6455-5.4-03",
                    ],
                    needs: .echo,
                    chapter: "CTL-05",
                    script: script,
                    conclusion: .closeWhenComplete,
                    behaviour: .answersWithPongs(answers),
                    closing: .answersNormalClose
                )
            }
        }

        /// A Ping while an echo waits for us to read it.
        static let duringUnreadEcho: Scenario = {
            let payload = Payload.repeating(unit: Array(0..<251), length: 1_048_576)
            let echo = ExpectedEvent.message(.binary, payload)
            return Scenario(
                id: "ping/during-unread-echo",
                title: "Message of 1 MiB whose echo is not read at first, and a Ping behind it",
                requirements: [
                    "RFC6455-5.5.2-02", "RFC6455-5.5.2-03", "RFC6455-5.4-04", "RFC6455-5.5.3-01", "RFC6455-6.1-03",
                ],
                needs: .echo,
                chapter: "CTL-06",
                script: [
                    .pauseReading(milliseconds: 100),
                    .send(FrameToSend(.binary, payload)),
                    .send(FrameToSend(.ping, .text("beside the echo"))),
                ],
                conclusion: .closeWhenComplete,
                // Behind an echo of one frame is as soon as is practical.
                behaviour: [
                    .conforms(.events([echo, .pong(.text("beside the echo"))])),
                    .conforms(.events([.pong(.text("beside the echo")), echo])),
                ],
                closing: .answersNormalClose
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [
                empty, textBody, binaryBody, longest, tooLong, tooLongProbe, longestOctetWise, ten, tenOctetWise,
                everyLength, duringUnreadEcho,
            ] + floods() + betweenAllFragments()

        private static let greeting = Payload.text("Hello, world!")
        private static let full = Payload.repeating(unit: [0xFE], length: 125)
        private static func answered(
            _ id: String,
            _ title: String,
            _ body: Payload,
            pacing: WritePacing = .together,
            autobahn number: String,
            _ deadline: AutobahnDeadline = .closeAfterOneSecond,
            chapter: String? = nil
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: [
                    "RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.2-01", "RFC6455-5.5.2-04", "RFC6455-6.2-02",
                ]
                    + (pacing == .together ? [] : ["RFC6455-6.2-01"]),
                needs: .nothing,
                autobahn: .answered(number, [.pong(body)], deadline),
                chapter: chapter,
                script: [.send(FrameToSend(.ping, body, pacing: pacing))],
                conclusion: .closeWhenComplete,
                behaviour: .answers([.pong(body)]),
                closing: .answersNormalClose
            )
        }

        private static func tenPings(
            _ id: String,
            _ title: String,
            pacing: WritePacing,
            autobahn number: String
        ) -> Scenario {
            let bodies = (0..<10).map { Payload.text("payload-\($0)") }
            return Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.3-02", "RFC6455-6.2-02"]
                    + (pacing == .together ? [] : ["RFC6455-6.2-01"]),
                needs: .nothing,
                autobahn: .answered(number, bodies.map { .pong($0) }, .close(milliseconds: 3000)),
                script: bodies.map { .send(FrameToSend(.ping, $0, pacing: pacing)) },
                conclusion: .closeWhenComplete,
                behaviour: .pongs(bodies.map { .pong($0) }),
                closing: .answersNormalClose
            )
        }

        private static func body(_ index: Int) -> Payload { .text("ping \(index)") }

        private static func pings(
            _ id: String,
            _ title: String,
            _ script: [Step],
            _ pongs: [ExpectedEvent],
            phase: Scenario.Phase = .ordinary,
            tags: [Scenario.Tag] = [],
            chapter: String = "CTL-03"
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.3-02", "RFC6455-6.2-02"],
                needs: .nothing,
                phase: phase,
                tags: tags,
                chapter: chapter,
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .pongs(pongs),
                closing: .answersNormalClose
            )
        }
    }
}
