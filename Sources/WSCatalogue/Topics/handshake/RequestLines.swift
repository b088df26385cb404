package import WSScenario

extension Catalogue {
    /// Methods, versions and targets of the opening handshake's first line.
    package enum RequestLines {
        /// Methods that HTTP knows, on an otherwise valid handshake.
        static let knownMethods = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"].map { method in
            Scenario.openingRequest(
                "method-\(method.lowercased())",
                "Handshake with method \(method)",
                "HSQ-04",
                ["RFC6455-4.2.1-02", "RFC9110-9.1-02", "RFC9110-10.2.1-01"],
                .line("\(method) {target} HTTP/1.1"),
                .notAccepted(onlyGet, best: [405, 501]) {
                    .informational(
                        $0,
                        "the status for a method that is known and not allowed is 405 (RFC 9110, 9.1)",
                        cites: "RFC9110-9.1-02"
                    )
                }
            )
        }

        /// Methods that HTTP does not know; its own are written in capitals.
        static let unknownMethods = [
            ("get-in-lower-case", "get", "get", ["RFC9110-9.1-03"]),
            ("get-in-mixed-case", "Get", "Get", ["RFC9110-9.1-03"]), ("unknown", "FOO", "FOO", []),
            ("of-1000-characters", String(repeating: "M", count: 1000), "of 1000 characters", ["RFC9112-3-01"]),
        ].map { slug, method, phrase, rules in
            Scenario.openingRequest(
                "method-\(slug)",
                "Handshake with method \(phrase)",
                "HSQ-05",
                ["RFC6455-4.2.1-02", "RFC9110-9.1-01"] + rules,
                .line("\(method) {target} HTTP/1.1"),
                .notAccepted(onlyGet, best: [501]) {
                    .tolerated(
                        $0,
                        "the status for a method that is not known is 501 (RFC 9110, 9.1)",
                        cites: "RFC9110-9.1-01"
                    )
                }
            )
        }

        /// HTTP/1.0, in which Upgrade has no meaning.
        static let http10 = Scenario.openingRequest(
            "http-1-0",
            "Handshake in HTTP/1.0",
            "HSQ-06",
            ["RFC6455-4.2.1-02", "RFC9110-15.2-01"],
            .line("GET {target} HTTP/1.0"),
            .notAccepted(
                "switched protocols for HTTP/1.0, in which Upgrade is ignored (RFC 9110, 7.8)",
                over: "RFC9110-7.8-06"
            )
        )

        /// A request line without a version, whose answer is content without a head.
        static let http09: Scenario = {
            let reason = "answered a request without a version in a way of its own (RFC 9112, 3)"
            return Scenario.handshake(
                "handshake/request/http-0-9",
                "Request line without a version, as in HTTP/0.9",
                "HSQ-06",
                ["RFC6455-4.2.1-02", "RFC9110-15.2-01"],
                sends: RequestToSend(lines: ["GET {target}"]),
                HandshakePolicy(
                    rule: "RFC6455-4.2.1-01",
                    behaviour: [
                        .conforms(.refused(statuses: nil)), .conforms(.unanswered),
                        .violates(
                            .accepted,
                            "accepted what is no handshake at all (RFC 6455, 4.2.1)",
                            cites: "RFC6455-4.2.1-01"
                        ).because(.acceptedNoHandshake),
                        .informational(.anything, reason),
                    ],
                    sendsPing: false
                )
            )
        }()

        /// Versions of other forms than that of HTTP/1.1.
        ///
        /// RFC 2616, on which RFC 6455 rests, has other rules: its literals ignore case (2.1), its versions may have
        /// several digits (3.1). So the first two are no hard verdict.
        static let malformedVersions: [Scenario] = [
            version(
                "http/1.1",
                "version-in-lower-case",
                .shouldReject(
                    "accepted an HTTP version in lower case, which RFC 2616 allowed and today's grammar does not "
                        + "(RFC 9112, 2.3)",
                    best: [400, 505]
                )
            ),
            version(
                "HTTP/1.10",
                "version-with-two-digits",
                .refusedOrInformational(
                    "read HTTP/1.10 as RFC 2616 did, a later minor version; today's grammar has one digit "
                        + "(RFC 9112, 2.3)",
                    cites: "RFC9112-2.3-01"
                )
            ),
            version(
                "HTTP/1",
                "version-without-minor",
                .mustReject(
                    "accepted a handshake whose version is not that of HTTP/1.1 or higher (RFC 6455, 4.2.1)",
                    best: [400, 505]
                ).because(.acceptedOtherHTTPVersion)
            ),
        ]

