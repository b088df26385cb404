import WSProtocol
package import WSScenario

extension Catalogue {
    /// Handshakes of TLS that a server may meet: versions, names and application protocols that clients differ in.
    package enum TLSHandshakes {
        /// One version of TLS alone.
        static func versions() -> [Scenario] {
            [("1-2", SecurityToSpeak.Versions.tls12, "5246"), ("1-3", .tls13, "8446")].map { slug, version, document in
                handshake(
                    "version/\(slug)",
                    "TLS \(version.rawValue) alone",
                    ["RFC6455-10.6-01"],
                    "TLS-03",
                    SecurityToSpeak(versions: version),
                    .informational(
                        .unsecured,
                        "does not speak TLS \(version.rawValue) (RFC \(document)), and no text says which versions a "
                            + "server has to speak (RFC 6455, 10.6)",
                        cites: "RFC6455-10.6-01"
                    )
                )
            }
        }

        /// A ClientHello that names no server.
        static let noServerName = handshake(
            "server-name/none",
            "ClientHello that names no server, as that of a client with an address instead of a name",
            ["RFC6066-3-01"],
            "TLS-02",
            SecurityToSpeak(serverName: .none),
            .informational(
                .unsecured,
                "refuses who names no server, which clients of an address cannot do (RFC 6066, 3)",
                cites: "RFC6066-3-01"
            ),
            .informational(
                .refused(statuses: [400, 403, 404, 421]),
                "serves nobody who names no server, which clients of an address cannot do (RFC 6066, 3)",
                cites: "RFC6066-3-01"
            )
        )

        /// A ClientHello that names a server that there is not.
        static let otherServerName = handshake(
            "server-name/unknown",
            "ClientHello that names a server which is not this one",
            ["RFC6066-3-01"],
            "TLS-02",
            SecurityToSpeak(serverName: .other("unknown.invalid")),
            .informational(
                .unsecured,
                "refuses the name of a server that it does not know, which is one of the two ways (RFC 6066, 3)",
                cites: "RFC6066-3-01"
            ),
            .informational(
                .refused(statuses: [400, 403, 404, 421]),
                "refuses a request over the name of the server that was asked for before it (RFC 6066, 3)",
                cites: "RFC6066-3-01"
            )
        )

        /// A ClientHello without application protocols.
        static let noProtocol = handshake(
            "alpn/none",
            "ClientHello that offers no application protocol, as the clients that RFC 6455 describes",
            ["RFC6455-10.6-01"],
            "TLS-07",
            SecurityToSpeak(applicationProtocols: []),
            .tolerated(
                .unsecured,
                "refused a client that offers no application protocol, as no client has to (RFC 7301, 3.1)",
                cites: "RFC6455-10.6-01"
            )
        )

        /// An unknown application protocol before the known one.
        static let unknownProtocol = handshake(
            "alpn/unknown-before-http-1-1",
            "ClientHello that prefers an application protocol that nobody knows to http/1.1",
            ["RFC7301-3.2-04", "RFC7301-3.2-03"],
            "TLS-07",
            SecurityToSpeak(applicationProtocols: ["wsconform-unknown", "http/1.1"]),
            overlooksProtocol
        )

        /// HTTP/2 before HTTP/1.1.
        static let preferredHTTP2 = handshake(
            "alpn/h2-before-http-1-1",
            "ClientHello that prefers h2 to http/1.1; what is sent is HTTP/1.1 whatever is chosen",
            ["RFC7301-3.2-03", "RFC7301-3.2-02"],
            "TLS-07",
            SecurityToSpeak(applicationProtocols: ["h2", "http/1.1"]),
            overlooksProtocol,
            .informational(
                .refused(statuses: nil),
                "chose h2 and refused a request of HTTP/1.1 in words of HTTP/1.1 (RFC 7301, 3.2)",
                cites: "RFC7301-3.2-02"
            ),
            .conforms(.unanswered),
            .conforms(.notHTTP)
        )

        /// HTTP/2 alone.
        static let onlyHTTP2 = handshake(
            "alpn/h2-alone",
            "ClientHello that offers h2 alone; what is sent is HTTP/1.1 whatever is chosen",
            ["RFC7301-3.2-03", "RFC7301-3.2-01", "RFC7301-3.2-02"],
            "TLS-07",
            SecurityToSpeak(applicationProtocols: ["h2"]),
            .conforms(.unsecured),
            .informational(
                .refused(statuses: nil),
                "refused a request of HTTP/1.1 in words of HTTP/1.1, where only h2 had been offered (RFC 7301, 3.2)",
                cites: "RFC7301-3.2-02"
            ),
            .conforms(.unanswered),
            .conforms(.notHTTP)
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            versions() + [
                noServerName, otherServerName, noProtocol, unknownProtocol, preferredHTTP2, onlyHTTP2,
            ]

        private static let overlooksProtocol = Outcome<BehaviourPattern>.tolerated(
            .unsecured,
            "refused a list of application protocols in which http/1.1 was, too (RFC 7301, 3.2)",
            cites: "RFC7301-3.2-04"
        )

        /// A handshake of TLS, and through it an opening handshake with a Ping behind it.
        ///
        /// `listed` are the outcomes besides a connection that works.
        private static func handshake(
            _ slug: String,
            _ title: String,
            _ rules: [String],
            _ chapter: String,
            _ security: SecurityToSpeak,
            _ listed: Outcome<BehaviourPattern>...
        ) -> Scenario {
            var policy = HandshakePolicy.mustAccept(
                "refused a valid handshake over what the ClientHello has (RFC 6455, 4.2.2)"
            ).because(.securityRefused)
            let patterns = listed.map(\.pattern)
            policy.behaviour.removeAll { patterns.contains($0.pattern) }
            policy.behaviour.insert(contentsOf: listed, at: 1)
            var scenario = Scenario.handshake(
                "tls/\(slug)",
                title,
                chapter,
                rules,
                sends: HandshakeTemplate.ordinary.request(),
                policy
            )
            scenario.security = security
            return scenario
        }
    }
}
