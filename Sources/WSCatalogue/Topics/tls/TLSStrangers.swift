import WSProtocol
package import WSScenario

extension Catalogue {
    /// Connections to the port of TLS that speak no TLS, or begin it and never go on.
    package enum TLSStrangers {
        /// A valid handshake without TLS.
        static let request: Scenario = {
            var scenario = Scenario.handshake(
                "tls/clear/http-request",
                "Valid handshake of HTTP/1.1 in the clear, on the port of TLS",
                "TLS-08",
                ["RFC6455-4.2.2-02"],
                sends: HandshakeTemplate.ordinary.request(ending: .endOutput(afterMilliseconds: patience)),
                HandshakePolicy(
                    rule: "RFC6455-4.2.2-02",
                    behaviour: [
                        .conforms(.refused(statuses: nil)), .conforms(.unanswered), .conforms(.notHTTP),
                        .violates(
                            .accepted,
                            "accepted in the clear what has to go through TLS on this port (RFC 6455, 4.2.2)",
                            cites: "RFC6455-4.2.2-02"
                        ).because(.acceptedInTheClear),
                        keptOpen,
                    ],
                    sendsPing: false
                )
            )
            scenario.security = SecurityToSpeak(isInTheClear: true)
            return scenario
        }()

        /// Octets that begin no handshake of TLS, or never end one.
        static func octets() -> [Scenario] {
            strangers.filter { $0.slug != "http-request" }.map { slug, phrase, octets in
                Scenario(
                    id: "tls/clear/\(slug)",
                    title: "\(phrase) on the port of TLS, then FIN",
                    requirements: ["RFC6455-4.2.2-02", "RFC6455-10.7-02"],
                    targets: [.server],
                    needs: .nothing,
                    tags: [.handshake, .robustness],
                    chapter: "TLS-08",
                    security: SecurityToSpeak(isInTheClear: true),
                    opening: .request(
                        RequestToSend(template: octets, ending: .endOutput(afterMilliseconds: patience))
                    ),
                    script: [],
                    conclusion: .awaitEnd,
                    behaviour: [
                        .conforms(.refused(statuses: nil)), .conforms(.unanswered), .conforms(.notHTTP), keptOpen,
                    ],
                    closing: .anyEnd
                )
            }
        }

        /// A conversation while others hold the port.
        static func besides() -> [Scenario] {
            strangers.map { slug, phrase, octets in
                Scenario(
                    id: "tls/beside/\(slug)",
                    title: "Ping and its Pong beside sixteen connections, each with: \(phrase.lowercasingFirst)",
                    requirements: ["RFC6455-10.7-01"],
                    targets: [.server],
                    needs: .nothing,
                    phase: .alone,
                    tags: [.alone, .robustness],
                    chapter: "TLS-08",
                    security: SecurityToSpeak(beside: SecurityToSpeak.Bystanders(count: 16, octets: octets)),
                    script: [.send(FrameToSend(.ping, .text("meanwhile")))],
                    conclusion: .closeWhenComplete,
                    behaviour: [
                        .conforms(.events([.pong(.text("meanwhile"))])),
                        .tolerated(
                            .unsecured,
                            "did not finish a handshake of TLS while others had begun none, which shuts everybody out; no "
                                + "rule sets a time (RFC 6455, 10.7)",
                            cites: "RFC6455-10.4-01"
                        ).because(.othersUnserved),
                        .tolerated(
                            .anything,
                            "did not answer a Ping while others held connections; no rule sets a time (RFC 6455, 10.7)",
                            cites: "RFC6455-10.4-01"
                        ).because(.othersUnserved),
                    ],
                    closing: .anyEnd
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = [request] + octets() + besides()

        /// How long an answer is waited for before our FIN, in milliseconds.
        private static let patience = 1_000

        /// What comes instead of TLS.
        private static let strangers: [(slug: String, phrase: String, octets: [UInt8])] = [
            ("garbage", "256 octets that are no TLS", (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 41) }),
            ("half-a-client-hello", "Half a ClientHello", halfClientHello),
            (
                "http-request", "A request of HTTP/1.1 in the clear",
                Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
            ),
            ("silence", "Nothing at all", []),
        ]

        /// The beginning of a record that announces 512 octets of a ClientHello (RFC 8446, 4.1.2 and 5.1).
        private static let halfClientHello: [UInt8] =
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03] + Array(1...32) + [0x00, 0x00, 0x3E]

        private static let keptOpen = Outcome<BehaviourPattern>.tolerated(
            .anything,
            "kept a connection that speaks no TLS, even behind its FIN; no rule sets a time (RFC 6455, 10.7)",
            cites: "RFC6455-10.7-02"
        ).because(.keptOpen)
    }
}

extension String {
    /// The text with a small first letter, for the middle of a sentence.
    fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}
