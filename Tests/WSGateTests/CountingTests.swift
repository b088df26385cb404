import Testing
import WSGate
import WSJudge
import WSReport
import WSScenario

@Suite("What counts")
struct CountingTests {
    private typealias Samples = GateSamples

    private func conclusion(
        _ cases: [Report.Case],
        _ change: (inout Report.Options) -> Void = { _ in }
    ) -> RunConclusion {
        let impacts: [String: Impact] = ["RFC6455-6.2-01": .interoperability, "RFC9112-3.2-06": .security]
        return RunConclusion(of: Samples.report(cases, impacts: impacts, options: change))
    }

    private let failing = Samples.entry("ping/a", [Samples.finding()])
    private let missing = Samples.entry("ping/b", [Samples.finding(.echoWrong, .tolerated)])
    private let passing = Samples.entry("ping/c")

    @Test func `is a violated requirement, unless a level is given`() {
        #expect(conclusion([failing, missing]).reasons == ["1 fail"])
        #expect(conclusion([missing]).status == .asExpected)
        #expect(conclusion([missing]) { $0.failOn = .should }.reasons == ["1 tolerated (--fail-on should)"])
        #expect(conclusion([missing]) { $0.strict = true }.reasons == ["1 tolerated (--strict)"])
        #expect(conclusion([failing]) { $0.failOn = .never }.status == .asExpected)
    }

    @Test func `never hides that nothing certain can be said`() {
        let open = Samples.entry("ping/c", verdict: .inconclusive)
        #expect(conclusion([failing, open]) { $0.failOn = .never }.status == .undecided)
        #expect(conclusion([]) { $0.failOn = .never }.status == .undecided)
    }

    @Test func `is what has the impact that is asked for`() {
        #expect(conclusion([failing, passing]) { $0.failOnImpact = [.security] }.status == .asExpected)
        let both = conclusion([failing, passing]) { $0.failOnImpact = [.security, .interoperability] }
        #expect(both.reasons == ["1 fail of impact security or interoperability"])
        let noticed = Samples.entry(
            "ping/c",
            [Samples.finding(.echoWrong, over: "RFC9112-3.2-06", passing: .handshake)]
        )
        #expect(conclusion([noticed]) { $0.failOnImpact = [.security] }.status == .findings)
        #expect(conclusion([noticed]) { $0.failOnImpact = [.hygiene] }.status == .asExpected)
    }

    @Test func `names what was required and not tried beside what fails`() {
        var report = Samples.report([failing]) { $0.require = ["echo"] }
        report.leftOut = [Report.LeftOut(why: "echo", cases: 2, option: "--require echo")]
        let reasons = RunConclusion(of: report).reasons
        #expect(reasons.first == "1 fail" && reasons.count == 1 + report.lacking.count)
    }

    @Test func `is what differs from a baseline where there is one`() {
        var report = Samples.report([failing])
        report.baseline = Samples.baseline("ping/a").outcome(of: report, among: Samples.names, today: "2026-01-01")
        #expect(RunConclusion(of: report).status == .asExpected)
        report.baseline = Samples.baseline("ping/c").outcome(of: report, among: Samples.names, today: "2026-01-01")
        #expect(
            RunConclusion(of: report).reasons == ["1 new, 1 not tried"]
                || RunConclusion(of: report).reasons == ["1 new"]
        )
        #expect(RunConclusion(of: report).status == .findings)
    }
}
