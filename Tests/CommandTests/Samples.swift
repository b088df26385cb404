import WSJudge
import WSReport
import WSScenario

/// Values that the tests of this target share.
enum Samples {
    /// Everything that a peer can write to trick a terminal.
    static let hostile = "\u{1B}[31mred\u{1B}]0;title\u{7} \u{9B}2J\r\nfail  forged: line \u{202E}\u{2028}\u{0}"

    static func entry(
        _ id: String,
        _ verdict: Verdict,
        autobahn: String? = nil,
        reason: String = "",
        key: ReasonKey? = nil,
        wire: [Report.WireLine] = []
    ) -> Report.Case {
        let found = key.map { key in
            Finding(
                rule: "closing",
                axis: .closing,
                verdict: verdict,
                requirement: "RFC6455-5.5.1-02",
                reason: reason,
                key: key
            )
        }
        return Report.Case(
            id: id,
            title: "A case",
            aliases: autobahn.map { ["autobahn": $0] } ?? [:],
            requirements: [
                RequirementReference(id: "RFC6455-5.5.1-02", source: "RFC 6455", section: "5.5.1", level: "MUST")
            ],
            verdict: verdict,
            behaviour: .pass,
            closing: verdict,
            reason: reason,
            findings: [found].compactMap(\.self),
            wire: wire
        )
    }

    static func report(_ cases: [Report.Case], footer: Report.Footer = Report.Footer(complete: true)) -> Report {
        Report(
            tool: Report.Tool(version: "0.1.0"),
            roleUnderTest: .server,
            peer: Report.Peer(name: "Python/3.11 websockets/17.4", url: "ws://127.0.0.1:9001"),
            options: Report.Options(seed: 1, profile: .rfc, effort: .quick, jobs: 16),
            run: Report.Run(startedAtMilliseconds: 0, durationSeconds: 1.93),
            cases: cases,
            requirements: [
                "RFC6455-5.5.1-02": Report.Requirement(
                    source: "RFC 6455",
                    section: "5.5.1",
                    level: "MUST",
                    sentence: "A body begins with a code of two octets.",
                    impact: .robustness,
                    impactReason: "Who reads on does not know what was meant."
                )
            ],
            footer: footer
        )
    }

    /// A report with every verdict, long wire logs and long lists.
    static var findings: Report {
        let short: [Report.WireLine] = [
            "> GET / HTTP/1.1", "< HTTP/1.1 101 Switching Protocols", "> close FIN 1 octet \"a\"",
            "< close FIN 2 octets 1000",
        ]
        let long =
            (1...12).map { Report.WireLine("> ping FIN \($0) octets") } + ["< !! a Close has a body of one octet"]
        var cases = [
            entry(
                "closing/one-byte-payload",
                .fail,
                autobahn: "7.3.2",
                reason: "answered a malformed Close",
                key: .malformedCloseTaken,
                wire: short
            ),
            entry("closing/two-octets", .fail, reason: "answered a malformed Close", key: .malformedCloseTaken),
            entry(
                "ping/many",
                .fail,
                reason: "sent a malformed Close",
                key: .noPong,
                wire: long + (1...9).map { Report.WireLine("< pong \($0)") }
            ),
            entry("handshake/request/no-host", .inconclusive, reason: "the target stopped answering"),
            entry("handshake/response/other", .unimplemented),
            entry("utf8/valid/a", .skipped, reason: "needs an application that echoes"),
            entry("utf8/valid/b", .skipped, reason: "needs an application that echoes"),
            entry("framing/text/a", .pass, autobahn: "1.1.1"),
            entry("framing/text/b", .informational, reason: "closed with 1001"),
        ]
        cases += (10..<22).map {
            entry("length/c\($0)", .tolerated, autobahn: "1.\($0)", reason: "no Close first", key: .endedWithoutClose)
        }
        cases.append(entry("limits/a", .fail, reason: "of an earlier version, without a finding"))
        return report(cases)
    }

    /// A report in which every 101 has a defect and one Close frame another, beside a failure of a case's own.
    static var passing: Report {
        func found(_ verdict: Verdict, _ rule: String, _ reason: String, _ part: ConversationPart) -> Finding {
            Finding(
                rule: rule,
                axis: .behaviour,
                verdict: verdict,
                requirement: "RFC6455-5.5.1-02",
                reason: reason,
                key: .handshake,
                kind: rule,
                passing: part
            )
        }
        let wire: [Report.WireLine] = [
            "> GET / HTTP/1.1", "> Host: a", "< HTTP/1.1 101 Switching Protocols", "< Content-Length: 0",
            "> ping FIN 0 octets", "< pong FIN 0 octets",
        ]
        var cases = [
            entry("closing/a", .fail, reason: "answered with 1005", wire: wire), entry("ping/a", .pass, wire: wire),
            entry("ping/b", .pass, wire: wire),
        ]
        for index in cases.indices {
            cases[index].parts = [.connection, .response, .handshake, .frames, .closing]
            cases[index].findings = [found(.fail, "handshake", "the 101 has a Content-Length", .handshake)]
        }
        cases[2].findings.append(found(.tolerated, "second-close", "sent 2 Close frames", .closing))
        return report(cases)
    }
}
