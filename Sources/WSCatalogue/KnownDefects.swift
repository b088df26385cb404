package import WSScenario

/// Publicly reported defects that a scenario of another topic detects without changes.
///
/// Defects without such a scenario are in `defect/`, with their references beside them. A row is about one project and
/// one stimulus.
package struct KnownDefectRow: Sendable {
    /// The defects.
    package var defects: [KnownDefect]
    /// The ids of the scenarios that detect them.
    package var scenarios: [String]

    init(_ project: String, _ references: String..., in scenarios: [String], about requirements: [String] = []) {
        defects = references.map { KnownDefect(project, $0, about: requirements) }
        self.scenarios = scenarios
    }
}

extension Catalogue {
    /// All rows, in the order of the chapters.
    package static let knownDefects: [KnownDefectRow] =
        lengthDefects + floodDefects + requestDefects + negotiationDefects + frameDefects + fragmentDefects
        + textDefects + closeDefects + clientDefects

    /// The defects that each scenario detects, by its id.
    static let knownDefectsByScenario: [String: [KnownDefect]] = {
        var result: [String: [KnownDefect]] = [:]
        for row in knownDefects {
            for scenario in row.scenarios { result[scenario, default: []] += row.defects }
        }
        return result
    }()

    private static let lengthDefects: [KnownDefectRow] = [
        KnownDefectRow("Apache Tomcat", "CVE-2020-13935", in: ["length/all-bits-set"]),
        KnownDefectRow("noPoll", "ASPLes/nopoll#84", in: ["length/all-bits-set"]),
        KnownDefectRow(
            "ios-webkit-debug-proxy",
            "google/ios-webkit-debug-proxy#435",
            in: ["length/all-bits-set"]
        ),
        KnownDefectRow(
            "NetCoreServer",
            "chronoxor/NetCoreServer#279",
            in: ["length/announced-2-to-the-31", "length/announced-2-to-the-32"]
        ),
        KnownDefectRow(
            "Swifter",
            "httpswift/swifter#151",
            in: ["framing/text/65535-octets", "framing/text/65536-octets"]
        ),
        KnownDefectRow(
            "Osprey",
            "Nimblesite/osprey#194",
            in: ["length/every-length-binary", "length/every-length-text"]
        ),
        KnownDefectRow(
            "Mosquitto",
            "eclipse-mosquitto/mosquitto#3721",
            in: ["length/header-octet-wise-binary", "masking/key-split"]
        ),
        KnownDefectRow(
            "tungstenite",
            "snapview/tungstenite-rs#546",
            in: ["length/non-minimal-16-bit-for-1", "length/non-minimal-64-bit-for-65535"]
        ),
        KnownDefectRow(
            "WebSocket++",
            "zaphoyd/websocketpp#15",
            in: ["length/non-minimal-16-bit-for-125", "length/non-minimal-64-bit-for-125"]
        ),
        KnownDefectRow(
            "OvenMediaEngine",
            "OvenMediaLabs/OvenMediaEngine#2315",
            in: ["framing/binary/125-octets", "framing/binary/65535-octets"]
        ),
        KnownDefectRow("Paho Python", "eclipse-paho/paho.mqtt.python#267", in: ["framing/binary/126-octets"]),
        KnownDefectRow(
            "WebSocket++",
            "zaphoyd/websocketpp#179",
            in: ["framing/binary/65535-octets", "framing/binary/65536-octets"]
        ),
    ]

    private static let floodDefects: [KnownDefectRow] = [
        KnownDefectRow(
            "ws",
            "CVE-2026-48779",
            "websockets/ws@2b2abd45",
            in: ["robustness/one-octet-fragments"]
        ),
        KnownDefectRow("ws", "websockets/ws@a2f4e7c0", "websockets/ws#2329", in: ["robustness/empty-fragments"]),
        KnownDefectRow("ws for Rust", "RUSTSEC-2020-0043", "CVE-2020-35896", in: ["robustness/unread-echoes"]),
        KnownDefectRow("Tyrus", "eclipse-ee4j/tyrus#954", in: ["robustness/unread-pongs"]),
        KnownDefectRow(
            "libsoup",
            "CVE-2024-52532",
            "GNOME/libsoup@6adc0e3e",
            in: ["closing/flood-behind-violation"]
        ),
        KnownDefectRow("ws", "websockets/ws#540", in: ["closing/fin-idle"]),
    ]

