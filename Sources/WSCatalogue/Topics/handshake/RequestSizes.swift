package import WSScenario

extension Catalogue {
    /// Opening handshakes that are larger than most.
    package enum RequestSizes {
        /// A request line of about 8000 octets, which servers are recommended to support.
        static let longRequestLine = Scenario.openingRequest(
            "request-line-of-8000-octets",
            "Request line of 8000 octets",
            "HSQ-13",
            ["RFC9112-3-03"],
            longTarget(7950),
            .shouldAccept(
                "request lines of 8000 octets are what a server is recommended to take (RFC 9112, 3)",
                cites: "RFC9112-3-03"
            )
        )

        /// A handshake with that many octets more in the query of its target, behind the user's own query.
        private static func longTarget(_ length: Int) -> HandshakeTemplate {
            .line("GET {target-and-more}{padding} HTTP/1.1").padded(with: .repeating("a", length: length))
        }

        /// A target of a MiB.
        static let hugeTarget = Scenario.openingRequest(
            "target-of-1-mib",
            "Request target of 1 MiB",
            "HSQ-13",
            ["RFC9112-3-02"],
            longTarget(1_048_576),
            .large([414], "the status for a target that is too long is 414 (RFC 9112, 3)", over: "RFC9112-3-02")
        )

        /// Requests with one large field, and one with many fields.
        static let hugeFields = [
            (
                "field-of-64-kib", "Field of 64 KiB", "X-Wsconform-Unknown: {padding}",
                Payload.repeating("a", length: 65_536)
            ),
            ("field-of-1-mib", "Field of 1 MiB", "X-Wsconform-Unknown: {padding}", .repeating("a", length: 1_048_576)),
            ("1000-fields", "Thousand fields", "{padding}", .repeating("X-Wsconform: 0\r\n", length: 16_000)),
        ].map { slug, title, line, padding in
            Scenario.openingRequest(
                slug,
                title,
                "HSQ-43",
                ["RFC9110-5.4-01"],
                .adding(line).padded(with: padding),
                .large(
                    Array(400...499),
                    "fields that are larger than a server likes are answered with a 4xx (RFC 9110, 5.4)",
                    over: "RFC9110-5.4-01"
                )
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = [longRequestLine, hugeTarget] + hugeFields
    }
}
