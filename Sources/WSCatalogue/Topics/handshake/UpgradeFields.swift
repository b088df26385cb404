package import WSScenario

extension Catalogue {
    /// The Upgrade and Connection fields of the opening handshake.
    package enum UpgradeFields {
        /// Upgrade does not name websocket.
        static let wrongUpgrade = [
            ("missing", nil, "Handshake without Upgrade"), ("h2c", "h2c", "Upgrade: h2c"),
            ("websockets", "websockets", "Upgrade: websockets"),
            ("with-space", "web socket", "Upgrade: web socket"), ("empty", "", "Empty Upgrade"),
        ].map { slug, value, title in
            Scenario.openingRequest(
                "upgrade-\(slug)",
                title,
                "HSQ-14",
                ["RFC6455-4.2.1-05", "RFC9110-7.8-04", "RFC9110-7.8-09"],
                value.map { .with("Upgrade", "Upgrade: \($0)") } ?? .without("Upgrade"),
                .notAccepted(
                    "switched to a protocol that Upgrade does not name (RFC 9110, 7.8)",
                    over: "RFC9110-7.8-03",
                    switching: value.flatMap {
                        $0.isEmpty ? nil : "switched to \($0), which is what Upgrade names (RFC 9110, 7.8)"
                    }
                )
            )
        }

        /// The case of websocket does not matter.
        static let upgradeCase = [("mixed-case", "WebSocket"), ("capitals", "WEBSOCKET")].map { slug, value in
            Scenario.openingRequest(
                "upgrade-in-\(slug)",
                "Upgrade: \(value)",
                "HSQ-15",
                ["RFC6455-4.2.1-06", "RFC9110-7.8-01"],
                .with("Upgrade", "Upgrade: \(value)"),
                .mustAccept("the case of Upgrade's value does not matter (RFC 6455, 4.2.1)").because(
                    .refusedUpgradeCase
                )
            )
        }

        /// Lists that name websocket among others.
        static let upgradeLists = [
            ("behind-another", ["foo/1, websocket"]), ("before-another", ["websocket, foo"]),
            ("on-a-second-line", ["foo/1", "websocket"]), ("behind-an-empty-element", [",websocket"]),
        ].map { slug, values in
            Scenario.openingRequest(
                "upgrade-\(slug)",
                "Upgrade: " + values.joined(separator: " and Upgrade: "),
                "HSQ-16",
                ["RFC9110-7.8-10", "RFC9110-5.2-01", "RFC9110-5.6.1.2-01"],
                HandshakeTemplate.ordinary.with("Upgrade", values.map { "Upgrade: \($0)" }),
                .mayOverlook(
                    "a server may pick websocket from a list in Upgrade, and need not (RFC 9110, 7.8)",
                    cites: "RFC9110-7.8-10"
                )
            )
        }

        /// A version behind the name, which nothing defines.
        static let upgradeVersion = Scenario.openingRequest(
            "upgrade-with-version",
            "Upgrade: websocket/13",
            "HSQ-16",
            ["RFC6455-4.2.1-05", "RFC9110-7.8-10"],
            .with("Upgrade", "Upgrade: websocket/13"),
            .either()
        )

        /// Connection does not name upgrade.
        static let wrongConnection = [
            ("missing", nil, "Handshake without Connection"), ("keep-alive", "keep-alive", "Connection: keep-alive"),
            ("close", "close", "Connection: close"), ("upgraded", "upgraded", "Connection: upgraded"),
            ("x-upgrade", "x-upgrade", "Connection: x-upgrade"),
        ].map { slug, value, title in
            Scenario.openingRequest(
                "connection-\(slug)",
                title,
                "HSQ-17",
                ["RFC6455-4.2.1-07"],
                value.map { .with("Connection", "Connection: \($0)") } ?? .without("Connection"),
                .notAccepted("accepted a handshake whose Connection does not name Upgrade (RFC 6455, 4.2.1)").because(
                    .acceptedWithoutConnection
                )
            )
        }

        /// Ways to name it.
        static let connections = [
            ("in-lower-case", ["upgrade"]), ("behind-keep-alive", ["keep-alive, UPGRADE"]),
            ("before-keep-alive", ["Upgrade,keep-alive"]), ("on-a-second-line", ["keep-alive", "Upgrade"]),
            ("between-empty-elements", [", Upgrade ,"]), ("with-tabs", ["keep-alive\t,\tUpgrade"]),
        ].map { slug, values in
            let isEmptied = values.contains { $0.hasPrefix(",") }
            return Scenario.openingRequest(
                "connection-\(slug)",
                values.contains { $0.contains("\t") }
                    ? "Connection with tabs around the comma"
                    : "Connection: " + values.joined(separator: " and Connection: "),
                "HSQ-18",
                ["RFC6455-4.2.1-08", "RFC9110-7.6.1-01", "RFC9110-5.2-01", "RFC9110-5.6.1.2-01"],
                HandshakeTemplate.ordinary.with("Connection", values.map { "Connection: \($0)" }),
                .mustAccept(
                    isEmptied
                        ? "empty elements of a list are ignored (RFC 9110, 5.6.1.2)"
                        : "the token Upgrade counts in any case and any place of Connection (RFC 6455, 4.2.1)",
                    over: isEmptied ? "RFC9110-5.6.1.2-01" : "RFC6455-4.2.2-01"
                ).because(.refusedConnectionList)
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            wrongUpgrade + upgradeCase + upgradeLists + [upgradeVersion] + wrongConnection + connections
    }
}
