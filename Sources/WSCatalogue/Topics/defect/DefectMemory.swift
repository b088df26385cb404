import WSProtocol
package import WSScenario

extension Catalogue {
    /// Stimuli that made an implementation hold far more octets than it had received, or than we read.
    ///
    /// Only the target's process shows it.
    package enum DefectMemory {
        /// Room for what a hundred headers announce.
        static let announcements = memory(
            "announcements",
            "A hundred connections that announce a frame of 1 MiB each and send nothing of it",
            [
                KnownDefect("CWIST", "c4punks/CWIST#119"), KnownDefect("CWIST", "c4punks/CWIST#136"),
                KnownDefect("notnet", "riceharvest/notnet#166"),
            ],
            connections: 100,
            growth: 64,
            [.beginFrame(fin: true, opcode: .binary, length: 1_048_575), .quiesce(tag: "others")],
            end: .endOutput
        )

        /// Fragments that each cost more than they bring.
        static func fragments() -> [Scenario] {
            [
                (
                    "one-octet", "fragments of one octet", Payload.text("a"),
                    [
                        KnownDefect("ws", "CVE-2026-48779"), KnownDefect("ws", "websockets/ws@2b2abd45"),
                        KnownDefect("ws", "websockets/ws#2331"),
                    ]
                ),
                (
                    "empty", "empty fragments", .empty,
                    [KnownDefect("ws", "websockets/ws@a2f4e7c0"), KnownDefect("ws", "websockets/ws#2329")]
                ),
            ].map { slug, phrase, payload, defects in
                memory(
                    "\(slug)-fragments",
                    "A hundred thousand \(phrase) on each of ten connections",
                    defects,
                    connections: 10,
                    growth: 64,
                    [
                        .send(FrameToSend(.binary, .text("a"), fin: false)),
                        .sendRun(FrameRun(FrameToSend(.continuation, payload, fin: false), count: 100_000)),
                        .quiesce(tag: "others"),
                    ]
                )
            }
        }

        /// A message without an end, whose frames are all of a legal size.
        static let endlessMessage = memory(
            "an-endless-message",
            "Message of 512 MiB in frames of 65535 octets, without an end",
            [
                KnownDefect("Bandit", "CVE-2026-42786"), KnownDefect("libsoup", "GNOME/libsoup@db87805a"),
                KnownDefect("Qt WebSockets", "CVE-2018-21035"),
            ],
            growth: 384,
            [
                .send(FrameToSend(.binary, .text("a"), fin: false)),
                .sendRun(
                    FrameRun(
                        FrameToSend(.continuation, .repeating("a", length: 65_535), fin: false),
                        count: 8192
                    )
                ),
                .barrier(tag: "behind", pings: 1),
            ]
        )

        /// Echoes that we do not read.
        static let unreadEchoes: Scenario = {
            var scenario = memory(
                "unread-echoes",
                "Messages of 128 MiB in all, whose echoes are not read for three seconds",
                [KnownDefect("ws for Rust", "RUSTSEC-2020-0043"), KnownDefect("ws for Rust", "CVE-2020-35896")],
                growth: 64,
                [
                    .pauseReading(milliseconds: 3000),
                    .sendRun(FrameRun(FrameToSend(.binary, .repeating("a", length: 65_536)), count: 2048)),
                    .barrier(tag: "behind", pings: 1),
                ]
            )
            scenario.needs = .echo
            return scenario
        }()

        /// Pongs that we do not read.
        static let unreadPongs = memory(
            "unread-pongs",
            "Half a million Pings of 125 octets, whose Pongs are not read for three seconds",
            [
                KnownDefect("curl", "curl/curl@849317ff5c"), KnownDefect("Tyrus", "eclipse-ee4j/tyrus#954"),
            ],
            growth: 48,
            [
                .pauseReading(milliseconds: 3000),
                .sendRun(FrameRun(FrameToSend(.ping, .repeating("p", length: 125)), count: 500_000)),
                .barrier(tag: "behind", pings: 1),
            ]
        )

        /// Connections with compression that come and go.
        ///
        /// Nothing is asked of connections that stay open: an application may hold its last message.
        static let compressed: Scenario = {
            var scenario = memory(
                "connections-that-compressed",
                "Ten thousand connections that agree to compress, send a short text and close, at most 64 at a time",
                [
                    KnownDefect("Jetty", "jetty/jetty.project#293"), KnownDefect("Jetty", "jetty/jetty.project#6974"),
                    KnownDefect("Jetty", "jetty/jetty.project#13029"),
                ],
                connections: 10_000,
                growth: 128,
                [CompressedMessage.hello.step]
            )
            scenario.compression = CompressionNeed()
            scenario.opening = .negotiating(CompressionOpening())
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            fragments() + [announcements, endlessMessage, unreadEchoes, unreadPongs, compressed]

        private static func memory(
            _ slug: String,
            _ title: String,
            _ defects: [KnownDefect],
            connections: Int = 1,
            growth mebibytes: UInt64,
            _ script: [Step],
            end: Step = .startClosingHandshake(body: .closeBody(1000))
        ) -> Scenario {
            Scenario(
                id: "defect/memory-for-\(slug)",
                title: title,
                requirements: ["RFC6455-10.4-01", "RFC6455-10.4-02"],
                needs: .nothing,
                phase: .alone,
                purpose: .regression,
                tags: [.slow, .robustness],
                references: defects,
                supervision: Supervision(memoryGrowth: mebibytes << 20),
                connections: connections,
                script: script + [end],
                conclusion: .awaitEnd,
                behaviour: .survives,
                // Slowness over a flood says nothing about memory.
                closing: .anyEnd
            )
        }
    }
}
