import WSProtocol
package import WSScenario

extension Catalogue {
    /// What a client makes of a server's TLS: its certificate, its version, its choice, and octets that are none.
    package enum TLSClients {
        /// Certificates that do not fit.
        static func certificates() -> [Scenario] {
            let rows: [(String, String, SecurityToSpeak.Certificate)] = [
                ("untrusted", "that no authority has signed", .untrusted),
                ("expired", "that is not valid any more", .expired),
                ("of-another-server", "for another name", .ofOther),
                ("of-a-name-alone", "for the name of this machine alone, where the client has an address", .ofName),
            ]
            return rows.map { slug, phrase, certificate in
                Scenario(
                    id: "tls/certificate/\(slug)",
                    title: "Certificate \(phrase)",
                    requirements: ["RFC6455-4.1-15"],
                    targets: [.client],
                    needs: .nothing,
                    driver: .action(.openSecured(byName: false)),
                    tags: [.handshake],
                    chapter: certificate == .ofName ? "TLS-12" : "TLS-01",
                    security: SecurityToSpeak(certificate: certificate),
                    script: [.send(FrameToSend(.ping, .text("accepted")))],
                    conclusion: .closeWhenComplete,
                    behaviour: [
                        .conforms(.neverConnects),
                        .violates(
                            .anything,
                            "went on with a server whose certificate cannot be verified (RFC 6455, 4.1)",
                            cites: "RFC6455-4.1-15"
                        ).because(.acceptedCertificate),
                    ],
                    closing: .anyEnd
                )
            }
        }

        /// The name of the server in the ClientHello.
        static let serverName = working(
            "server-name/sent",
            "Address with the name localhost, which the ClientHello has to have, too",
            ["RFC6455-4.1-17"],
            "TLS-02",
            .usual,
            byName: true
        )

        /// One version of TLS alone.
        static func versions() -> [Scenario] {
            [("1-2", SecurityToSpeak.Versions.tls12), ("1-3", .tls13)].map { slug, version in
                working(
                    "version/client-\(slug)",
                    "Server that speaks TLS \(version.rawValue) alone",
                    ["RFC6455-10.6-01"],
                    "TLS-03",
                    SecurityToSpeak(versions: version),
                    .informational(
                        .neverConnects,
                        "does not speak TLS \(version.rawValue), and no text says which versions a client has to speak "
                            + "(RFC 6455, 10.6)",
                        cites: "RFC6455-10.6-01"
                    )
                )
            }
        }

        /// HTTP/2 chosen.
        static let http2 = working(
            "alpn/client-h2",
            "Server that chooses h2 if the client offers it, and else nothing",
            ["RFC7301-3.2-02"],
            "TLS-07",
            SecurityToSpeak(applicationProtocols: ["h2"]),
            .conforms(.neverConnects)
        )

        /// Octets instead of a ServerHello.
        static let garbage = Scenario(
            id: "tls/clear/instead-of-server-hello",
            title: "Answer to the ClientHello that is HTTP in the clear",
            requirements: ["RFC6455-4.1-15", "RFC6455-4.1-14"],
            targets: [.client],
            needs: .nothing,
            driver: .action(.openSecured(byName: false)),
            tags: [.handshake],
            chapter: "TLS-08",
            security: SecurityToSpeak(
                insteadOfAnswer: Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8)
            ),
            script: [],
            conclusion: .awaitEnd,
            behaviour: [
                .conforms(.neverConnects),
                .violates(
                    .anything,
                    "went on with a server that speaks no TLS (RFC 6455, 4.1)",
                    cites: "RFC6455-4.1-15"
                ).because(.acceptedInTheClear),
            ],
            closing: .anyEnd
        )

        /// Every scenario of this file.
        package static let all: [Scenario] = certificates() + [serverName] + versions() + [http2, garbage]

        /// A handshake of TLS that a client can go on with, and a Ping through it.
        private static func working(
            _ slug: String,
            _ title: String,
            _ rules: [String],
            _ chapter: String,
            _ security: SecurityToSpeak,
            byName: Bool = false,
            _ listed: Outcome<BehaviourPattern>...
        ) -> Scenario {
            Scenario(
                id: "tls/\(slug)",
                title: title,
                requirements: rules,
                targets: [.client],
                needs: .nothing,
                driver: .action(.openSecured(byName: byName)),
                tags: [.handshake],
                chapter: chapter,
                security: security,
                script: [.send(FrameToSend(.ping, .text("through TLS")))],
                conclusion: .closeWhenComplete,
                behaviour: [.conforms(.events([.pong(.text("through TLS"))]))] + listed,
                closing: .answersNormalClose
            )
        }
    }
}
