package import WSScenario

extension Catalogue {
    /// Requests over which a server has stumbled, and that no other scenario has in this form.
    package enum DefectHandshakes {
        /// Handshakes of drafts that were spoken before the RFC.
        static let drafts: [Scenario] = [
            ("75", "Handshake of draft 75, without key and version", [String](), ""),
            (
                "76", "Handshake of draft 76, with two keys of its own and eight octets behind",
                ["Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5", "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00"], "^n:ds[4U"
            ),
        ].map { number, title, keys, content in
            var template = HandshakeTemplate.ordinary
            template.lines = (["Upgrade: WebSocket", "Connection: Upgrade", "Host: {host}"] + keys + ["{fields}"])
                .map { Array($0.utf8) }
            return .handshakeDefect(
                "draft-\(number)",
                title,
                [
                    KnownDefect("websocket-driver", "CVE-2026-54463"),
                    KnownDefect("websocket-driver", "CVE-2026-54466"),
                ],
                template.followed(by: Array(content.utf8)).request(),
                .mustReject("accepted the handshake of a draft, which has no Sec-WebSocket-Version (RFC 6455, 4.2.1)")
                    .because(.acceptedDraft)
            )
        }

        /// A version that was a draft's.
        static let version8: Scenario = .handshakeDefect(
            "version-8",
            "Sec-WebSocket-Version: 8",
            [KnownDefect("Bun", "oven-sh/bun#35298")],
            HandshakeTemplate.with("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8").request(),
            .refusedOrInformational(
                "accepted version 8, which is a draft's; a server may understand more versions than one (RFC 6455, 4.4)",
                cites: "RFC6455-4.4-01"
            )
        )

        /// Names that every object has in JavaScript.
        static let extensionNames = [
            ("constructor", "constructor"), ("parameter-constructor", "foo; constructor"),
            ("has-own-property", "hasOwnProperty, toString"), ("proto", "__proto__"),
        ].map { slug, value in
            Scenario.handshakeDefect(
                "extension-\(slug)",
                "Offer of the extension \(value)",
                [
                    KnownDefect("ws", "websockets/ws@c4fe4660"), KnownDefect("node-busmq", "capriza/node-busmq#56"),
                ],
                HandshakeTemplate.extensions(value).request(),
                .mustAccept("an extension that a server does not know is declined, not refused (RFC 6455, 9.1)")
                    .because(.refusedValidOffer)
            )
        }

        /// A quoted value without an end, in which every backslash can be read in two ways.
        static let openQuotes = [30, 3000].map { count in
            Scenario.handshakeDefect(
                "open-quote-of-\(count)-pairs",
                "Extension with an open quote and \(count) quoted pairs",
                [
                    KnownDefect("websocket-extensions for Node", "CVE-2020-7662"),
                    KnownDefect("websocket-extensions for Ruby", "CVE-2020-7663"),
                ],
                HandshakeTemplate.extensions("a; b=\"{padding}").padded(with: .repeating("\\c", length: 2 * count))
                    .request(),
                .mustReject(
                    "accepted a Sec-WebSocket-Extensions outside its grammar, over which a recipient fails the "
                        + "connection (RFC 6455, 9.1)",
                    over: "RFC6455-9.1-01"
                )
            )
        }

        /// A field of blanks that a pattern may try at every place.
        static let blanks: Scenario = .handshakeDefect(
            "subprotocol-with-6000-spaces",
            "Subprotocol with 6000 spaces inside",
            [KnownDefect("ws", "websockets/ws@00c425ec")],
            HandshakeTemplate.subprotocols("a{padding}x").padded(with: .repeating(" ", length: 6000)).request(),
            .mustReject(
                "accepted a Sec-WebSocket-Protocol that is no list of tokens; over any violation of the grammar the "
                    + "handshake is refused (RFC 6455, 4.2.1)"
            ).because(.acceptedMalformedSubprotocols)
        )

        /// Hosts that a parser of URIs does not take.
        static let hosts = [
            ("open-bracket-alone", "["), ("with-two-ports", "x:80:81"), ("percent-sign", "%"),
        ].map { slug, value in
            Scenario.handshakeDefect(
                "host-\(slug)",
                "Invalid Host, no more than: \(value)",
                [KnownDefect("websocket-driver", "CVE-2026-61666")],
                HandshakeTemplate.with("Host", "Host: \(value)").request(),
                .mustReject("accepted an invalid Host (RFC 9112, 3.2)", best: [400], over: "RFC9112-3.2-06")
            )
        }

        /// An origin that a parser of URIs does not take.
        static let invalidOrigin: Scenario = .handshakeDefect(
            "origin-with-named-port",
            "Origin: http://a:b",
            [KnownDefect("Kemal", "kemalcr/kemal#767", about: ["RFC6455-10.7-01", "RFC6455-10.7-04"])],
            HandshakeTemplate.origin("http://a:b").request(),
            HandshakePolicy(
                rule: "RFC6455-4.2.1-01",
                behaviour: [
                    .conforms(.accepted), .conforms(.refused(statuses: Array(400...499))),
                    .tolerated(
                        .refused(statuses: nil),
                        "a field that is wrong is the client's fault, which a status 4xx says (RFC 6455, 10.7)",
                        cites: "RFC6455-10.7-04"
                    ),
                ] + HandshakePolicy.dropsOrFails,
                sendsPing: false
            )
        )

        /// Pages of others that open a connection with the cookies of their visitor.
        static let foreignOrigins = [
            ("foreign", "https://attacker.example", "Origin of another site"), ("null", "null", "Origin: null"),
            ("lookalike", "http://{host}.attacker.example", "Origin that begins like the server's own"),
        ].map { slug, origin, title in
            Scenario.handshakeDefect(
                "origin-\(slug)",
                title,
                [
                    KnownDefect("Rancher", "CVE-2019-13209"), KnownDefect("python-engineio", "PYSEC-2019-170"),
                    KnownDefect("Tilt", "GO-2026-5181"), KnownDefect("Nginx UI", "GO-2026-5210"),
                    KnownDefect("DevSpace", "GO-2026-5433"),
                ],
                HandshakeTemplate.origin(origin).adding([Array("Cookie: session=wsconform".utf8)]).request(),
                HandshakePolicy(
                    rule: "RFC6455-4.2.1-01",
                    behaviour: [
                        .conforms(.refused(statuses: [403])),
                        .tolerated(
                            .refused(statuses: nil),
                            "an origin that is not wanted is answered with 403 (RFC 6455, 10.2)",
                            cites: "RFC6455-10.2-02"
                        ),
                        .informational(
                            .accepted,
                            "takes connections that pages of other sites open, with cookies; which origins a server "
                                + "takes is its policy (RFC 6455, 10.2)",
                            cites: "RFC6455-10.2-01"
                        ),
                    ] + HandshakePolicy.dropsOrFails,
                    sendsPing: false
                )
            )
        }

        /// Keys of lengths at which a buffer may end.
        static let keys = [25, 28, 64, 256, 4096].map { length in
            Scenario.handshakeDefect(
                "key-of-\(length)-characters",
                "Key of \(length) characters",
                [KnownDefect("Zephyr", "CVE-2026-5067")],
                HandshakeTemplate.with("Sec-WebSocket-Key", "Sec-WebSocket-Key: {padding}")
                    .padded(with: .repeating("dGhlIHNhbXBsZSBub25jZ", length: length)).request(),
                .keyNotLookedAt
            )
        }

        /// A key with a blank inside.
        static let keyWithBlank: Scenario = .handshakeDefect(
            "key-with-space-inside",
            "Key with a space inside",
            [KnownDefect("ws", "websockets/ws@160af45b")],
            HandshakeTemplate.with("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBs ZSBub25jZQ==").request(),
            .keyNotLookedAt
        )

        /// Frames behind a handshake that is refused.
        static let framesBehindRefusal: Scenario = .handshakeDefect(
            "frames-behind-a-refused-handshake",
            "Handshake of an unknown version, and frames in the same write",
            ["CVE-2025-11677", "warmcat/libwebsockets@2f082ec31"].map {
                KnownDefect("libwebsockets", $0, about: ["RFC6455-10.7-01"])
            },
            HandshakeTemplate.with("Sec-WebSocket-Version", "Sec-WebSocket-Version: 12").followed(
                by: Array(repeating: [0x89, 0x84, 0, 0, 0, 0] + Array("ping".utf8), count: 20).flatMap(\.self)
            ).request(),
            .mustReject(
                "accepted a version of the protocol that does not exist (RFC 6455, 4.2.2)",
                over: "RFC6455-4.2.2-08"
            )
        )

        /// Handshakes that are complete when the connection ends.
        static let ends = [
            (
                "fin", RequestToSend.Ending.endOutput(afterMilliseconds: 0), "FIN",
                [
                    Outcome.conforms(.refused(statuses: nil)), .conforms(.unanswered), .conforms(.accepted),
                    .tolerated(
                        .anything,
                        "kept a connection that the client had ended without a word (RFC 6455, 7.2.1)",
                        cites: "RFC6455-7.2.1-02"
                    ),
                ]
            ),
            // Nothing comes back over a connection that we have reset.
            ("reset", .reset(afterMilliseconds: 0), "a reset", .survives),
        ].map { slug, ending, name, behaviour in
            Scenario.handshakeDefect(
                "handshake-and-\(slug)",
                "Handshake and \(name) right behind it",
                [KnownDefect("Kitura-WebSocket-NIO", "Kitura/Kitura-WebSocket-NIO#35")],
                tags: [.robustness],
                HandshakeTemplate.ordinary.request(ending: ending),
                HandshakePolicy(rule: "RFC6455-10.7-01", behaviour: behaviour, sendsPing: false)
            )
        }

        /// So many fields that a list of limited length ends before those that count.
        static let fieldsBefore: Scenario = .handshakeDefect(
            "2001-fields-before-upgrade",
            "Two thousand and one fields before those of the handshake",
            ["websockets/ws@e55e5106", "websockets/ws#2230"].map { KnownDefect("ws", $0, about: ["RFC6455-10.7-01"]) },
            HandshakeTemplate.ordinary.beginning("{padding}").padded(with: .repeating("X: 0\r\n", length: 6 * 2001))
                .request(),
            .large(
                Array(400...499),
                "fields that are larger than a server likes are answered with a 4xx (RFC 9110, 5.4)",
                over: "RFC9110-5.4-01"
            )
        )

        /// Two fields that an answer may run together.
        static let declinedExtension: Scenario = .handshakeDefect(
            "subprotocol-and-declined-extension",
            "Offer of a subprotocol, and of an extension with a parameter that does not exist",
            ["#3151", "@a9b8fe7eb", "@85e1aec4d"].map {
                KnownDefect(
                    "libwebsockets",
                    "warmcat/libwebsockets\($0)",
                    about: ["RFC6455-4.2.2-10", "RFC6455-4.2.2-13"]
                )
            },
            HandshakeTemplate.subprotocols("chat").adding([
                Array("Sec-WebSocket-Extensions: permessage-deflate; x=1".utf8)
            ]).request(),
            HandshakePolicy.mayRefuse(
                "refused a handshake over its subprotocol, which is a matter of policy (RFC 6455, 4.2.1), or over an "
                    + "extension that it could have declined (RFC 7692, 5)",
                cites: "RFC6455-4.2.1-13"
            ).orClosing(cites: "RFC6455-4.2.1-13")
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            drafts + [version8, blanks, invalidOrigin, keyWithBlank, framesBehindRefusal, fieldsBefore]
            + [declinedExtension] + extensionNames + openQuotes + hosts + foreignOrigins + keys + ends
    }
}

extension HandshakePolicy {
    /// A key that is not 16 octets in base64; a server need not decode the key.
    fileprivate static let keyNotLookedAt = refusedOrInformational(
        "accepted a key that is no base64 of 16 octets; 4.2.1 rules it out and 4.2.2 says that a server need not decode "
            + "it (RFC 6455, 4.2.2)",
        cites: "RFC6455-4.2.2-07"
    )
}

extension Scenario {
    /// A known defect in dealing with a request.
    static func handshakeDefect(
        _ slug: String,
        _ title: String,
        _ defects: [KnownDefect],
        tags: [Scenario.Tag] = [],
        _ request: RequestToSend,
        _ policy: HandshakePolicy
    ) -> Scenario {
        var scenario = handshake("defect/\(slug)", title, nil, tags: tags, sends: request, policy)
        scenario.references = defects
        return scenario.with(.regression)
    }
}
