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

        /// Values of Content-Length that are not a length.
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

        /// A transfer coding that does not show where the content ends.
        static let gzip = refused(
            "transfer-encoding-gzip",
            "Transfer-Encoding: gzip",
            ["Transfer-Encoding: gzip"],
            "accepted a transfer coding that has no end (RFC 9112, 6.3)",
            over: "RFC9112-6.3-02"
        )

        /// Two ways at once to say where the content ends.
        ///
        /// A server may go by Transfer-Encoding alone and then has to close after responding. A connection that has
        /// become a WebSocket carries no further request, so that nothing is left to smuggle: to accept is no
        /// violation.
        static let lengthAndChunks = Scenario.handshake(
            "handshake/request/content-length-and-transfer-encoding",
            "Content-Length and Transfer-Encoding at once",
            "HSQ-41",
            ["RFC9112-9.3-01"],
            sends: HandshakeTemplate.ordinary
                .adding(["Content-Length: 5", "Transfer-Encoding: chunked"].map { Array($0.utf8) })
                .followed(by: Array("0\r\n\r\n".utf8))
                .request(),
            .mustRejectAndClose(
                "kept a connection on which a request had both Content-Length and Transfer-Encoding (RFC 9112, 6.1)",
                best: HandshakePolicy.errors,
                over: "RFC9112-6.1-02",
                accepting: { .tolerated($0, $1, cites: $2) }
            )
        )

        /// A client that would wait for a 100 before its content, and sends it all the same.
        static let expectationWithContent = content(
            "expect-100-continue-with-content",
            "Expect: 100-continue with content",
            .adding("Expect: 100-continue", "Content-Length: \(closeFrame.count)").followed(by: closeFrame),
            "HSQ-42",
            ["RFC9110-7.8-08", "RFC9110-10.1.1-01"]
        )

        /// A client that waits for the 100 before its content, as it should.
        static let expectationWithContentWithheld: Scenario = {
            var scenario = content(
                "expect-100-continue-with-content-withheld",
                "Expect: 100-continue, and the content only once a 100 has come",
                .adding("Expect: 100-continue", "Content-Length: \(closeFrame.count)").followed(by: closeFrame),
                "HSQ-42",
                ["RFC9110-7.8-08", "RFC9110-10.1.1-01"]
            )
            if case .request(var request) = scenario.opening {
                request.pacing = .awaitingContinue(last: closeFrame.count)
                scenario.opening = .request(request)
            }
            return scenario
        }()

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
            [contentLength, chunks] + invalidLengths + [
                gzip, lengthAndChunks, expectationWithContent, expectationWithContentWithheld,
            ] + expectations

        /// A masked Close frame without a body, over which a server that takes content for frames ends the connection.
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
                ["RFC9110-7.8-11", "RFC6455-6.2-01"] + rules,
                sends: template.request(),
                HandshakePolicy(
                    rule: "RFC9112-6.3-04",
                    behaviour: HandshakePolicy.answered()
                        + HandshakePolicy.unusable(
                            "accepted the handshake and took its content for frames, or the frames behind it for content "
                                + "(RFC 9112, 6.3)",
                            cites: "RFC9112-6.3-04",
                            as: .tookContentForFrames
                        ),
                    sendsPing: true
                )
            )
        }

        private static func refused(
            _ slug: String,
            _ title: String,
            _ lines: [String],
            _ why: String,
            over rule: String
        ) -> Scenario {
            .handshake(
                "handshake/request/\(slug)",
                title,
                "HSQ-41",
                sends: HandshakeTemplate.ordinary.adding(lines.map { Array($0.utf8) }).request(),
                .mustRejectAndClose(why, best: [400], over: rule)
            )
        }
    }
}