    private static let requestDefects: [KnownDefectRow] = [
        KnownDefectRow(
            "Bun",
            "oven-sh/bun#35298",
            in: ["handshake/request/upgrade-h2c", "handshake/request/key-of-asterisks"]
        ),
        KnownDefectRow(
            "Bun",
            "oven-sh/bun#35870",
            in: [
                "handshake/request/connection-missing", "handshake/request/connection-close",
                "handshake/request/key-repeated", "handshake/request/key-contradictory",
                "handshake/request/host-missing",
            ]
        ),
        KnownDefectRow("libwebsockets", "warmcat/libwebsockets#1423", in: ["handshake/request/connection-missing"]),
        KnownDefectRow(
            "ws",
            "websockets/ws@160af45b",
            in: [
                "handshake/request/key-of-15-octets", "handshake/request/key-of-17-octets",
                "handshake/request/key-empty", "handshake/request/key-without-padding",
            ]
        ),
        KnownDefectRow(
            "CWIST",
            "c4punks/CWIST#145",
            in: [
                "handshake/request/version-missing", "handshake/request/version-empty",
                "handshake/request/version-list", "handshake/request/version-with-leading-zero",
                "handshake/request/version-repeated",
            ]
        ),
        KnownDefectRow(
            "ws",
            "websockets/ws@33f5dbaf",
            "websockets/ws#2291",
            in: ["handshake/request/version-25", "handshake/request/version-255"]
        ),
        KnownDefectRow(
            "tungstenite",
            "snapview/tungstenite-rs#549",
            "snapview/tungstenite-rs#548",
            in: ["handshake/request/connection-behind-keep-alive", "handshake/request/upgrade-in-mixed-case"]
        ),
        KnownDefectRow(
            "IoT.js",
            "jerryscript-project/iotjs#1921",
            in: [
                "handshake/request/connection-behind-keep-alive", "handshake/request/upgrade-in-mixed-case",
                "handshake/request/names-in-mixed-case",
            ]
        ),
        KnownDefectRow("Zephyr", "CVE-2026-5067", in: ["handshake/request/key-of-24-octets"]),
        KnownDefectRow("websocket-driver", "CVE-2026-61666", in: ["handshake/request/host-with-space"]),
        KnownDefectRow(
            "uWebSockets",
            "OSV-2020-2217",
            "OSV-2020-2221",
            "OSV-2021-453",
            in: ["handshake/request/octet-wise", "handshake/request/frames-in-the-same-segment"]
        ),
        KnownDefectRow(
            "Kitura-WebSocket-NIO",
            "Kitura/Kitura-WebSocket-NIO#35",
            in: ["handshake/request/half-and-fin"],
            about: ["RFC6455-10.7-01"]
        ),
        KnownDefectRow("SwiftNIO", "apple/swift-nio#1003", in: ["handshake/request/frames-in-the-same-segment"]),
        KnownDefectRow(
            "Bun",
            "oven-sh/bun#41875",
            in: ["handshake/response/form-of-the-101"],
            about: ["RFC9110-8.6-01", "RFC9112-6.1-01", "RFC6455-11.3.3-01"]
        ),
    ]

    private static let negotiationDefects: [KnownDefectRow] =
        [
            KnownDefectRow(
                "wsproto",
                "python-hyper/wsproto@1.2.0",
                in: ["subprotocol/on-two-lines", "extension/on-two-lines"]
            )
        ]
        + [
            ("CivetWeb", "civetweb/civetweb#295"), ("Caliban", "ghostdogpr/caliban#3045"),
            ("uWebSockets", "uNetworking/bindings#61"), ("nodejs-websocket", "sitegui/nodejs-websocket#39"),
        ].map { project, reference in
            let list = ["RFC6455-4.2.2-10", "RFC6455-4.2.2-13"]
            return KnownDefectRow(project, reference, in: ["subprotocol/offer-of-two"], about: list)
        }

