import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Compressed messages that are small on the wire and large once they are inflated, and the other way round.
    ///
    /// No text has a number, and a peer's own limit is not known. So the lengths are those of common limits, and a peer
    /// may take a message or refuse it, but not deliver another one.
    package enum DeflateLimits {
        /// Lengths around common limits, in one frame and in three.
        static func borders() -> [Scenario] {
            let limits = [("64-kib", "64 KiB", 65_536, [1, 3]), ("1-mib", "1 MiB", 1_048_576, [1])]
            return limits.flatMap { (slug: String, name: String, limit: Int, counts: [Int]) in
                counts.map { count in
                    let messages = [-1, 0, 1, 2, 257, 258, 300].map { offset in
                        CompressedMessage(.repeating("l", length: limit + offset)) {
                            $0.appendFixed([.literal(0x6C)] + .run(of: limit + offset - 1))
                        }
                    }
                    let script = messages.flatMap { message in
                        let third = message.payload.count / 3
                        return message.frames(cutAt: count == 1 ? [] : [third, 2 * third]).map { Step.send($0) }
                    }
                    return taken(
                        "border-of-\(slug)" + (count == 1 ? "" : "-in-fragments"),
                        "Compressed texts of \(name) less 1 to \(name) and 300 octets"
                            + (count == 1 ? "" : ", in three fragments each"),
                        "PMD-39",
                        references: [KnownDefect("websockets", "python-websockets/websockets#1715")]
                            + (limit == 65_536
                                ? [
                                    KnownDefect("libsoup", "GNOME/libsoup@68b95753"),
                                    KnownDefect("websocket-driver", "CVE-2026-54464"),
                                ] : []),
                        script,
                        messages.map(\.echo)
                    )
                }
            }
        }

        /// A few octets that become 16 MiB, in one frame and in sixteen.
        static let zeros: [Scenario] = [
            ("16-mib", "one frame", [.send(FrameToSend(.binary, Zeros.payload(mebibytes: 16), rsv: 4))]),
            ("16-mib-in-fragments", "fragments", Zeros.fragments(mebibytes: 16)),
        ].map { (slug: String, phrase: String, script: [Step]) in
            taken(
                "zeros-of-\(slug)",
                "Compressed message of 17 KB in \(phrase) that becomes 16 MiB of zeros",
                "PMD-36",
                references: bombs,
                script,
                [.message(.binary, .repeating(unit: [0], length: 16 * Zeros.length))]
            )
        }

        /// A mebibyte that becomes a gibibyte.
        static let gibibyte = refused(
            "zeros-of-1-gib",
            "Compressed message of 1 MiB that becomes 1 GiB of zeros",
            [.send(FrameToSend(.binary, Zeros.payload(mebibytes: 1024), rsv: 4))]
        )

        /// The same, where the memory of the process is watched.
        static let memory: Scenario = {
            var scenario = refused(
                "zeros-of-1-gib-in-memory",
                "Compressed message of 1 MiB that becomes 1 GiB of zeros, as the first one of a connection",
                [.send(FrameToSend(.binary, Zeros.payload(mebibytes: 1024), rsv: 4))]
            )
            scenario.supervision = Supervision(memoryGrowth: 256 << 20)
            scenario.references += [
                KnownDefect("NATS server", "CVE-2026-27571"), KnownDefect("NATS server", "GO-2026-4533"),
            ]
            return scenario
        }()

        /// Small messages, each of which becomes a large one.
        static let manySmall: Scenario = {
            let length = 1 + 258 * 254
            let message = CompressedMessage(.repeating(unit: [0], length: length), .binary) {
                Zeros.append(matches: 254, to: &$0)
            }
            return taken(
                "200-messages-of-64-kib",
                "Two hundred compressed messages of a hundred octets that become 64 KiB each",
                "PMD-37",
                references: [],
                [.sendRun(FrameRun(message.frame(), count: 200))],
                Array(repeating: message.echo, count: 200)
            )
        }()

        /// A message that is larger on the wire than its content.
        static let longOnTheWire = taken(
            "longer-on-the-wire",
            "Compressed text of 5 octets behind 400,000 empty blocks",
            "PMD-40",
            references: [],
            [
                .send(
                    FrameToSend(
                        .text,
                        .repeating(unit: [0x00, 0x00, 0x00, 0xFF, 0xFF], length: 2_000_000),
                        fin: false,
                        rsv: 4
                    )
                ), .send(FrameToSend(.continuation, .octets(CompressedMessage.hello.payload))),
            ],
            [CompressedMessage.hello.echo]
        )

        /// Blocks with BFINAL set that an implementation copied the rest for, each time.
        static let quadraticBlocks: Scenario = {
            let script = { (count: Int) -> [Step] in
                [
                    .send(FrameToSend(.text, .repeating(unit: [0x03, 0x00], length: 2 * count), fin: false, rsv: 4)),
                    .send(FrameToSend(.continuation, .octets(CompressedMessage.hello.payload))),
                    .barrier(tag: "behind", pings: 1), .startClosingHandshake(body: .closeBody(1000)),
                ]
            }
            return Scenario(
                id: "compression/limit/time-of-final-blocks",
                title: "Fifty thousand empty blocks with BFINAL set take twice as long as half of them",
                requirements: ["RFC6455-10.4-01", "RFC7692-7.2.1-06"],
                needs: .nothing,
                phase: .alone,
                tags: [.slow, .alone, .robustness],
                chapter: "PMD-36",
                references: [KnownDefect("aiohttp", "aio-libs/aiohttp#13098")],
                scalingBaseline: ScalingBaseline(
                    opening: .negotiating(CompressionOpening()),
                    script: script(25_000)
                ),
                compression: CompressionNeed(),
                opening: .negotiating(CompressionOpening()),
                script: script(50_000),
                conclusion: .awaitEnd,
                behaviour: .survives,
                closing: .survivesFlood
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            borders() + zeros + [gibibyte, memory, manySmall, longOnTheWire, quadraticBlocks]

        private static let bombs = [
            KnownDefect("websockets", "PYSEC-2018-79"), KnownDefect("websockets", "CVE-2018-1000518"),
            KnownDefect("websockets", "python-websockets/websockets#407"),
            KnownDefect("tornado", "tornadoweb/tornado#2391"), KnownDefect("eventlet", "PYSEC-2021-12"),
            KnownDefect("undici", "CVE-2026-1526"), KnownDefect("Bandit", "CVE-2026-39804"),
        ]

        /// Messages that a peer takes, or refuses for their size; what comes back is one of them.
        private static func taken(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            references: [KnownDefect],
            _ script: [Step],
            _ events: [ExpectedEvent]
        ) -> Scenario {
            Scenario(
                id: "compression/limit/\(slug)",
                title: title,
                requirements: ["RFC7692-6.2-01", "RFC6455-10.4-02", "RFC6455-10.4-01", "RFC6455-7.4.1-09"],
                needs: .echo,
                phase: .load,
                tags: [.load, .robustness],
                chapter: chapter,
                references: references,
                compression: CompressionNeed(),
                opening: .negotiating(CompressionOpening()),
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: [
                    .conforms(.events(events)), .conforms(.someOf(events)),
                    .violates(
                        .anything,
                        "delivered another message than was sent; one that is too large is refused, not cut "
                            + "(RFC 7692, 6.2)",
                        cites: "RFC7692-6.2-01"
                    ).because(.deliveredOther),
                ],
                closing: .takesOrRefusesTooLarge(with: 1009)
            )
        }

        /// A message that no peer should take.
        private static func refused(_ slug: String, _ title: String, _ script: [Step]) -> Scenario {
            Scenario(
                id: "compression/limit/\(slug)",
                title: title,
                requirements: ["RFC6455-10.4-01", "RFC6455-10.4-02", "RFC6455-7.4.1-09"],
                needs: .nothing,
                phase: .alone,
                tags: [.slow, .alone, .robustness],
                chapter: "PMD-36",
                references: bombs,
                compression: CompressionNeed(),
                opening: .negotiating(CompressionOpening()),
                script: script,
                conclusion: .peerFails(lateBarrier: true),
                behaviour: [
                    .conforms(.events([])),
                    .tolerated(
                        .anything,
                        "took a message of 1 GiB; a limit to what is inflated would protect it (RFC 6455, 10.4)",
                        cites: "RFC6455-10.4-02"
                    ),
                ],
                closing: .refusesTooLarge(with: 1009)
            )
        }
    }
}

/// Zeros in as few octets as DEFLATE has for them: two bits for 258 of them.
private enum Zeros {
    /// How many there are in a unit: nearly 1 MiB.
    static let length = 1 + 258 * matches
    private static let matches = 4064

    /// A block of them, and the empty stored block behind which another can follow.
    private static let unit: [UInt8] = {
        var writer = DeflateWriter()
        append(matches: matches, to: &writer)
        writer.appendStored([])
        return writer.octets
    }()

    /// A message of so many units; its tail is removed.
    static func payload(mebibytes: Int) -> Payload { .repeating(unit: unit, length: mebibytes * unit.count - 4) }

    /// The same with a unit in each fragment.
    static func fragments(mebibytes: Int) -> [Step] {
        [
            .send(FrameToSend(.binary, .octets(unit), fin: false, rsv: 4)),
            .sendRun(FrameRun(FrameToSend(.continuation, .octets(unit), fin: false), count: mebibytes - 2)),
            .send(FrameToSend(.continuation, payload(mebibytes: 1))),
        ]
    }

    /// Appends a block of a zero and so many times 258 more.
    static func append(matches: Int, to writer: inout DeflateWriter) {
        var literals = [UInt8](repeating: 0, count: 286)
        literals[0] = 2
        literals[256] = 2
        literals[285] = 1
        writer.appendDynamic(
            [.literal(0)] + Array(repeating: .match(length: 258, distance: 1), count: matches),
            codes: DynamicCodes(literals: literals, distances: [1])
        )
    }
}
