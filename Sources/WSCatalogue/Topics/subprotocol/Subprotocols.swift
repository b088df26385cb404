package import WSScenario

extension Catalogue {
    /// Sec-WebSocket-Protocol of the opening handshake.
    package enum Subprotocols {
        /// Valid offers; which subprotocols the server knows is not known to us.
        static let offers: [Scenario] = [
            valid("offer-of-two", "Offer of two subprotocols", .subprotocols("chat, superchat")),
            valid("offer-of-unknown", "Offer of a subprotocol that nobody knows", .subprotocols("x-wsconform-unknown")),
            valid("no-offer", "Handshake without subprotocols", .subprotocols()),
        ]

        /// The same offer in other forms.
        static let forms: [Scenario] = [
            form("on-two-lines", "Two lines of subprotocols", .subprotocols("chat", "superchat")),
            form("with-empty-elements", "List of subprotocols with empty elements", .subprotocols(", chat,,superchat")),
            form("without-spaces", "List of subprotocols without spaces", .subprotocols("chat,superchat")),
        ]

        /// Values that are not lists of tokens.
        static let malformed = [
            ("with-space", "chat superchat", "a space"), ("with-semicolon", "chat;superchat", "a semicolon"),
            ("quoted", "\"chat\"", "quotes"), ("with-slash", "chat/superchat", "a slash"),
            ("with-octet-above-ascii", "chät", "an octet above ASCII"),
        ].map { slug, value, phrase in
            scenario(slug, "Subprotocol of \(phrase)", .subprotocols(value))
        }

        /// An empty value, which some servers read as if the field were missing.
        static let empty = scenario(
            "empty",
            "Subprotocol of nothing",
            .subprotocols(""),
            [],
            .shouldReject("overlooked a list of subprotocols without one (RFC 6455, 4.2.1)", cites: "RFC6455-4.3-05")
        )

        /// A value that is not UTF-8.
        static let notUTF8: Scenario = {
            var template = HandshakeTemplate.subprotocols()
            template = template.adding([Array("Sec-WebSocket-Protocol: ch".utf8) + [0xC3, 0x28, 0xFF]])
            return scenario("not-utf8", "Subprotocol of octets that are no UTF-8", template, ["RFC6455-8.1-03"])
        }()

        /// The same subprotocol twice.
        static let repeated = Scenario.handshake(
            "subprotocol/repeated-name",
            "Offer of the same subprotocol twice",
            "SUB-04",
            ["RFC6455-4.1-36"],
            sends: HandshakeTemplate.subprotocols("chat, chat").request(),
            HandshakePolicy.either().orClosing(cites: "RFC6455-4.2.1-13")
        )

        /// A name in capitals.
        static let otherCase = Scenario.handshake(
            "subprotocol/in-capitals",
            "Offer of a subprotocol in capitals",
            "SUB-05",
            ["IANA-subprotocol-01"],
            sends: HandshakeTemplate.subprotocols("CHAT").request(),
            HandshakePolicy.mayRefuse(policy, cites: "RFC6455-4.2.1-13").orClosing(cites: "RFC6455-4.2.1-13")
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = offers + forms + malformed + [empty, notUTF8, repeated, otherCase]

        private static let policy =
            "refused a handshake over its subprotocols, which is a matter of policy (RFC 6455, 4.2.1)"

        private static func valid(_ slug: String, _ title: String, _ template: HandshakeTemplate) -> Scenario {
            .handshake(
                "subprotocol/\(slug)",
                title,
                "SUB-01",
                [
                    "RFC6455-4.2.2-10", "RFC6455-4.2.2-11", "RFC6455-4.2.2-12", "RFC6455-4.2.2-13", "RFC6455-4.2.1-13",
                    "RFC6455-4.3-06", "RFC6455-11.5-01",
                ],
                sends: template.request(),
                HandshakePolicy.mayRefuse(policy, cites: "RFC6455-4.2.1-13").orClosing(cites: "RFC6455-4.2.1-13")
            )
        }

        private static func form(_ slug: String, _ title: String, _ template: HandshakeTemplate) -> Scenario {
            .handshake(
                "subprotocol/\(slug)",
                title,
                "SUB-02",
                ["RFC6455-11.3.4-01", "RFC9110-5.6.1.2-01", "RFC6455-4.2.2-10"],
                sends: template.request(),
                HandshakePolicy.shouldAccept(
                    "another form of the same list; whether it is refused for its form or its names cannot be seen "
                        + "(RFC 6455, 11.3.4)",
                    cites: "RFC6455-11.3.4-01"
                ).orClosing(cites: "RFC6455-4.2.1-13")
            )
        }

        private static func scenario(
            _ slug: String,
            _ title: String,
            _ template: HandshakeTemplate,
            _ rules: [String] = [],
            _ policy: HandshakePolicy = .mustReject(
                "accepted a Sec-WebSocket-Protocol that is no list of tokens; over any violation of the grammar the "
                    + "handshake is refused (RFC 6455, 4.2.1)"
            ).because(.acceptedMalformedSubprotocols)
        ) -> Scenario {
            .handshake(
                "subprotocol/\(slug)",
                title,
                "SUB-03",
                ["RFC6455-4.3-05"] + rules,
                sends: template.request(),
                policy
            )
        }
    }
}
