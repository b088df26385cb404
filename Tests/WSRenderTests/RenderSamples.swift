import Testing
import WSJudge
import WSReport
import WSScenario

/// A report with a name for its golden files.
struct RenderSample: CustomTestStringConvertible {
    var name: String
    var report: Report

    var testDescription: String { name }

    /// What every renderer shows in a golden file.
    static let all = [
        RenderSample(name: "ordinary", report: RenderSamples.ordinary),
        RenderSample(name: "strict", report: RenderSamples.report(RenderSamples.cases, isStrict: true)),
        RenderSample(name: "clean", report: RenderSamples.clean),
        RenderSample(name: "incomplete", report: RenderSamples.incomplete),
        RenderSample(name: "hostile", report: RenderSamples.hostileReport),
    ]
}

/// Reports with everything that a renderer has to tell.
enum RenderSamples {
    /// Everything that a peer can write to run, hide or forge something in one of the forms.
    static let hostile =
        "</script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> --> \" ' & `` | \\| @octocat #1 a/b#2 GH-3 "
        + "https://example.org www.example.org a@example.org [x](http://y) ![x](z) ```\n::error title=a::b\r\n"
        + "##[error]c %0A %25 \u{0}\u{1B}[31m\u{7F}\u{9B}2J \u{202E}\u{2028}\u{FFFE}\u{FEFF} é 😀 {{x}} ${y} </textarea>"

    static func entry(
        _ id: String,
        _ verdict: Verdict,
        reason: String = "",
        wire: [Report.WireLine] = [],
        requirement: String = "RFC6455-5.5.1-02"
    ) -> Report.Case {
        var entry = Report.Case(
            id: id,
            title: "Close with a body of one octet",
            requirements: [
                RequirementReference(id: requirement, source: "RFC 6455", section: "5.5.1", level: "MUST")
            ],
            verdict: verdict,
            behaviour: .pass,
            closing: verdict,
            reason: reason,
            durationMilliseconds: 1_234.5,
            wire: wire
        )
        if verdict > .unimplemented {
            entry.evidence = [Evidence(.received, offset: 129, length: 2)]
            entry.findings = [
                Finding(
                    rule: "closing",
                    axis: .closing,
                    verdict: verdict,
                    requirement: requirement,
                    reason: reason,
                    evidence: entry.evidence,
                    key: .closeAnsweredOtherwise
                )
            ]
        }
        return entry
    }

    static let wire: [Report.WireLine] = [
        Report.WireLine("> GET / HTTP/1.1", offset: 0, hex: "474554202f20485454502f312e310d0a0d0a"), "> Host: a",
        Report.WireLine("< HTTP/1.1 101 Switching Protocols", offset: 0, hex: "485454502f312e3120313031"),
        Report.WireLine("> close FIN 1 octet 03", offset: 100, hex: "888101020304"),
        Report.WireLine("< close FIN 2 octets 1000", offset: 129, hex: "880203e8"),
        "= TCP ended by the peer",
    ]

    static func report(
        _ cases: [Report.Case],
        name: String = "Python/3.11 websockets/17.4",
        isStrict: Bool = false,
        role: Report.RoleUnderTest = .server,
        footer: Report.Footer = Report.Footer(complete: true)
    ) -> Report {
        var options = Report.Options(seed: 1, profile: .rfc, effort: .quick, jobs: 16)
        options.strict = isStrict
        return Report(
            tool: Report.Tool(version: "0.1.0"),
            roleUnderTest: role,
            peer: Report.Peer(name: name, url: "ws://127.0.0.1:9001"),
            options: options,
            run: Report.Run(startedAtMilliseconds: 0, durationSeconds: 1.93),
            cases: cases,
            requirements: [
                "RFC6455-5.5.1-02": Report.Requirement(
                    source: "RFC 6455",
                    section: "5.5.1",
                    level: "MUST",
                    sentence: "A body begins with a code of two octets."
                )
            ],
            footer: footer
        )
    }

