import WSHTTP2
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frames of HTTP/2 on and around the stream of a WebSocket: how DATA are cut, and what may stand between them.
    package enum StreamFrames {
        /// A WebSocket frame across many DATA frames.
        static let manyData = echoed(
            "data/octet-by-octet",
            "Text frame in DATA of one octet each",
            [.send(FrameToSend(.text, .text("octet by octet"), pacing: .pieces(1)))],
            [.message(.text, .text("octet by octet"))]
        )

        /// Many WebSocket frames in one DATA frame.
        static let manyFrames = echoed(
            "data/many-frames",
            "Three text frames in one DATA frame",
            ["one", "two", "three"].map { .send(FrameToSend(.text, .text($0))) },
            ["one", "two", "three"].map { .message(.text, .text($0)) }
        )

        /// DATA with padding, behind which the WebSocket frame goes on.
        static let padded: Scenario = {
            let (first, rest) = (Array(maskedText.prefix(12)), Array(maskedText.dropFirst(12)))
            var scenario = echoed(
                "data/padded",
                "Text frame in two DATA frames, the first with ten octets of padding",
                [
                    .sendOnConnection(
                        HTTP2Frame.data(first, on: 1, padding: HTTP2Padding(10)).encoded
                            + HTTP2Frame.data(rest, on: 1).encoded
                    )
                ],
                [.message(.text, text)],
                targets: [.server]
            )
            scenario.requirements.append("RFC9113-6.1-01")
            return scenario
        }()

        /// DATA without data.
        static let empty = answered(
            "data/empty",
            "Three DATA frames without data before a Ping",
            ["RFC9113-6.1-02"],
            "H2-19",
            (0..<3).map { _ in .sendOnConnection(HTTP2Frame.data([], on: 1).encoded) } + [ping],
            "DATA may be empty (RFC 9113, 6.1)"
        )

        /// SETTINGS in mid-session.
        static let settings = answered(
            "between/settings",
            "SETTINGS in mid-session",
            ["RFC9113-6.5.3-01"],
            "H2-27",
            [
                .sendOnConnection(HTTP2Frame.settings([HTTP2Setting(.maxHeaderListSize, 65_536)]).encoded),
                .pingConnection, ping,
            ],
            "SETTINGS may come at any time (RFC 9113, 6.5)"
        )

        /// PING in mid-session.
        static let pingOfConnection = answered(
            "between/ping",
            "PING in mid-session",
            ["RFC9113-6.7-01"],
            "H2-27",
            [.pingConnection, ping],
            "PING may come at any time (RFC 9113, 6.7)"
        )

        /// Frames of types that nobody knows, on the connection and on the stream.
        static let unknown = answered(
            "between/unknown-frames",
            "Frames of an unknown type, on the connection and on the stream",
            ["RFC9113-5.5-01"],
            "H2-27",
            [0, 1].map { stream in
                .sendOnConnection(
                    HTTP2Frame(type: HTTP2FrameType(rawValue: 0xFA), streamID: stream, payload: [1, 2, 3]).encoded
                )
            } + [ping],
            "frames of unknown types are ignored (RFC 9113, 5.5)",
            over: "RFC9113-5.5-01"
        )

        /// GOAWAY without an error in mid-session.
        static let goAway = answered(
            "between/goaway",
            "GOAWAY with NO_ERROR in mid-session",
            ["RFC9113-6.8-03"],
            "H2-27",
            [.sendOnConnection(HTTP2Frame.goAway(lastStreamID: 0, .noError).encoded), .pingConnection, ping],
            "GOAWAY leaves open streams as they are (RFC 9113, 6.8)",
            targets: [.server]
        )

        /// A request of ordinary HTTP on the same connection.
        static let ordinaryRequest = answered(
            "beside/get",
            "GET on another stream of the connection in mid-session",
            ["RFC9113-5.4.2-01"],
            "H2-25",
            [.sendOnConnection(get), .pingConnection, ping],
            "streams of one connection are independent (RFC 9113, 5.4.2)",
            targets: [.server]
        )

        /// Several WebSockets on one connection.
        static func companions() -> [Scenario] {
            [2, 10, 100].map { count in
                let text = ExpectedEvent.message(.text, .text("one of many"))
                return Scenario(
                    id: "http2/beside/\(count)-websockets",
                    title: "\(count) WebSockets on one connection",
                    requirements: ["RFC6455-6.2-01", "RFC8441-5-10", "RFC9113-5.4.2-01"],
                    targets: [.server],
                    needs: .echo,
                    chapter: "H2-25",
                    stream: StreamToSpeak(companions: count - 1),
                    script: [.send(FrameToSend(.text, .text("one of many")))],
                    conclusion: .closeWhenComplete,
                    behaviour: .answers([text])
                        + .endsConnectionUnasked("streams of one connection are independent (RFC 9113, 5.4.2)"),
                    closing: .answersNormalClose
                )
            }
        }

        /// As many WebSockets as the server takes at a time, and another one.
        static let beyondLimit = Scenario(
            id: "http2/beside/one-too-many",
            title: "As many WebSockets on one connection as the server takes at a time, and one more",
            requirements: ["RFC6455-6.2-01", "RFC9113-5.1.2-02", "RFC9113-5.4.2-01"],
            targets: [.server],
            needs: .echo,
            chapter: "H2-25",
            stream: StreamToSpeak(exceedsLimit: true),
            script: [.send(FrameToSend(.text, .text("one of many")))],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.message(.text, .text("one of many"))]) + .endsConnectionOverError,
            closing: .answersNormalClose
        )

        /// HEADERS on the open stream.
        static let headers = failed(
            "error/headers",
            "HEADERS on the open stream, which is a tunnel",
            "RFC9113-8.5-01",
            HTTP2Frame.headers(HPACKEncoder.plain([("x-wsconform", "1")]), on: 1),
            [.protocolError],
            "a tunnel takes DATA alone (RFC 9113, 8.5)"
        )

        /// WINDOW_UPDATE by nothing.
        static let windowByZero = failed(
            "error/window-update-zero",
            "WINDOW_UPDATE by 0 on the stream",
            "RFC9113-6.9-01",
            HTTP2Frame.windowUpdate(0, on: 1),
            [.protocolError],
            "an increment of 0 is an error of the stream (RFC 9113, 6.9)"
        )

        /// WINDOW_UPDATE beyond the largest window.
        static let windowOverflow = failed(
            "error/window-overflow",
            "WINDOW_UPDATE that makes the window of the stream too large",
            "RFC9113-6.9.1-03",
            HTTP2Frame.windowUpdate(1 << 31 - 1, on: 1),
            [.flowControlError],
            "a window beyond 2³¹ - 1 ends the stream (RFC 9113, 6.9.1)"
        )

        /// A frame without a mask.
        static let unmasked = Scenario(
            id: "http2/error/unmasked",
            title: "Text frame without a mask, over which the WebSocket alone fails",
            requirements: ["RFC6455-5.1-03", "RFC8441-5-13", "RFC9113-5.4.2-01"],
            targets: [.server],
            needs: .nothing,
            chapter: "H2-18",
            stream: StreamToSpeak(),
            script: [.send(FrameToSend(.text, .text("bare"), masking: .none))],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .endsConnectionOverError + .resetsStream + .fails,
            closing: .failsUnmasked()
        )

        /// A reserved bit.
        static let reservedBit = Scenario(
            id: "http2/error/reserved-bit",
            title: "Text frame with RSV2, over which the WebSocket alone fails",
            requirements: ["RFC6455-5.2-03", "RFC6455-7.1.7-02", "RFC8441-5-15", "RFC9113-5.4.2-01"],
            targets: [.client, .server],
            needs: .nothing,
            chapter: "H2-23",
            stream: StreamToSpeak(),
            script: [.send(FrameToSend(.text, .text("reserved"), rsv: 2))],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .endsConnectionOverError + .resetsStream + .fails,
            closing: .fails(with: 1002)
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [
                manyData, manyFrames, padded, empty, settings, pingOfConnection, unknown, goAway, ordinaryRequest,
                beyondLimit, headers, windowByZero, windowOverflow, unmasked, reservedBit,
            ] + companions()

        private static let ping = Step.send(FrameToSend(.ping, HandshakePolicy.ping))

        /// GET for the path / on stream 3.
        private static let get = HTTP2Frame.headers(
            HPACKEncoder.plain([
                (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "localhost"),
            ]),
            on: 3,
            endStream: true
        ).encoded

        private static func echoed(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            _ echoes: [ExpectedEvent],
            targets: [Role] = [.client, .server]
        ) -> Scenario {
            Scenario(
                id: "http2/\(slug)",
                title: title,
                requirements: ["RFC6455-6.2-01", "RFC8441-5-12", "RFC9113-6.1-02"],
                targets: targets,
                needs: .echo,
                chapter: "H2-19",
                stream: StreamToSpeak(),
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .answers(echoes)
                    + .endsConnectionUnasked("DATA may be cut anywhere (RFC 9113, 6.1; RFC 8441, 5)"),
                closing: .answersNormalClose
            )
        }

        private static func answered(
            _ slug: String,
            _ title: String,
            _ requirements: [String],
            _ chapter: String,
            _ script: [Step],
            _ why: String,
            over rule: String? = nil,
            targets: [Role] = [.client, .server]
        ) -> Scenario {
            Scenario(
                id: "http2/\(slug)",
                title: title,
                requirements: ["RFC6455-5.5.2-02"] + requirements,
                targets: targets,
                needs: .nothing,
                chapter: chapter,
                stream: StreamToSpeak(),
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: .answers([.pong(HandshakePolicy.ping)]) + .endsConnectionUnasked(why, over: rule),
                closing: .answersNormalClose
            )
        }

        private static func failed(
            _ slug: String,
            _ title: String,
            _ rule: String,
            _ frame: HTTP2Frame,
            _ codes: [HTTP2ErrorCode],
            _ why: String,
            targets: [Role] = [.client, .server]
        ) -> Scenario {
            Scenario(
                id: "http2/\(slug)",
                title: title,
                requirements: [rule, "RFC9113-5.4.2-01"],
                targets: targets,
                needs: .nothing,
                chapter: "H2-24",
                stream: StreamToSpeak(),
                script: [.sendOnConnection(frame.encoded)],
                conclusion: .peerFails(lateBarrier: true),
                behaviour: .failsStream(with: codes, why, over: rule),
                closing: .anyEnd
            )
        }
    }
}

extension Catalogue.StreamFrames {
    /// A text frame with a mask, for DATA of our own making.
    static let maskedText: [UInt8] = {
        let payload = text.octets
        var octets = [0x81, 0x80 | UInt8(payload.count), 1, 2, 3, 4]
        for (index, octet) in payload.enumerated() { octets.append(octet ^ UInt8(index % 4 + 1)) }
        return octets
    }()

    /// Its text.
    static let text = Payload.text("in DATA of our own")
}

extension HPACKEncoder {
    /// A field block that needs no table, so that it can stand anywhere.
    static func plain(_ fields: [(String, String)]) -> [UInt8] {
        var encoder = HPACKEncoder()
        return encoder.encode(fields.map { .neverIndexed(FieldLine($0.0, $0.1)) })
    }
}
