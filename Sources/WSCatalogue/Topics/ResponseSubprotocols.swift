package import WSScenario

extension Catalogue {
    /// Subprotocols and extensions in the answer to a client's opening handshake.
    package enum ResponseSubprotocols {
        /// A subprotocol that nobody asked for.
        static let unasked: [Scenario] = [
            answer(
                "unasked",
                "101 with a subprotocol that nobody asked for",
                "SUB-06",
                driver: .connect,
                Array("x-wsconform-unasked".utf8),
                .mustFail(unaskedReason, over: "RFC6455-4.1-54")
            ),
            answer(
                "not-among-those-asked-for",
                "101 with another subprotocol than the two asked for",
                "SUB-06",
                Array("x-wsconform-unasked".utf8),
                .mustFail(unaskedReason, over: "RFC6455-4.1-54")
            ),
        ]

        /// What is no subprotocol, where two were asked for.
        static let malformed: [Scenario] = [
            ("both-on-one-line", "chat, superchat", "both of the subprotocols asked for"),
            ("in-quotes", "\"chat\"", "a subprotocol in quotes"),
            ("of-octets-above-ascii", "chät", "a subprotocol of octets above ASCII"),
        ].map { slug, value, phrase in
            answer(
                "answered-\(slug)",
                "101 with \(phrase)",
                "SUB-07",
                Array(value.utf8),
                .mustFail(unaskedReason, over: "RFC6455-4.1-54")
            )
        }

        /// Octets that are no UTF-8.
        static let notUTF8 = answer(
            "answered-not-utf8",
            "101 with a subprotocol of octets that are no UTF-8",
            "SUB-07",
            citing: ["RFC6455-8.1-03"],
            Array("ch".utf8) + [0xC3, 0x28, 0xFF],
            .mustFail(unaskedReason, over: "RFC6455-4.1-54")
        )

        /// A field without a value.
        static let empty: [Scenario] = [
            (DriverNeed.connect, "answered-empty-unasked", "101 with an empty subprotocol, where none was asked for"),
            (offer, "answered-empty", "101 with an empty subprotocol, where two were asked for"),
        ].map { driver, slug, title in
            answer(
                slug,
                title,
                "SUB-07",
                driver: driver,
                citing: ["RFC6455-4.2.2-12"],
                [],
                // Some read an empty value as none.
                .shouldFail("accepted an empty Sec-WebSocket-Protocol, which names nothing (RFC 6455, 4.2.2)")
            )
        }

        /// Two lines, each with one that was asked for.
        static let repeated = Scenario.answer(
            "subprotocol/answered-on-two-lines",
            "101 with two lines of subprotocols, both of them asked for",
            "SUB-07",
            rules + ["RFC6455-11.3.4-02"],
            driver: offer,
            sends: ResponseTemplate.subprotocols(Array("chat".utf8), Array("superchat".utf8)).response(),
            .mustFail("accepted an answer with two subprotocols (RFC 6455, 11.3.4)")
        )

        /// A name in capitals.
        static let otherCase = answer(
            "answered-in-capitals",
            "101 with a subprotocol asked for, in capitals",
            "SUB-07",
            citing: ["IANA-subprotocol-01"],
            Array("CHAT".utf8),
            .shouldFail(
                "accepted a subprotocol in other letters than it was asked for; that the case matters is no more than "
                    + "implied (RFC 6455, 4.1)",
                over: "RFC6455-4.1-54"
            )
        )

        /// None, though some were asked for.
        static let none = Scenario.answer(
            "subprotocol/answered-with-none",
            "101 without a subprotocol, where two were asked for",
            "SUB-08",
            ["RFC6455-4.1-57"],
            driver: offer,
            sends: ResponseTemplate.subprotocols().response(),
            .mayRefuse(
                "refused an answer without any of the subprotocols that it had asked for, as browsers do (RFC 6455, 4.1)",
                cites: "RFC6455-4.1-34"
            )
        )

        /// One that was asked for.
        static let chosen: [Scenario] = [("first", "chat"), ("last", "superchat")].map { slug, value in
            Scenario.answer(
                "subprotocol/answered-with-the-\(slug)",
                "101 with the \(slug) of two subprotocols asked for",
                "SUB-06",
                ["RFC6455-4.1-34", "RFC6455-4.1-54"],
                driver: offer,
                sends: ResponseTemplate.subprotocols(Array(value.utf8)).response(),
                .mustAccept("this subprotocol was asked for (RFC 6455, 4.1)")
            )
        }

        /// Extensions that nobody has offered.
        static let extensions: [Scenario] = [
            ("unasked", "x-wsconform-unasked", "an extension that nobody offered"),
            ("unasked-with-parameter", "x-wsconform-unasked; a=1", "an extension that nobody offered and a parameter"),
        ].map { slug, value, phrase in
            Scenario.answer(
                "extension/\(slug)",
                "101 with \(phrase)",
                "EXT-09",
                ["RFC6455-9.1-01"],
                sends: ResponseTemplate.extensions(value).response(),
                .mustFail("accepted an extension that it had not offered (RFC 6455, 4.1)", over: "RFC6455-4.1-53")
            )
        }

        /// Values outside the grammar, as in the requests to servers.
        static let malformedExtensions: [Scenario] = [
            ("semicolon", ";", "a semicolon alone"), ("no-parameter", "a;", "no parameter behind the semicolon"),
            ("no-parameter-between", "a;;b", "no parameter between semicolons"),
            ("no-parameter-name", "a; =1", "no name of the parameter"),
            ("no-parameter-value", "a; b=", "no value of the parameter"),
            ("value-without-parameter", "a=1", "a value of the extension itself"),
            ("two-words", "a b", "two words"), ("open-quote", "a; b=\"x", "an open quote"),
            ("quoted-space", "a; b=\"x y\"", "a space in quotes"), ("quoted-nothing", "a; b=\"\"", "nothing in quotes"),
            ("two-equals-signs", "a; b=1=2", "two equals signs"), ("octet-above-ascii", "ä", "an octet above ASCII"),
        ].map { slug, value, phrase in
            Scenario.answer(
                "extension/answered-\(slug)",
                "101 whose extension has \(phrase)",
                "EXT-10",
                ["RFC6455-4.1-53", "RFC6455-4.3-02"]
                    + (value.hasSuffix("\"") ? ["RFC6455-9.1-02", "RFC6455-4.3-03"] : []),
                sends: ResponseTemplate.extensions(value).response(),
                .mustFail(
                    "accepted a Sec-WebSocket-Extensions outside its grammar (RFC 6455, 9.1)",
                    over: "RFC6455-9.1-01"
                )
            )
        }

        /// Lines without an element, which some read as no line.
        static let emptyExtensions: [Scenario] = [("nothing", ""), ("comma", ",")].map { slug, value in
            Scenario.answer(
                "extension/answered-empty-list-\(slug)",
                "101 whose list of extensions is no more than: \(slug)",
                "EXT-10",
                ["RFC6455-4.3-02", "RFC6455-4.2.2-16"],
                sends: ResponseTemplate.extensions(value).response(),
                .shouldFail(
                    "overlooked a list of extensions without one (RFC 6455, 9.1)",
                    over: "RFC6455-9.1-01"
                )
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            unasked + malformed + [notUTF8] + empty + [repeated, otherCase, none] + chosen + extensions
            + malformedExtensions + emptyExtensions

        private static let offer = DriverNeed.subprotocols(["chat", "superchat"])
        private static let rules = ["RFC6455-4.1-54", "RFC6455-4.3-06"]
        private static let unaskedReason = "accepted a subprotocol that it had not asked for (RFC 6455, 4.1)"

        private static func answer(
            _ slug: String,
            _ title: String,
            _ chapter: String,
            driver: DriverNeed = offer,
            citing more: [String] = [],
            _ value: [UInt8],
            _ policy: ResponsePolicy
        ) -> Scenario {
            .answer(
                "subprotocol/\(slug)",
                title,
                chapter,
                rules + more,
                driver: driver,
                sends: ResponseTemplate.subprotocols(value).response(),
                policy
            )
        }
    }
}
