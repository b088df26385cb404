package import WSScenario

extension Catalogue {
    /// Subprotocols that a client asks for, and those in the answer to its opening handshake.
    package enum ResponseSubprotocols {
        /// A subprotocol that the client did not ask for.
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

        /// Malformed values, where two subprotocols were asked for.
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

        /// A value that is not UTF-8.
        static let notUTF8 = answer(
            "answered-not-utf8",
            "101 with a subprotocol of octets that are no UTF-8",
            "SUB-07",
            citing: ["RFC6455-8.1-03"],
            Array("ch".utf8) + [0xC3, 0x28, 0xFF],
            .mustFail(unaskedReason, over: "RFC6455-4.1-54")
        )

        /// An empty value.
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

        /// Two lines, each with a subprotocol that was asked for.
        static let repeated = Scenario.answer(
            "subprotocol/answered-on-two-lines",
            "101 with two lines of subprotocols, both of them asked for",
            "SUB-07",
            rules + ["RFC6455-11.3.4-02"],
            driver: offer,
            sends: ResponseTemplate.subprotocols(Array("chat".utf8), Array("superchat".utf8)).response(),
            .mustFail("accepted an answer with two subprotocols (RFC 6455, 11.3.4)").because(.acceptedTwoSubprotocols)
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

        /// No subprotocol, although two were asked for.
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

        /// One of the subprotocols that were asked for.
        static let chosen: [Scenario] = [("first", "chat"), ("last", "superchat")].map { slug, value in
            Scenario.answer(
                "subprotocol/answered-with-the-\(slug)",
                "101 with the \(slug) of two subprotocols asked for",
                "SUB-06",
                ["RFC6455-4.1-34", "RFC6455-4.1-54"],
                driver: offer,
                sends: ResponseTemplate.subprotocols(Array(value.utf8)).response(),
                .mustAccept("this subprotocol was asked for (RFC 6455, 4.1)").because(.refusedSubprotocol)
            )
        }

        /// The request of an application that wants one of two subprotocols.
        static let askedFor = Scenario.clientRequest(
            "subprotocol/asked-for",
            "Opening handshake that asks for two subprotocols",
            "HSC-05",
            [
                "RFC6455-4.1-34", "RFC6455-4.1-35", "RFC6455-4.1-36", "RFC6455-4.3-05", "RFC6455-11.5-01",
                "RFC6455-4.1-19",
            ],
            driver: offer
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [askedFor] + unasked + malformed + [notUTF8] + empty + [repeated, otherCase, none] + chosen

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