    private static let frameDefects: [KnownDefectRow] = [
        KnownDefectRow("facil.io", "boazsegev/facil.io#169", in: ["masking/unmasked-text"]),
        KnownDefectRow(
            "WebSocket-Node",
            "theturtle32/WebSocket-Node#226",
            in: ["masking/unmasked-text", "masking/unmasked-ping", "masking/unmasked-close"]
        ),
        KnownDefectRow("websockify", "novnc/websockify#164", in: ["masking/unmasked-text", "masking/unmasked-binary"]),
        KnownDefectRow("ws", "websockets/ws#1679", "websockets/ws@4f293a87", in: ["masking/unmasked-text"]),
        KnownDefectRow("http4s", "http4s/http4s#7950", in: ["masking/unmasked-text"]),
        KnownDefectRow(
            "Glaze",
            "stephenberry/glaze#2674",
            in: ["masking/unmasked-text", "masking/unmasked-continuation"]
        ),
        KnownDefectRow("aiohttp", "aio-libs/aiohttp#12976", in: ["masking/unmasked-text"]),
        KnownDefectRow("Mosquitto", "eclipse-mosquitto/mosquitto#3705", in: ["masking/unmasked-after-100-pings"]),
        KnownDefectRow(
            "curl",
            "curl/curl@1b740aedcd",
            in: ["reserved-bits/rsv3-text", "reserved-bits/rsv1-continuation", "reserved-bits/rsv2-ping"]
        ),
        KnownDefectRow(
            "CWIST",
            "c4punks/CWIST#143",
            in: ["reserved-bits/rsv3-text", "reserved-bits/rsv2-after-text", "reserved-bits/rsv1-ping"]
        ),
        KnownDefectRow("Bun", "oven-sh/bun#33001", in: ["reserved-bits/rsv1-continuation", "reserved-bits/rsv1-ping"]),
        KnownDefectRow("Bun", "oven-sh/bun#35874", in: ["reserved-bits/rsv3-text"]),
        KnownDefectRow(
            "libsoup",
            "GNOME/libsoup@3ea82470",
            "GNOME/libsoup@6a7976f3",
            in: ["reserved-bits/rsv3-text/probe"]
        ),
        KnownDefectRow("facil.io", "boazsegev/facil.io#169", in: ["masking/unmasked-text/probe"]),
        KnownDefectRow("ws", "websockets/ws@b434b9f1", in: ["opcode/reserved-3/probe"]),
        KnownDefectRow("lwan", "lpereira/lwan#344", in: ["ping/empty", "ping/text-body", "ping/125-octets"]),
        KnownDefectRow("tungstenite", "snapview/tungstenite-rs@0.21.0", in: ["ping/during-unread-echo"]),
        KnownDefectRow(
            "tinymux",
            "brazilofmux/tinymux#822",
            in: ["closing/empty-body", "ping/empty", "framing/text/0-octets"]
        ),
    ]

    private static let fragmentDefects: [KnownDefectRow] = [
        KnownDefectRow("Boost.Beast", "boostorg/beast#686", in: ["fragmentation/empty-last-fragment-binary"]),
        KnownDefectRow(
            "curl",
            "curl/curl@d3594be653",
            in: ["fragmentation/pong-inside-message", "fragmentation/fragmented-ping"]
        ),
        KnownDefectRow(
            "dusty",
            "lalinsky/dusty#173",
            in: [
                "fragmentation/text-inside-text", "fragmentation/first-fragment-twice",
                "fragmentation/final-continuation-first", "fragmentation/fragmented-ping", "closing/not-final",
                "ping/126-octets", "closing/126-octets-in-64-bit",
            ]
        ),
        KnownDefectRow(
            "tinymux",
            "brazilofmux/tinymux#792",
            "brazilofmux/tinymux#1886",
            in: ["fragmentation/text-inside-text", "fragmentation/first-fragment-twice"]
        ),
        KnownDefectRow("Bandit", "mtrudel/bandit@1.11.0", in: ["utf8/empty-fragments"]),
        KnownDefectRow("Bun", "oven-sh/bun#33001", in: ["fragmentation/text-inside-binary-behind-ping"]),
    ]

    private static let textDefects: [KnownDefectRow] = [
        KnownDefectRow(
            "nim-websock",
            "status-im/nim-websock#85",
            in: [
                "utf8/cut/4-octets-at-1/frames", "utf8/cut/4-octets-at-2/frames", "utf8/cut/4-octets-at-3/frames",
            ]
        ),
        KnownDefectRow("Ballerina", "ballerina-platform/ballerina-lang#12695", in: ["utf8/cut/4-octets-at-2/frames"]),
        KnownDefectRow("mu-server", "3redronin/mu-server#238", in: ["utf8/fail-fast/fragment-cut-short"]),
        KnownDefectRow(
            "ws",
            "websockets/ws#1730",
            in: ["utf8/fail-fast/fragment-cut-short", "utf8/fail-fast/frame-cut-short"]
        ),
        KnownDefectRow(
            "Ballerina",
            "ballerina-platform/ballerina-lang#12696",
            in: ["utf8/fail-fast/fragment-cut-short"]
        ),
        KnownDefectRow(
            "FreeUnit",
            "freeunitorg/freeunit#378",
            "freeunitorg/freeunit#411",
            in: [
                "utf8/surrogate-in-text/one-frame", "utf8/overlong/2-octet-nul", "utf8/boundary/110000",
                "utf8/lone-continuation/80", "utf8/lone-lead/2-octet", "closing/reason/surrogate",
                "closing/reason/overlong", "closing/reason/beyond-unicode", "closing/reason/lone-continuation",
                "closing/reason/truncated",
            ]
        ),
        KnownDefectRow("bq_websocket", "bqqbarbhg/bq_websocket#14", in: ["utf8/overlong/2-octet-nul"]),
    ]

