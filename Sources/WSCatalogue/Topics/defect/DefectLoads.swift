import WSProtocol
package import WSScenario

extension Catalogue {
    /// Stimuli that need many connections, much time or much data: what counts is that the target lives, serves others,
    /// and takes twice as long for twice as much.
    package enum DefectLoads {
        /// Many connections at once, each of which waits inside a frame that never comes.
        static let endlessFrames = Scenario(
            id: "defect/all-length-bits-on-200-connections",
            title: "Two hundred connections with a 64-bit length of all bits set, while others want service",
            requirements: ["RFC6455-10.7-01", "RFC6455-5.2-09", "RFC6455-10.4-01"],
            needs: .nothing,
            phase: .alone,
            purpose: .regression,
            watchesOthers: true,
            tags: [.slow, .ambiguous],
            references: [KnownDefect("Apache Tomcat", "CVE-2020-13935")],
            connections: 200,
            script: [
                .send(FrameToSend(.text, .text("test"), lengthEncoding: .bits64, claimedLength: .max)),
                .quiesce(tag: "others"), .endOutput,
            ],
            conclusion: .awaitEnd,
            behaviour: [
                .conforms(.events([])),
                .tolerated(
                    .anything,
                    "read a 64-bit length without its top bit, which has to be zero (RFC 6455, 5.2)"
                ),
            ],
            closing: [
                .conforms(.peerCloses(codes: [1002, 1009])),
                .informational(
                    .anything,
                    "a 64-bit length with its top bit set is best refused with Close 1002 or 1009; RFC 6455, 5.2 binds "
                        + "the sender alone"
                ),
            ]
        )

        /// Many connections at once that go while they are being answered.
        static let resets = Scenario(
            id: "defect/resets-of-500-connections",
            title: "Resets of five hundred connections, each while the echo of 64 KiB is on its way",
            requirements: ["RFC6455-10.7-01", "RFC6455-7.2.1-02"],
            targets: [.server],
            needs: .nothing,
            phase: .alone,
            purpose: .regression,
            tags: [.slow, .robustness],
            references: [
                KnownDefect("uWebSockets", "OSV-2021-414"), KnownDefect("uWebSockets", "uNetworking/uWebSockets#1746"),
                KnownDefect("uWebSockets", "uNetworking/uWebSockets#1863"), KnownDefect("nng", "nanomsg/nng#584"),
                KnownDefect("nng", "nanomsg/nng#651"), KnownDefect("nng", "nanomsg/nng#1075"),
                KnownDefect("H2O", "h2o/h2o#1944"),
            ],
            connections: 500,
            script: [
                .pauseReading(milliseconds: 100),
                .send(FrameToSend(.binary, .repeating(unit: [0xFE], length: 65_536))),
                .pause(milliseconds: 20), .reset,
            ],
            conclusion: .awaitEnd,
            behaviour: .survives,
            closing: .anyEnd
        )

        /// Empty Pings in one go, which a decoder may answer by calling itself.
        static let emptyPings = Scenario(
            id: "defect/100000-empty-pings",
            title: "A hundred thousand empty Pings back to back",
            requirements: ["RFC6455-10.4-01", "RFC6455-5.5.2-02"],
            needs: .nothing,
            phase: .alone,
            purpose: .regression,
            tags: [.slow, .alone, .robustness],
            references: [KnownDefect("Cap'n Proto", "capnproto/capnproto#2625")],
            script: [
                .sendRun(FrameRun(FrameToSend(.ping), count: 100_000)), .barrier(tag: "behind", pings: 1),
                .startClosingHandshake(body: .closeBody(1000)),
            ],
            conclusion: .awaitEnd,
            behaviour: .survives,
            closing: .survivesFlood
        )

        /// Fragments that an implementation joined again for each fragment that came.
        static let quadraticFragments: Scenario = {
            let script = { (count: Int) -> [Step] in
                [
                    .send(FrameToSend(.binary, .text("a"), fin: false)),
                    .sendRun(FrameRun(FrameToSend(.continuation, .text("a"), fin: false), count: count)),
                    .barrier(tag: "behind", pings: 1), .startClosingHandshake(body: .closeBody(1000)),
                ]
            }
            return Scenario(
                id: "defect/time-of-fragments",
                title: "A hundred thousand fragments of one octet take twice as long as fifty thousand",
                requirements: ["RFC6455-10.4-01", "RFC6455-10.4-02"],
                needs: .nothing,
                phase: .alone,
                purpose: .regression,
                tags: [.slow, .alone, .robustness],
                references: [KnownDefect("Bandit", "CVE-2026-65623"), KnownDefect("Bandit", "Phineas/lanyard#311")],
                scalingBaseline: ScalingBaseline(script: script(50_000)),
                script: script(100_000),
                conclusion: .awaitEnd,
                behaviour: .survives,
                closing: .survivesFlood
            )
        }()

        /// Blanks that a pattern tries at every place, a length and twice that.
        static let quadraticBlanks: Scenario = {
            let request = { (length: Int) in
                HandshakeTemplate.subprotocols("a{padding}x").padded(with: .repeating(" ", length: length)).request()
            }
            return Scenario(
                id: "defect/time-of-blanks",
                title: "Subprotocol with 60000 spaces inside takes twice as long as one with 30000",
                requirements: ["RFC6455-10.7-01"],
                targets: [.server],
                needs: .nothing,
                phase: .alone,
                purpose: .regression,
                tags: [.slow, .alone, .handshake, .robustness],
                references: [KnownDefect("ws", "websockets/ws@00c425ec")],
                scalingBaseline: ScalingBaseline(opening: .request(request(30_000))),
                opening: .request(request(60_000)),
                script: [],
                conclusion: .closeWhenComplete,
                behaviour: HandshakePolicy.anyAnswer("a subprotocol with 60000 spaces"),
                closing: .anyEnd
            )
        }()

        /// Requests that never come to their end.
        static let endlessRequests: [Scenario] = [
            (
                "field", "value of 4 MiB", 10, "X-Wsconform: {padding}",
                Payload.repeating("a", length: 4 * 1_048_576), 1024,
                [KnownDefect("tungstenite", "CVE-2023-43669"), KnownDefect("tungstenite", "RUSTSEC-2023-0065")]
            ),
            (
                "fields", "thousands of lines", 1, "{padding}", .repeating("X-Wsconform: 0\r\n", length: 4 * 1_048_576),
                4096, [KnownDefect("websocket-driver", "CVE-2026-54465")]
            ),
        ].map { slug, phrase, connections, line, padding, piece, defects in
            var scenario = Scenario.handshakeDefect(
                "endless-\(slug)",
                "Request with a field of \(phrase) that never ends",
                defects,
                tags: [.slow, .alone, .robustness],
                RequestToSend(
                    template: Array("GET {target} HTTP/1.1\r\nHost: {host}\r\n\(line)".utf8),
                    pacing: .pieces(piece),
                    padding: padding
                ),
                HandshakePolicy(
                    rule: "RFC6455-10.7-01",
                    behaviour: HandshakePolicy.anyAnswer("a request of \(padding.count >> 20) MiB without an end"),
                    sendsPing: false
                )
            )
            scenario.phase = .alone
            scenario.connections = connections
            return scenario
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [endlessFrames, resets, emptyPings, quadraticFragments, quadraticBlanks] + endlessRequests
    }
}

extension HandshakePolicy {
    /// Any answer will do, but there should be one, or an end.
    fileprivate static func anyAnswer(_ what: String) -> [Outcome<BehaviourPattern>] {
        [
            .conforms(.refused(statuses: nil)), .conforms(.unanswered), .conforms(.accepted),
            .tolerated(
                .anything,
                "took \(what) and went on waiting; a limit would protect it (RFC 6455, 10.4)",
                cites: "RFC6455-10.4-01"
            ),
        ]
    }
}
