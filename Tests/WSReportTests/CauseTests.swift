import Testing
import WSJudge
import WSReport
import WSScenario

@Suite("A cause")
struct CauseTests {
    private func finding(
        _ key: ReasonKey = .noEcho,
        _ verdict: Verdict = .fail,
        over requirement: String = "RFC6455-6.2-01",
        rule: String = "behaviour",
        axis: Axis = .behaviour,
        octets: UInt64 = 4,
        kind: String? = nil,
        violated: String? = nil,
        passing: ConversationPart? = nil
    ) -> Finding {
        Finding(
            rule: rule,
            axis: axis,
            verdict: verdict,
            requirement: requirement,
            reason: "sent \(octets) octets",
            evidence: [Evidence(.received, offset: 0, length: octets)],
            key: key,
            kind: kind,
            violated: violated,
            passing: passing
        )
    }

    private func judged(
        _ id: String,
        _ findings: [Finding],
        references: [KnownDefect] = []
    ) -> JudgedScenario {
        var scenario = Samples.scenario(id, autobahn: nil)
        scenario.references = references
        let verdict = findings.filter { !$0.isPassive }.map(\.verdict).max() ?? .pass
        return Samples.judged(
            scenario,
            Judgement(
                verdict: verdict,
                behaviour: verdict,
                closing: .pass,
                reason: findings.first?.reason ?? "",
                findings: findings,
                parts: [.handshake]
            )
        )
    }

    private func report(_ cases: [JudgedScenario], impacts: [String: Impact] = [:]) -> Report {
        var builder = ReportBuilder(
            options: Samples.options,
            statement: { id in
                impacts[id].map { Report.Statement(sentence: "It is so.", impact: $0, impactReason: "Why.") }
            },
            reference: { id in RequirementReference(id: id, source: "RFC 6455", section: "1", level: "MUST") }
        )
        for entry in cases { builder.add(entry) }
        return Samples.report(builder)
    }

