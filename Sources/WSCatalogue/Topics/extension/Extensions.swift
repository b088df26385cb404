import WSProtocol
package import WSScenario

extension Catalogue {
    /// Sec-WebSocket-Extensions of the opening handshake.
    package enum Extensions {
        /// Extensions that do not exist, alone and beside one that does.
        static let unknown = [
            ("unknown", "x-wsconform-unknown; a=1", "Offer of an extension that does not exist"),
            (
                "unknown-and-known", "x-wsconform-unknown, permessage-deflate",
                "Offer of an extension that does not exist and of permessage-deflate"
            ),
        ].map { slug, value, title in
            valid(
                slug,
                title,
                "EXT-01",
                [
                    "RFC6455-4.2.2-14", "RFC6455-4.2.2-15", "RFC6455-4.2.2-16", "RFC6455-4.2.1-14", "RFC6455-9-02",
                    "RFC6455-9.1-05", "IANA-extension-01",
                ],
                .extensions(value),
                "an extension that a server does not know is declined, not refused (RFC 6455, 9.1)",
                .refusedValidOffer
            )
        }

        /// A handshake without an offer.
        static let noOffer = valid(
            "no-offer",
            "Handshake without extensions",
            "EXT-02",
            ["RFC6455-9-03", "RFC6455-5.8-01", "RFC6455-4.2.2-15"],
            .ordinary,
            "a handshake without extensions is valid (RFC 6455, 4.2.1)",
            .refusedWithoutExtensions
        )

        /// An offer, and a message that a server may compress only if it has accepted the offer.
        static let offeredThenUsed: Scenario = {
            let message = Payload.repeating(unit: Array("the same again and again; ".utf8), length: 1_300)
            return Scenario(
                id: "extension/offer-then-message",
                title: "Offer of permessage-deflate, then a message that compresses well",
                requirements: ["RFC6455-6.2-01", "RFC6455-9.1-11", "RFC6455-5.8-01", "RFC6455-9.1-06"],
                targets: [.server],
                needs: .echo,
                chapter: "EXT-02",
                opening: .request(HandshakeTemplate.extensions("permessage-deflate").request()),
                script: [.send(FrameToSend(.binary, message))],
                conclusion: .closeWhenComplete,
                behaviour: [
                    .conforms(.events([.message(.binary, message)])),
                    .violates(
                        .refused(statuses: nil),
                        "an extension that a server does not know is declined, not refused (RFC 6455, 9.1)",
                        cites: "RFC6455-4.2.2-01"
                    ).because(.refusedValidOffer),
                ],
                closing: .answersNormalClose
            )
        }()

        /// Values outside the grammar.
        static let malformed: [Scenario] = MalformedExtension.all.map { malformed in
            refused(
                "malformed-\(malformed.slug)",
                "Extension with \(malformed.phrase)",
                "EXT-03",
                malformed.value,
                and: malformed.requirements,
                .mustReject(
                    "accepted a Sec-WebSocket-Extensions outside its grammar, over which a recipient fails the "
                        + "connection (RFC 6455, 9.1)",
                    over: "RFC6455-9.1-01"
                )
            )
        }

        /// Lists without an element, which some servers read as if the field were missing.
        static let empty = [("nothing", "", "of nothing"), ("comma", ",", "of a comma")].map { slug, value, phrase in
            refused(
                "empty-list-\(slug)",
                "List of extensions \(phrase)",
                "EXT-04",
                value,
                // Some servers read such a list as if the field were missing.
                .shouldReject(
                    "overlooked a list of extensions without one (RFC 6455, 9.1)",
                    cites: "RFC6455-9.1-01"
                )
            )
        }

        /// Other forms of a valid list.
        static let forms: [Scenario] = [
            form(
                "with-empty-elements",
                "List of extensions with empty elements",
                .extensions(", permessage-deflate,"),
                .mustAccept("empty elements of a list are ignored (RFC 9110, 5.6.1.2)", over: "RFC9110-5.6.1.2-01")
            ),
            form(
                "on-two-lines",
                "Two lines of extensions",
                .extensions("permessage-deflate", "x-wsconform-unknown")
            ),
            form(
                "with-whitespace",
                "List of extensions with whitespace around its separators",
                .extensions("permessage-deflate ;\tclient_max_window_bits\t,\tx-wsconform-unknown ; a")
            ),
        ]

        /// Spaces around an equals sign.
        static let spacesAroundEquals = Scenario.handshake(
            "extension/spaces-around-equals",
            "Extension with spaces around the equals sign",
            "EXT-06",
            ["RFC6455-4.3-08"],
            sends: HandshakeTemplate.extensions("permessage-deflate; client_max_window_bits = 10").request(),
            .either()
        )

        /// Values in quotes.
        static let quoted = [
            ("value", "permessage-deflate; client_max_window_bits=\"10\"", "Extension with a parameter in quotes"),
            (
                "pair", "permessage-deflate; client_max_window_bits=\"1\\0\"",
                "Extension with a parameter in quotes and a backslash"
            ),
        ].map { slug, value, title in
            valid(
                "quoted-\(slug)",
                title,
                "EXT-07",
                ["RFC6455-9.1-03", "RFC9110-5.6.4-01", "RFC7692-5.2-01"],
                .extensions(value),
                "a value in quotes is the same as without them (RFC 6455, 9.1)",
                .refusedQuotedValue
            )
        }

        /// A name in capitals.
        static let otherCase = Scenario.handshake(
            "extension/in-capitals",
            "Offer of an extension in capitals",
            "EXT-08",
            ["RFC6455-9.1-05"],
            sends: HandshakeTemplate.extensions("PERMESSAGE-DEFLATE; CLIENT_MAX_WINDOW_BITS").request(),
            .either()
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            unknown + [noOffer, offeredThenUsed] + malformed + empty + forms + [spacesAroundEquals] + quoted + [
                otherCase
            ]

        private static func valid(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ rules: [String],
            _ template: HandshakeTemplate,
            _ why: String,
            _ key: ReasonKey
        ) -> Scenario {
            .handshake(
                "extension/\(slug)",
                title,
                chapter,
                rules,
                sends: template.request(),
                .mustAccept(why).because(key)
            )
        }

        private static func form(
            _ slug: String,
            _ title: String,
            _ template: HandshakeTemplate,
            _ policy: HandshakePolicy = .mustAccept(
                "the same list in another form is as valid (RFC 6455, 9.1)"
            ).because(.refusedListForm)
        ) -> Scenario {
            .handshake(
                "extension/\(slug)",
                title,
                "EXT-05",
                ["RFC6455-9.1-04", "RFC6455-11.3.2-01", "RFC6455-4.3-08"],
                sends: template.request(),
                policy
            )
        }

        private static func refused(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ value: String,
            and others: [String] = [],
            _ policy: HandshakePolicy
        ) -> Scenario {
            .handshake(
                "extension/\(slug)",
                title,
                chapter,
                ["RFC6455-9.1-01", "RFC6455-4.3-02"] + others,
                sends: HandshakeTemplate.extensions(value).request(),
                policy
            )
        }
    }
}
