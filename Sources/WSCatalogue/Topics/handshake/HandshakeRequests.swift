import WSProtocol
package import WSScenario

extension Catalogue {
    /// What a server does with unusual opening handshakes.
    package enum HandshakeRequests {
        /// A text and a Ping in the segment of the request, before the answer to it has come.
        static let framesInTheSameSegment: Scenario = {
            let answers: [ExpectedEvent] = [.message(.text, .text("Hello, world!")), .pong(.text("early"))]
            let reason =
                "did not answer frames that came with the request; a client has to wait for the response, "
                + "and no rule says what becomes of the frames (RFC 6455, 4.1)"
            return Scenario(
                id: "handshake/request/frames-in-the-same-segment",
                title: "Text and Ping in the same segment as the request",
                requirements: ["RFC6455-4.2.2-01", "RFC6455-4.1-39"],
                targets: [.server],
                needs: .echo,
                tags: [.handshake, .ambiguous],
                chapter: "HSQ-39",
                opening: .framesWithHandshake,
                script: [
                    .send(FrameToSend(.text, .text("Hello, world!"))),
                    .send(FrameToSend(.ping, .text("early"))),
                    .awaitPong(.text("early")),
                    .startClosingHandshake(body: .closeBody(1000)),
                ],
                conclusion: .awaitEnd,
                behaviour: [.conforms(.anyOrder(answers)), .informational(.anything, reason)],
                closing: [.conforms(.peerReplies(codes: [1000, 1005])), .informational(.anything, reason)]
            )
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] = [framesInTheSameSegment]
    }
}
