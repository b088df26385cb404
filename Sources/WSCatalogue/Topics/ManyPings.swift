import WSProtocol
package import WSScenario

extension Catalogue {
    /// Many Pings and Pongs: every length, floods, between all fragments, beside a message that piles up.
    package enum ManyPings {
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
                    line: "CTL-04"
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

        /// A Pong that answers no Ping, inside a message.
        static let pongInsideMessage: Scenario = {
            let echo = [ExpectedEvent.message(.text, .text("fragment1fragment2"))]
            return Scenario(
                id: "fragmentation/pong-inside-message",
                title: "Pong that answers no Ping between two fragments of a text",
                requirements: ["RFC6455-5.4-08", "RFC6455-5.5.3-03", "RFC6455-5.4-10", "RFC6455-6.2-02"],
                needs: .echo,
                chapter: "CTL-09",
                script: [
                    .send(FrameToSend(.text, .text("fragment1"), fin: false)),
                    .send(FrameToSend(.pong, .text("unsolicited"))),
                    .send(FrameToSend(.continuation, .text("fragment2"))),
                ],
                conclusion: .closeWhenComplete,
                behaviour: .answers(echo),
                closing: .answersNormalClose
            )
        }()

        /// Very many Pongs that answer no Ping.
        static let unsolicitedPongs = Scenario(
            id: "ping/1000-unsolicited-pongs",
            title: "A thousand Pongs that answer no Ping, then a Ping",
            requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-03", "RFC6455-6.2-02"],
            needs: .nothing,
            chapter: "CTL-09",
            script: [
                .sendRun(FrameRun(FrameToSend(.pong, .text("unsolicited")), count: 1000)),
                .send(FrameToSend(.ping, .text("behind the Pongs"))),
            ],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.pong(.text("behind the Pongs"))]),
            closing: .answersNormalClose
        )

        /// Pings of the peer's own that nobody answers.
        static let unanswered = Scenario(
            id: "ping/peers-own-unanswered",
            title: "A minute without an answer to the peer's own Pings, if it sends any",
            requirements: ["RFC6455-7.3-03", "RFC6455-7.3-01", "RFC6455-5.5.2-02"],
            needs: .nothing,
            tags: [.slow, .ambiguous],
            chapter: "CTL-11",
            script: [
                .ignorePings, .pause(milliseconds: 60_000), .startClosingHandshake(body: .closeBody(1000)),
            ],
            conclusion: .awaitEnd,
            behaviour: .mayEndIdle,
            closing: .mayEndIdle
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [everyLength, duringUnreadEcho, pongInsideMessage, unsolicitedPongs, unanswered] + floods()
            + betweenAllFragments()

        private static func body(_ index: Int) -> Payload { .text("ping \(index)") }

        private static func pings(
            _ id: String,
            _ title: String,
            _ script: [Step],
            _ pongs: [ExpectedEvent],
            phase: Scenario.Phase = .ordinary,
            tags: [Scenario.Tag] = [],
            line: String = "CTL-03"
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.3-02", "RFC6455-6.2-02"],
                needs: .nothing,
                phase: phase,
                tags: tags,
                chapter: line,
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .pongs(pongs),
                closing: .answersNormalClose
            )
        }
    }
}
