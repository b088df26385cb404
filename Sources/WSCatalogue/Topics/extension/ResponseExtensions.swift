import WSProtocol
package import WSScenario

extension Catalogue {
    /// Extensions in the answer to a client's opening handshake, and what follows where none was accepted.
    package enum ResponseExtensions {
        /// Extensions that the client has not offered.
        static let unasked: [Scenario] = [
            ("unasked", "x-wsconform-unasked", "an extension that nobody offered"),
            ("unasked-with-parameter", "x-wsconform-unasked; a=1", "an extension that nobody offered and a parameter"),
        ].map { slug, value, phrase in
            Scenario.answer(
                "extension/\(slug)",
                "101 with \(phrase)",
                "EXT-09",
                ["RFC6455-9.1-01"],
                sends: ResponseTemplate.extensions(value).response(),
                .mustFail("accepted an extension that it had not offered (RFC 6455, 4.1)", over: "RFC6455-4.1-53")
            )
        }

        /// Values outside the grammar, as in the requests to servers.
        static let malformed: [Scenario] = MalformedExtension.all.map { malformed in
            Scenario.answer(
                "extension/answered-\(malformed.slug)",
                "101 whose extension has \(malformed.phrase)",
                "EXT-10",
                ["RFC6455-4.1-53", "RFC6455-4.3-02"]
                    + malformed.requirements,
                sends: ResponseTemplate.extensions(malformed.value).response(),
                .mustFail(
                    "accepted a Sec-WebSocket-Extensions outside its grammar (RFC 6455, 9.1)",
                    over: "RFC6455-9.1-01"
                )
            )
        }

        /// Lists without an element, which some clients read as if the field were missing.
        static let empty: [Scenario] = [("nothing", ""), ("comma", ",")].map { slug, value in
            Scenario.answer(
                "extension/answered-empty-list-\(slug)",
                "101 whose list of extensions is no more than: \(slug)",
                "EXT-10",
                ["RFC6455-4.3-02", "RFC6455-4.2.2-16"],
                sends: ResponseTemplate.extensions(value).response(),
                .shouldFail(
                    "overlooked a list of extensions without one (RFC 6455, 9.1)",
                    over: "RFC6455-9.1-01"
                )
            )
        }

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
            requirements: .failing("RFC6455-5.2-03") + ["RFC6455-9.1-07", "RFC6455-5.8-01", "RFC7692-5-14"],
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

        /// Every scenario of this file.
        package static let all: [Scenario] = unasked + malformed + empty + [declined, declinedThenUsed]
    }
}
