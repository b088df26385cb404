import WSProtocol
package import WSScenario

extension Catalogue {
    /// Offers of permessage-deflate that a server has to decline, and valid ones beside them.
    package enum DeflateOffers {
        /// Parameters that the extension does not have.
        static let unknown: [Scenario] = [
            ("unknown-parameter", "x_wsconform_unknown", "a parameter that it does not have", []),
            (
                "unknown-parameter-with-value", "max_inflate_ratio=1000",
                "a parameter with a value that it does not have",
                [KnownDefect("Bandit", "mtrudel/bandit@8156921")]
            ),
        ].map { slug, parameter, phrase, defects in
            declined(slug, phrase, "PMD-01", parameter, references: defects, over: "RFC7692-7-01")
        }

        /// Values that a server's window cannot have.
        static let serverWindow: [Scenario] = [
            ("none", nil, "no value"), ("7", "7", "the value 7"), ("16", "16", "the value 16"),
            ("0", "0", "the value 0"),
            ("08", "08", "the value 08"), ("015", "015", "the value 015"), ("minus-1", "-1", "the value -1"),
            ("plus-9", "+9", "the value +9"), ("9-0", "9.0", "the value 9.0"), ("a-word", "abc", "a word as its value"),
        ].map { slug, value, phrase in
            declined(
                "server-window-\(slug)",
                "server_max_window_bits and \(phrase)",
                "PMD-02",
                "server_max_window_bits" + (value.map { "=\($0)" } ?? ""),
                references: ["7", "16", "08"].contains(slug) ? [KnownDefect("Bun", "oven-sh/bun#41629")] : [],
                and: ["RFC7692-7.1.2.1-02"],
                over: "RFC7692-7-02"
            )
        }

        /// A value that no token is, so that the whole field is outside its grammar.
        static let emptyValue = Scenario.handshake(
            "compression/offer/server-window-empty",
            "Offer of permessage-deflate with server_max_window_bits and nothing in quotes",
            "PMD-02",
            ["RFC6455-9.1-02", "RFC6455-4.3-02", "RFC7692-7-02"],
            sends: HandshakeTemplate.extensions("permessage-deflate; server_max_window_bits=\"\"").request(),
            .mustReject(
                "accepted a Sec-WebSocket-Extensions outside its grammar, over which a recipient fails the connection "
                    + "(RFC 6455, 9.1)",
                over: "RFC6455-9.1-01"
            )
        )

        /// A second line outside the grammar, which a server reads only if it reads all lines.
        static let malformedSecondLine = Scenario.handshake(
            "compression/offer/malformed-second-line",
            "Offer of permessage-deflate, and a second line of extensions with no parameter behind the semicolon",
            "PMD-05",
            ["RFC6455-4.3-02", "RFC6455-11.3.2-01"],
            sends: HandshakeTemplate.extensions("permessage-deflate", "permessage-deflate;").request(),
            .mustReject(
                "accepted a Sec-WebSocket-Extensions of which the second line is outside its grammar, over which a "
                    + "recipient fails the connection (RFC 6455, 9.1)",
                over: "RFC6455-9.1-01"
            )
        )

        /// Values that a client's window cannot have.
        static let clientWindow: [Scenario] = [
            ("7", "7", "the value 7"), ("16", "16", "the value 16"), ("08", "08", "the value 08"),
            ("a-word", "abc", "a word as its value"),
        ].map { slug, value, phrase in
            declined(
                "client-window-\(slug)",
                "client_max_window_bits and \(phrase)",
                "PMD-03",
                "client_max_window_bits=\(value)",
                and: ["RFC7692-7.1.2.2-02"],
                over: "RFC7692-7-02"
            )
        }

        /// Values of parameters that have none.
        static let contexts: [Scenario] = ["server", "client"].flatMap { side in
            ["1", "true"].map { value in
                declined(
                    "\(side)-no-context-\(value)",
                    "\(side)_no_context_takeover and the value \(value)",
                    "PMD-03",
                    "\(side)_no_context_takeover=\(value)",
                    and: [side == "server" ? "RFC7692-7.1.1.1-02" : "RFC7692-7.1.1.2-02"],
                    over: "RFC7692-7-02"
                )
            }
        }

        /// Parameters that stand there twice.
        static let repeated: [Scenario] = [
            (
                "server-no-context", "server_no_context_takeover", "server_no_context_takeover",
                "server_no_context_takeover twice"
            ),
            (
                "client-no-context", "client_no_context_takeover", "client_no_context_takeover",
                "client_no_context_takeover twice"
            ),
            ("server-window", "server_max_window_bits=12", "server_max_window_bits=12", "server_max_window_bits twice"),
            (
                "server-window-differently", "server_max_window_bits=12", "server_max_window_bits=10",
                "server_max_window_bits twice, with two values"
            ),
            ("client-window", "client_max_window_bits=12", "client_max_window_bits=12", "client_max_window_bits twice"),
            (
                "client-window-differently", "client_max_window_bits", "client_max_window_bits=10",
                "client_max_window_bits twice, with and without a value"
            ),
        ].map { slug, first, second, phrase in
            declined(
                "repeated-\(slug)",
                phrase,
                "PMD-04",
                "\(first); \(second)",
                over: "RFC7692-7-03"
            )
        }

        /// A valid offer beside one that is not.
        static let besideInvalid: [Scenario] = [
            ("behind-invalid", [invalid, "permessage-deflate"], "a valid offer behind an invalid one"),
            ("before-invalid", ["permessage-deflate", invalid], "a valid offer before an invalid one"),
        ].map { slug, offers, phrase in
            Scenario.handshake(
                "compression/offer/\(slug)",
                "Two offers of permessage-deflate, \(phrase)",
                "PMD-05",
                ["RFC7692-5-02", "RFC7692-5-08"],
                sends: HandshakeTemplate.extensions(offers.joined(separator: ", ")).request(),
                .mayAgree(
                    to: [DeflateOffer()],
                    "agreed to an offer whose window is none, or to something that was not offered (RFC 7692, 7)",
                    over: "RFC7692-7-02"
                )
            )
        }

        /// No offer that can be accepted.
        static let allInvalid = Scenario.handshake(
            "compression/offer/all-invalid",
            "Three offers of permessage-deflate, all of them invalid",
            "PMD-10",
            ["RFC7692-7-02", "RFC7692-5-14"],
            sends: HandshakeTemplate.extensions(allInvalidOffers).request(),
            .mustDecline(
                "listed permessage-deflate, of which every offer had to be declined (RFC 7692, 5)",
                over: "RFC7692-5-13"
            )
        )

        /// A compressed message behind such offers.
        static let usedBehindInvalid = usedAfter(
            "used-behind-invalid",
            "Three invalid offers of permessage-deflate, and a compressed text all the same",
            "PMD-10",
            allInvalidOffers,
            "agreed to permessage-deflate, of which every offer had to be declined (RFC 7692, 7)",
            over: "RFC7692-7-02"
        )

        /// A compressed message that nobody offered.
        static let usedWithoutOffer: Scenario = {
            var scenario = Scenario.refusedCompressed(
                "used-without-offer",
                "Compressed text on a connection for which permessage-deflate was not offered",
                "PMD-20",
                .failing("RFC6455-5.2-03") + ["RFC7692-5-14"],
                opening: .ordinary,
                targets: [.server],
                [CompressedMessage.hello.frame()]
            )
            scenario.compression = nil
            return scenario
        }()

        /// What looks like an offer and is none.
        static let lookAlikes: [Scenario] = [
            ("as-value", "foo; x=\"permessage-deflate\"", "the value of another extension's parameter"),
            ("as-parameter", "foo; permessage-deflate", "another extension's parameter"),
            ("in-a-name", "x-permessage-deflate", "the end of another extension's name"),
        ].map { slug, offer, phrase in
            usedAfter(
                "offer/\(slug)",
                "Offer of permessage-deflate as \(phrase), and a compressed text",
                "PMD-48",
                offer,
                "agreed to permessage-deflate, which was not offered (RFC 6455, 4.2.2)",
                over: "RFC6455-4.2.2-15",
                references: [KnownDefect("Bisq", "bisq-network/bisq2#4932")]
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            unknown + serverWindow + [emptyValue, malformedSecondLine] + clientWindow + contexts + repeated
            + besideInvalid + [
                allInvalid, usedBehindInvalid, usedWithoutOffer,
            ] + lookAlikes

        private static let invalid = "permessage-deflate; client_max_window_bits=16"
        private static let allInvalidOffers =
            "permessage-deflate; server_max_window_bits=7, permessage-deflate; client_max_window_bits=16, "
            + "permessage-deflate; server_max_window_bits=99"

        private static func declined(
            _ slug: String,
            _ phrase: String,
            _ chapter: String,
            _ parameters: String,
            references: [KnownDefect] = [],
            and others: [String] = [],
            over rule: String
        ) -> Scenario {
            var scenario = Scenario.handshake(
                "compression/offer/\(slug)",
                "Offer of permessage-deflate with \(phrase)",
                chapter,
                others + ["RFC7692-5-13", "RFC7692-5-14"],
                sends: HandshakeTemplate.extensions("permessage-deflate; \(parameters)").request(),
                .mustDecline("agreed to permessage-deflate with \(phrase) in the offer (RFC 7692, 7)", over: rule)
            )
            scenario.references = references
            return scenario
        }

        /// A compressed message behind a request for which a server cannot have agreed to it.
        private static func usedAfter(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ value: String,
            _ why: String,
            over rule: String,
            references: [KnownDefect] = []
        ) -> Scenario {
            var scenario = Scenario.refusedCompressed(
                slug,
                title,
                chapter,
                .failing("RFC6455-5.2-03") + [rule, "RFC7692-5-13", "RFC7692-5-14"],
                opening: .request(HandshakeTemplate.extensions(value).request()),
                targets: [.server],
                references: references,
                [CompressedMessage.hello.frame()]
            )
            let refusal =
                "an extension that is declined does not end the handshake, which goes on without it (RFC 7692, 5)"
            scenario.compression = nil
            scenario.tags = [.handshake]
            scenario.behaviour = [
                .violates(.agreesToCompression(unless: []), why, cites: rule),
                .conforms(.events([])),
                .tolerated(.refused(statuses: nil), refusal, cites: "RFC7692-5-14").because(.refusedInvalidOffer),
                .tolerated(.unanswered, refusal, cites: "RFC7692-5-14").because(.refusedInvalidOffer),
                .violates(
                    .anything,
                    "answered a compressed message though compression was not agreed on (RFC 6455, 5.2)",
                    cites: "RFC6455-5.2-03"
                ),
            ]
            return scenario
        }
    }
}
