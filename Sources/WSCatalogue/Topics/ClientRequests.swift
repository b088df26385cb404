import WSProtocol
package import WSScenario

extension Catalogue {
    /// A client's opening handshake, looked at in full; rules over every record do the looking.
    package enum ClientRequests {
        /// The request, with the recommendations that other scenarios leave out.
        static let form = asking(
            "handshake/request/form-of-the-request",
            "Form of the opening handshake: request line, fields, key and version",
            "HSC-01",
            [
                "RFC6455-4.1-19", "RFC6455-4.1-02", "RFC6455-4.1-18", "RFC6455-4.1-20", "RFC6455-4.1-21",
                "RFC6455-4.1-22", "RFC6455-4.1-23", "RFC6455-4.1-24", "RFC6455-4.1-25", "RFC6455-4.1-26",
                "RFC6455-4.1-27", "RFC6455-4.1-30", "RFC6455-4.1-31", "RFC6455-4.1-32", "RFC6455-4.1-33",
                "RFC6455-4.1-37", "RFC6455-4.3-01", "RFC6455-9-01", "RFC9110-2.2-01", "RFC9110-7.2-01",
                "RFC9110-7.2-02", "RFC9110-7.6.1-02", "RFC9110-7.8-05", "RFC9110-9.3.1-01", "RFC9112-3.2-02",
                "RFC9112-3.2-03", "RFC9112-3.2.1-01",
            ]
        )

        /// The request of an application that wants one of two subprotocols.
        static let subprotocols: Scenario = {
            var scenario = asking(
                "subprotocol/asked-for",
                "Opening handshake that asks for two subprotocols",
                "HSC-05",
                [
                    "RFC6455-4.1-34", "RFC6455-4.1-35", "RFC6455-4.1-36", "RFC6455-4.3-05", "RFC6455-11.5-01",
                    "RFC6455-4.1-19",
                ]
            )
            scenario.driver = .subprotocols(["chat", "superchat"])
            return scenario
        }()

        /// A message on a connection on which no extension was accepted, whatever was offered.
        static let declined: Scenario = {
            let message = Payload.repeating("the same again and again; ", length: 1300)
            return Scenario(
                id: "extension/declined-then-message",
                title: "101 without extensions, then a message that compresses well",
                requirements: ["RFC6455-9.1-07", "RFC6455-6.2-01", "RFC6455-5.8-01", "RFC6455-5.2-02"],
                targets: [.client],
                needs: .echo,
                chapter: "EXT-12",
                script: [.send(FrameToSend(.text, message))],
                conclusion: .closeWhenComplete,
                behaviour: .answers([.message(.text, message)]),
                closing: .answersNormalClose
            )
        }()

        /// A compressed message on such a connection.
        static let declinedThenUsed = Scenario(
            id: "extension/declined-then-used",
            title: "101 without extensions, then a compressed text",
            requirements: .failing("RFC6455-5.2-03") + ["RFC6455-9.1-07", "RFC6455-5.8-01"],
            targets: [.client],
            needs: .nothing,
            chapter: "EXT-12",
            references: [
                KnownDefect("aiohttp", "CVE-2026-59881"), KnownDefect("aiohttp", "aio-libs/aiohttp#12976"),
            ],
            // "Hello" in DEFLATE (RFC 7692, 7.2.3.1).
            script: [.send(FrameToSend(.text, .octets([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]), rsv: 4))],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .fails,
            closing: .fails(with: 1002)
        )

        /// A server that takes its time to end TCP behind the Close frames.
        static let waitsForFIN = Scenario(
            id: "closing/client-waits-for-fin",
            title: "Close 1000, and TCP ended by the server only a second behind the answer",
            requirements: .answeringClose("RFC6455-5.5.1-13", "RFC6455-7.1.1-06"),
            targets: [.client],
            needs: .nothing,
            chapter: "CLO-08",
            script: [
                .ignoreClose, .startClosingHandshake(body: .closeBody(1000)), .pause(milliseconds: 1000), .endOutput,
            ],
            conclusion: .awaitEnd,
            behaviour: .silence,
            closing: [
                .conforms(.peerReplies(codes: [1000, 1005])),
                .tolerated(
                    .peerReplies(codes: nil),
                    "the code received is typically sent back (RFC 6455, 5.5.1)",
                    cites: "RFC6455-5.5.1-08"
                ),
                .tolerated(
                    .peerDropsAfterOurClose,
                    "had not answered a Close frame when TCP was ended a second later; the answer should come as soon "
                        + "as practical (RFC 6455, 5.5.1)",
                    cites: "RFC6455-5.5.1-09"
                ),
                .violates(.anything, "a Close frame has to be answered (RFC 6455, 5.5.1)", cites: "RFC6455-5.5.1-07"),
            ]
        )

        /// A server that never does.
        static let finNeverComes = Scenario(
            id: "closing/client-gets-no-fin",
            title: "Close 1000, and TCP not ended by the server for half a minute",
            requirements: ["RFC6455-5.5.1-14", "RFC6455-7.1.1-04"],
            targets: [.client],
            needs: .nothing,
            tags: [.slow, .ambiguous],
            chapter: "CLO-08",
            script: [
                .ignoreClose, .startClosingHandshake(body: .closeBody(1000)), .pause(milliseconds: 30_000), .endOutput,
            ],
            conclusion: .awaitEnd,
            behaviour: .mayEndIdle,
            closing: [
                .conforms(.peerReplies(codes: nil)),
                .informational(
                    .anything,
                    "did not end with a Close frame of its own; how long a client waits for the server is its own affair "
                        + "(RFC 6455, 7.1.1)",
                    cites: "RFC6455-7.1.1-04"
                ),
            ]
        )

        /// Responses of a size that overran somebody's room.
        static let sizes: [Scenario] = [
            Scenario.answer(
                "defect/404-with-2-kib",
                "404 with 2 KiB of content in one segment",
                nil,
                ["RFC6455-4.1-41"],
                references: [espIDF],
                sends: ResponseTemplate.line("HTTP/1.1 404 Not Found").beginning("Content-Length: 2048")
                    .followed(by: pongs).response(),
                .mustFail("took an answer with 404 for a WebSocket connection, which only 101 begins (RFC 6455, 4.1)")
            ),
            Scenario.answer(
                "defect/101-of-2-kib",
                "101 with a field of 2 KiB",
                nil,
                ["RFC9110-5.1-02"],
                references: [espIDF],
                sends: ResponseTemplate.adding("X-Long: {padding}").padded(with: .repeating("x", length: 2048))
                    .response(),
                .mustAccept("a field of two thousand octets is nothing out of the ordinary (RFC 6455, 4.1)")
            ),
        ].map { $0.with(.regression) }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [form, subprotocols, declined, declinedThenUsed, waitsForFIN, finNeverComes] + sizes

        /// 2 KiB that read as frames nobody has to answer, to who reads on.
        private static let pongs = [[UInt8]](repeating: [0x8A, 0x00], count: 1024).flatMap(\.self)
        private static let espIDF = KnownDefect("ESP-IDF", "espressif/esp-idf#14184", about: ["RFC6455-10.7-01"])

        private static func asking(
            _ id: String,
            _ title: String,
            _ chapter: String,
            _ rules: [String]
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-5.5.2-02"] + rules,
                targets: [.client],
                needs: .nothing,
                meantFor: Transport.ofHTTP1,
                tags: [.handshake],
                chapter: chapter,
                script: [.send(FrameToSend(.ping, .text("well asked")))],
                conclusion: .closeWhenComplete,
                behaviour: .answers([.pong(.text("well asked"))]),
                closing: .answersNormalClose
            )
        }
    }
}
