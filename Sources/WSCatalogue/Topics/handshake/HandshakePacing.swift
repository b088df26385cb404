import WSProtocol
package import WSScenario

extension Catalogue {
    /// When the octets of the opening handshake come, and what comes behind or instead of them.
    package enum HandshakePacing {
        /// A request in many writes.
        static let pieces = [("octet-wise", 1, "an octet at a time"), ("in-pieces-of-7", 7, "7 octets at a time")].map {
            slug,
            length,
            phrase in
            Scenario.handshake(
                "handshake/request/\(slug)",
                "Handshake written \(phrase)",
                "HSQ-37",
                sends: HandshakeTemplate.ordinary.request(pacing: .pieces(length)),
                .mustAccept("where a handshake is cut into writes does not matter (RFC 6455, 4.2.2)").because(
                    .refusedInPieces
                )
            )
        }

        /// A request whose last CR LF comes late.
        static let heldBack = Scenario.handshake(
            "handshake/request/end-held-back",
            "Last CR LF held back for two seconds",
            "HSQ-38",
            ["RFC6455-4.2.2-01"],
            tags: [.slow],
            sends: HandshakeTemplate.ordinary.request(pacing: .holdingBack(last: 2, milliseconds: 2000)),
            .mustAccept(
                "a handshake that takes its time is as good as any other (RFC 9110, 5.3)",
                over: "RFC9110-5.3-02"
            )
        )

        /// A second request on a connection on which the first was refused.
        static let afterRefusal = Scenario.handshake(
            "handshake/request/after-a-refused-one",
            "Valid handshake behind a refused one on the same connection",
            "HSQ-46",
            ["RFC6455-7.2.2-01"],
            sends: HandshakeTemplate.without("Sec-WebSocket-Version").request(
                followUp: HandshakeTemplate.ordinary.octets
            ),
            HandshakePolicy(
                rule: "RFC6455-4.2.1-01",
                behaviour: HandshakePolicy.either().behaviour,
                sendsPing: true
            )
        )

        /// An HTTP request where frames are due.
        ///
        /// Read as frames, `GE` heads an unmasked one of a reserved opcode with 69 octets: the whole request.
        static let requestInPlaceOfFrames = Scenario(
            id: "handshake/request/behind-the-101",
            title: "Second request behind the 101",
            requirements: .failing("RFC6455-5.1-03") + ["RFC6455-6.2-01"],
            targets: [.server],
            needs: .nothing,
            tags: [.handshake],
            chapter: "HSQ-47",
            script: [.sendOctets(Array(secondRequest.utf8))],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .fails,
            closing: .failsUnmasked()
        )

        /// A second request in one write with the handshake, which breaks 4.1 itself.
        ///
        /// Only an answer in HTTP to the second request is held against the server.
        static let pipelined: Scenario = {
            let reason = "dealt in its own way with octets that a client has to hold back (RFC 6455, 4.1)"
            return Scenario(
                id: "handshake/request/pipelined",
                title: "Two handshakes in one write",
                requirements: ["RFC6455-6.2-01", "RFC6455-5.1-03", "RFC6455-4.1-39"],
                targets: [.server],
                needs: .nothing,
                tags: [.handshake],
                chapter: "HSQ-47",
                opening: .request(HandshakeTemplate.ordinary.followed(by: HandshakeTemplate.ordinary.octets).request()),
                script: [],
                conclusion: .peerFails(lateBarrier: true),
                behaviour: [
                    .conforms(.events([])), .informational(.refused(statuses: nil), reason, cites: "RFC6455-4.1-39"),
                    .informational(.unanswered, reason, cites: "RFC6455-4.1-39"),
                    .violates(
                        .anything,
                        "answered a handshake behind its 101 (RFC 6455, 6.2)",
                        cites: "RFC6455-6.2-01"
                    ),
                ],
                closing: [
                    .conforms(.peerCloses(codes: [1002])), .conforms(.peerDrops),
                    .informational(.anything, reason, cites: "RFC6455-4.1-39"),
                ]
            )
        }()

        /// Octets that are not HTTP, and connections that end inside the handshake.
        static let broken = [
            (
                "tls-client-hello", "TLS ClientHello on a port without TLS",
                RequestToSend(template: clientHello, ending: fin)
            ),
            ("random-octets", "Octets that are no HTTP", RequestToSend(template: noise, ending: fin)),
            (
                "half-and-fin", "Half a handshake, then FIN",
                RequestToSend(template: Array(HandshakeTemplate.ordinary.octets.prefix(80)), ending: fin)
            ),
        ].map { slug, title, request in
            Scenario.handshake(
                "handshake/request/\(slug)",
                title,
                "HSQ-48",
                ["RFC9112-2.2-08"],
                sends: request,
                HandshakePolicy(
                    rule: "RFC6455-10.7-01",
                    behaviour: [
                        .conforms(.refused(statuses: nil)), .conforms(.unanswered),
                        .violates(
                            .accepted,
                            "accepted what is no handshake (RFC 6455, 10.7)",
                            cites: "RFC6455-10.7-01"
                        ).because(.acceptedNoHandshake),
                        .tolerated(
                            .anything,
                            "kept a connection whose client had sent no handshake and FIN (RFC 6455, 10.7)",
                            cites: "RFC9112-2.2-08"
                        ).because(.connectionLeftOpen),
                    ],
                    sendsPing: false
                )
            )
        }

        /// Half a handshake and a reset; only the run can tell whether the target lives on.
        static let halfAndReset = Scenario.handshake(
            "handshake/request/half-and-reset",
            "Half a handshake, then a reset",
            "HSQ-48",
            sends: RequestToSend(
                template: Array(HandshakeTemplate.ordinary.octets.prefix(80)),
                ending: .reset(afterMilliseconds: 20)
            ),
            HandshakePolicy(
                rule: "RFC6455-10.7-01",
                behaviour: [
                    .violates(.accepted, "accepted half a handshake (RFC 6455, 10.7)", cites: "RFC6455-10.7-01")
                        .because(.acceptedHalfHandshake),
                    .conforms(.anything),
                ],
                sendsPing: false
            )
        )

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
        package static let all: [Scenario] =
            pieces + [heldBack, framesInTheSameSegment, afterRefusal, requestInPlaceOfFrames, pipelined] + broken
            + [halfAndReset]

        private static let secondRequest =
            "GET / HTTP/1.1\r\nHost: elsewhere.example\r\nAccept: text/html, */*;q=1\r\n\r\n"

        private static let fin = RequestToSend.Ending.endOutput(afterMilliseconds: 500)

        /// The first octets of a TLS 1.2 connection (RFC 5246, 7.4.1.2): a hello with one cipher suite.
        private static let clientHello: [UInt8] =
            [0x16, 0x03, 0x01, 0x00, 0x2F, 0x01, 0x00, 0x00, 0x2B, 0x03, 0x03] + Array(repeating: 0x5A, count: 32)
            + [0x00, 0x00, 0x02, 0x00, 0x2F, 0x01, 0x00, 0x00, 0x00]

        private static let noise: [UInt8] = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 131) }
    }
}
