import Testing
import WSGate
import WSJudge
import WSReport
import WSScenario

@Suite("A comparison of two reports")
struct ComparisonTests {
    private typealias Samples = GateSamples

    private func comparison(_ old: [Report.Case], _ new: [Report.Case]) -> ReportComparison {
        ReportComparison(Samples.report(old), Samples.report(new))
    }

    private let failing = Samples.entry("ping/a", [Samples.finding()])
    private let passing = Samples.entry("ping/a")

    @Test func `of equal ones finds nothing`() {
        let comparison = comparison([failing], [failing])
        #expect(comparison.isEmpty && !comparison.isWorse)
    }

    @Test func `says which case is worse, and which cause is new`() {
        let comparison = comparison([passing], [failing])
        #expect(comparison.cases.map(\.direction) == [.worse] && comparison.isWorse)
        #expect(comparison.causes.map(\.id) == ["RFC6455-6.2-01/no-echo"])
    }

    @Test func `says which case is better, and which cause is gone`() {
        let comparison = comparison([failing], [passing])
        #expect(comparison.cases.map(\.direction) == [.better] && !comparison.isWorse)
        #expect(comparison.causes.map(\.new) == [0])
    }

    @Test(arguments: [
        (Verdict.pass, Verdict.tolerated, ReportComparison.Direction.worse), (.tolerated, .fail, .worse),
        (.informational, .fail, .worse), (.fail, .tolerated, .better), (.tolerated, .pass, .better),
        (.pass, .informational, .other), (.pass, .skipped, .other), (.fail, .inconclusive, .other),
        (.unimplemented, .fail, .other),
    ])
    func `takes what was not judged for neither`(old: Verdict, new: Verdict, way: ReportComparison.Direction) {
        let comparison = comparison(
            [Samples.entry("ping/a", verdict: old)],
            [Samples.entry("ping/a", verdict: new)]
        )
        #expect(comparison.cases.map(\.direction) == [way])
    }

    @Test func `takes cases that only one report has for no change`() {
        let comparison = comparison(
            [passing, Samples.entry("utf8/a")],
            [passing, Samples.entry("ping/b", [Samples.finding()])]
        )
        #expect(comparison.isEmpty && !comparison.isWorse)
        #expect(comparison.onlyOld == 1 && comparison.onlyNew == 1)
    }

    @Test func `is worse for a new finding in passing`() {
        let noticed = Samples.finding(.echoWrong, over: "RFC9112-3.2-06", passing: .handshake)
        let comparison = comparison([passing], [Samples.entry("ping/a", [noticed])])
        #expect(comparison.cases.isEmpty && comparison.isWorse)
    }
}
