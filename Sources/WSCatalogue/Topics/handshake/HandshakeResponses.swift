package import WSScenario

extension Catalogue {
    /// The form of a server's answer to the opening handshake; rules over every record look at it.
    package enum HandshakeResponses {
        /// The handshake of the RFC with its key.
        static let sample = scenario(
            "sample-key",
            "Handshake with the key of the RFC",
            "HSQ-01",
            [
                "RFC6455-4.2.2-17", "RFC6455-4.2.2-18", "RFC6455-4.2.2-19", "RFC6455-4.2.2-20", "RFC6455-4.2.2-21",
                "RFC6455-11.3.3-01", "RFC6455-4.3-09", "RFC6455-4.2.1-13", "RFC6455-4.2.1-18", "RFC9110-7.8-02",
            ],
            key("dGhlIHNhbXBsZSBub25jZQ=="),
            .mustAccept("the handshake of RFC 6455, 1.3 is valid (RFC 6455, 4.2.1)").because(.refusedOrdinary)
        )

        /// The form of the 101.
        static let form = scenario(
            "form-of-the-101",
            "Form of the 101: no content, no folding, no stray octets",
            "HSQ-02",
            [
                "RFC9110-8.6-01", "RFC9112-6.1-01", "RFC9112-4-01", "RFC9112-5.2-01", "RFC9112-2.2-02",
                "RFC9110-5.6.1.1-01",
            ],
            .ordinary,
            .mustAccept("this is the handshake of the control (RFC 6455, 4.2.1)").because(.refusedOrdinary)
        )

        /// Keys of unusual characters; every other conversation has a random key.
        static let keys = [
            ("with-plus-signs", "+++++++++++++++++++++g==", "of plus signs"),
            ("with-slashes", "/////////////////////w==", "of slashes"),
            ("of-zeros", "AAAAAAAAAAAAAAAAAAAAAA==", "of zeros"),
            ("of-text", "MDEyMzQ1Njc4OWFiY2RlZg==", "that is text"),
        ].map { slug, value, phrase in
            scenario(
                "key-\(slug)",
                "Key \(phrase)",
                "HSQ-03",
                ["RFC6455-4.2.2-21"],
                key(value),
                .mustAccept("any 16 octets are a key (RFC 6455, 4.2.1)").because(.refusedKey)
            )
        }

        /// The form of an error response.
        static let error = scenario(
            "form-of-an-error",
            "Form of an error response: it ends, and says when it was sent",
            "HSQ-45",
            ["RFC6455-10.7-04", "RFC9110-6.6.1-01", "RFC9112-9.6-01"],
            .without("Sec-WebSocket-Key"),
            .mustReject("accepted a handshake without a key (RFC 6455, 4.2.1)").because(.acceptedWithoutKey)
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = [sample, form] + keys + [error]

        private static func key(_ key: String) -> HandshakeTemplate {
            .with("Sec-WebSocket-Key", "Sec-WebSocket-Key: \(key)")
        }

        private static func scenario(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ rules: [String],
            _ template: HandshakeTemplate,
            _ policy: HandshakePolicy
        ) -> Scenario {
            .handshake("handshake/response/\(slug)", title, chapter, rules, sends: template.request(), policy)
        }
    }
}
