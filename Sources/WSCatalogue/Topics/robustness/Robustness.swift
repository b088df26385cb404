import WSProtocol
package import WSScenario

extension Catalogue {
    /// Peers that take their time or never stop: what counts is that the target lives and serves others.
    package enum Robustness {
        /// A request that never ends, and a connection on which none begins.
        static func slowHandshakes() -> [Scenario] {
            let lines = [
                "GET {target} HTTP/1.1", "Host: {host}", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
            ]
            let rows = [
                ("half-a-request", "Request whose last octets come after a minute only", 2),
                ("silent-connection", "Connection on which the request comes after a minute only", Int.max),
            ]
            return rows.map { slug, title, last in
                Scenario(
                    id: "robustness/\(slug)",
                    title: title,
                    requirements: ["RFC6455-10.7-02"],
                    targets: [.server],
                    needs: .nothing,
                    purpose: .robustness,
                    tags: [.slow, .handshake, .robustness],
                    chapter: "LIM-01",
                    opening: .request(
                        RequestToSend(lines: lines, pacing: .holdingBack(last: last, milliseconds: 60_000))
                    ),
                    script: [.startClosingHandshake(body: .closeBody(1000))],
                    conclusion: .awaitEnd,
                    behaviour: [
                        .conforms(.refused(statuses: nil)),
                        .conforms(.unanswered),
                        .tolerated(
                            .anything,
                            "waited a minute and more for a handshake, which many clients at once can use to shut others "
                                + "out; no rule sets a time (RFC 6455, 10.7)",
                            cites: "RFC6455-10.7-02"
                        ),
                    ],
                    closing: .anyEnd
                )
            }
        }

        /// A frame that comes in drops.
        static let slowFrame = slow(
            "frame",
            "Frame of which a few octets come every five seconds",
            [.beginFrame(fin: true, opcode: .binary, length: 6)]
                + (0..<6).flatMap { index -> [Step] in
                    [.continueFrame(.octets([UInt8(index)]))] + rest(behind: index)
                },
            [.message(.binary, .octets(Array(0..<6)))]
        )

        /// A message that comes in drops.
        static let slowFragments = slow(
            "fragments",
            "Message of which a fragment of one octet comes every five seconds",
            (0..<6).flatMap { index -> [Step] in
                let fragment = FrameToSend(
                    index == 0 ? .binary : .continuation,
                    .octets([UInt8(index)]),
                    fin: index == 5
                )
                return [.send(fragment)] + rest(behind: index)
            },
            [.message(.binary, .octets(Array(0..<6)))]
        )

        /// Fragments without an end.
        static func endlessFragments() -> [Scenario] {
            [
                ("one-octet", "fragments of one octet", Payload.text("a")), ("empty", "empty fragments", .empty),
            ].map { slug, phrase, payload in
                flood(
                    "\(slug)-fragments",
                    "A hundred thousand \(phrase) of one message, which never ends",
                    [
                        .send(FrameToSend(.binary, .text("a"), fin: false)),
                        .sendRun(FrameRun(FrameToSend(.continuation, payload, fin: false), count: 100_000)),
                        .barrier(tag: "behind", pings: 1),
                    ],
                    chapter: "LIM-04"
                )
            }
        }

        /// A flood of Pings whose Pongs we do not read.
        static let unreadPongs = flood(
            "unread-pongs",
            "A hundred thousand Pings whose Pongs are not read for a second",
            [
                .pauseReading(milliseconds: 1000),
                .sendRun(FrameRun(FrameToSend(.ping, .repeating("p", length: 125)), count: 100_000)),
                .barrier(tag: "behind", pings: 1),
            ],
            chapter: "LIM-04"
        )

        /// A flood of large messages whose echoes we do not read.
        static let unreadEchoes: Scenario = {
            let message = FrameToSend(.binary, .repeating(unit: [0xFE], length: 1_048_576))
            var scenario = flood(
                "unread-echoes",
                "Sixty-four messages of 1 MiB whose echoes are not read for a second",
                [
                    .pauseReading(milliseconds: 1000), .sendRun(FrameRun(message, count: 64)),
                    .barrier(tag: "behind", pings: 1),
                ],
                tags: [.capacity],
                chapter: "LIM-05"
            )
            scenario.needs = .echo
            return scenario
        }()

        /// A connection on which nothing moves.
        static let idle = Scenario(
            id: "robustness/idle-for-a-minute",
            title: "A minute without a frame of ours, then Close 1000",
            requirements: ["RFC6455-7.3-01", "RFC6455-7.3-03", "RFC6455-7.1.7-06", "RFC6455-7.2.1-03"],
            needs: .nothing,
            purpose: .robustness,
            tags: [.slow, .ambiguous],
            chapter: "LIM-07",
            script: [.pause(milliseconds: 60_000), .startClosingHandshake(body: .closeBody(1000))],
            conclusion: .awaitEnd,
            behaviour: .mayEndIdle,
            closing: .mayEndIdle
        )

        /// An answer to the opening handshake whose head never ends.
        static let endlessResponse = Scenario(
            id: "robustness/endless-response",
            title: "101 whose fields do not end within 4 MiB, then FIN",
            requirements: ["RFC6455-7.2.1-02", "RFC6455-10.4-01"],
            targets: [.client],
            needs: .nothing,
            purpose: .robustness,
            tags: [.handshake, .robustness],
            chapter: "HSR-25",
            opening: .response(
                ResponseToSend(
                    template: Array(ResponseTemplate.adding("{padding}").octets.dropLast(2)),
                    padding: .repeating("X-Many: and so on\r\n", length: 19 << 18),
                    ending: .endOutput(afterMilliseconds: 1000)
                )
            ),
            script: [],
            conclusion: .peerFails(lateBarrier: false),
            behaviour: [
                .conforms(.unanswered),
                .tolerated(
                    .anything,
                    "read on in a head of many megabytes and kept its connection even after FIN (RFC 6455, 10.4)",
                    cites: "RFC6455-10.4-01"
                ),
            ],
            closing: .anyEnd
        )

        /// An opening handshake that is not answered for a minute.
        static let unansweredHandshake = Scenario(
            id: "robustness/unanswered-handshake",
            title: "Answer to the handshake that comes after a minute only",
            requirements: ["RFC6455-10.7-02"],
            targets: [.client],
            needs: .nothing,
            purpose: .robustness,
            tags: [.slow, .handshake, .robustness],
            chapter: "HSR-26",
            opening: .response(
                ResponseTemplate.ordinary.response(pacing: .holdingBack(last: .max, milliseconds: 60_000))
            ),
            script: [.startClosingHandshake(body: .closeBody(1000))],
            conclusion: .awaitEnd,
            behaviour: [
                .conforms(.unanswered),
                .tolerated(
                    .anything,
                    "waited a minute and more for the answer to its handshake; no rule sets a time (RFC 6455, 10.7)",
                    cites: "RFC6455-10.7-02"
                ),
            ],
            closing: .anyEnd
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            slowHandshakes() + endlessFragments()
            + [slowFrame, slowFragments, unreadPongs, unreadEchoes, idle, endlessResponse, unansweredHandshake]

        /// Others are served first, then time passes; behind the last piece nothing is waited for.
        private static func rest(behind index: Int) -> [Step] {
            index == 5 ? [] : [.quiesce(tag: "\(index)"), .pause(milliseconds: 5000)]
        }

        private static func slow(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            _ events: [ExpectedEvent]
        ) -> Scenario {
            let waits = (0..<5).map { ExpectedEvent.stillOpen(tag: "\($0)") }
            return Scenario(
                id: "robustness/slow-\(slug)",
                title: title,
                requirements: ["RFC6455-6.2-01", "RFC6455-10.4-01"],
                needs: .echo,
                purpose: .robustness,
                watchesOthers: true,
                tags: [.slow, .robustness],
                chapter: "LIM-02",
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: [
                    .conforms(.events(waits + events)),
                    .informational(
                        .someOf(waits),
                        "did not wait for what came in drops, which protects it (RFC 6455, 10.4)",
                        cites: "RFC6455-10.4-01"
                    ),
                ],
                closing: .anyEnd
            )
        }

        private static func flood(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            tags: [Scenario.Tag] = [],
            chapter: String
        ) -> Scenario {
            Scenario(
                id: "robustness/\(slug)",
                title: title,
                requirements: ["RFC6455-10.4-01", "RFC6455-10.4-02"],
                needs: .nothing,
                phase: .alone,
                purpose: .robustness,
                tags: [.slow, .alone] + tags + [.robustness],
                chapter: chapter,
                script: script + [.startClosingHandshake(body: .closeBody(1000))],
                conclusion: .awaitEnd,
                behaviour: .survives,
                closing: .survivesFlood
            )
        }
    }
}
