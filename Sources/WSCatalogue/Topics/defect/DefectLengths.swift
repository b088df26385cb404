import WSProtocol
package import WSScenario

extension Catalogue {
    /// Lengths that made an implementation's arithmetic overflow, and octets that show how the length was read.
    package enum DefectLengths {
        /// A Ping among the octets that a header announces: its Pong shows that the length was read as a smaller one.
        static func pingsInside() -> [Scenario] {
            lengths.map { value, defects in
                let hex = String(repeating: "0", count: value.leadingZeroBitCount / 4) + String(value, radix: 16)
                let isLegal = value >> 63 == 0
                return Scenario(
                    id: "defect/ping-inside-length/\(hex)",
                    title: "Ping among the octets of a frame whose 64-bit length is \(hex) in hexadecimal",
                    requirements: isLegal
                        ? ["RFC6455-6.2-01", "RFC6455-5.2-08", "RFC6455-10.4-01"]
                        : ["RFC6455-10.7-01", "RFC6455-5.2-09", "RFC6455-7.4.1-13"],
                    needs: .nothing,
                    purpose: .regression,
                    tags: [isLegal ? .robustness : .ambiguous],
                    references: defects,
                    script: [
                        .send(FrameToSend(.binary, lengthEncoding: .bits64, claimedLength: value)),
                        .send(FrameToSend(.ping, .text("inside"))),
                    ] + waitAndEnd,
                    conclusion: .awaitEnd,
                    behaviour: isLegal ? .deliversNothing("a Ping inside the octets of another frame") : topBitRead,
                    closing: isLegal ? .endsAfterHugeLength : topBitRefused
                )
            }
        }

        /// Lengths at which a decoder that has a path of its own for frames without a mask was caught.
        static func unmasked() -> [Scenario] {
            let rows: [(opcode: Opcode, hex: String, length: UInt64, payload: Payload, defects: [KnownDefect])] = [
                (.text, "ffffffffffffffff", .max, .text("A"), [KnownDefect("libhv", "ithewei/libhv#852")]),
                (
                    .binary, "fffffffffffffff8", .max - 7, .octets([0]),
                    [KnownDefect("libsoup", "GNOME/libsoup@303256ed"), KnownDefect("libsoup", "CVE-2026-0716")]
                ),
            ]
            return rows.map { opcode, hex, length, payload, defects in
                scenario(
                    "unmasked-length-\(hex)",
                    "Unmasked \(opcode.name) frame whose 64-bit length is \(hex) in hexadecimal",
                    ["RFC6455-6.2-01", "RFC6455-5.1-03", "RFC6455-5.2-09"],
                    defects,
                    [.send(FrameToSend(opcode, payload, masking: .none, claimedLength: length))],
                    .deliversNothing("a frame without a mask of which one octet came"),
                    targets: [.server]
                )
            }
        }

        /// Lengths that fit one by one and overflow a signed counter in sum.
        static let sum = scenario(
            "lengths-that-overflow-in-sum",
            "Fragment of one octet, then one that announces 2 to the 63 less 1",
            ["RFC6455-6.2-01", "RFC6455-10.4-01", "RFC6455-10.4-02"],
            [
                KnownDefect("gorilla/websocket", "CVE-2020-27813"), KnownDefect("gorilla/websocket", "GO-2020-0019"),
                KnownDefect("V2Ray", "v2ray/v2ray-core#1950"),
            ],
            [
                .send(FrameToSend(.binary, .text("a"), fin: false)),
                .send(FrameToSend(.continuation, .text("a"), claimedLength: UInt64(Int64.max))),
            ],
            .deliversNothing("a message of which two octets came")
        )

        /// Everything wrong at once with the header of a Pong.
        static let pong = scenario(
            "pong-with-all-length-bits",
            "Header of a Pong without FIN whose 64-bit length has all its bits set",
            ["RFC6455-6.2-01", "RFC6455-5.5-01", "RFC6455-5.5-02"],
            [KnownDefect("Actix", "actix/actix-web#3723"), KnownDefect("Actix", "actix/actix-web#3728")],
            [.send(FrameToSend(.pong, fin: false, masking: .key(0xFFEB_0E8F), claimedLength: .max))],
            .deliversNothing("a Pong of which the header came")
        )

        /// A header alone that announces more than any machine has.
        static let header = scenario(
            "header-of-512-gib",
            "Header of a binary frame of 512 GiB, and nothing behind it",
            ["RFC6455-6.2-01", "RFC6455-10.4-01"],
            [KnownDefect("rust-websocket", "RUSTSEC-2022-0035"), KnownDefect("rust-websocket", "CVE-2022-35922")],
            [.send(FrameToSend(.binary, claimedLength: 0x7F_FFFF_FFFF))],
            .deliversNothing("a frame of which the header came")
        )

        /// Two frames in the longest form back to back, with no octet of their lengths the same.
        static let backToBack: Scenario = {
            let first = Payload.repeating("first", length: 70_000)
            let second = Payload.repeating("second", length: 70_001)
            return .echoed(
                "two-frames-of-70000-octets",
                "Binary frames of 70000, 70001 and 11 octets back to back",
                [KnownDefect("Thunder", "rdkcentral/Thunder#2112")],
                [
                    .send(FrameToSend(.binary, first)), .send(FrameToSend(.binary, second)),
                    .send(FrameToSend(.binary, .text("behind them"))),
                ],
                [first, second, .text("behind them")].map { .message(.binary, $0) }
            )
        }()

        /// Lengths around the border of a signed number of 16 bits.
        static let signBorder: Scenario = {
            let payloads = (32_760...32_776).map { length in
                Payload.repeating(unit: (0..<95).map { UInt8(0x20 + ($0 + length) % 95) }, length: length)
            }
            return .echoed(
                "lengths-around-32768",
                "A binary message of each length from 32760 to 32776",
                [
                    KnownDefect("Osprey", "Nimblesite/osprey#194"),
                    KnownDefect("Paho C", "eclipse-paho/paho.mqtt.c#736"),
                    KnownDefect("DandelionWebSockets.jl", "dandeliondeathray/DandelionWebSockets.jl#13"),
                ],
                payloads.map { .send(FrameToSend(.binary, $0)) },
                payloads.map { .message(.binary, $0) }
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            pingsInside() + unmasked() + [sum, pong, header, backToBack, signBorder]

        private static let lengths: [(value: UInt64, defects: [KnownDefect])] = [
            (1 << 31, [KnownDefect("NetCoreServer", "chronoxor/NetCoreServer#279")]),
            (1 << 32, [KnownDefect("NetCoreServer", "chronoxor/NetCoreServer#279")]),
            (1 << 63, [KnownDefect("golang.org/x/net/websocket", "golang/go#11999")]),
            (
                1 << 63 + 1,
                [
                    KnownDefect("SwiftNIO", "CVE-2026-43678"), KnownDefect("SwiftNIO", "apple/swift-nio#3603"),
                    KnownDefect("NATS server", "CVE-2026-27889"), KnownDefect("nats.go", "nats-io/nats.go#2050"),
                ]
            ),
            (0xFFFF_FF00_FFFF_F000, [KnownDefect("libhv", "ithewei/libhv#852")]),
            (
                0xFFFF_FFFF_0000_0000,
                [KnownDefect("Apache HttpComponents", "apache/httpcomponents-client#854")]
            ),
            (
                .max - 7,
                [KnownDefect("libsoup", "CVE-2026-0716"), KnownDefect("libsoup", "GNOME/libsoup@6ff7ef0f")]
            ),
            (
                .max,
                [
                    KnownDefect("NATS server", "CVE-2026-27889"),
                    KnownDefect("golang.org/x/net/websocket", "golang/go#11999"),
                ]
            ),
        ]

        /// Gives a peer that refuses the length the time to say so; one that waits for the octets would never end.
        private static let waitAndEnd: [Step] = [.pause(milliseconds: 50), .endOutput]

        private static let topBitRead: [Outcome<BehaviourPattern>] = [
            .conforms(.events([])),
            .tolerated(
                .anything,
                "read another length than the one whose top bit was set, which has to be zero (RFC 6455, 5.2)"
            ),
        ]

        private static let topBitRefused: [Outcome<ClosingPattern>] = [
            .conforms(.peerCloses(codes: [1002, 1009])),
            .informational(
                .anything,
                "a 64-bit length with its top bit set is best refused with Close 1002 or 1009; RFC 6455, 5.2 binds the "
                    + "sender alone"
            ),
        ]

        private static func scenario(
            _ slug: String,
            _ title: String,
            _ requirements: [String],
            _ defects: [KnownDefect],
            _ script: [Step],
            _ behaviour: [Outcome<BehaviourPattern>],
            targets: [Role] = [.client, .server]
        ) -> Scenario {
            Scenario(
                id: "defect/\(slug)",
                title: title,
                requirements: requirements,
                targets: targets,
                needs: .nothing,
                purpose: .regression,
                tags: [.robustness],
                references: defects,
                script: script + waitAndEnd,
                conclusion: .awaitEnd,
                behaviour: behaviour,
                closing: .endsAfterHugeLength
            )
        }
    }
}
