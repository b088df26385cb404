import WSProtocol
package import WSScenario

extension Catalogue {
    /// The codes that our Close frame can carry: legal, reserved, never on the wire, out of range.
    package enum ClosingCodes {
        /// Codes that may be sent.
        static func legal() -> [Scenario] {
            let codes: [UInt16] = [
                1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999,
            ]
            return codes.enumerated().map { index, code in
                scenario(
                    code,
                    "Close \(code), " + meaning(code),
                    requirements: .answeringClose(permission(code)),
                    autobahn: .closed("7.7.\(index + 1)", codes: [1000, code]),
                    closing: .answersClose(with: [1000, 1005, code], oneSided(code))
                )
            }
        }

        /// Codes below 1000, which must not be sent.
        static func tooLow() -> [Scenario] {
            let codes: [(code: UInt16, number: String?)] = [
                (0, "7.9.1"), (999, "7.9.2"), (1, nil), (100, nil), (500, nil), (998, nil),
            ]
            return codes.map { code, number in
                refused(
                    code,
                    "Close \(code), below the range of codes",
                    "RFC6455-7.4.2-01",
                    [
                        .violates(
                            .peerReplies(codes: [code]),
                            "codes below 1000 are not used, not even to answer one (RFC 6455, 7.4.2)",
                            cites: "RFC6455-7.4.2-01"
                        ).because(.closeCodeNeverSent),
                        .tolerated(
                            .peerReplies(codes: [1000, 1005]),
                            "code \(code) is below all ranges and was taken for a normal one (RFC 6455, 7.4.2)",
                            cites: "RFC6455-7.4.2-01"
                        ).because(.reservedCodeTaken),
                    ],
                    autobahn: number,
                    chapter: number == nil ? "CLO-03" : nil
                )
            }
        }

        /// The code that stands for a Close frame without one.
        ///
        /// In a pattern, too, 1005 is a Close frame without a code: that an endpoint sent it back is seen by the rule
        /// for codes that are never on the wire.
        static let noStatus = neverSent(1005, rule: "RFC6455-7.4.1-03", [], autobahn: "7.9.4")

        /// The code that stands for a connection lost without a Close frame.
        static let abnormal = neverSent(
            1006,
            rule: "RFC6455-7.4.1-04",
            [
                .violates(
                    .peerReplies(codes: [1006]),
                    "code 1006 is never sent, not even to answer it (RFC 6455, 7.4.1)",
                    cites: "RFC6455-7.4.1-04"
                ).because(.closeCodeNeverSent)
            ],
            autobahn: "7.9.5"
        )

        /// The code that stands for a TLS handshake that failed.
        static let tlsHandshake = neverSent(
            1015,
            rule: "RFC6455-7.4.1-05",
            [
                .violates(
                    .peerReplies(codes: [1015]),
                    "code 1015 is never sent, not even to answer it (RFC 6455, 7.4.1)",
                    cites: "RFC6455-7.4.1-05"
                ).because(.closeCodeNeverSent)
            ],
            autobahn: nil,
            chapter: "CLO-01"
        )

        /// Codes that came into the registry after the RFC, or that libraries have registered.
        static func registered() -> [Scenario] {
            let codes: [(code: UInt16, meaning: String)] = [
                (1012, "service restart"), (1013, "try again later"), (1014, "bad gateway"), (3003, "forbidden"),
                (3008, "timeout"),
            ]
            return codes.map { code, meaning in
                let dropping = Outcome<ClosingPattern>.tolerated(
                    .peerDropsAfterOurClose,
                    "code \(code) was taken for an error, as the RFC alone reserves it; the registry has it since "
                        + "(RFC 6455, 7.4.2)",
                    cites: "IANA-close-01"
                )
                return scenario(
                    code,
                    "Close \(code), \(meaning)",
                    requirements: .answeringClose(code < 3000 ? "IANA-close-01" : "IANA-close-02"),
                    autobahn: nil,
                    chapter: "CLO-02",
                    closing: code < 3000
                        ? .answersClose(with: [1000, 1005, code], dropping: dropping)
                        : .answersClose(with: [1000, 1005, code])
                )
            }
        }

        /// Codes without a meaning so far; sending them is not allowed, and nothing says what receiving them does.
        static func reserved() -> [Scenario] {
            let codes: [(code: UInt16, number: String?)] = [
                (1004, "7.9.3"), (1016, "7.9.6"), (1100, "7.9.7"), (2000, "7.9.8"), (2999, "7.9.9"), (1999, nil),
                (2500, nil),
            ]
            return codes.map { code, number in
                let rule = code == 1004 ? "RFC6455-7.4.1-02" : "RFC6455-7.4.2-02"
                let section = code == 1004 ? "7.4.1" : "7.4.2"
                return refused(
                    code,
                    "Close \(code), reserved without a meaning",
                    rule,
                    [
                        .tolerated(
                            .peerReplies(codes: [1000, 1005, code]),
                            "code \(code) is reserved without a meaning and was taken for a normal one "
                                + "(RFC 6455, \(section))",
                            cites: rule
                        ).because(.reservedCodeTaken)
                    ],
                    autobahn: number,
                    chapter: number == nil ? "CLO-03" : nil
                )
            }
        }

        /// Codes above the range.
        static func tooHigh() -> [Scenario] {
            let codes: [(code: UInt16, number: String?)] = [(5000, "7.13.1"), (65_535, "7.13.2"), (32_768, nil)]
            return codes.map { code, number in
                var autobahn = number.map { AutobahnCase.closed($0, codes: [1000, code, 1002], isClean: false) }
                autobahn?.wrongCodeFailsBehaviour = false
                autobahn?.isInformational = true
                let reason =
                    "no range of close codes reaches \(code), and no rule says what receiving it does "
                    + "(RFC 6455, 7.4.2)"
                var scenario = scenario(
                    code,
                    "Close \(code), above the range of codes",
                    requirements: ["RFC6455-5.5.1-07", "RFC6455-7.4.2-05", "IANA-close-03"],
                    autobahn: autobahn,
                    chapter: "CLO-03",
                    closing: [.informational(.anything, reason, cites: "RFC6455-7.4.2-05")]
                )
                scenario.behaviour = [.informational(.anything, reason, cites: "RFC6455-7.4.2-05")]
                if number == nil { scenario.tags = [.ambiguous] }
                return scenario
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [legal(), registered(), tooLow(), [noStatus, abnormal, tlsHandshake], reserved(), tooHigh()].flatMap(\.self)

        private static func refused(
            _ code: UInt16,
            _ title: String,
            _ rule: String,
            _ listed: [Outcome<ClosingPattern>],
            autobahn number: String?,
            chapter: String? = nil
        ) -> Scenario {
            scenario(
                code,
                title,
                requirements: ["RFC6455-5.5.1-07", rule, "RFC6455-7.1.7-03", "RFC6455-7.4.1-13"],
                autobahn: number.map { .closed($0, codes: [1002], isClean: false) },
                chapter: chapter,
                closing: .refusesClose(with: [1002], listed)
            )
        }

        private static func scenario(
            _ code: UInt16,
            _ title: String,
            requirements: [String],
            autobahn: AutobahnCase?,
            chapter: String? = nil,
            closing: [Outcome<ClosingPattern>]
        ) -> Scenario {
            .startsClosing(
                "code/\(code)",
                title,
                requirements,
                [.startClosingHandshake(body: .closeBody(code))],
                autobahn: autobahn,
                chapter: chapter,
                closing: closing
            )
        }

        private static func neverSent(
            _ code: UInt16,
            rule: String,
            _ listed: [Outcome<ClosingPattern>],
            autobahn number: String?,
            chapter: String? = nil
        ) -> Scenario {
            refused(
                code,
                "Close \(code), which is never to be sent",
                rule,
                listed + [
                    .tolerated(
                        .peerReplies(codes: [1000, 1005]),
                        "code \(code), which is never sent, was taken for a normal one (RFC 6455, 7.4.1)",
                        cites: rule
                    ).because(.reservedCodeTaken)
                ],
                autobahn: number,
                chapter: chapter
            )
        }

        /// 1010 belongs to clients, and 1011 was first described for servers: refusing them has the text behind it
        /// for one side under test, and a scenario does not know which side it is.
        private static func oneSided(_ code: UInt16) -> [Outcome<ClosingPattern>] {
            guard code == 1010 || code == 1011 else { return [] }
            let side = code == 1010 ? "client" : "server"
            let drops: [Outcome<ClosingPattern>] = [
                .tolerated(
                    .peerDropsAfterOurClose,
                    "a Close frame should go out before a connection is failed, even over another (RFC 6455, 7.1.7)",
                    cites: "RFC6455-7.1.7-03"
                ).because(.endedWithoutClose).of(.client)
            ]
            return (code == 1010 ? drops : []) + [
                .informational(
                    .peerReplies(codes: [1002]),
                    "code \(code) is described for a \(side) alone, which is a reason to refuse it (RFC 6455, 7.4.1)",
                    cites: permission(code)
                )
            ]
        }

        private static func permission(_ code: UInt16) -> String {
            switch code {
            case 1010: "RFC6455-7.4.1-11"
            case 1011: "RFC6455-7.4.1-12"
            case 3000...3999: "RFC6455-7.4.2-03"
            case 4000...4999: "RFC6455-7.4.2-04"
            default: "RFC6455-7.4.1-01"
            }
        }

        private static func meaning(_ code: UInt16) -> String {
            switch code {
            case 1000: "normal closure"
            case 1001: "going away"
            case 1002: "protocol error"
            case 1003: "type of data not accepted"
            case 1007: "data inconsistent with its type"
            case 1008: "policy violated"
            case 1009: "message too big"
            case 1010: "extension missing"
            case 1011: "unexpected condition"
            case 3000: "lowest code of libraries"
            case 3999: "highest code of libraries"
            case 4000: "lowest private code"
            default: "highest private code"
            }
        }
    }
}
