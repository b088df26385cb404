import WSDeflate
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Valid offers of permessage-deflate, and whether a server keeps to what it agreed on.
    package enum DeflateAgreements {
        /// The plain offer, and the one that allows the server to limit our window.
        static let plain: [Scenario] = [
            ("plain", DeflateOffer(), "without parameters"),
            ("client-window", DeflateOffer(clientMaxWindowBits: .any), "with client_max_window_bits"),
        ].map { slug, offer, phrase in
            agreed("\(slug)", "Offer of permessage-deflate \(phrase)", "PMD-06", offer, ["RFC7692-7.1.1.1-05"])
        }

        /// Hints at the window that a client will use.
        static func clientWindows() -> [Scenario] {
            (8...15).map { bits in
                agreed(
                    "client-window-\(bits)",
                    "Offer of permessage-deflate with client_max_window_bits=\(bits)",
                    "PMD-47",
                    DeflateOffer(clientMaxWindowBits: .atMost(bits)),
                    ["RFC7692-7.1.2.2-04", "RFC7692-5-14", "RFC7692-5-05"],
                    references: [KnownDefect("Autobahn", "crossbario/autobahn-python#276")]
                )
            }
        }

        /// The offer in which another extension has the parameter.
        static let besideOthers: [Scenario] = [
            ("behind-another", "foo; client_max_window_bits, permessage-deflate", "behind another extension with"),
            ("before-another", "permessage-deflate, foo; client_max_window_bits", "before another extension with"),
        ].map { slug, value, phrase in
            let policy = HandshakePolicy.mayAgree(
                to: [DeflateOffer()],
                "limited the client's window, for which only another extension has a parameter (RFC 7692, 7.1.2.2)",
                over: "RFC7692-7.1.2.2-05"
            )
            var scenario = Scenario.handshake(
                "compression/offer/\(slug)",
                "Offer of permessage-deflate \(phrase) client_max_window_bits",
                "PMD-49",
                ["RFC6455-4.2.2-15"],
                sends: HandshakeTemplate.extensions(value).request(),
                policy
            )
            scenario.references = [KnownDefect("Bisq", "bisq-network/bisq2#4932")]
            return scenario
        }

        /// Two offers that both can be accepted; an answer that fits both does not show which one was.
        static let preference: [Scenario] = [
            (
                "preferred-with-parameter", [withoutContext, DeflateOffer()], withoutContext,
                "one with server_no_context_takeover before one without parameters"
            ),
            (
                "preferred-without-parameter", [DeflateOffer(), withoutContext], DeflateOffer(),
                "one without parameters before one with server_no_context_takeover"
            ),
        ].map { slug, offers, first, phrase in
            var policy = HandshakePolicy.mayAgree(
                to: offers,
                "agreed to something that was not offered (RFC 7692, 5)",
                over: "RFC7692-5-15"
            )
            policy.rule = "RFC6455-4.2.2-01"
            policy.behaviour[0] = .tolerated(
                .agreesToCompression(unless: [first]),
                "agreed to a later offer than the first, although the order is that of preference (RFC 7692, 5)",
                cites: "RFC7692-5-03"
            )
            return Scenario.handshake(
                "compression/offer/\(slug)",
                "Two offers of permessage-deflate, \(phrase)",
                "PMD-09",
                ["RFC7692-5-03", "RFC6455-9.1-09", "RFC7692-5-02"],
                sends: HandshakeTemplate.extensions(offers.map(\.element.text).joined(separator: ", ")).request(),
                policy
            )
        }

        /// Windows that the server has to keep to, with a message that repeats itself just beyond them.
        static func serverWindows() -> [Scenario] {
            (8...15).map { bits in
                .keepingTo(
                    "agreed/server-window-\(bits)",
                    "Offer with server_max_window_bits=\(bits), and a text that repeats itself just beyond that",
                    "PMD-07",
                    [
                        "RFC7692-7.2.1-16", "RFC7692-7.1.2.1-04", "RFC7692-7.1.2.1-05", "RFC7692-7-04",
                        "RFC6455-9-04", "RFC7692-7.1.2.1-03", "RFC7692-7.1.2.1-01", "RFC6455-4.2.2-18",
                    ],
                    targets: [.server],
                    opening: CompressionOpening(offers: [DeflateOffer(serverMaxWindowBits: bits)]),
                    references: bits == 8
                        ? [
                            KnownDefect("zlib", "madler/zlib#171"), KnownDefect("Bandit", "mtrudel/bandit#39"),
                            KnownDefect("Bun", "oven-sh/bun#41629"),
                        ] : [],
                    [RepeatingText.beyond(windowBits: bits)]
                )
            }
        }

        /// Offers without context takeover, of one side and of both.
        static let contexts: [Scenario] = [
            (
                "server-no-context", DeflateOffer(serverNoContextTakeover: true), "server_no_context_takeover",
                "PMD-08",
                [
                    "RFC7692-7.1.1.1-03", "RFC7692-7.2.1-12", "RFC7692-7.1.1.1-04", "RFC7692-7.1.1.1-01",
                    "RFC6455-9-04",
                ]
            ),
            (
                "client-no-context", DeflateOffer(clientNoContextTakeover: true), "client_no_context_takeover",
                "PMD-27",
                ["RFC7692-7.1.1.2-01", "RFC7692-7.2.1-12"]
            ),
        ].map { slug, offer, phrase, chapter, rules in
            .keepingTo(
                "agreed/\(slug)",
                "Offer with \(phrase), and the same text three times",
                chapter,
                rules + ["RFC6455-4.2.2-18"],
                targets: [.server],
                opening: CompressionOpening(offers: [offer]),
                references: [KnownDefect("Netty", "netty/netty#8395")]
                    + (slug == "server-no-context" ? [KnownDefect("Bun", "oven-sh/bun#41629")] : []),
                Array(repeating: RepeatingText.sentences, count: 3)
            )
        }

        /// Hints that an answer does not take up, so that we may use the whole window and keep the context.
        static let untakenHints: [Scenario] = {
            let small = DeflateOffer(clientMaxWindowBits: .atMost(10))
            let fresh = DeflateOffer(clientNoContextTakeover: true)
            let start = RepeatingText.letters(5_000, seed: 47)
            // The reference stands in a message of its own, because zlib looks no further back only there.
            let far = [
                CompressedMessage(.octets(start)) { $0.appendFixed(DeflateSymbol.literals(start)) },
                CompressedMessage(.octets(Array(start[..<50]))) {
                    $0.appendFixed([.match(length: 50, distance: 5_000)])
                },
            ]
            let near = [CompressedMessage.hello, .reference("Hello", distance: 5)]
            let windows = (
                CompressionNeed(windowBits: 13, keepsContext: true), far, ["RFC7692-7.2.2-09", "RFC7692-7.1.2.2-08"]
            )
            let contexts = (CompressionNeed(keepsContext: true), near, ["RFC7692-7.2.2-05", "RFC7692-7.1.1.2-04"])
            return [
                ("client-window-not-taken-up", [small], "client_max_window_bits=10", windows),
                (
                    "client-window-or-none", [small, DeflateOffer()], "client_max_window_bits=10, and one without",
                    windows
                ),
                ("client-no-context-not-taken-up", [fresh], "client_no_context_takeover", contexts),
                (
                    "client-no-context-or-none", [fresh, DeflateOffer()],
                    "client_no_context_takeover, and one without", contexts
                ),
            ].map { slug, offers, phrase, messages in
                .inflated(
                    "agreed/\(slug)",
                    "Offer with \(phrase), and a reference that only an answer without it permits",
                    "PMD-47",
                    [messages.2[1], "RFC7692-5-16"],
                    need: messages.0,
                    opening: CompressionOpening(offers: offers),
                    targets: [.server],
                    messages.1.map(\.step),
                    messages.1.map(\.echo),
                    over: messages.2[0]
                )
            }
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            plain + clientWindows() + besideOthers + preference + serverWindows() + contexts + untakenHints

        private static let withoutContext = DeflateOffer(serverNoContextTakeover: true)

        private static func agreed(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ offer: DeflateOffer,
            _ rules: [String],
            references: [KnownDefect] = []
        ) -> Scenario {
            var scenario = Scenario.handshake(
                "compression/offer/\(slug)",
                title,
                chapter,
                .unique(
                    ["RFC7692-7.1.2.2-04", "RFC7692-5-06", "RFC7692-5-07", "RFC7692-5-08", "RFC7692-7.1.2.2-01"]
                        + rules
                ),
                sends: HandshakeTemplate.extensions(offer.element.text).request(),
                .mayAgree(
                    to: [offer],
                    "agreed to something that was not offered (RFC 7692, 7.1)",
                    over: "RFC7692-7.1.2.2-05"
                )
            )
            scenario.references = references
            return scenario
        }
    }
}
