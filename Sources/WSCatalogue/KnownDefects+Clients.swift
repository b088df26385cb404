import WSScenario

extension Catalogue {
    /// Defects of clients, in the order of the topics.
    static let clientDefects: [KnownDefectRow] = responseDefects + maskingDefects + endingDefects

    private static let responseDefects: [KnownDefectRow] = [
        KnownDefectRow(
            "Bun",
            "oven-sh/bun#27504",
            "oven-sh/bun#26950",
            in: [
                "handshake/response/accept-of-another-key", "handshake/response/accept-in-other-case",
                "handshake/response/accept-missing", "handshake/response/accept-empty",
                "handshake/response/upgrade-missing", "handshake/response/upgrade-h2c",
                "handshake/response/connection-missing",
            ]
        ),
        KnownDefectRow(
            "Gun",
            "ninenines/gun#62",
            in: ["handshake/response/accept-of-another-key", "handshake/response/accept-missing"]
        ),
        KnownDefectRow("ws", "websockets/ws@0fdcc0af", in: ["handshake/response/upgrade-h2c"]),
        KnownDefectRow(
            "Ladybird",
            "LadybirdBrowser/ladybird#12040",
            "LadybirdBrowser/ladybird#12042",
            in: ["handshake/response/accept-repeated", "handshake/response/folding-of-accept"]
        ),
        KnownDefectRow("ws", "websockets/ws@aca94c86", in: ["extension/unasked"]),
        KnownDefectRow(
            "libsoup",
            "GNOME/libsoup@6ff833f9",
            "GNOME/libsoup@b3df7199",
            in: ["subprotocol/answered-in-capitals"]
        ),
        KnownDefectRow(
            "undici",
            "nodejs/undici#2844",
            in: [
                "subprotocol/answered-with-the-first", "subprotocol/answered-with-the-last",
                "subprotocol/answered-both-on-one-line", "subprotocol/answered-on-two-lines",
                "subprotocol/not-among-those-asked-for",
            ]
        ),
        KnownDefectRow(
            "Bun",
            "oven-sh/bun#22323",
            in: ["subprotocol/answered-with-the-first", "subprotocol/answered-with-the-last"]
        ),
        KnownDefectRow(
            "wsproto",
            "python-hyper/wsproto@0.12.0",
            in: ["handshake/response/connection-behind-keep-alive", "handshake/response/upgrade-in-mixed-case"]
        ),
        KnownDefectRow(
            "tungstenite",
            "snapview/tungstenite-rs#549",
            in: ["handshake/response/connection-behind-keep-alive"]
        ),
        KnownDefectRow("POCO", "pocoproject/poco#1212", in: framesLost),
        KnownDefectRow("WebSocket++", "zaphoyd/websocketpp#32", in: framesLost),
        KnownDefectRow("Netty", "netty/netty#1331", in: framesLost),
        KnownDefectRow("websocket-sharp", "sta/websocket-sharp#669", in: framesLost),
        KnownDefectRow("Zephyr", "zephyrproject-rtos/zephyr#89193", in: framesLost),
        KnownDefectRow("rust-websocket", "websockets-rs/rust-websocket#72", in: framesLost),
        KnownDefectRow("libnostr-z", "privkeyio/libnostr-z#134", in: framesLost),
        KnownDefectRow("curl", "curl/curl@8ed285f06d", "curl/curl#22107", in: framesLost),
        KnownDefectRow("WebSockets.jl", "JuliaWeb/WebSockets.jl#158", in: framesLost),
        KnownDefectRow("websocket-driver", "CVE-2026-54465", in: ["robustness/endless-response"]),
    ]

    /// Defects in which frames in the segment of the 101 were lost.
    private static let framesLost = [
        "handshake/response/ping-in-the-same-segment", "handshake/response/message-in-the-same-segment",
        "handshake/response/half-a-frame-in-the-same-segment",
    ]

    private static let maskingDefects: [KnownDefectRow] = [
        KnownDefectRow(
            "Ladybird",
            "LadybirdBrowser/ladybird#12032",
            in: ["masking/masked-text", "masking/masked-ping", "masking/masked-close"]
        ),
        KnownDefectRow("Bun", "oven-sh/bun#35526", in: ["masking/masked-ping", "masking/masked-close"]),
        KnownDefectRow("libsoup", "GNOME/libsoup@9f082dad", in: ["masking/masked-text"]),
        KnownDefectRow(
            "curl",
            "CVE-2025-10148",
            "curl/curl@84db7a9eae",
            in: ["masking/keys-of-echoes"],
            about: ["RFC6455-5.3-02", "RFC6455-5.3-03", "RFC6455-5.3-04", "RFC6455-10.3-01"]
        ),
        KnownDefectRow(
            "ws",
            "websockets/ws@5edb4601",
            in: ["masking/keys-of-echoes"],
            about: ["RFC6455-5.3-02", "RFC6455-5.3-03", "RFC6455-5.3-04", "RFC6455-10.3-01"]
        ),
        KnownDefectRow(
            "Paho C",
            "eclipse-paho/paho.mqtt.c#821",
            in: ["closing/empty-body", "ping/empty", "closing/one-byte-payload"]
        ),
        KnownDefectRow("SwiftNIO", "apple/swift-nio@2620f8e9a", in: ["closing/one-byte-payload"]),
    ]

    private static let endingDefects: [KnownDefectRow] = [
        KnownDefectRow("Helidon", "helidon-io/helidon#12464", in: ["closing/empty-body"]),
        KnownDefectRow("AsyncHttpClient", "AsyncHttpClient/async-http-client#472", in: ["closing/empty-body"]),
        KnownDefectRow(
            "websockets",
            "python-websockets/websockets#58",
            in: ["closing/client-waits-for-fin"],
            about: ["RFC6455-5.5.1-13"]
        ),
        KnownDefectRow("ws", "websockets/ws#1902", in: ["closing/client-waits-for-fin"], about: ["RFC6455-5.5.1-13"]),
        KnownDefectRow(
            "websocket for Go",
            "coder/websocket#298",
            in: ["closing/client-hears-ping-and-text-behind-its-close"],
            about: ["RFC6455-5.5.1-06", "RFC6455-5.5.1-11"]
        ),
        KnownDefectRow(
            "tungstenite",
            "snapview/tungstenite-rs#74",
            in: ["closing/client-hears-ping-and-text-behind-its-close"],
            about: ["RFC6455-5.5.1-06", "RFC6455-5.5.1-11"]
        ),
        KnownDefectRow(
            "websockets",
            "python-websockets/websockets#1429",
            in: ["closing/client-hears-ping-and-text-behind-its-close"],
            about: ["RFC6455-5.5.2-02"]
        ),
        KnownDefectRow("undici", "CVE-2026-1528", in: ["length/all-bits-set"]),
        KnownDefectRow("nats.go", "nats-io/nats.go#2050", in: ["length/all-bits-set"]),
    ]
}
