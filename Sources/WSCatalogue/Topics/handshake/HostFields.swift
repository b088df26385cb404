package import WSScenario

extension Catalogue {
    /// The Host field of the opening handshake.
    package enum HostFields {
        /// A request without Host.
        static let missing = rejected(
            "host-missing",
            "Handshake without Host",
            .without("Host"),
            "accepted a handshake without Host (RFC 9112, 3.2)",
            over: "RFC9112-3.2-04"
        )

        /// The same Host twice.
        static let repeated = rejected(
            "host-repeated",
            "Two Host lines with the same value",
            .with("Host", "Host: {host}", "Host: {host}"),
            "accepted a handshake with two Host lines (RFC 9112, 3.2)",
            over: "RFC9112-3.2-05"
        )

        /// Two hosts.
        static let contradictory = rejected(
            "host-contradictory",
            "Two Host lines with different values",
            .with("Host", "Host: {host}", "Host: elsewhere.example"),
            "accepted a handshake with two Host lines (RFC 9112, 3.2)",
            over: "RFC9112-3.2-05"
        )

        /// Values outside the grammar of a host.
        static let invalid = [
            ("with-space", "a b"), ("with-slash", "a/b"), ("with-userinfo", "u@a"), ("with-named-port", "a:port"),
            ("with-open-bracket", "[::1"),
        ].map { slug, value in
            rejected(
                "host-\(slug)",
                "Invalid Host: \(value)",
                .with("Host", "Host: \(value)"),
                "accepted an invalid Host (RFC 9112, 3.2)",
                over: "RFC9112-3.2-06",
                chapter: "HSQ-10"
            )
        }

        /// A comma, which looks like a list and is allowed in a name (RFC 3986, 3.2.2: sub-delims).
        static let comma = open("host-with-comma", "Host with a comma: a,b", .with("Host", "Host: a,b"))

        /// An empty value, which stands for a target without an authority.
        static let empty = open("host-empty", "Empty Host", .with("Host", "Host:"))

        /// Every scenario of this file.
        package static let all: [Scenario] = [missing, repeated, contradictory] + invalid + [comma, empty]

        private static func rejected(
            _ slug: String,
            _ title: String,
            _ template: HandshakeTemplate,
            _ why: String,
            over rule: String,
            chapter: String = "HSQ-09"
        ) -> Scenario {
            .handshake(
                "handshake/request/\(slug)",
                title,
                chapter,
                ["RFC6455-4.2.1-04"],
                sends: template.request(),
                .mustReject(why, best: [400], over: rule)
            )
        }

        private static func open(_ slug: String, _ title: String, _ template: HandshakeTemplate) -> Scenario {
            .handshake(
                "handshake/request/\(slug)",
                title,
                "HSQ-10",
                ["RFC6455-4.2.1-04", "RFC9112-3.2-06"],
                sends: template.request(),
                .either()
            )
        }
    }
}