        /// Another major version where HTTP/1.1 stands.
        static let http2InRequestLine = Scenario.openingRequest(
            "http-2-0",
            "Handshake in HTTP/2.0",
            "HSQ-07",
            ["RFC6455-4.2.1-02"],
            .line("GET {target} HTTP/2.0"),
            .refusedOrInformational(
                "took HTTP/2.0 in a request line for \"HTTP/1.1 or higher\" (RFC 6455, 4.2.1)",
                cites: "RFC6455-4.2.1-02"
            )
        )

        /// A later minor version.
        static let http12 = Scenario.openingRequest(
            "http-1-2",
            "Handshake in HTTP/1.2",
            "HSQ-08",
            ["RFC9110-6.2-01", "RFC6455-4.2.1-02"],
            .line("GET {target} HTTP/1.2"),
            .shouldAccept(
                "a higher minor version should be processed as the highest one supported (RFC 9110, 6.2)",
                cites: "RFC9110-6.2-01"
            )
        )

        /// The target as an absolute address, which every server takes.
        static let absoluteForm = Scenario.openingRequest(
            "absolute-form",
            "Absolute address as the target",
            "HSQ-11",
            ["RFC6455-4.2.1-03"],
            .line("GET http://{host}{target} HTTP/1.1"),
            .mustAccept("a server accepts the absolute form (RFC 9112, 3.2.2)", over: "RFC9112-3.2.2-01")
        )

        /// A target in absolute form, with a Host field that names another host.
        static let absoluteFormForeignHost: Scenario = {
            var template = HandshakeTemplate.with("Host", "Host: elsewhere.example")
            template.firstLine = "GET http://{host}{target} HTTP/1.1"
            return Scenario.openingRequest(
                "absolute-form-with-another-host",
                "Absolute address as the target, and another Host",
                "HSQ-11",
                ["RFC9112-3.2.2-02", "RFC6455-4.2.1-03"],
                template,
                .mustAccept(
                    "a server accepts the absolute form, and ignores the Host field then (RFC 9112, 3.2.2)",
                    over: "RFC9112-3.2.2-01"
                )
            )
        }()

        /// Targets that are not in the form of a resource name.
        static let invalidTargets = [
            ("asterisk", "*", "an asterisk"), ("authority-form", "{host}", "an authority"),
            ("without-slash", "chat", "a path without a slash"), ("with-fragment", "{target}#frag", "a fragment"),
            ("with-space", "/a b", "a space"), ("with-control-character", "/a\u{1}b", "a control character"),
            ("with-octet-above-ascii", "/é", "an octet above ASCII"),
        ].map { slug, target, phrase in
            Scenario.openingRequest(
                "target-\(slug)",
                "Request target with \(phrase)",
                "HSQ-12",
                ["RFC9112-3.2-01", "RFC9110-7.1-01", "RFC6455-3-01"],
                .line("GET \(target) HTTP/1.1"),
                .shouldReject(
                    "accepted a request target that is invalid, which should be refused (RFC 9112, 3.2)",
                    best: [301] + HandshakePolicy.errors
                )
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            knownMethods + unknownMethods + [http10, http09] + malformedVersions + [http2InRequestLine, http12]
            + [absoluteForm, absoluteFormForeignHost] + invalidTargets

        private static let onlyGet = "accepted a handshake whose method is not GET (RFC 6455, 4.2.1)"

        private static func version(_ version: String, _ slug: String, _ policy: HandshakePolicy) -> Scenario {
            Scenario.openingRequest(
                slug,
                "Request line with version \(version)",
                "HSQ-07",
                ["RFC9112-2.3-01", "RFC9112-3.2-01", "RFC6455-4.2.1-02"],
                .line("GET {target} \(version)"),
                policy
            )
        }
    }
}