    @Test func `is a requirement that is missed in one way, with all cases that show it`() {
        let report = report([
            judged("ping/a", [finding()]), judged("ping/b", [finding()]), judged("ping/c", [finding(.echoWrong)]),
            judged("ping/d", [finding(over: "RFC6455-5.4-01")]), judged("ping/e", []),
        ])
        #expect(
            report.causes.map(\.id) == [
                "RFC6455-6.2-01/no-echo", "RFC6455-5.4-01/no-echo", "RFC6455-6.2-01/echo-wrong",
            ]
        )
        #expect(report.causes.map(\.cases) == [["ping/a", "ping/b"], ["ping/d"], ["ping/c"]])
        #expect(report.causes.map(\.count) == [2, 1, 1])
        #expect(report.causes.allSatisfy { $0.side == .server && $0.mend != nil })
    }

    @Test func `shows the case with the fewest octets`() {
        let report = report([
            judged("ping/a", [finding(octets: 90)]), judged("ping/b", [finding(octets: 7)]),
            judged("ping/c", [finding(octets: 8)]),
        ])
        #expect(report.causes.map(\.example) == ["ping/b"])
        #expect(report.causes.map(\.reason) == ["sent 7 octets"])
        #expect(report.causes[0].evidence.map(\.length) == [7])
    }

    @Test func `names the rule that the stimulus breaks where the peer went on after it`() {
        let report = report(
            [
                judged(
                    "ping/a",
                    [finding(.wentOnAfterViolation, over: "RFC6455-7.1.7-05", violated: "RFC6455-5.1-03")]
                ),
                judged("ping/b", [finding(.wentOnAfterViolation, over: "RFC6455-5.1-03")]),
            ],
            impacts: ["RFC6455-5.1-03": .security]
        )
        #expect(report.causes.map(\.id) == ["RFC6455-5.1-03/went-on-after-violation"])
        #expect(report.causes.map(\.count) == [2])
        #expect(report.causes.map(\.impact) == [.security])
        #expect(report.requirements["RFC6455-5.1-03"] != nil)
    }

    @Test func `is told of the act, and not once more of the end that follows from it`() {
        let end = finding(.closeIgnored, over: "RFC6455-5.5.1-07", rule: "closing", axis: .closing)
        let framing = finding(.sent, over: "RFC6455-5.6-01", rule: "framing", kind: "invalid-utf8")
        let report = report([judged("ping/a", [finding(), end, framing]), judged("ping/b", [end])])
        #expect(
            Set(report.causes.map(\.id)) == [
                "RFC6455-6.2-01/no-echo", "RFC6455-5.6-01/sent-invalid-utf8", "RFC6455-5.5.1-07/close-ignored",
            ]
        )
        #expect(report.causes.first { $0.reasonKey == "close-ignored" }?.cases == ["ping/b"])
    }

    @Test func `is the gravest first, then what others rest on, then by impact, then by number of cases`() {
        let report = report(
            [
                judged("ping/a", [finding(.accepted, over: "A")]), judged("ping/b", [finding(.accepted, over: "B")]),
                judged("ping/c", [finding(.accepted, over: "C")]), judged("ping/d", [finding(.accepted, over: "C")]),
                judged("ping/e", [finding(.pongPayloadWrong, over: "RFC6455-D")]),
                judged("ping/f", [finding(.noEcho, .tolerated, over: "E")]),
                // Nothing rests on an extension.
                judged("ping/g", [finding(.noEcho, over: "RFC7692-F")]),
            ],
            impacts: [
                "A": .security, "B": .hygiene, "C": .hygiene, "RFC6455-D": .hygiene, "E": .security,
                "RFC7692-F": .interoperability,
            ]
        )
        #expect(report.causes.map(\.requirement) == ["RFC6455-D", "A", "RFC7692-F", "C", "B", "E"])
    }

    @Test func `that was found in passing alone says in how many conversations`() throws {
        let passing = finding(.http, over: "A", kind: "bare-cr", passing: .handshake)
        var own = passing
        own.passing = nil
        let alone = report([judged("ping/a", [passing]), judged("ping/b", [passing]), judged("ping/c", [])])
        #expect(alone.causes.map(\.extent) == ["in 2 of 3 handshakes"])
        #expect(report([judged("ping/a", [passing]), judged("ping/b", [own])]).causes.map(\.extent) == ["2 cases"])
    }

    @Test func `in passing stands beside another one with the same requirement`() {
        let first = finding(.sent, over: "A", rule: "framing", kind: "invalid-utf8", passing: .frames)
        let second = finding(.sent, over: "A", rule: "framing", kind: "truncated-utf8", passing: .frames)
        let report = report([judged("ping/a", [first, second]), judged("ping/b", [second])])
        #expect(report.causes.map(\.id) == ["A/sent-truncated-utf8", "A/sent-invalid-utf8"])
        #expect(report.causes.map(\.count) == [2, 1])
    }

    @Test func `knows of the defects that violate the same requirement in the same way`() {
        var same = KnownDefect("A", "a/a#1", about: ["RFC6455-6.2-01"])
        same.reasons = [.noEcho]
        var other = KnownDefect("B", "b/b#2", about: ["RFC6455-6.2-01"])
        other.reasons = [.echoWrong]
        let elsewhere = KnownDefect("C", "c/c#3", about: ["RFC6455-5.4-01"])
        let report = report([judged("ping/a", [finding()], references: [same, other, elsewhere])])
        #expect(report.causes[0].known?.map(\.project) == ["A"])
        #expect(report.cases[0].knownReferences?.map(\.project) == ["A"])
    }

    @Test func `is collected again from a report that was written before there were any`() throws {
        let report = report([judged("ping/a", [finding()])])
        let text = String(decoding: ReportText.encode(report), as: UTF8.self)
        let earlier = try #require(Self.without("causes", text))
        let read = try ReportText.decode(Array(earlier.utf8), file: "report.json")
        #expect(read.causes == report.causes)
        let older = earlier.replacing(#/"reasonKey" : "[^"]*",\s*/#, with: "")
        #expect(!older.contains("reasonKey"))
        #expect(try ReportText.decode(Array(older.utf8), file: "report.json").causes.map(\.reasonKey) == ["behaviour"])
    }

    /// The text of a report without one of its arrays.
    private static func without(_ name: String, _ text: String) -> String? {
        guard let start = text.firstRange(of: "  \"\(name)\" : [")?.lowerBound,
            let end = text[start...].firstRange(of: "\n  ],\n")?.upperBound
        else { return nil }
        return String(text[..<start] + text[end...])
    }
}
