import WSProtocol
package import WSScenario

extension Catalogue {
    /// Content behind the opening handshake, its framing, and expectations about it.
    package enum RequestBodies {
        /// Content of a stated length.
        static let contentLength = content(
            "content-of-a-stated-length",
            "Handshake with Content-Length and content",
            .adding("Content-Length: \(closeFrame.count)").followed(by: closeFrame)
        )

        /// Content in chunks.
        static let chunks = content(
            "content-in-chunks",
            "Handshake with Transfer-Encoding: chunked and content",
            .adding("Transfer-Encoding: chunked").followed(
                by: Array("\(closeFrame.count)\r\n".utf8) + closeFrame + Array("\r\n0\r\n\r\n".utf8)
            )
        )

        /// Content-Length that is no length.
        static let invalidLengths = [
            ("negative", "-1"), ("a-word", "abc"), ("contradictory", "5, 6"),
        ].map { slug, value in
            refused(
                "content-length-\(slug)",
                "Content-Length: \(value)",
                ["Content-Length: \(value)"],
                "accepted a Content-Length that is none (RFC 9112, 6.3)",
                over: "RFC9112-6.3-03"
            )
        }

        /// A transfer coding behind which nobody finds the end.
        static let gzip = refused(
            "transfer-encoding-gzip",
            "Transfer-Encoding: gzip",
            ["Transfer-Encoding: gzip"],
            "accepted a transfer coding that has no end (RFC 9112, 6.3)",
            over: "RFC9112-6.3-02"
        )

        /// Two ways at once to say where the content ends.
        static let lengthAndChunks = refused(
            "content-length-and-transfer-encoding",
            "Content-Length and Transfer-Encoding at once",
            ["Content-Length: 5", "Transfer-Encoding: chunked"],
            "kept a connection on which a request had both Content-Length and Transfer-Encoding (RFC 9112, 6.1)",
            over: "RFC9112-6.1-02",
            content: Array("0\r\n\r\n".utf8),
            best: HandshakePolicy.errors,
            ["RFC9112-9.3-01"]
        )

        /// A client that would wait for a 100 before its content, and sends it all the same.
        static let expectationWithContent = content(
            "expect-100-continue-with-content",
            "Expect: 100-continue with content",
            .adding("Expect: 100-continue", "Content-Length: \(closeFrame.count)").followed(by: closeFrame),
            "HSQ-42",
            ["RFC9110-7.8-08", "RFC9110-10.1.1-01"]
        )

        /// Expectations without content to wait for.
        static let expectations = [
            ("100-continue-without-content", "Expect: 100-continue without content", "100-continue"),
            ("something-unknown", "Expect: wsconform", "wsconform"),
        ].map { slug, title, value in
            Scenario.handshake(
                "handshake/request/expect-\(slug)",
                title,
                "HSQ-42",
                ["RFC9110-7.8-08", "RFC9110-10.1.1-01"],
                sends: HandshakeTemplate.adding("Expect: \(value)").request(),
                .mayRefuse(
                    "refused an expectation; RFC 9110, 7.8 and 10.1.1 leave open what becomes of it (RFC 9110, 10.1.1)",
                    cites: "RFC9110-10.1.1-01"
                )
            )
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [contentLength, chunks] + invalidLengths + [gzip, lengthAndChunks, expectationWithContent] + expectations

        /// A masked Close frame without a body: who takes content for frames ends the connection over it.
        private static let closeFrame: [UInt8] = [0x88, 0x80, 0x00, 0x00, 0x00, 0x00]

        private static func content(
            _ slug: String,
            _ title: String,
            _ template: HandshakeTemplate,
            _ chapter: String = "HSQ-40",
            _ rules: [String] = []
        ) -> Scenario {
            .handshake(
                "handshake/request/\(slug)",
                title,
                chapter,
                ["RFC9112-6.3-04"] + rules,
                sends: template.request(),
                HandshakePolicy(
                    rule: "RFC9110-7.8-11",
                    behaviour: HandshakePolicy.either().behaviour.dropLast() + [
                        .violates(
                            .anything,
                            "read the content of the request as frames, or never came to the frames behind it "
                                + "(RFC 9110, 7.8; RFC 9112, 6.3)"
                        )
                    ],
                    sendsPing: true
                )
            )
        }

        private static func refused(
            _ slug: String,
            _ title: String,
            _ lines: [String],
            _ why: String,
            over rule: String,
            content: [UInt8] = [],
            best statuses: [Int] = [400],
            _ rules: [String] = []
        ) -> Scenario {
            .handshake(
                "handshake/request/\(slug)",
                title,
                "HSQ-41",
                rules,
                sends: HandshakeTemplate.ordinary.adding(lines.map { Array($0.utf8) }).followed(by: content).request(),
                .mustRejectAndClose(why, best: statuses, over: rule)
            )
        }
    }
}
