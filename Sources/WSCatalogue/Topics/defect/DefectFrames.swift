import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frames and messages over which a peer has stumbled, and that no other scenario has in this form.
    package enum DefectFrames {
        /// Control frames with two faults at once.
        static func rsv1NotFinal() -> [Scenario] {
            [("Close", Opcode.close), ("Ping", .ping), ("Pong", .pong)].map { name, opcode in
                var scenario = Scenario.refused(
                    "rsv1-and-not-final-\(opcode.name)",
                    "\(name) that has RSV1 and lacks FIN",
                    .failing("RFC6455-5.5-02", "RFC6455-5.2-03"),
                    [KnownDefect("Bandit", "mtrudel/bandit@24eded8"), KnownDefect("Bandit", "mtrudel/bandit#633")],
                    [.send(FrameToSend(opcode, fin: false, rsv: 4, masking: .key(0x0102_0304)))]
                )
                if opcode == .close { scenario.closing = .failsOverMalformedClose(over: "RFC6455-5.2-03") }
                return scenario
            }
        }

        /// A violation behind which nothing comes that could wake a peer which has not flushed its Close frame.
        static let silenceBehindViolation: Scenario = .refused(
            "silence-behind-a-violation",
            "Text frame with RSV3, and then nothing that would make a peer write",
            .failing("RFC6455-5.2-03"),
            [KnownDefect("SwiftNIO", "apple/swift-nio@5aa140ca9")],
            [.send(FrameToSend(.text, .text("Hello, world!"), rsv: 1))],
            lateBarrier: false
        )

        /// Frames without a mask that do not stop.
        static let unmaskedFlood = Scenario(
            id: "defect/10-mebibytes-unmasked",
            title: "A hundred and sixty unmasked frames of 64 KiB",
            requirements: ["RFC6455-5.1-03", "RFC6455-5.1-04", "RFC6455-10.7-01"],
            targets: [.server],
            needs: .nothing,
            purpose: .regression,
            references: [
                KnownDefect("Bandit", "mtrudel/bandit@8d35050"), KnownDefect("Bandit", "GHSA-rhh8-5xw9-c3gm"),
            ],
            script: [
                .sendRun(FrameRun(FrameToSend(.binary, .repeating("u", length: 65_536), masking: .none), count: 160))
            ],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: [
                .conforms(.events([])),
                .violates(
                    .anything,
                    "answered a frame without a mask instead of closing (RFC 6455, 5.1)",
                    cites: "RFC6455-5.1-03"
                ),
            ],
            closing: .failsUnmasked()
        )

        /// A message of nothing between two others.
        static let emptyBetween: Scenario = .echoed(
            "empty-message-between-two",
            "Binary message of no octets between two others",
            [
                KnownDefect("Mosquitto", "eclipse-mosquitto/mosquitto#3704"),
                KnownDefect("libsoup", "GNOME/libsoup@dbac8627"), KnownDefect("curl", "curl/curl@fa3baabbd8"),
            ],
            ["first", "", "second"].map { .send(FrameToSend(.binary, .text($0))) },
            ["first", "", "second"].map { .message(.binary, .text($0)) }
        )

        /// A Ping in one gap of a message and a Pong in the next.
        static let pingAndPongInside: Scenario = .echoed(
            "ping-and-pong-inside-message",
            "Text in three fragments with a Ping in the first gap and a Pong in the second",
            [KnownDefect("curl", "curl/curl@d3594be653")],
            [
                .send(FrameToSend(.text, .text("a"), fin: false)), .send(FrameToSend(.ping, .text("between"))),
                .send(FrameToSend(.continuation, .text("b"), fin: false)), .send(FrameToSend(.pong)),
                .send(FrameToSend(.continuation, .text("c"))),
            ],
            [.pong(.text("between")), .message(.text, .text("abc"))]
        )

        /// Fragments whose masking is easily continued at the wrong octet.
        static let oddCuts: Scenario = {
            let whole = Array(Payload.repeating(unit: Array(0..<251), length: 71_005).octets)
            let parts = [0..<5, 5..<1005, 1005..<71_005].map { Payload.octets(Array(whole[$0])) }
            return .echoed(
                "fragments-cut-at-odd-places",
                "Fragments of 5, 1000 and 70000 octets in writes that no multiple of four divides",
                [
                    KnownDefect("uWebSockets", "uNetworking/uWebSockets@43669bb"),
                    KnownDefect("uWebSockets", "uNetworking/uWebSockets#1406"),
                ],
                zip(parts, [3, 333, 4099]).enumerated().map { index, part in
                    .send(
                        FrameToSend(
                            index == 0 ? .binary : .continuation,
                            part.0,
                            fin: index == 2,
                            pacing: .pieces(part.1)
                        )
                    )
                },
                [.message(.binary, .octets(whole))]
            )
        }()

        /// Every short length, cut at every place near its beginning.
        static let shortCuts: Scenario = {
            let cuts = (Array(0...64) + Array(120...130)).flatMap { length in
                (1...min(20, length + 6)).map { (length: length, place: $0) }
            }
            let payloads = cuts.map { length, place in
                Payload.octets((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ place &* 31) })
            }
            return .echoed(
                "short-frames-cut-at-every-place",
                "Binary frames of 0 to 64 and 120 to 130 octets, each cut at each of its first places",
                [
                    KnownDefect("uWebSockets", "OSV-2021-1727"),
                    KnownDefect("uWebSockets", "uNetworking/uWebSockets@5df695e"),
                ],
                tags: [.slow],
                zip(cuts, payloads).map { cut, payload in
                    .send(FrameToSend(.binary, payload, pacing: .split(at: cut.place)))
                },
                payloads.map { .message(.binary, $0) }
            )
        }()

        /// A peer that closes and is never answered, though the connection stays busy.
        static let closeUnanswered = Scenario(
            id: "defect/close-never-answered",
            title: "A minute in which the peer's Close frame after a violation is not answered, but Pings go on",
            requirements: ["RFC6455-7.1.7-02", "RFC6455-7.1.1-05", "RFC6455-5.2-03"],
            targets: [.server],
            needs: .nothing,
            purpose: .regression,
            tags: [.slow, .robustness],
            references: [
                KnownDefect("Apache Tomcat", "CVE-2024-23672"),
                KnownDefect("faye-websocket", "faye/faye-websocket-node#58"),
                KnownDefect("websockets", "python-websockets/websockets#1487"),
            ],
            script: [.ignoreClose, .send(FrameToSend(.text, .text("Hello, world!"), rsv: 1))]
                + (0..<6).flatMap { index -> [Step] in
                    [.pause(milliseconds: 10_000), .send(FrameToSend(.ping, .text("still here \(index)")))]
                },
            conclusion: .awaitEnd,
            behaviour: .fails,
            closing: [
                .conforms(.peerCloses(codes: [1002])),
                .tolerated(
                    .peerCloses(codes: nil),
                    "the code should name the error, and 1002 does (RFC 6455, 7.1.7)",
                    cites: "RFC6455-7.1.7-03"
                ),
                .tolerated(
                    .peerDrops,
                    "a Close frame should go out before a connection is failed (RFC 6455, 7.1.7)",
                    cites: "RFC6455-7.1.7-03"
                ).because(.endedWithoutClose),
                .tolerated(
                    .staysOpen,
                    "kept a connection that it had to fail for a minute and more (RFC 6455, 7.1.7)"
                ),
            ]
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            rsv1NotFinal() + [
                silenceBehindViolation, unmaskedFlood, emptyBetween, pingAndPongInside, oddCuts, shortCuts,
                closeUnanswered,
            ]
    }
}
