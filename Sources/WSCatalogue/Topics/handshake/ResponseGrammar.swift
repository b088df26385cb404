import WSProtocol
package import WSScenario

extension Catalogue {
    /// The form of the head of the answer to a client's opening handshake, and fields that have no business there.
    package enum ResponseGrammar {
        /// Names of fields in other letters, and their lines in another order or with other blanks.
        static let forms: [Scenario] = [
            form("names-in-lower-case", "Field names of the 101 in lower case", names { $0.lowercased() }),
            form("names-in-capitals", "Field names of the 101 in capitals", names { $0.uppercased() }),
            form(
                "names-in-mixed-case",
                "Field names of the 101 in mixed case",
                names { name in
                    String(
                        name.enumerated().map {
                            $0.offset % 2 == 0 ? Character($0.element.lowercased()) : Character($0.element.uppercased())
                        }
                    )
                }
            ),
            form(
                "lines-reversed",
                "Fields of the 101 in reverse order",
                ResponseTemplate.ordinary.reordered { $0.reversed() },
                "RFC 9110, 5.3"
            ),
            form(
                "without-blanks",
                "101 without blanks behind its colons",
                ResponseTemplate.ordinary.mapLines { $0.replacing(": ", with: ":") },
                "RFC 9112, 5.1"
            ),
            form(
                "with-tabs",
                "101 with tabs behind its colons and at the ends of its lines",
                ResponseTemplate.ordinary.mapLines { $0.replacing(": ", with: ":\t") + "\t" },
                "RFC 9110, 5.5"
            ),
        ]

        /// Values folded over two lines.
        static let folded: [Scenario] = [
            ("connection", ResponseTemplate.with("Connection", "Connection: keep-alive,\r\n Upgrade"), "Connection"),
            (
                "accept", ResponseTemplate.with("Sec-WebSocket-Accept", "Sec-WebSocket-Accept:\r\n {accept}"),
                "Sec-WebSocket-Accept"
            ),
            ("unknown-field", ResponseTemplate.adding("X-Folded: one\r\n\ttwo"), "a field that nobody knows"),
        ].map { slug, template, phrase in
            Scenario.openingResponse(
                "folding-of-\(slug)",
                "101 in which \(phrase) is folded over two lines",
                "HSR-18",
                ["RFC6455-4.1-57"],
                template,
                // No server may send it, so that refusing it has a text of its own.
                .shouldAccept(
                    "a folded line of a response is read as if it had a space there (RFC 9112, 5.2)",
                    cites: "RFC9112-5.2-03"
                )
            )
        }

        /// A line that only a client sees which takes a bare CR for a line end.
        static let hiddenByCarriageReturn = Scenario.openingResponse(
            "bare-cr-that-hides-upgrade",
            "Bare CR in a value, with Upgrade behind it",
            "HSR-19",
            ["RFC6455-4.1-44"],
            .with("Upgrade", "X-Odd: one\rUpgrade: websocket"),
            .mustFail("took a bare CR for the end of a line (RFC 9112, 2.2)", over: "RFC9112-2.2-03")
        )

        /// A line that begins with a blank, where there is nothing to fold it into.
        static let hiddenByBlank = Scenario.openingResponse(
            "blank-that-hides-upgrade",
            "Upgrade in a line that begins with a space, right behind the status line",
            "HSR-19",
            ["RFC6455-4.1-44"],
            ResponseTemplate.without("Upgrade").beginning(" Upgrade: websocket"),
            .mustFail("read a field from a line that is no field line (RFC 9112, 2.2)", over: "RFC9112-2.2-07")
        )

        /// Octets that no value may have, in an unknown field.
        static let invalidValues: [Scenario] = [
            ("nul-in-value", "X-Odd: one\0two", "NUL in a value of the 101"),
            ("cr-in-value", "X-Odd: one\rtwo", "Bare CR in a value of the 101"),
        ].map { slug, line, title in
            Scenario.openingResponse(
                slug,
                title,
                "HSR-19",
                ["RFC9110-5.5-02", "RFC9112-2.2-03"],
                .adding(line),
                .mayRefuse(
                    "refused a response with an octet that no value has, as it may (RFC 9110, 5.5)",
                    cites: "RFC9110-5.5-02"
                )
            )
        }

        /// Forms that some read and some refuse.
        static let lenient: [Scenario] = [
            (
                "space-before-colon", ResponseTemplate.with("Upgrade", "Upgrade : websocket"),
                "Space before the colon of Upgrade in the 101", [String]()
            ),
            (
                "lf-alone", ResponseTemplate.ordinary.ending(lines: "\n"), "101 whose lines end in LF alone",
                ["RFC9112-2.2-01"]
            ),
        ].map { slug, template, title, rules in
            Scenario.openingResponse(
                slug,
                title,
                "HSR-19",
                rules,
                template,
                .mayRefuse(
                    "refused a response in a form that no server should send (RFC 6455, 4.1)",
                    cites: "RFC6455-4.1-55"
                )
            )
        }

        /// Fields that a client has no use for.
        static let superfluous: [Scenario] = [
            ("unknown-field", "X-Wsconform: unknown", "101 with a field that nobody knows"),
            ("cookie", "Set-Cookie: wsconform=1; Path=/; HttpOnly", "101 that sets a cookie"),
            ("version", "Sec-WebSocket-Version: 13", "101 with Sec-WebSocket-Version"),
        ].map { slug, line, title in
            Scenario.openingResponse(
                "with-\(slug)",
                title,
                "HSR-24",
                ["RFC6455-4.1-57"],
                .adding(line),
                .shouldAccept(
                    "fields that mean nothing to the recipient are ignored (RFC 9110, 5.1)",
                    cites: "RFC9110-5.1-02"
                )
            )
        }

        /// Fields that speak of content, which a 101 has none of.
        static let content: [Scenario] = [
            ("content-length", "Content-Length: 5", "101 with Content-Length: 5, then a Ping"),
            ("transfer-encoding", "Transfer-Encoding: chunked", "101 with Transfer-Encoding: chunked, then a Ping"),
        ].map { slug, line, title in
            Scenario.openingResponse(
                "with-\(slug)",
                title,
                "HSR-22",
                ["RFC9112-6.3-01", "RFC6455-6.2-01"],
                .adding(line),
                .either("took octets behind the 101 for content of it, which a 101 has none of (RFC 9112, 6.3)")
            )
        }

        /// Heads larger than any other.
        static let large: [Scenario] = [
            ("field-of-64-kib", "X-Large: {padding}", Payload.repeating("x", length: 65_536), "a field of 64 KiB"),
            ("field-of-1-mib", "X-Large: {padding}", .repeating("x", length: 1 << 20), "a field of 1 MiB"),
            ("1000-fields", "{padding}", .repeating("X-Many: v\r\n", length: 11_000), "a thousand fields"),
        ].map { slug, line, padding, phrase in
            Scenario.openingResponse(
                "with-\(slug)",
                "101 with \(phrase)",
                "HSR-25",
                ["RFC6455-10.4-01"],
                ResponseTemplate.adding(line).padded(with: padding),
                .large
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            forms + folded + [hiddenByCarriageReturn, hiddenByBlank] + invalidValues + lenient + superfluous + content
            + large

        private static func form(
            _ slug: String,
            _ title: String,
            _ template: ResponseTemplate,
            _ section: String = "RFC 9110, 5.1"
        ) -> Scenario {
            Scenario.openingResponse(
                slug,
                title,
                "HSR-17",
                ["RFC6455-4.1-56", "RFC9110-5.1-01", "RFC9112-5.1-02", "RFC9110-5.5-01"],
                template,
                .mustAccept("the same response in another form is as valid (\(section))").because(.refusedOtherOrder)
            )
        }

        /// The ordinary answer with the names of its fields changed.
        private static func names(_ change: (String) -> String) -> ResponseTemplate {
            ResponseTemplate.ordinary.mapLines { line in
                guard let colon = line.firstIndex(of: ":") else { return line }
                return change(String(line[..<colon])) + line[colon...]
            }
        }
    }
}
