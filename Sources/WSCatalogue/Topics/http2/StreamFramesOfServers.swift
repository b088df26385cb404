import WSHTTP2
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Frames of HTTP/2 that only a server can send so, and what a client makes of them.
    package enum StreamFramesOfServers {
        /// DATA with padding, behind which the WebSocket frame goes on.
        static let padded = Scenario(
            id: "http2/data/padded-by-server",
            title: "Text frame in two DATA frames of a server, the first with ten octets of padding",
            requirements: ["RFC6455-6.2-01", "RFC9113-6.1-01", "RFC8441-5-12"],
            targets: [.client],
            needs: .echo,
            chapter: "H2-19",
            stream: StreamToSpeak(),
            script: [
                .sendOnConnection(
                    HTTP2Frame.data(Array(text.prefix(9)), on: 1, padding: HTTP2Padding(10)).encoded
                        + HTTP2Frame.data(Array(text.dropFirst(9)), on: 1).encoded
                )
            ],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.message(.text, StreamFrames.text)])
                + .endsConnectionUnasked("DATA may be padded (RFC 9113, 6.1)"),
            closing: .answersNormalClose
        )

        /// GOAWAY that lets every stream go on.
        static let goAway = Scenario(
            id: "http2/between/goaway-of-server",
            title: "GOAWAY with NO_ERROR of a server that goes on with all streams",
            requirements: ["RFC6455-5.5.2-02", "RFC9113-6.8-03"],
            targets: [.client],
            needs: .nothing,
            chapter: "H2-27",
            stream: StreamToSpeak(),
            script: [
                .sendOnConnection(HTTP2Frame.goAway(lastStreamID: 1 << 31 - 1, .noError).encoded), .pingConnection,
                .send(FrameToSend(.ping, HandshakePolicy.ping)),
            ],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.pong(HandshakePolicy.ping)])
                + .endsConnectionUnasked("GOAWAY leaves open streams as they are (RFC 9113, 6.8)"),
            closing: .answersNormalClose
        )

        /// A frame with a mask.
        static let masked = Scenario(
            id: "http2/error/masked",
            title: "Text frame with a mask, over which the WebSocket alone fails",
            requirements: ["RFC6455-5.1-06", "RFC8441-5-12", "RFC9113-5.4.2-01"],
            targets: [.client],
            needs: .nothing,
            chapter: "H2-18",
            stream: StreamToSpeak(),
            script: [.send(FrameToSend(.text, .text("masked"), masking: .fresh))],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .endsConnectionOverError + .resetsStream + .fails,
            closing: .fails(with: 1002)
        )

        /// DATA behind END_STREAM.
        static let dataBehindEnd = Scenario(
            id: "http2/end/data-behind-end-stream-of-server",
            title: "DATA of a server with a second text frame behind END_STREAM",
            requirements: ["RFC9113-5.1-01", "RFC9113-5.4.2-01"],
            targets: [.client],
            needs: .echo,
            tags: [.robustness],
            chapter: "H2-24",
            stream: StreamToSpeak(),
            script: [
                .send(FrameToSend(.text, .text("before the end"))), .endOutput,
                .sendOnConnection(HTTP2Frame.data(text, on: 1).encoded),
            ],
            conclusion: .awaitEnd,
            behaviour: [
                .conforms(.events([.message(.text, .text("before the end"))])),
                .conforms(.resetsStream(codes: nil)), .conforms(.endsConnection(withError: true)),
                .conforms(.events([])),
                .violates(
                    .anything,
                    "answered what came behind END_STREAM, which is an error (RFC 9113, 5.1)",
                    cites: "RFC9113-5.1-01"
                ).because(.answeredUnasked),
            ],
            closing: .anyEnd
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = [padded, goAway, masked, dataBehindEnd]

        /// A text frame without a mask, for DATA of our own making.
        private static let text: [UInt8] = [0x81, UInt8(StreamFrames.text.count)] + StreamFrames.text.octets
    }
}
