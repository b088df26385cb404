import WSHTTP2
import WSProtocol
package import WSScenario

extension Catalogue {
    /// How a stream ends: with Close frames, with END_STREAM alone, with RST_STREAM, and what may follow.
    package enum StreamEndings {
        /// The closing handshake.
        static let closing = Scenario(
            id: "http2/end/close",
            title: "Closing handshake, behind which END_STREAM is due and the connection goes on",
            requirements: ["RFC6455-5.5.1-07", "RFC8441-5-14"],
            targets: [.client, .server],
            needs: .nothing,
            chapter: "H2-20",
            stream: StreamToSpeak(),
            script: [.send(FrameToSend(.ping, HandshakePolicy.ping))],
            conclusion: .closeWhenComplete,
            behaviour: .opensStream("a valid Extended CONNECT is accepted with 2xx (RFC 8441, 5)"),
            closing: .answersNormalClose
        )

        /// END_STREAM without a Close frame.
        static func endStream() -> [Scenario] {
            let rows: [(String, String, [Step])] = [
                ("idle", "END_STREAM without a Close frame", []),
                (
                    "inside-frame", "END_STREAM inside a text frame",
                    [.beginFrame(fin: true, opcode: .text, length: 20), .continueFrame(.text("ten octets"))]
                ),
            ]
            return rows.map { slug, title, script in
                Scenario(
                    id: "http2/end/end-stream-\(slug)",
                    title: title,
                    requirements: ["RFC6455-6.2-01", "RFC8441-5-16", "RFC9113-8.5-02"],
                    targets: [.client, .server],
                    needs: .nothing,
                    tags: [.robustness],
                    chapter: "H2-21",
                    stream: StreamToSpeak(),
                    script: script + [.endOutput],
                    conclusion: .awaitEnd,
                    behaviour: [.conforms(.resetsStream(codes: nil))]
                        + .endsConnectionUnasked("END_STREAM ends the stream alone (RFC 8441, 5)")
                        + .deliversNothing("a frame that did not come to its end"),
                    closing: [
                        .conforms(.peerCloses(codes: nil)), .conforms(.peerDrops),
                        .tolerated(
                            .staysOpen,
                            "a WebSocket whose stream the client has ended is over (RFC 8441, 5)",
                            cites: "RFC8441-5-16"
                        ).because(.keptOpen),
                    ]
                )
            }
        }

        /// DATA behind END_STREAM.
        static let dataBehindEnd = Scenario(
            id: "http2/end/data-behind-end-stream",
            title: "DATA with a second text frame behind END_STREAM",
            requirements: ["RFC9113-5.1-01", "RFC9113-5.4.2-01"],
            targets: [.server],
            needs: .echo,
            tags: [.robustness],
            chapter: "H2-24",
            stream: StreamToSpeak(),
            script: [
                .send(FrameToSend(.text, .text("before the end"))), .endOutput,
                .sendOnConnection(HTTP2Frame.data(StreamFrames.maskedText, on: 1).encoded),
            ],
            conclusion: .awaitEnd,
            behaviour: [
                .conforms(.events([.message(.text, .text("before the end"))])),
                .conforms(.resetsStream(codes: nil)), .conforms(.endsConnection(withError: true)),
                .informational(
                    .endsConnection(withError: false),
                    "GOAWAY should say why (RFC 9113, 5.4.1)",
                    cites: "RFC9113-5.4.1-01"
                ),
                .conforms(.events([])),
                .violates(
                    .anything,
                    "answered what came behind END_STREAM, which is an error (RFC 9113, 5.1)",
                    cites: "RFC9113-5.1-01"
                ).because(.answeredUnasked),
            ],
            closing: .anyEnd
        )

        /// RST_STREAM where nothing is under way.
        static let resetIdle = reset("idle", "RST_STREAM with CANCEL on an idle stream", .nothing, [])

        /// RST_STREAM while an echo is under way.
        static let resetDuringEcho = reset(
            "during-echo",
            "RST_STREAM with CANCEL while the echo of 100,000 octets is under way",
            .echo,
            [.send(FrameToSend(.binary, .repeating(unit: [0xFE], length: 100_000)))]
        )

        /// WINDOW_UPDATE on a closed stream.
        static let windowUpdate = afterwards(
            "window-update",
            "WINDOW_UPDATE",
            HTTP2Frame.windowUpdate(1, on: 1),
            "RFC9113-6.9-02",
            .endsConnectionUnasked(
                "WINDOW_UPDATE on a closed stream is no error (RFC 9113, 6.9)",
                over: "RFC9113-6.9-02"
            )
        )

        /// RST_STREAM on a closed stream.
        static let resetStream = afterwards(
            "rst-stream",
            "RST_STREAM",
            HTTP2Frame.resetStream(1, .cancel),
            "RFC9113-5.1-03",
            ending("a RST_STREAM may cross the end of its stream (RFC 9113, 5.1)", cites: "RFC9113-5.1-03")
        )

        /// PRIORITY on a closed stream.
        static let priority = afterwards(
            "priority",
            "PRIORITY",
            HTTP2Frame.priority(HTTP2Priority(), on: 1),
            "RFC9113-6.3-01",
            ending("PRIORITY comes in any state of a stream (RFC 9113, 6.3)", cites: "RFC9113-6.3-01")
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [closing] + endStream() + [dataBehindEnd, resetIdle, resetDuringEcho, windowUpdate, resetStream, priority]

        private static func reset(
            _ slug: String,
            _ title: String,
            _ needs: ApplicationNeed,
            _ script: [Step]
        ) -> Scenario {
            Scenario(
                id: "http2/end/reset-\(slug)",
                title: title,
                requirements: ["RFC6455-10.7-01", "RFC8441-5-15", "RFC9113-6.4-01", "RFC9113-5.4.2-01"],
                targets: [.client, .server],
                needs: needs,
                tags: [.robustness],
                chapter: "H2-22",
                stream: StreamToSpeak(),
                script: script + [.reset],
                conclusion: .awaitEnd,
                behaviour: .endsConnectionUnasked("RST_STREAM ends the stream alone (RFC 9113, 5.4.2)") + .survives,
                closing: .anyEnd
            )
        }

        private static func ending(_ why: String, cites rule: String) -> [Outcome<BehaviourPattern>] {
            [
                .tolerated(.endsConnection(withError: true), why, cites: rule),
                .tolerated(.endsConnection(withError: false), why, cites: rule),
            ]
        }

        private static func afterwards(
            _ slug: String,
            _ name: String,
            _ frame: HTTP2Frame,
            _ rule: String,
            _ ending: [Outcome<BehaviourPattern>]
        ) -> Scenario {
            Scenario(
                id: "http2/end/\(slug)-afterwards",
                title: "\(name) on the stream that has just been closed",
                requirements: rule == "RFC9113-6.9-02" ? [rule] : ["RFC6455-5.5.2-02", rule],
                targets: [.client, .server],
                needs: .nothing,
                chapter: "H2-34",
                stream: StreamToSpeak(afterwards: frame.encoded),
                script: [.send(FrameToSend(.ping, HandshakePolicy.ping))],
                conclusion: .closeWhenComplete,
                behaviour: ending + .answers([.pong(HandshakePolicy.ping)]),
                closing: .answersNormalClose
            )
        }
    }
}
