package import WSScenario

extension Catalogue {
    /// Field lines of the opening handshake: names, order, whitespace, folding, and malformed lines.
    package enum FieldGrammar {
        /// The case of names and the order of lines do not matter.
        static let namesAndOrder: [Scenario] = [
            valid("names-in-lower-case", "Field names in lower case", .ordinary.mapNames { $0.lowercased() }),
            valid("names-in-capitals", "Field names in capitals", .ordinary.mapNames { $0.uppercased() }),
            valid("names-in-mixed-case", "Field names in mixed case", .ordinary.mapNames(alternating)),
            valid("fields-reversed", "Fields in reverse order", .ordinary.reordered { $0.reversed() }),
            valid(
                "host-last",
                "Fields in another order, Host last",
                .ordinary.reordered { [$0[3], $0[5], $0[1], $0[4], $0[2], $0[0]] }
            ),
        ]

        /// Fields that have nothing to do with the handshake.
        static let otherFields: [Scenario] = [
            Scenario.openingRequest(
                "unknown-fields",
                "Fields that nobody knows",
                "HSQ-28",
                ["RFC6455-4.2.1-15", "RFC9110-5.1-02"],
                .adding("X-Wsconform-Unknown: 1", "Sec-WebSocket-Unknown: 1", "Zzz: \"a, b\"; c=d"),
                .mustAccept("unknown fields are ignored (RFC 6455, 4.2.1)").because(.refusedUnknownFields)
            ),
            Scenario.openingRequest(
                "cookie",
                "Handshake with Cookie",
                "HSQ-28",
                ["RFC6455-4.2.1-15", "RFC6455-4.1-38"],
                .adding("Cookie: wsconform=1; a=b"),
                .mustAccept("a client may send cookies (RFC 6455, 4.1)").because(.refusedCookie)
            ),
            Scenario.openingRequest(
                "authorization",
                "Handshake with Authorization",
                "HSQ-28",
                ["RFC6455-4.2.1-15", "RFC6455-4.1-38"],
                .adding("Authorization: Basic d3Njb25mb3JtOndzY29uZm9ybQ=="),
                HandshakePolicy.mayRefuse(
                    "refused credentials that it does not know, as it may (RFC 6455, 4.2.2)",
                    cites: "RFC6455-4.2.2-03"
                ).orClosing(cites: "RFC6455-4.2.2-03")
            ),
            Scenario.openingRequest(
                "octets-above-ascii-in-an-unknown-field",
                "Octets above ASCII in an unknown field",
                "HSQ-28",
                ["RFC6455-4.2.1-15", "RFC9110-5.1-02"],
                HandshakeTemplate.ordinary.adding([Array("X-Wsconform-Unknown: ".utf8) + [0xE9, 0xFF, 0x80]]),
                .shouldAccept(
                    "octets above ASCII should be treated as opaque, and unknown fields be ignored (RFC 9110, 5.5)",
                    cites: "RFC9110-5.1-02"
                )
            ),
        ]

        /// Whitespace around values, which does not belong to them.
        static let whitespaceAroundValues = [
            ("without", "No whitespace before values", { (name: String, value: String) in "\(name):\(value)" }),
            ("of-many-spaces", "Many spaces before values", { name, value in "\(name):        \(value)" }),
            ("of-a-tab", "A tab before values", { name, value in "\(name):\t\(value)" }),
            ("behind-values", "Whitespace behind values", { name, value in "\(name): \(value) \t " }),
        ].map { slug, title, write in
            Scenario.openingRequest(
                "whitespace-\(slug)",
                title,
                "HSQ-29",
                ["RFC9112-5.1-02"],
                HandshakeTemplate.ordinary.mapFields(write),
                .mustAccept("whitespace around a value is no part of it (RFC 9110, 5.5)", over: "RFC9110-5.5-01")
            )
        }

        /// Whitespace between a name and its colon.
        static let whitespaceBeforeColon = [
            ("upgrade", "Upgrade", HandshakeTemplate.with("Upgrade", "Upgrade : websocket")),
            ("host", "Host", HandshakeTemplate.with("Host", "Host\t: {host}")),
            ("an-unknown-field", "an unknown field", HandshakeTemplate.adding("X-Wsconform-Unknown : 1")),
        ].map { slug, phrase, template in
            Scenario.openingRequest(
                "whitespace-before-the-colon-of-\(slug)",
                "Whitespace between the name and the colon of \(phrase)",
                "HSQ-30",
                [],
                template,
                .mustReject(
                    "accepted whitespace between a field's name and its colon (RFC 9112, 5.1)",
                    best: [400],
                    over: "RFC9112-5.1-01"
                )
            )
        }

        /// Values that go on in a second line, which is refused or read as a space.
        static let folded = [
            ("connection", "Connection", HandshakeTemplate.with("Connection", "Connection: keep-alive,\r\n Upgrade")),
            ("key", "the key", HandshakeTemplate.with("Sec-WebSocket-Key", "Sec-WebSocket-Key:\r\n {key}")),
            (
                "an-unknown-field", "an unknown field", HandshakeTemplate.adding("X-Wsconform-Unknown: a\r\n\tb")
            ),
        ].map { slug, phrase, template in
            Scenario.openingRequest(
                "folding-of-\(slug)",
                "Value of \(phrase) folded over two lines",
                "HSQ-31",
                ["RFC9112-5.2-02"],
                template,
                .either([400])
            )
        }

        /// A field that would be Upgrade if the fold before it were none.
        static let upgradeInAFold = Scenario.openingRequest(
            "folding-that-hides-upgrade",
            "Upgrade as the continuation of an unknown field",
            "HSQ-31",
            [],
            HandshakeTemplate.with("Upgrade", "X-Wsconform-Unknown: a\r\n Upgrade: websocket"),
            .mustReject(
                "read the continuation of a field as a field of its own (RFC 9112, 5.2)",
                over: "RFC9112-5.2-02"
            )
        )

        /// Whitespace before the first field line, the only one that names websocket.
        static let whitespaceBeforeFirstField = Scenario.openingRequest(
            "whitespace-before-the-first-field",
            "Upgrade in a first field line that begins with whitespace",
            "HSQ-32",
            [],
            HandshakeTemplate.without("Upgrade").beginning(" Upgrade: websocket"),
            .notAccepted(
                "read a line that begins with whitespace as a field (RFC 9112, 2.2)",
                over: "RFC9112-2.2-07"
            )
        )

        /// Lines that are not field lines.
        static let malformedLines = [
            ("without-colon", "Field line without a colon", "X-Wsconform-Unknown 1"),
            ("without-name", "Field line without a name", ": 1"),
            ("with-space-in-the-name", "Field name with a space", "X Wsconform: 1"),
            ("with-bracket-in-the-name", "Field name with a bracket", "X(Wsconform: 1"),
            ("with-octet-above-ascii-in-the-name", "Field name with an octet above ASCII", "X-Wsconförm: 1"),
        ].map { slug, title, line in
            Scenario.openingRequest(
                "field-line-\(slug)",
                title,
                "HSQ-33",
                ["RFC9112-2.2-08"],
                .adding(line),
                HandshakePolicy(
                    rule: "RFC6455-4.2.1-01",
                    behaviour: [.conforms(.refusedAndClosed(statuses: [400]))]
                        + HandshakePolicy.shouldReject(
                            "accepted what is no field line, which should be refused (RFC 9112, 2.2)",
                            best: [400]
                        ).behaviour.map { $0.grade == .conforms ? keptOpen : $0 },
                    sendsPing: false
                )
            )
        }

        /// NUL and CR inside values, which are refused or read as spaces.
        static let controlCharacters: [Scenario] = [
            Scenario.openingRequest(
                "nul-behind-websocket",
                "NUL and more behind websocket in Upgrade",
                "HSQ-34",
                [],
                .with("Upgrade", "Upgrade: websocket\0x"),
                .notAccepted("read a value only up to a NUL (RFC 9110, 5.5)", over: "RFC9110-5.5-02")
            ),
            Scenario.openingRequest(
                "nul-in-an-unknown-field",
                "NUL in the value of an unknown field",
                "HSQ-34",
                ["RFC9110-5.5-02"],
                .adding("X-Wsconform-Unknown: a\0b"),
                .either()
            ),
            Scenario.openingRequest(
                "carriage-return-before-upgrade",
                "Upgrade behind a CR without LF",
                "HSQ-34",
                ["RFC9110-5.5-02"],
                .with("Upgrade", "X-Wsconform-Unknown: a\rUpgrade: websocket"),
                .notAccepted("took a CR without LF for the end of a line (RFC 9112, 2.2)", over: "RFC9112-2.2-03")
            ),
        ]

        /// CR alone ends the lines; as the server cannot see an end of the head, FIN has to come.
        static let carriageReturnsOnly = Scenario.handshake(
            "handshake/request/lines-ended-by-cr",
            "Lines ended by CR alone",
            "HSQ-34",
            ["RFC9110-5.5-02"],
            sends: HandshakeTemplate.ordinary.ending(lines: "\r").request(ending: .endOutput(afterMilliseconds: 500)),
            HandshakePolicy(
                rule: "RFC9112-2.2-03",
                behaviour: [
                    .conforms(.refused(statuses: nil)), .conforms(.unanswered),
                    .violates(
                        .accepted,
                        "took a CR without LF for the end of a line (RFC 9112, 2.2)",
                        cites: "RFC9112-2.2-03"
                    ),
                    .tolerated(
                        .anything,
                        "kept a connection on which the client had ended a request that was not whole (RFC 9112, 8)",
                        cites: "RFC6455-10.7-04"
                    ),
                ],
                sendsPing: false
            )
        )

        /// LF alone ends the lines, which a server may take.
        static let lineFeedsOnly = Scenario.openingRequest(
            "lines-ended-by-lf",
            "Lines ended by LF alone",
            "HSQ-35",
            ["RFC9112-2.2-01"],
            .ordinary.ending(lines: "\n"),
            .either().orWaiting("a line need not be taken to end without CR (RFC 9112, 2.2)", cites: "RFC9112-2.2-01")
        )

        /// An empty line before the request line.
        static let leadingEmptyLine = Scenario.openingRequest(
            "empty-line-first",
            "Empty line before the request line",
            "HSQ-36",
            ["RFC9112-2.2-05"],
            .ordinary.after("\r\n"),
            .shouldAccept(
                "an empty line before the request line should be ignored (RFC 9112, 2.2)",
                cites: "RFC9112-2.2-05"
            )
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            namesAndOrder + otherFields + whitespaceAroundValues + whitespaceBeforeColon + folded
            + [upgradeInAFold, whitespaceBeforeFirstField] + malformedLines + controlCharacters
            + [carriageReturnsOnly, lineFeedsOnly, leadingEmptyLine]

        private static let keptOpen = Outcome<BehaviourPattern>.tolerated(
            .refused(statuses: [400]),
            "the connection should be closed behind the 400 (RFC 9112, 2.2)",
            cites: "RFC9112-2.2-08"
        ).because(.connectionLeftOpen)

        private static func valid(_ slug: String, _ title: String, _ template: HandshakeTemplate) -> Scenario {
            Scenario.openingRequest(
                slug,
                title,
                "HSQ-27",
                ["RFC6455-4.2.1-17", "RFC6455-4.2.1-16", "RFC9110-5.1-01"],
                template,
                .mustAccept("neither the case of names nor the order of fields matters (RFC 6455, 4.2.1)").because(
                    .refusedOtherOrder
                )
            )
        }

        private static func alternating(_ name: String) -> String {
            String(name.enumerated().map { $0 % 2 == 0 ? Character($1.lowercased()) : Character($1.uppercased()) })
        }
    }
}

extension HandshakeTemplate {
    /// This handshake with its own field lines written in another way.
    fileprivate func mapFields(_ write: (_ name: String, _ value: String) -> String) -> Self {
        mapLines { line in
            let parts = line.split(separator: ": ", maxSplits: 1).map { String($0) }
            return parts.count == 2 ? write(parts[0], parts[1]) : line
        }
    }

    /// This handshake with the names of its own fields written in another way.
    fileprivate func mapNames(_ write: (String) -> String) -> Self {
        mapFields { "\(write($0)): \($1)" }
    }
}
