package import WSScenario

extension Catalogue {
    /// Valid handshakes that a server may decline for reasons of its own, in HTTP.
    package enum ServicePolicies {
        /// A resource that does not exist, unless the server serves every resource.
        static let unknownResource = declinable(
            "unknown-resource",
            "Handshake for a resource that probably does not exist",
            ["RFC6455-4.2.2-04", "RFC6455-4.2.2-01"],
            HandshakeTemplate.line("GET /x-wsconform/no-such-resource HTTP/1.1").request(),
            .mayDecline(
                HandshakePolicy.errors,
                over: "RFC6455-4.2.2-09",
                .informational(
                    .refused(statuses: nil),
                    "answered a handshake for another resource without an error: redirected it, or served it in HTTP "
                        + "(RFC 6455, 4.2.2)",
                    cites: "RFC6455-4.2.2-04"
                )
            )
        )

        /// A request from a web page of another site; a server that does not serve browsers may ignore that.
        static let foreignOrigin = declinable(
            "foreign-origin",
            "Handshake from a web page of another site",
            ["RFC6455-10.2-02", "RFC6455-4.2.1-18"],
            HandshakeTemplate.origin("https://elsewhere.example").request(),
            .mayDecline(
                [403],
                over: "RFC6455-4.2.2-06",
                .tolerated(
                    .refused(statuses: HandshakePolicy.errors),
                    "the status for an Origin that is not acceptable is 403 (RFC 6455, 10.2)",
                    cites: "RFC6455-10.2-02"
                ),
                .informational(
                    .refused(statuses: nil),
                    "answered a handshake from another site without an error: redirected it, or served it in HTTP "
                        + "(RFC 6455, 4.2.2)",
                    cites: "RFC6455-4.2.2-04"
                )
            )
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = [unknownResource, foreignOrigin]

        private static func declinable(
            _ slug: String,
            _ title: String,
            _ rules: [String],
            _ request: RequestToSend,
            _ policy: HandshakePolicy
        ) -> Scenario {
            var scenario = Scenario.handshake(
                "handshake/request/\(slug)",
                title,
                "HSQ-44",
                rules,
                sends: request,
                policy
            )
            scenario.closing = [
                .conforms(.peerReplies(codes: nil)),
                .informational(
                    .anything,
                    "accepted a handshake and ended the connection; what a server does not serve is declined in HTTP "
                        + "(RFC 6455, 4.2.2)",
                    cites: policy.rule
                ),
            ]
            return scenario
        }
    }
}
