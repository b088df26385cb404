import Testing
import WSJudge
import WSReport

// `Testing` has an `ExitStatus`, too.
private typealias Status = WSReport.ExitStatus

@Suite("The exit status")
struct ExitStatusTests {
    /// The status of a run with these verdicts.
    private func status(_ verdicts: [Verdict], isStrict: Bool = false, ending: RunOutcome? = nil) -> Status {
        var options = Samples.options
        options.strict = isStrict
        var builder = ReportBuilder(options: options) { _ in nil }
        for (index, verdict) in verdicts.enumerated() {
            let judgement = Judgement.unjudged(verdict, "why")
            builder.add(JudgedScenario(scenario: Samples.scenario("ping/\(index)"), judgement: judgement))
        }
        let footer = ending?.footer ?? Report.Footer(complete: true)
        return RunConclusion(of: Samples.report(builder, footer: footer), ending: ending).status
    }

    @Test(
        "follows from the verdicts",
        arguments: [
            ([.pass, .informational], .asExpected, .asExpected),
            ([.pass, .tolerated], .asExpected, .findings),
            ([.pass, .skipped, .unimplemented], .asExpected, .asExpected),
            ([.pass, .fail, .inconclusive], .findings, .findings),
            ([.pass, .inconclusive], .undecided, .undecided),
            ([.inconclusive, .tolerated], .undecided, .findings),
            ([.skipped, .unimplemented], .undecided, .undecided),
            ([], .undecided, .undecided),
        ] as [([Verdict], Status, Status)]
    )
    private func verdicts(verdicts: [Verdict], lenient: Status, strict: Status) {
        #expect(status(verdicts) == lenient)
        #expect(status(verdicts, isStrict: true) == strict)
    }

    @Test(
        "is never success for a run that did not come to its end",
        arguments: [
            (.unreachable("x"), [.pass], .undecided), (.troubled("x"), [.pass], .undecided),
            (.troubled("x"), [.pass, .fail], .findings), (.cancelled, [.pass], .undecided),
            (.cancelled, [.fail], .undecided),
        ] as [(RunOutcome, [Verdict], Status)]
    )
    private func endings(ending: RunOutcome, verdicts: [Verdict], status: Status) {
        #expect(self.status(verdicts, ending: ending) == status)
        #expect(!ending.footer.complete)
        #expect(ending.footer.reason != nil)
    }

    @Test("has the numbers of the contract")
    func numbers() {
        #expect(Status.allCases.map(\.rawValue) == [0, 1, 2, 64])
    }
}
