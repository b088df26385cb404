import Testing
import WSJudge
import WSReport

// `Testing` has an `ExitStatus`, too.
private typealias Status = WSReport.ExitStatus

@Suite("The exit status")
struct ExitStatusTests {
    private func summary(_ verdicts: [Verdict]) -> Report.Summary {
        var summary = Report.Summary()
        for verdict in verdicts { summary[verdict] += 1 }
        return summary
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
        #expect(Status(of: summary(verdicts), isStrict: false) == lenient)
        #expect(Status(of: summary(verdicts), isStrict: true) == strict)
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
        #expect(Status(of: summary(verdicts), isStrict: false, ending: ending) == status)
        #expect(!ending.footer.complete)
        #expect(ending.footer.reason != nil)
    }

    @Test("has the numbers of the contract")
    func numbers() {
        #expect(Status.allCases.map(\.rawValue) == [0, 1, 2, 64])
    }
}
