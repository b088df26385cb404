import WSProtocol
package import WSScenario

extension Catalogue {
    /// Status lines of the answer to a client's opening handshake, and interim responses before it.
    package enum ResponseStatuses {
        /// Final statuses other than 101, with all the fields of a 101.
        static let others: [Scenario] = [200, 201, 204, 299, 304, 400, 403, 404, 500, 503, 599].map { status in
            let isUnknown = status % 100 == 99
            var template = ResponseTemplate.line("HTTP/1.1 \(status) Status")
            if ![204, 304].contains(status) { template = template.beginning("Content-Length: 0") }
            return Scenario.openingResponse(
                "status-\(status)",
                "Answer with status \(status) and the fields of a 101",
                "HSR-09",
                ["RFC6455-4.1-41"] + (isUnknown ? ["RFC9110-15-01"] : []),
                template,
                notSwitched(status)
            )
        }

        /// 426 with the versions that the server speaks.
        static let versions: [Scenario] = [
            ("13", 426, ["13"], "426 that asks for the version that was sent"),
            ("8", 426, ["8"], "426 that asks for version 8"),
            ("on-two-lines", 426, ["13", "8"], "426 with two lines of versions"),
            ("with-400", 400, ["13, 8"], "400 with a list of versions"),
        ].map { slug, status, versions, title in
            var template = ResponseTemplate.line("HTTP/1.1 \(status) Status").beginning("Content-Length: 0")
            template = template.without("Sec-WebSocket-Accept")
                .adding(versions.map { Array("Sec-WebSocket-Version: \($0)".utf8) })
            return Scenario.openingResponse(
                "version-\(slug)",
                title,
                "HSR-13",
                ["RFC6455-4.4-02", "RFC6455-11.3.5-01", "RFC6455-4.1-41"],
                template,
                notSwitched(status)
            )
        }

        /// Redirections to another path here, with the fields of a 101.
        static let redirections: [Scenario] = [301, 302, 303, 307, 308].map { status in
            Scenario.openingResponse(
                "redirection-\(status)",
                "Redirection with \(status) to another path, and the fields of a 101",
                "HSR-10",
                ["RFC6455-4.1-43", "RFC6455-4.1-41"],
                ResponseTemplate.line("HTTP/1.1 \(status) Elsewhere")
                    .with("Connection", [Array("Connection: Upgrade, close".utf8)])
                    .beginning("Location: /redirected").beginning("Content-Length: 0"),
                notSwitched(status)
            )
        }

        /// Challenges for credentials that the client does not have.
        static let challenges: [Scenario] = [
            (401, "WWW-Authenticate"), (407, "Proxy-Authenticate"),
        ].map { status, field in
            Scenario.openingResponse(
                "status-\(status)-with-challenge",
                "\(status) with a challenge for credentials and the fields of a 101",
                "HSR-12",
                ["RFC6455-4.1-42", "RFC6455-4.1-41"],
                ResponseTemplate.line("HTTP/1.1 \(status) Credentials Wanted")
                    .with("Connection", [Array("Connection: Upgrade, close".utf8)])
                    .beginning("\(field): Basic realm=\"wsconform\"").beginning("Content-Length: 0"),
                notSwitched(status)
            )
        }

        /// 200 whose content reads as a frame.
        static let framesAsContent: Scenario = {
            // An unmasked Ping of four octets.
            let content: [UInt8] = [0x89, 0x04] + Array("body".utf8)
            return Scenario.openingResponse(
                "status-200-with-frames",
                "Answer with status 200 whose content reads as a Ping",
                "HSR-23",
                ["RFC6455-4.1-41"],
                ResponseTemplate.line("HTTP/1.1 200 OK").beginning("Content-Length: \(content.count)")
                    .followed(by: content),
                notSwitched(200)
            )
        }()

        /// Interim responses before the 101.
        static let interim: [Scenario] = [
            ("100", "HTTP/1.1 100 Continue\r\n\r\n", "A 100 before the 101"),
            (
                "103", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n", "A 103 before the 101"
            ),
            (
                "three",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
                "Three interim responses before the 101"
            ),
        ].map { slug, prefix, title in
            Scenario.openingResponse(
                "interim-\(slug)",
                title,
                "HSR-14",
                ["RFC6455-4.1-57", "RFC9112-6.3-01"],
                ResponseTemplate.ordinary.after(prefix),
                .mustAccept(
                    "a client reads past interim responses, asked for or not (RFC 9110, 15.2)",
                    over: "RFC9110-15.2-02"
                )
            )
        }

        /// Status lines that are none.
        static let broken: [Scenario] = [
            ("of-four-digits", "HTTP/1.1 1010 Switching Protocols", "Status line whose code has four digits"),
            ("of-two-digits", "HTTP/1.1 10 Switching Protocols", "Status line whose code has two digits"),
            ("of-another-protocol", "SSH-2.0-wsconform", "First line of another protocol than HTTP"),
        ].map { slug, line, title in
            Scenario.openingResponse(
                "status-line-\(slug)",
                title,
                "HSR-15",
                ["RFC6455-4.1-41"],
                .line(line),
                .mustFail("accepted an answer that does not begin with HTTP and 101 (RFC 6455, 4.1)").because(
                    .acceptedOtherStatusLine
                )
            )
        }

        /// A version that cannot switch protocols.
        static let http10 = Scenario.openingResponse(
            "http-1-0",
            "101 of HTTP/1.0",
            "HSR-15",
            [],
            .line("HTTP/1.0 101 Switching Protocols"),
            .shouldFail("accepted a 101 of HTTP/1.0, which has no Upgrade (RFC 6455, 4.2.2)")
        )

        /// A version that is not there yet.
        static let http12 = Scenario.openingResponse(
            "http-1-2",
            "101 of HTTP/1.2",
            "HSR-15",
            ["RFC6455-4.1-57"],
            .line("HTTP/1.2 101 Switching Protocols"),
            .shouldAccept(
                "a higher minor version is read as the highest that is known (RFC 9110, 6.2)",
                cites: "RFC9110-6.2-01"
            )
        )

        /// Unusual reason phrases, which a client ignores.
        static let reasons: [Scenario] = [
            ("empty", "HTTP/1.1 101 ", "nothing"), ("odd", "HTTP/1.1 101 Not Found :-) <b>", "something odd"),
            ("of-4-kib", "HTTP/1.1 101 {padding}", "4 KiB"),
        ].map { slug, line, phrase in
            reason(slug, phrase, ResponseTemplate.line(line).padded(with: .repeating("x", length: 4096)))
        }

        /// A reason phrase of octets above ASCII.
        static let eightBitReason = reason("in-8-bit", "octets above ASCII", .line("HTTP/1.1 101 Prächtig"))

        /// Every scenario of this file.
        package static let all: [Scenario] =
            others + versions + redirections + challenges + [framesAsContent] + interim + broken + [http10, http12]
            + reasons + [eightBitReason]

        private static func notSwitched(_ status: Int) -> ResponsePolicy {
            .mustFail("took an answer with \(status) for a WebSocket connection, which only 101 begins (RFC 6455, 4.1)")
                .because(.acceptedOtherStatus)
        }

        private static func reason(_ slug: String, _ phrase: String, _ template: ResponseTemplate) -> Scenario {
            Scenario.openingResponse(
                "reason-\(slug)",
                "101 with a reason phrase of \(phrase)",
                "HSR-16",
                ["RFC6455-4.1-57"],
                template,
                .shouldAccept("the reason phrase is to be ignored (RFC 9112, 4)", cites: "RFC9112-4-02")
            )
        }
    }
}