    /// Every verdict, and a finding in passing.
    static var cases: [Report.Case] {
        var cases = [
            entry("closing/code/1005", .fail, reason: "answered Close with code 1005", wire: wire),
            entry("closing/one-byte-payload", .fail, reason: "answered a malformed Close", wire: wire),
            entry("closing/one-byte-payload/probe", .fail, reason: "answered a malformed Close", wire: wire + wire),
            entry("framing/text/a", .pass, wire: wire),
            entry("framing/text/b", .informational, reason: "closed with 1001"),
            entry("handshake/request/no-host", .inconclusive, reason: "the target stopped answering"),
            entry("handshake/response/other", .unimplemented, reason: "did not agree to permessage-deflate"),
            entry("length/a", .tolerated, reason: "no Close first", wire: wire, requirement: "RFC6455-7.1.1-01"),
            entry("utf8/valid/a", .skipped, reason: "needs an application that echoes"),
        ]
        for index in cases.indices {
            cases[index].parts = [.connection, .response, .handshake, .frames, .closing]
            cases[index].findings.append(
                Finding(
                    rule: "handshake",
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: "RFC9110-8.6-01",
                    reason: "the 101 has a Content-Length",
                    key: .handshake,
                    kind: "response-content-length",
                    passing: .handshake
                )
            )
        }
        return cases
    }

    /// A report with every verdict.
    static var ordinary: Report { report(cases) }

    /// A report without findings.
    static var clean: Report { report([entry("framing/text/a", .pass, wire: wire)]) }

    /// A run that was ended early.
    static var incomplete: Report {
        report(
            [entry("framing/text/a", .pass, wire: wire)],
            footer: Report.Footer(complete: false, reason: "the run was ended by a signal")
        )
    }

    /// A client with hostile text in all places that a peer, or a forged report, can fill.
    static var hostileReport: Report {
        let lines = [
            Report.WireLine("> \(hostile)", offset: 0, hex: "00"),
            Report.WireLine("< \(hostile)", offset: 129, hex: "\"><b>"),
            Report.WireLine(hostile),
        ]
        var cases = [
            entry("closing/\(hostile)", .fail, reason: hostile, wire: lines, requirement: hostile),
            entry("ping/\(hostile)", .inconclusive, reason: hostile, wire: lines, requirement: hostile),
            entry("\(hostile)", .skipped, reason: hostile, wire: lines, requirement: hostile),
            entry("length/\(hostile)", .tolerated, reason: hostile, wire: lines, requirement: hostile),
        ]
        for index in cases.indices {
            cases[index].title = hostile
            cases[index].aliases = ["autobahn": hostile]
            cases[index].transcript = hostile
            cases[index].references = [KnownDefectReference(project: hostile, reference: hostile, about: [hostile])]
            cases[index].requirements = [
                RequirementReference(id: hostile, source: hostile, section: hostile, level: hostile)
            ]
            cases[index].parts = [.handshake]
            cases[index].findings.append(
                Finding(
                    rule: hostile,
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: hostile,
                    reason: hostile,
                    key: .handshake,
                    kind: hostile,
                    passing: .handshake
                )
            )
        }
        var report = report(
            cases,
            name: hostile,
            role: .client,
            footer: Report.Footer(complete: false, reason: hostile)
        )
        report.tool.version = hostile
        report.peer.url = hostile
        report.run?.startedAt = hostile
        report.requirements = [
            hostile: Report.Requirement(source: hostile, section: hostile, level: hostile, sentence: hostile)
        ]
        report.leftOut = [Report.LeftOut(why: hostile, cases: 1, option: hostile)]
        return report
    }

    /// A report with very many different causes, each with long text.
    static func large(_ count: Int) -> Report {
        let long = String(repeating: "x", count: 2_000)
        return report(
            (0..<count).map { index in
                entry(
                    "closing/case-\(index)",
                    .fail,
                    reason: "reason \(index) \(long)",
                    wire: Array(repeating: Report.WireLine("< \(long)", offset: 5, hex: long), count: 40),
                    requirement: "RFC6455-\(index)-01"
                )
            }
        )
    }
}
