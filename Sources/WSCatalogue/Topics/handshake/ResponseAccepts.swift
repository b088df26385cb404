package import WSScenario

extension Catalogue {
    /// Sec-WebSocket-Accept, Upgrade and Connection of the answer to a client's opening handshake.
    package enum ResponseAccepts {
        /// Values that do not answer the key.
        static let wrong = [
            ("of-another-key", "{accept-of-other-key}", "that answers another key"),
            ("the-key-itself", "{key}", "that repeats the key"),
            ("of-another-guid", "{accept-of-other-guid}", "made with another GUID"),
            ("in-other-case", "{accept-in-other-case}", "whose letters have the other case"),
            ("truncated", "{accept-truncated}", "without its last characters"),
            ("without-padding", "{accept-unpadded}", "without its equals sign"),
            ("of-the-decoded-key", "{accept-of-decoded-key}", "made from the octets that the key stands for"),
            ("empty", "", "that is empty"),
        ].map { slug, value, phrase in
            Scenario.openingResponse(
                "accept-\(slug)",
                "Sec-WebSocket-Accept \(phrase)",
                "HSR-01",
                ["RFC6455-4.1-57"],
                .with("Sec-WebSocket-Accept", "Sec-WebSocket-Accept: \(value)"),
                .mustFail(
                    "accepted an answer whose Sec-WebSocket-Accept does not answer the key (RFC 6455, 4.1)",
                    over: "RFC6455-4.1-51"
                )
            )
        }

        /// An answer without Sec-WebSocket-Accept.
        static let missing = Scenario.openingResponse(
            "accept-missing",
            "101 without Sec-WebSocket-Accept",
            "HSR-02",
            [],
            .without("Sec-WebSocket-Accept"),
            .mustFail("accepted an answer without Sec-WebSocket-Accept (RFC 6455, 4.1)", over: "RFC6455-4.1-50")
        )

        /// Two values, of which one is wrong.
        static let contradictory = [
            ("right-then-wrong", ["{accept}", "{accept-of-other-key}"], "the right one first"),
            ("wrong-then-right", ["{accept-of-other-key}", "{accept}"], "the wrong one first"),
        ].map { slug, values, phrase in
            Scenario.openingResponse(
                "accept-\(slug)",
                "A right and a wrong Sec-WebSocket-Accept, \(phrase)",
                "HSR-02",
                ["RFC6455-11.3.3-01", "RFC6455-4.1-51", "RFC9110-5.3-01"],
                ResponseTemplate.ordinary.with(
                    "Sec-WebSocket-Accept",
                    values.map { Array("Sec-WebSocket-Accept: \($0)".utf8) }
                ),
                .mustFail("accepted an answer with two values of Sec-WebSocket-Accept (RFC 6455, 11.3.3)").because(
                    .acceptedTwoAccepts
                )
            )
        }

        /// The right value twice.
        static let repeated = Scenario.openingResponse(
            "accept-repeated",
            "The right Sec-WebSocket-Accept twice",
            "HSR-02",
            ["RFC6455-11.3.3-01", "RFC9110-5.3-01"],
            .with("Sec-WebSocket-Accept", "Sec-WebSocket-Accept: {accept}", "Sec-WebSocket-Accept: {accept}"),
            .shouldFail(
                "accepted an answer with two Sec-WebSocket-Accept lines, though equal ones (RFC 6455, 11.3.3)"
            )
        )

        /// The right value among blanks.
        static let surrounded = [
            ("among-spaces", "   {accept}   ", "spaces"), ("among-tabs", "\t{accept}\t", "tabs"),
            ("without-space-before", "{accept}", "nothing"),
        ].map { slug, value, phrase in
            Scenario.openingResponse(
                "accept-\(slug)",
                "Sec-WebSocket-Accept with \(phrase) around it",
                "HSR-03",
                ["RFC6455-4.1-52", "RFC9110-5.5-01", "RFC9112-5.1-02"],
                .with("Sec-WebSocket-Accept", "Sec-WebSocket-Accept:\(value)"),
                .mustAccept("blanks around Sec-WebSocket-Accept are no part of it (RFC 6455, 4.1)").because(
                    .refusedBlanks
                )
            )
        }

        /// Upgrade does not name websocket.
        static let wrongUpgrade = [
            ("h2c", "h2c", "Upgrade: h2c in the 101"), ("websockets", "websockets", "Upgrade: websockets in the 101"),
            ("empty", "", "Empty Upgrade in the 101"),
        ].map { slug, value, title in
            Scenario.openingResponse(
                "upgrade-\(slug)",
                title,
                "HSR-04",
                [],
                .with("Upgrade", "Upgrade: \(value)"),
                .mustFail(
                    "accepted a switch to a protocol that is not websocket (RFC 6455, 4.1)",
                    over: "RFC6455-4.1-45"
                )
            )
        }

        /// An answer without Upgrade.
        static let noUpgrade = Scenario.openingResponse(
            "upgrade-missing",
            "101 without Upgrade",
            "HSR-04",
            [],
            .without("Upgrade"),
            .mustFail("accepted an answer without Upgrade (RFC 6455, 4.1)", over: "RFC6455-4.1-44")
        )

        /// The case of websocket does not matter.
        static let upgradeCase = [("mixed-case", "WebSocket"), ("capitals", "WEBSOCKET")].map { slug, value in
            Scenario.openingResponse(
                "upgrade-in-\(slug)",
                "Upgrade: \(value) in the 101",
                "HSR-05",
                ["RFC6455-4.1-46", "RFC9110-7.8-01"],
                .with("Upgrade", "Upgrade: \(value)"),
                .mustAccept("the case of Upgrade's value does not matter (RFC 6455, 4.1)").because(.refusedUpgradeCase)
            )
        }

        /// A list, which no server should send.
        static let upgradeList = Scenario.openingResponse(
            "upgrade-before-another",
            "Upgrade: websocket, foo in the 101",
            "HSR-06",
            ["RFC9110-7.8-01"],
            .with("Upgrade", "Upgrade: websocket, foo"),
            .mayAccept(
                "accepted a list in Upgrade, which RFC 9110 knows and the letter of RFC 6455 does not (RFC 6455, 4.1)",
                over: "RFC6455-4.1-45"
            )
        )

        /// Connection does not name upgrade.
        static let wrongConnection = [
            ("keep-alive", "keep-alive"), ("close", "close"), ("upgraded", "upgraded"), ("x-upgrade", "x-upgrade"),
        ].map { slug, value in
            Scenario.openingResponse(
                "connection-\(slug)",
                "Connection: \(value) in the 101",
                "HSR-07",
                [],
                .with("Connection", "Connection: \(value)"),
                .mustFail(
                    "accepted an answer whose Connection does not name Upgrade (RFC 6455, 4.1)",
                    over: "RFC6455-4.1-48"
                )
            )
        }

        /// An answer without Connection.
        static let noConnection = Scenario.openingResponse(
            "connection-missing",
            "101 without Connection",
            "HSR-07",
            [],
            .without("Connection"),
            .mustFail("accepted an answer without Connection (RFC 6455, 4.1)", over: "RFC6455-4.1-47")
        )

        /// Ways to name upgrade.
        static let connections = [
            ("in-lower-case", ["upgrade"]), ("behind-keep-alive", ["keep-alive, UPGRADE"]),
            ("before-keep-alive", ["Upgrade,keep-alive"]), ("on-a-second-line", ["keep-alive", "Upgrade"]),
            ("behind-an-empty-element", [", Upgrade"]), ("with-tabs", ["keep-alive\t,\tUpgrade"]),
        ].map { slug, values in
            let isEmptied = values.contains { $0.hasPrefix(",") }
            return Scenario.openingResponse(
                "connection-\(slug)",
                values.contains { $0.contains("\t") }
                    ? "Connection of the 101 with tabs around the comma"
                    : values.map { "Connection: \($0)" }.joined(separator: " and ") + " in the 101",
                "HSR-08",
                ["RFC6455-4.1-49", "RFC9110-5.2-01", "RFC9110-5.6.1.2-01", "RFC9110-7.6.1-01"],
                ResponseTemplate.ordinary.with("Connection", values.map { Array("Connection: \($0)".utf8) }),
                .mustAccept(
                    isEmptied
                        ? "empty elements of a list are ignored (RFC 9110, 5.6.1.2)"
                        : "the token Upgrade counts in any case and any place of Connection (RFC 6455, 4.1)",
                    over: isEmptied ? "RFC9110-5.6.1.2-01" : "RFC6455-4.1-57"
                ).because(.refusedConnectionList)
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            wrong + [missing] + contradictory + [repeated] + surrounded + wrongUpgrade + [noUpgrade] + upgradeCase
            + [upgradeList] + wrongConnection + [noConnection] + connections
    }
}
