import WSProtocol
package import WSScenario

extension Catalogue {
    /// The opening handshake that a client sends, for each kind of address that its application may ask for.
    package enum ClientRequests {
        /// The request, with the recommendations that other scenarios leave out.
        static let form = Scenario.clientRequest(
            "handshake/request/form-of-the-request",
            "Form of the opening handshake: request line, fields, key and version",
            "HSC-01",
            [
                "RFC6455-4.1-19", "RFC6455-4.1-02", "RFC6455-4.1-18", "RFC6455-4.1-20", "RFC6455-4.1-21",
                "RFC6455-4.1-22", "RFC6455-4.1-23", "RFC6455-4.1-24", "RFC6455-4.1-25", "RFC6455-4.1-26",
                "RFC6455-4.1-27", "RFC6455-4.1-30", "RFC6455-4.1-31", "RFC6455-4.1-32", "RFC6455-4.1-33",
                "RFC6455-4.1-37", "RFC6455-4.3-01", "RFC6455-9-01", "RFC9110-2.2-01", "RFC9110-7.2-01",
                "RFC9110-7.2-02", "RFC9110-7.6.1-02", "RFC9110-7.8-05", "RFC9110-9.3.1-01", "RFC9112-3.2-02",
                "RFC9112-3.2-03", "RFC9112-3.2.1-01",
            ]
        )

        /// Addresses with parts that a client has to write in its own way.
        static let addresses: [Scenario] = [
            address(
                "with-number-sign",
                "Address whose query has a number sign, escaped as it has to be",
                .open(suffix: "&x=%23"),
                ["RFC6455-3-02", "RFC6455-3-06", "RFC6455-4.1-22"]
            ),
            address(
                "with-escaped-octets",
                "Address whose query has escaped octets",
                .open(suffix: "&x=%C3%A4"),
                ["RFC6455-4.1-22", "RFC6455-3-06", "RFC9112-3.2.1-01"]
            ),
            address(
                "with-letters-above-ascii",
                "Address whose query has letters above ASCII",
                .open(suffix: "&x=ä€"),
                ["RFC6455-11.1.1-02", "RFC6455-4.1-03", "RFC6455-4.1-22"],
                mayStayAway: true
            ),
            address(
                "without-path",
                "Address with an empty path",
                .openWithoutPath,
                ["RFC6455-3-05", "RFC9112-3.2.1-01", "RFC6455-4.1-22", "RFC6455-3-06"]
            ),
            address(
                "with-userinfo",
                "Address with the name of a user before its host",
                .openAs(user: "wsconform"),
                ["RFC9112-3.2-03", "RFC6455-11.1.1-03", "RFC6455-4.1-23"],
                mayStayAway: true
            ),
            address(
                "with-fragment",
                "Address with a fragment, which no WebSocket address has",
                .open(suffix: "#fragment"),
                ["RFC6455-3-01", "RFC6455-4.1-04", "RFC6455-4.1-03"],
                mayStayAway: true
            ),
            address(
                "with-ipv6-host",
                "Address whose host is an IPv6 address",
                .openOverIPv6,
                ["RFC6455-4.1-23", "RFC9112-3.2-03", "RFC9110-7.2-01"]
            ),
        ]

        /// Every scenario of this file.
        package static let all: [Scenario] = [form] + addresses

        private static func address(
            _ slug: String,
            _ title: String,
            _ action: ClientAction,
            _ rules: [String],
            mayStayAway: Bool = false
        ) -> Scenario {
            var scenario = Scenario.clientRequest(
                "handshake/request/address-\(slug)",
                title,
                slug == "with-fragment" ? "HSC-04" : slug == "with-userinfo" ? "HSC-03" : "HSC-02",
                rules,
                driver: .action(action),
                ping: .text("there")
            )
            if mayStayAway { scenario.behaviour.append(.conforms(.neverConnects)) }
            return scenario
        }
    }
}
