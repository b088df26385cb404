import WSProtocol
package import WSScenario

extension Catalogue {
    /// Answers to a client's offer of permessage-deflate, and whether the client keeps to them.
    package enum DeflateAnswers {
        /// Parameters and values that no answer can have.
        static let invalid: [Scenario] = [
            Row("unknown-parameter", "x_wsconform_unknown", "a parameter that it does not have", over: "RFC7692-7-05"),
            Row("server-window-7", "server_max_window_bits=7", "server_max_window_bits=7"),
            Row("server-window-16", "server_max_window_bits=16", "server_max_window_bits=16"),
            Row("server-window-08", "server_max_window_bits=08", "server_max_window_bits=08"),
            Row("server-window-none", "server_max_window_bits", "server_max_window_bits and no value"),
            Row("client-window-none", "client_max_window_bits", "client_max_window_bits and no value"),
            Row("server-no-context-1", "server_no_context_takeover=1", "a value of server_no_context_takeover"),
            Row("client-no-context-1", "client_no_context_takeover=1", "a value of client_no_context_takeover"),
            Row(
                "repeated-client-no-context",
                "client_no_context_takeover; client_no_context_takeover",
                "client_no_context_takeover twice",
                over: "RFC7692-7-07"
            ),
        ].map { row in
            let isAboutServer = row.parameters.hasPrefix("server_")
            return refused(
                row.slug,
                "101 with permessage-deflate and \(row.phrase)",
                "PMD-11",
                "permessage-deflate" + (isAboutServer ? "" : "{server-context}{server-window}") + "; \(row.parameters)",
                .mustFail(
                    "accepted an answer about permessage-deflate with \(row.phrase) (RFC 7692, 7)",
                    over: row.rule
                )
            )
        }

        /// An answer that limits the window of a client which did not allow that.
        static let unofferedWindow = refused(
            "unoffered-client-window",
            "101 with permessage-deflate and client_max_window_bits, which the client did not offer",
            "PMD-12",
            "permessage-deflate{server-context}{server-window}; client_max_window_bits=15",
            .mustFail(
                "accepted client_max_window_bits, which it had not offered (RFC 7692, 7.1.2.2)",
                over: "RFC7692-5-15"
            ).because(.acceptedUnofferedWindow),
            offer: .noClientWindow,
            and: ["RFC7692-7.1.2.2-06"]
        )

        /// Two elements of the extension, which leave open what is agreed on.
        static let doubled = refused(
            "permessage-deflate-twice",
            "101 with permessage-deflate twice",
            "PMD-12",
            "permessage-deflate{server-context}{server-window}, permessage-deflate{server-context}{server-window}",
            .mustFail("accepted permessage-deflate twice in one answer (RFC 7692, 7)", over: "RFC7692-5-15").because(
                .acceptedExtensionTwice
            ),
            and: ["RFC7692-7-09"]
        )

        /// Another extension that uses the same bit of the header.
        static let conflicting = refused(
            "beside-deflate-frame",
            "101 with permessage-deflate and x-webkit-deflate-frame, which uses the same reserved bit",
            "PMD-12",
            "permessage-deflate{server-context}{server-window}, x-webkit-deflate-frame",
            .mustFail(
                "accepted permessage-deflate beside another extension that uses RSV1 (RFC 7692, 5)",
                over: "RFC7692-5-10"
            )
        )

        /// Answers that do not correspond to what the client demanded.
        static let disobedient: [Scenario] = [
            (
                "larger-server-window", "permessage-deflate{server-context}; server_max_window_bits=15",
                ClientOffer.serverWindow, "a larger server_max_window_bits than the client demands",
                "RFC7692-7.1.2.1-07"
            ),
            (
                "no-server-window", "permessage-deflate{server-context}", .serverWindow,
                "no server_max_window_bits, which the client demands", "RFC7692-7.1.2.1-07"
            ),
            (
                "server-context", "permessage-deflate{server-window}", .serverNoContext,
                "no server_no_context_takeover, which the client demands", "RFC7692-7.1.1.1-06"
            ),
        ].map { slug, value, offer, phrase, rule in
            var policy = ResponsePolicy.shouldFail("accepted an answer with \(phrase) (RFC 7692, 7.1)", over: rule)
            policy.rule = "RFC7692-5-15"
            return refused(
                slug,
                "101 with permessage-deflate and \(phrase)",
                "PMD-13",
                value,
                policy,
                offer: offer,
                and: [rule]
            )
        }

        /// Parameters that a server may add without being asked.
        static let unasked: [Scenario] = [
            (
                "server-no-context", "server_no_context_takeover", "{server-window}",
                "RFC6455-4.1-57", ["RFC7692-7.1.1.1-05"]
            ),
            (
                "server-window-10", "server_max_window_bits=10", "{server-context}",
                "RFC6455-4.1-57", ["RFC7692-7.1.2.1-06"]
            ),
            (
                "client-no-context", "client_no_context_takeover", "{server-context}{server-window}",
                "RFC7692-7.1.1.2-05", ["RFC7692-7.1.1.2-05", "RFC7692-7.1.1.2-03"]
            ),
        ].map { slug, parameter, demanded, broken, rules in
            kept(
                "unasked-\(slug)",
                "101 with \(parameter), and a compressed text",
                "PMD-14",
                "permessage-deflate\(demanded); \(parameter)",
                rules,
                offer: .any,
                refusal: .violates(
                    .failsHandshake,
                    "refused \(parameter), which an answer may have unasked (RFC 7692, 7.1)",
                    cites: broken
                ).because(.refusedUnaskedParameter),
                script: [CompressedMessage.hello.step],
                [CompressedMessage.hello.echo]
            )
        }

        /// Windows that the client has to keep to, with a message that repeats itself just beyond them.
        static func clientWindows() -> [Scenario] {
            (8...15).map { bits in
                let message = RepeatingText.beyond(windowBits: bits)
                return kept(
                    "client-window-\(bits)",
                    "101 with client_max_window_bits=\(bits), and a text that repeats itself just beyond that",
                    "PMD-15",
                    "permessage-deflate{server-context}{server-window}; client_max_window_bits=\(bits)",
                    [
                        "RFC7692-7.2.1-14", "RFC7692-7.1.2.2-07", "RFC7692-7-08", "RFC7692-5.1-01",
                        "RFC7692-7.2.2-10", "RFC7692-7.1.2.2-03",
                    ],
                    offer: .clientWindow,
                    refusal: bits == DeflateParameters.mostWindowBits
                        ? .violates(
                            .failsHandshake,
                            "refused client_max_window_bits=15, which limits nothing, and whose name it had offered "
                                + "(RFC 7692, 7.1.2.2)",
                            cites: "RFC6455-4.1-57"
                        ).because(.refusedWidestWindow) : .conforms(.failsHandshake),
                    script: [.send(FrameToSend(.text, message))],
                    [.message(.text, message)]
                )
            }
        }

        /// Answers without context takeover, of the client and of both sides.
        static let contexts: [Scenario] = [
            (
                "client-no-context", DeflateAnswer(clientNoContextTakeover: true), "client_no_context_takeover",
                "PMD-16"
            ),
            (
                "server-no-context", DeflateAnswer(serverNoContextTakeover: true), "server_no_context_takeover",
                "PMD-14"
            ),
        ].map { slug, answer, phrase, chapter in
            Scenario.keepingTo(
                "agreed/\(slug)-answered",
                "101 with \(phrase), and the same text three times",
                chapter,
                ["RFC7692-7.2.1-10", "RFC7692-7.1.1.2-05", "RFC7692-7.1.1.1-05"],
                targets: [.client],
                opening: CompressionOpening(answers: [answer]),
                references: [KnownDefect("Netty", "netty/netty#8395")],
                Array(repeating: RepeatingText.sentences, count: 3)
            )
        }

        /// The smallest window, values in quotes, and blanks.
        static let forms: [Scenario] = [
            (
                "answered-server-window-8", "permessage-deflate{server-context}; server_max_window_bits=8",
                ClientOffer.any,
                "server_max_window_bits=8", [KnownDefect("Bun", "oven-sh/bun#38632")]
            ),
            (
                "quoted-server-window", "permessage-deflate{server-context}; server_max_window_bits=\"10\"", .any,
                "server_max_window_bits=10 in quotes", [KnownDefect("coder/websocket", "coder/websocket#258")]
            ),
            (
                "quoted-client-window",
                "permessage-deflate{server-context}{server-window}; client_max_window_bits=\"10\"", .clientWindow,
                "client_max_window_bits=10 in quotes", [KnownDefect("coder/websocket", "coder/websocket#258")]
            ),
            (
                "quoted-pair", "permessage-deflate{server-context}; server_max_window_bits=\"1\\0\"", .any,
                "server_max_window_bits=10 in quotes and with a backslash", []
            ),
            (
                "with-whitespace", "permessage-deflate ;\tserver_max_window_bits=10 {server-context} ", .any,
                "blanks around its semicolon", []
            ),
        ].map { slug, value, offer, phrase, defects in
            let isSmallest = slug == "answered-server-window-8"
            let rules =
                switch slug {
                case "answered-server-window-8": ["RFC7692-7.1.2.1-06", "RFC7692-7-08"]
                case "with-whitespace": ["RFC7692-7.1.2.1-06", "RFC6455-4.3-08"]
                case "quoted-pair":
                    ["RFC7692-7.1.2.1-06", "RFC9110-5.6.4-01", "RFC7692-5.2-01", "RFC6455-9.1-03"]
                default: ["RFC7692-7.1.2.1-06", "RFC7692-5.2-01", "RFC6455-9.1-03"]
                }
            var scenario = kept(
                slug,
                "101 with \(phrase), and a compressed text",
                "PMD-50",
                value,
                rules,
                offer: offer,
                refusal: isSmallest
                    ? .conforms(.failsHandshake)
                    : .violates(
                        .failsHandshake,
                        slug == "with-whitespace"
                            ? "refused a valid answer; blanks around a semicolon mean nothing (RFC 6455, 4.3)"
                            : "refused a valid answer; a value in quotes is the same as without them (RFC 7692, 5.2)",
                        cites: "RFC6455-4.1-57"
                    ).because(slug == "with-whitespace" ? .refusedBlanks : .refusedQuotedValue),
                script: [CompressedMessage.hello.step],
                [CompressedMessage.hello.echo]
            )
            scenario.references = defects
            return scenario
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            invalid + [unofferedWindow, doubled, conflicting] + disobedient + unasked + clientWindows() + contexts
            + forms

        /// An answer that no client can take.
        private struct Row {
            var slug: String
            var parameters: String
            var phrase: String
            var rule: String

            init(_ slug: String, _ parameters: String, _ phrase: String, over rule: String = "RFC7692-7-06") {
                self.slug = slug
                self.parameters = parameters
                self.phrase = phrase
                self.rule = rule
            }
        }

        private static func refused(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ value: String,
            _ policy: ResponsePolicy,
            offer: ClientOffer = .any,
            and rules: [String] = []
        ) -> Scenario {
            var scenario = Scenario.answer(
                "compression/answer/\(slug)",
                title,
                chapter,
                rules + ["RFC7692-5-15"],
                sends: ResponseTemplate.extensions(value).response(),
                policy
            )
            scenario.compression = CompressionNeed(offer: offer)
            return scenario
        }

        /// An answer that a client has to keep to, or may refuse because it does not support it.
        private static func kept(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            _ value: String,
            _ rules: [String],
            offer: ClientOffer,
            refusal: Outcome<BehaviourPattern> = .conforms(.failsHandshake),
            script: [Step],
            _ events: [ExpectedEvent]
        ) -> Scenario {
            Scenario(
                id: "compression/agreed/\(slug)",
                title: title,
                requirements: .unique(
                    ["RFC6455-4.1-57"] + rules + ["RFC7692-5-01", "RFC7692-5-04"]
                        + (script.contains(where: \.sendsCompressed) ? ["RFC7692-6.2-01"] : ["RFC7692-6.2-02"])
                ),
                targets: [.client],
                needs: .echo,
                chapter: chapter,
                compression: CompressionNeed(offer: offer),
                opening: .response(ResponseTemplate.extensions(value).response()),
                // The Pong shows at once that the client has accepted the answer.
                script: [.send(FrameToSend(.ping, ResponsePolicy.ping))] + script,
                conclusion: .closeWhenComplete,
                behaviour: [
                    .conforms(.events([.pong(ResponsePolicy.ping)] + events)),
                    .conforms(.anyOrder([.pong(ResponsePolicy.ping)] + events)),
                    refusal,
                ],
                closing: .answersNormalClose
            )
        }
    }
}

extension Step {
    /// Whether it sends the first frame of a compressed message.
    fileprivate var sendsCompressed: Bool {
        if case .send(let frame) = self { frame.rsv & 4 != 0 } else { false }
    }
}
