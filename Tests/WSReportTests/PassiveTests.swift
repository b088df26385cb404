import Testing
import WSJudge
import WSReport
import WSScenario

@Suite("What is found in passing")
struct PassiveTests {
    /// A case that passes but for what was found on the way.
    private func judged(_ id: String, _ found: [Finding], parts: [ConversationPart] = [.handshake]) -> JudgedScenario {
        let judgement = Judgement(
            verdict: .pass,
            behaviour: .pass,
            closing: .pass,
            reason: "",
            findings: found,
            parts: parts
        )
        return Samples.judged(Samples.scenario(id, autobahn: nil), judgement)
    }

    private func report(_ cases: [JudgedScenario], _ profile: Profile = .rfc) -> Report {
        var builder = Samples.builder(profile)
        for entry in cases { builder.add(entry) }
        return Samples.report(builder)
    }

    /// The exit status of a run that is strict or not.
    private func status(_ report: Report, isStrict: Bool) -> WSReport.ExitStatus {
        var report = report
        report.options.strict = isStrict
        return RunConclusion(of: report).status
    }

    private func passing(_ change: (inout Finding) -> Void = { _ in }) -> Finding {
        var finding = Samples.passing
        change(&finding)
        return finding
    }

    @Test("It is told once, with the number of cases and an example")
    func once() throws {
        let report = report([
            judged("ping/b", [passing { $0.reason = "the 101 has the length 5" }]), judged("ping/a", [passing()]),
            judged("ping/c", []), judged("ping/d", [], parts: [.connection]),
        ])
        let entry = try #require(report.passive.first)
        #expect(report.passive.count == 1)
        #expect((entry.cases, entry.of) == (2, 3))
        #expect(entry.extent == "in 2 of 3 handshakes")
        #expect(entry.example == "ping/a")
        #expect(entry.transcript == "transcripts/ping/a.ndjson")
        #expect(entry.reason == Samples.passing.reason)
        #expect(entry.evidence == Samples.passing.evidence)
    }

    @Test("What every conversation shows is said so")
    func every() {
        let report = report([judged("ping/a", [passing()]), judged("ping/b", [passing()])])
        #expect(report.passive.map(\.extent) == ["in every handshake (2 of 2)"])
    }

    @Test("A case that is about the same thing counts among those that show it")
    func ownToo() {
        var own = Samples.passing
        own.passing = nil
        let report = report([judged("ping/a", [own]), judged("ping/b", [passing()]), judged("ping/c", [own, own])])
        #expect(report.passive.map(\.extent) == ["in every handshake (3 of 3)"])
        #expect(report.passive.map(\.example) == ["ping/b"])
    }

    @Test("Requirement, rule, kind, gravity and part keep things apart")
    func apart() {
        let report = report([
            judged(
                "ping/a",
                [
                    passing(), passing { $0.kind = "other" }, passing { $0.verdict = .tolerated },
                    passing { $0.rule = "framing" }, passing { $0.requirement = "RFC6455-7.1.7-01" },
                    passing { $0.passing = .closing },
                ]
            )
        ])
        #expect(report.passive.count == 6)
        #expect(report.passive.last?.verdict == .tolerated)
    }

    @Test("It decides no case, and counts once for the run")
    func counts() {
        let report = report((0..<9).map { judged("ping/\($0)", [passing(), passing { $0.verdict = .tolerated }]) })
        #expect(report.summary.pass == 9)
        #expect(report.summary.fail == 0)
        #expect(report.summary.passive.fail == 1)
        #expect(report.summary.passive.tolerated == 1)
        #expect(status(report, isStrict: false) == .findings)
        #expect(report.cases.allSatisfy { $0.evidence.isEmpty && $0.decisiveFinding == nil })
    }

    @Test("What is only tolerated counts where the run is strict")
    func strict() {
        let report = report([judged("ping/a", [passing { $0.verdict = .tolerated }])])
        #expect(status(report, isStrict: false) == .asExpected)
        #expect(status(report, isStrict: true) == .findings)
    }

    @Test("With the profile autobahn it is told and never counts")
    func autobahn() {
        let report = report([judged("ping/a", [passing()])], .autobahn)
        #expect(report.passive.count == 1)
        #expect(report.summary.passive == Report.PassiveCounts())
        #expect(status(report, isStrict: true) == .asExpected)
    }

    @Test("A case whose opening kept it from being judged has Autobahn's verdict with that profile")
    func unopened() throws {
        var judged = Samples.judged()
        judged.judgement.autobahn = Samples.autobahn("FAILED", "FAILED")
        var own = Samples.finding
        own.rule = Judge.unopenedRule
        own.verdict = .inconclusive
        judged.judgement.findings = [own]
        judged.judgement.verdict = .inconclusive
        #expect(report([judged], .autobahn).cases.first?.verdict == .fail)
        #expect(report([judged], .rfc).cases.first?.verdict == .inconclusive)
        judged.judgement.findings = []
        #expect(report([judged], .autobahn).cases.first?.verdict == .inconclusive)
    }
}

@Suite("What was left out")
struct LeftOutTests {
    @Test("Skipped cases are counted by their reason, behind what no pattern had named")
    func reasons() {
        var builder = Samples.builder()
        builder.leftOut = [
            Report.LeftOut(why: "slow", cases: 27, option: "--cases tag:slow"),
            Report.LeftOut(why: "capacity", cases: 0, option: "--cases tag:capacity"),
        ]
        let reasons = ["needs an application that echoes", "needs --supervise", "needs an application that echoes"]
        for (index, reason) in reasons.enumerated() {
            let scenario = Samples.scenario("ping/\(index)", autobahn: nil)
            builder.add(JudgedScenario(scenario: scenario, judgement: .unjudged(.skipped, reason)))
        }
        let leftOut = Samples.report(builder).leftOut
        #expect(leftOut.map(\.why) == ["slow", "echo", "supervise"])
        #expect(leftOut.map(\.cases) == [27, 2, 1])
        #expect(leftOut.allSatisfy { !$0.option.isEmpty })
    }

    @Test(
        "The sentence about a skipped case comes to a word that can be required",
        arguments: [
            ("the application does not echo binary messages", "binary-echo"),
            ("the application does not echo text messages", "text-echo"),
            ("the application does not echo, as --application none says", "echo"),
            ("the application sends messages of its own, which cannot be told from an echo", "echo"),
            ("the application sends messages to all connections, and many play this", "broadcast"),
            ("needs --supervise", "supervise"),
            ("needs a system on which the memory of a process can be read", "memory"),
            ("needs memory and processor time of the client, which are not measured yet", "memory"),
            ("needs 564 open files, and only 256 are allowed; raise ulimit -n", "open-files"),
            ("the client does not connect to the IPv6 address [::1]", "ipv6"),
        ]
    )
    func words(sentence: String, word: String) {
        var builder = Samples.builder()
        let scenario = Samples.scenario("ping/a", autobahn: nil)
        builder.add(JudgedScenario(scenario: scenario, judgement: .unjudged(.skipped, sentence)))
        #expect(Samples.report(builder).leftOut.map(\.why) == [word])
        #expect(Report.LeftOut.words.contains(word))
    }

    @Test("A name means a reason and its kinds", arguments: [("echo", true), ("binary-echo", true), ("text", false)])
    func names(name: String, isMeant: Bool) {
        #expect(Report.LeftOut(why: "binary-echo", cases: 1, option: "").isMeant(by: name) == isMeant)
    }
}
