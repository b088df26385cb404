import WSHTTP2
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Flow control: windows that are closed, narrow or lowered while the WebSocket talks (RFC 9113, 5.2 and 6.9).
    package enum StreamWindows {
        /// A window that is closed until we open it.
        static let closed = echoed(
            "window/closed",
            "INITIAL_WINDOW_SIZE of 0, and a WINDOW_UPDATE for the echo later",
            .text("behind a window"),
            StreamToSpeak(settings: [window(0)]),
            behind: [.pingConnection, .sendOnConnection(HTTP2Frame.windowUpdate(65_535, on: 1).encoded)]
        )

        /// A window of one octet.
        static let narrow = echoed(
            "window/one-octet",
            "INITIAL_WINDOW_SIZE of 1, each octet of the echo given back",
            .text("octet by octet"),
            StreamToSpeak(settings: [window(1)]),
            behind: []
        )

        /// A window that becomes negative.
        static let lowered = echoed(
            "window/lowered",
            "INITIAL_WINDOW_SIZE lowered below what is used, in the middle of an echo",
            .repeating(unit: [0xFE], length: 100_000),
            StreamToSpeak(settings: [window(65_535)], givesCredit: false),
            behind: [
                .pingConnection,
                .sendOnConnection(HTTP2Frame.settings([HTTP2Setting(.initialWindowSize, 10)]).encoded),
                .pingConnection, .sendOnConnection(HTTP2Frame.windowUpdate(200_000, on: 1).encoded),
            ],
            more: ["RFC9113-6.9.2-01"]
        )

        /// END_STREAM where no DATA may be sent.
        static let endStream = Scenario(
            id: "http2/window/end-stream",
            title: "END_STREAM to a server whose window is closed, which can end the stream all the same",
            requirements: ["RFC6455-10.7-01", "RFC9113-6.9.1-02", "RFC8441-5-16"],
            targets: [.server],
            needs: .nothing,
            tags: [.robustness],
            chapter: "H2-26",
            stream: StreamToSpeak(settings: [window(0)]),
            script: [.endOutput],
            conclusion: .awaitEnd,
            behaviour: .endsConnectionUnasked("END_STREAM ends the stream alone (RFC 8441, 5)") + .survives,
            closing: [
                .conforms(.peerCloses(codes: nil)), .conforms(.peerDrops),
                .tolerated(
                    .staysOpen,
                    "an empty DATA frame with END_STREAM needs no window (RFC 9113, 6.9.1)",
                    cites: "RFC9113-6.9.1-02"
                ).because(.keptOpen),
                .conforms(.anything),
            ]
        )

        /// A closing handshake with an echo that waits for the window.
        static let closingBehindWindow = Scenario(
            id: "http2/window/close",
            title: "Closing handshake while an echo waits for the window, which then opens",
            requirements: ["RFC6455-5.5.1-07", "RFC8441-5-14"],
            targets: [.server],
            needs: .echo,
            chapter: "H2-35",
            stream: StreamToSpeak(settings: [window(0)]),
            script: [
                .send(FrameToSend(.text, .text("stuck"))), .startClosingHandshake(body: .closeBody(1000)),
                .pingConnection, .sendOnConnection(HTTP2Frame.windowUpdate(65_535, on: 1).encoded),
            ],
            conclusion: .awaitEnd,
            behaviour: [
                .conforms(.events([.message(.text, .text("stuck"))])), .conforms(.events([])),
            ] + .endsConnectionUnasked("a closed WebSocket ends its stream alone (RFC 8441, 5)"),
            closing: .answersNormalClose
        )

        /// A client's window that is closed until we open it.
        static let closedForClient = ofClient(
            "client-closed",
            "INITIAL_WINDOW_SIZE of 0 for a client, and a WINDOW_UPDATE for its echo later",
            .text("behind a window"),
            window: 0,
            behind: [.pingConnection, grant(65_535)]
        )

        /// A client's window that opens by one octet at a time.
        static let narrowForClient = ofClient(
            "client-one-octet",
            "INITIAL_WINDOW_SIZE of 1 for a client, whose echo gets its octets one by one",
            .text("octets"),
            window: 1,
            behind: (0..<12).flatMap { _ in [.pingConnection, grant(1)] } + [.pingConnection, grant(65_535)]
        )

        /// A client's window that becomes negative.
        static let loweredForClient = ofClient(
            "client-lowered",
            "INITIAL_WINDOW_SIZE of a client lowered below what is used, in the middle of an echo",
            .repeating(unit: [0xFE], length: 100_000),
            window: 60_000,
            behind: [
                .pingConnection,
                .sendOnConnection(HTTP2Frame.settings([HTTP2Setting(.initialWindowSize, 10)]).encoded),
                .pingConnection, grant(200_000),
            ],
            more: ["RFC9113-6.9.2-01"]
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            closed, narrow, lowered, endStream, closingBehindWindow, closedForClient, narrowForClient, loweredForClient,
        ]

        private static func grant(_ count: UInt32) -> Step {
            .sendOnConnection(HTTP2Frame.windowUpdate(count, on: 1).encoded)
        }

        /// An echo of a client whose window is lowered before the message; the usual one follows the stream.
        private static func ofClient(
            _ slug: String,
            _ title: String,
            _ payload: Payload,
            window size: UInt32,
            behind steps: [Step],
            more: [String] = []
        ) -> Scenario {
            let opcode: Opcode = payload.count > 1_000 ? .binary : .text
            let usual = HTTP2Frame.settings([HTTP2Setting(.initialWindowSize, 1 << 20)]).encoded
            return Scenario(
                id: "http2/window/\(slug)",
                title: title,
                requirements: ["RFC6455-6.2-01", "RFC9113-6.9.1-01", "RFC9113-5.2.1-01"] + more,
                targets: [.client],
                needs: .echo,
                chapter: "H2-26",
                stream: StreamToSpeak(afterwards: usual),
                script: [
                    .sendOnConnection(HTTP2Frame.settings([HTTP2Setting(.initialWindowSize, size)]).encoded),
                    .pingConnection, .send(FrameToSend(opcode, payload)),
                ] + steps,
                conclusion: .closeWhenComplete,
                behaviour: .answers([.message(opcode, payload)])
                    + .endsConnectionUnasked("a narrow window is waited for (RFC 9113, 6.9.1)"),
                closing: .answersNormalClose
            )
        }

        private static func window(_ size: UInt32) -> StreamToSpeak.Setting {
            StreamToSpeak.Setting(HTTP2Setting.Identifier.initialWindowSize.rawValue, size)
        }

        private static func echoed(
            _ slug: String,
            _ title: String,
            _ payload: Payload,
            _ stream: StreamToSpeak,
            behind steps: [Step],
            more: [String] = []
        ) -> Scenario {
            let opcode: Opcode = payload.count > 1_000 ? .binary : .text
            return Scenario(
                id: "http2/\(slug)",
                title: title,
                requirements: ["RFC6455-6.2-01", "RFC9113-6.9.1-01", "RFC9113-5.2.1-01"] + more,
                targets: [.server],
                needs: .echo,
                chapter: "H2-26",
                stream: stream,
                script: [.send(FrameToSend(opcode, payload))] + steps,
                conclusion: .closeWhenComplete,
                behaviour: .answers([.message(opcode, payload)])
                    + .endsConnectionUnasked("a narrow window is waited for (RFC 9113, 6.9.1)"),
                closing: .answersNormalClose
            )
        }
    }
}
