import WSGate
import WSJudge
import WSReport
import WSScenario

/// Reports for these tests.
enum GateSamples {
    /// A finding.
    static func finding(
        _ key: ReasonKey = .noEcho,
        _ verdict: Verdict = .fail,
        over requirement: String = "RFC6455-6.2-01",
        passing: ConversationPart? = nil
    ) -> Finding {
        Finding(
            rule: "behaviour",
            axis: .behaviour,
            verdict: verdict,
            requirement: requirement,
            reason: "\(key.rawValue) of \(requirement)",
            evidence: [],
            key: key,
            passing: passing
        )
    }

    /// A case with these findings; its verdict is that of the gravest one that is its own.
    static func entry(_ id: String, _ findings: [Finding] = [], verdict: Verdict? = nil) -> Report.Case {
        let own = findings.filter { !$0.isPassive }
        let verdict = verdict ?? own.map(\.verdict).max() ?? .pass
        return Report.Case(
            id: id,
            title: id,
            aliases: id == "ping/a" ? ["autobahn": "2.1"] : [:],
            requirements: [
                RequirementReference(id: "RFC6455-6.2-01", source: "RFC 6455", section: "6.2", level: "MUST")
            ],
            verdict: verdict,
            behaviour: verdict,
            closing: .pass,
            reason: own.first?.reason ?? "",
            findings: findings,
            parts: [.handshake]
        )
    }

    /// A report of these cases.
    static func report(
        _ cases: [Report.Case],
        peer: String = "Server/1.0",
        role: Report.RoleUnderTest = .server,
        impacts: [String: Impact] = [:],
        options change: (inout Report.Options) -> Void = { _ in }
    ) -> Report {
        var options = Report.Options(seed: 1, profile: .rfc, effort: .quick, jobs: 1)
        change(&options)
        return Report(
            tool: Report.Tool(version: "0"),
            roleUnderTest: role,
            peer: Report.Peer(name: peer, url: "ws://127.0.0.1:9001/"),
            options: options,
            run: nil,
            cases: cases,
            requirements: impacts.mapValues { impact in
                Report.Requirement(
                    source: "RFC 6455",
                    section: "1",
                    level: "MUST",
                    sentence: "It is so.",
                    impact: impact,
                    impactReason: "Why."
                )
            },
            footer: Report.Footer(complete: true)
        )
    }

    /// What the catalogue of these tests has.
    static let names = KnownNames(
        cases: ["ping/a", "2.1", "ping/b", "ping/c", "utf8/a", "slow/a"],
        requirements: ["RFC6455-6.2-01", "RFC6455-5.4-01", "RFC9112-3.2-06"]
    )

    /// A baseline with these patterns.
    static func baseline(_ patterns: String...) -> Baseline {
        Baseline(file: "b.json", entries: patterns.map { Baseline.Entry(pattern: $0, reason: "known") })
    }
}