    private static let closeDefects: [KnownDefectRow] = [
        KnownDefectRow(
            "Bun",
            "oven-sh/bun#42511",
            in: ["closing/cut-at-1", "closing/cut-at-2", "closing/cut-at-7", "closing/octet-wise"]
        ),
        KnownDefectRow("ws", "websockets/ws@3df48095", in: ["closing/cut-at-2", "closing/cut-at-7"]),
        KnownDefectRow("Starscream", "daltoniam/Starscream#261", in: ["closing/octet-wise"]),
        KnownDefectRow(".NET", "dotnet/corefx#30407", in: ["closing/octet-wise"]),
        KnownDefectRow("dusty", "lalinsky/dusty#173", in: ["closing/one-byte-payload"]),
        KnownDefectRow("CWIST", "c4punks/CWIST#157", in: ["closing/one-byte-payload"]),
        KnownDefectRow("tetsuo-pulse", "7etsuo/tetsuo-pulse#3479", in: ["closing/one-byte-payload"]),
        KnownDefectRow(
            "libsoup",
            "GNOME/libsoup@d86d3464",
            in: [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map { "closing/code/\($0)" }
        ),
        KnownDefectRow(
            "Couchbase Lite",
            "couchbase/couchbase-lite-core#441",
            in: [3000, 3999, 4000, 4999].map { "closing/code/\($0)" }
        ),
        KnownDefectRow("ws", "websockets/ws@b6430fea", in: [1012, 1013, 1014].map { "closing/code/\($0)" }),
        KnownDefectRow("NATS server", "nats-io/nats-server#6259", in: ["closing/empty-body"]),
        KnownDefectRow("WebSocket-Node", "theturtle32/WebSocket-Node#254", in: ["closing/empty-body"]),
        KnownDefectRow("Bun", "oven-sh/bun#35529", in: ["closing/empty-body", "closing/code/1001"]),
        KnownDefectRow(
            "tinymux",
            "brazilofmux/tinymux#792",
            in: ["closing/text-behind-close"],
            about: ["RFC6455-5.5.1-06", "RFC6455-5.5.1-12"]
        ),
        KnownDefectRow(
            "tinymux",
            "brazilofmux/tinymux#792",
            in: ["closing/ping-behind-close"],
            about: ["RFC6455-5.5.2-05", "RFC6455-5.5.1-12"]
        ),
        KnownDefectRow(
            "libsoup",
            "GNOME/libsoup@d9c729aa",
            in: ["closing/text-behind-close"],
            about: ["RFC6455-5.5.1-06", "RFC6455-5.5.1-12"]
        ),
        KnownDefectRow(
            "libsoup",
            "GNOME/libsoup@d9c729aa",
            in: ["reserved-bits/rsv3-text/probe"],
            about: ["RFC6455-7.1.7-05"]
        ),
        KnownDefectRow(
            "Vert.x",
            "eclipse-vertx/vert.x#3531",
            in: ["closing/code-alone"],
            about: ["RFC6455-5.5.1-11", "RFC6455-5.5.1-12", "RFC6455-7.1.1-05"]
        ),
        KnownDefectRow(
            "Jetty",
            "jetty/jetty.project#13346",
            "jetty/jetty.project#13460",
            in: ["closing/code-alone"],
            about: ["RFC6455-5.5.1-11", "RFC6455-5.5.1-12", "RFC6455-7.1.1-05"]
        ),
        KnownDefectRow(
            "ws",
            "websockets/ws@ed2b8039",
            "websockets/ws@869c9892",
            in: ["closing/behind-unread-echo"]
        ),
        KnownDefectRow(
            "SwiftNIO",
            "apple/swift-nio@708a62d25",
            in: ["closing/fin-behind-message"],
            about: ["RFC6455-6.2-01"]
        ),
        KnownDefectRow(
            "ws",
            "websockets/ws#1868",
            in: [
                "closing/reason/123-octets-ending-in-1-of-3-octets",
                "closing/reason/123-octets-ending-in-2-of-3-octets",
            ],
            about: ["RFC6455-10.7-01", "RFC6455-5.5-01"]
        ),
    ]
}
