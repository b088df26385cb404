import Testing
import WSGate
import WSJudge
import WSReport
import WSScenario

@Suite("A baseline")
struct BaselineTests {
    private typealias Samples = GateSamples

    private let report = Samples.report([
        Samples.entry("ping/a", [Samples.finding()]),
        Samples.entry("ping/b", [Samples.finding(.noPong, over: "RFC6455-5.4-01")]),
        Samples.entry("ping/c"),
        Samples.entry("utf8/a", [Samples.finding(.echoWrong, .tolerated)]),
    ])

    private func outcome(_ baseline: Baseline, _ report: Report? = nil) -> Report.BaselineOutcome {
        baseline.outcome(of: report ?? self.report, among: Samples.names, today: "2026-06-01")
    }

    @Test(arguments: [
        ["ping/a", "ping/b"], ["ping/*"], ["2.1", "ping/b"], ["RFC6455-6.2-01", "RFC6455-5.4-01/no-pong"],
        ["RFC6455-*"], ["RFC6455-6.2-01/no-echo", "ping/b"],
    ])
    func `holds if each case that counts is named, by itself or by its causes`(patterns: [String]) {
        var baseline = Samples.baseline()
        baseline.entries = patterns.map { Baseline.Entry(pattern: $0, reason: "known") }
        let outcome = outcome(baseline)
        #expect(outcome.holds)
        #expect(outcome.known == 2)
    }

    @Test func `is begun and updated with a run that nothing fails as with one that violations fail`() {
        var never = report
        never.options.failOn = .never
        let begun = Baseline.begun(with: never, file: "b.json")
        #expect(begun.entries == Baseline.begun(with: report, file: "b.json").entries && begun.entries.count == 2)
        let update = begun.updated(with: never, among: Samples.names)
        #expect(update.dropped.isEmpty && update.added.isEmpty && update.baseline.entries == begun.entries)
    }

    @Test func `tells what is new`() {
        let outcome = outcome(Samples.baseline("ping/b"))
        #expect(outcome.new == ["ping/a"] && outcome.known == 1 && !outcome.holds)
        #expect(outcome.problems == "1 new")
    }

    @Test func `does not hold where a case fails for a cause that is not named`() {
        let cases = [Samples.entry("ping/a", [Samples.finding(), Samples.finding(.noPong, over: "RFC6455-5.4-01")])]
        let outcome = outcome(Samples.baseline("RFC6455-6.2-01/no-echo"), Samples.report(cases))
        #expect(outcome.new == ["ping/a"])
    }

    @Test func `has to lose what is mended`() {
        let outcome = outcome(Samples.baseline("ping/*", "ping/c", "RFC6455-6.2-01/pong-payload-wrong"))
        #expect(outcome.mended.map(\.pattern) == ["ping/c", "RFC6455-6.2-01/pong-payload-wrong"])
        #expect(!outcome.holds)
    }

    @Test func `takes a cause for mended only if what showed it was judged`() {
        var baseline = Baseline.begun(with: report, file: "b.json")
        #expect(baseline.entries.map(\.cases) == [["ping/b"], ["ping/a"]])
        let some = Samples.report([Samples.entry("ping/a"), Samples.entry("ping/b", verdict: .skipped)])
        #expect(outcome(baseline, some).mended.map(\.pattern) == ["RFC6455-6.2-01/no-echo"])
        #expect(outcome(baseline, some).notTried.map(\.pattern) == ["RFC6455-5.4-01/no-pong"])
        baseline.entries[1].cases = ["ping/a", "ping/c"]
        #expect(outcome(baseline, some).notTried.map(\.text).last == "1 of its 2 cases judged")
        // A case that is gone says nothing; without any that is left, the run has to be one of all cases.
        baseline.entries[1].cases = ["ping/gone"]
        #expect(outcome(baseline, some).mended.map(\.pattern) == ["RFC6455-6.2-01/no-echo"])
        let chosen = Samples.report(some.cases) { $0.cases = ["ping/*"] }
        #expect(outcome(baseline, chosen).mended.isEmpty && outcome(baseline, chosen).holds)
        let whole = baseline.updated(with: chosen, among: Samples.names)
        #expect(whole.dropped.isEmpty)
    }

    @Test func `takes for new what shows a cause besides the cases that it lists, where there are too many`() {
        let baseline = Baseline.begun(with: report, file: "b.json")
        let more = report.cases + [Samples.entry("ping/c", [Samples.finding()])]
        let outcome = outcome(baseline, Samples.report(more))
        #expect(outcome.new == ["ping/c"] && outcome.worse.count == 1 && outcome.known == 2)
        // As many as before are the same defect, wherever it shows.
        let moved = [Samples.entry("ping/c", [Samples.finding()]), report.cases[1]]
        #expect(self.outcome(baseline, Samples.report(moved)).new.isEmpty)
    }

    @Test func `of a report tells what misses a recommendation since, and does not count`() {
        let baseline = Baseline(report, file: "r.json")
        let slipped = [Samples.entry("ping/c", [Samples.finding(.echoWrong, .tolerated)])]
        let lesser = outcome(baseline, Samples.report(report.cases.filter { $0.id != "ping/c" } + slipped))
        #expect(lesser.holds && lesser.newlyTolerated == ["ping/c"])
        #expect(outcome(baseline).newlyTolerated == nil)
    }

    @Test func `keeps an entry about what is missed and does not count`() {
        let outcome = outcome(Samples.baseline("ping/*", "utf8/a", "RFC6455-6.2-01/echo-wrong"))
        #expect(outcome.holds)
    }

    @Test func `tells a mistyped pattern from one that was not tried`() {
        let outcome = outcome(Samples.baseline("ping/*", "pong/*", "slow/a", "RFC9112-3.2-06", "RFC9112-9.9-99"))
        #expect(outcome.unmatched.map(\.pattern) == ["pong/*", "RFC9112-9.9-99"])
        #expect(outcome.notTried.map(\.pattern) == ["slow/a", "RFC9112-3.2-06"])
        #expect(outcome.problems == "2 without a match")
    }

    @Test func `takes a case that could not be judged for one that was not tried`() {
        let report = Samples.report([Samples.entry("ping/a", verdict: .skipped)])
        let outcome = outcome(Samples.baseline("ping/a"), report)
        #expect(outcome.holds && outcome.notTried.count == 1)
    }

    @Test(arguments: [("2026-05-31", false), ("2026-06-01", true), ("2026-06-02", true)])
    func `holds to the end of its last day`(until: String, holds: Bool) {
        var baseline = Samples.baseline("ping/*")
        baseline.entries[0].until = until
        #expect(outcome(baseline).holds == holds)
    }

    @Test(arguments: [(1, false), (2, true), (3, true)])
    func `allows as many cases as it says`(atMost: Int, holds: Bool) {
        var baseline = Samples.baseline("ping/*")
        baseline.entries[0].atMost = atMost
        #expect(outcome(baseline).holds == holds)
    }

    @Test func `counts cases of a cause as its line does, those whose verdict has another cause included`() {
        let passing = Samples.finding(.noEcho, over: "RFC6455-6.2-01", passing: .handshake)
        let other = Samples.finding(.noPong, over: "RFC6455-5.4-01")
        let report = Samples.report([
            Samples.entry("ping/a", [Samples.finding()]), Samples.entry("ping/b", [other, passing]),
            Samples.entry("ping/c", [Samples.finding(), other]),
        ])
        for cause in report.causes {
            var baseline = Samples.baseline("ping/*", cause.id)
            baseline.entries[1].atMost = cause.count
            #expect(outcome(baseline, report).holds, "\(cause.id)")
            baseline.entries[1].atMost = cause.count - 1
            let worse = outcome(baseline, report).worse.map(\.text)
            #expect(worse == ["\(cause.count) count, more than the \(cause.count - 1) that it allows"])
        }
        let begun = Baseline.begun(with: report, file: "b.json")
        #expect(begun.entries.map(\.atMost) == [2, 3])
        #expect(outcome(begun, report).holds && begun.unexplainedCount == 2)
        var explained = begun
        explained.entries[0].reason = "the library does so"
        #expect(explained.unexplainedCount == 1)
    }

    @Test func `counts a cause that was found in passing once`() {
        let passing = Samples.finding(.echoWrong, over: "RFC9112-3.2-06", passing: .handshake)
        let report = Samples.report([Samples.entry("ping/a", [passing]), Samples.entry("ping/b", [passing])])
        let begun = Baseline.begun(with: report, file: "b.json")
        #expect(begun.entries.map(\.atMost) == [1] && outcome(begun, report).holds)
    }

    @Test func `is about missed recommendations where these count`() {
        let strict = Samples.report(report.cases) { $0.strict = true }
        #expect(outcome(Samples.baseline("ping/*"), strict).new == ["utf8/a"])
        #expect(outcome(Samples.baseline("ping/*", "utf8/a"), strict).holds)
    }

    @Test func `knows a cause that was only found in passing by its name`() {
        let passing = Samples.finding(.echoWrong, over: "RFC9112-3.2-06", passing: .handshake)
        let report = Samples.report([Samples.entry("ping/c", [passing])])
        #expect(outcome(Samples.baseline(), report).new == ["RFC9112-3.2-06/echo-wrong"])
        #expect(outcome(Samples.baseline("RFC9112-3.2-06"), report).holds)
        #expect(outcome(Samples.baseline("ping/c"), report).new.count == 1)
    }

    @Test func `of a report expects the same cases for the same causes`() {
        let baseline = Baseline(report, file: "r.json")
        #expect(outcome(baseline).holds && outcome(baseline).known == 2)
        var cases = report.cases
        cases[0] = Samples.entry("ping/a", [Samples.finding(.noPong, over: "RFC6455-5.4-01")])
        #expect(outcome(baseline, Samples.report(cases)).new == ["ping/a"])
        cases[0] = Samples.entry("ping/a")
        #expect(outcome(baseline, Samples.report(cases)).mended.map(\.pattern) == ["ping/a"])
    }

    @Test(arguments: [
        ("Python/3.11 websockets/17.4", "Python/3.12 websockets/18.0", true),
        ("Python/3.11 websockets/17.4", "Python/3.11 aiohttp/3.14", false),
        ("127.0.0.1:9001", "Server/1", true), ("mine v2", "mine v3", true), ("mine", "yours", false),
    ])
    func `is for a peer whatever its version`(own: String, tested: String, fits: Bool) {
        var baseline = Samples.baseline("ping/*")
        baseline.peer = own
        let mismatch = baseline.mismatch(Samples.report([], peer: tested))
        #expect((mismatch == nil) == fits)
        #expect(fits || mismatch == "is for \(own), and \(tested) is tested")
    }

    @Test func `is for a role`() {
        var baseline = Samples.baseline("ping/*")
        baseline.role = .client
        #expect(baseline.mismatch(report) == "is for a client, and a server is tested")
    }

    @Test func `begins with an entry for each cause, and holds then`() {
        let baseline = Baseline.begun(with: report, file: "b.json")
        #expect(baseline.entries.map(\.pattern) == ["RFC6455-5.4-01/no-pong", "RFC6455-6.2-01/no-echo"])
        #expect(baseline.entries.map(\.atMost) == [1, 1])
        #expect(outcome(baseline).holds)
    }

    @Test func `is brought to the state of a report, and keeps its reasons`() {
        var baseline = Samples.baseline("ping/c", "ping/a", "slow/a", "nothing/*")
        baseline.entries[1].until = "2020-01-01"
        let update = baseline.updated(with: report, among: Samples.names)
        #expect(update.dropped == ["nothing/*", "ping/c"])
        #expect(update.added == ["RFC6455-5.4-01/no-pong"])
        #expect(update.baseline.entries.map(\.pattern) == ["ping/a", "slow/a", "RFC6455-5.4-01/no-pong"])
        #expect(update.baseline.entries[0].reason == "known" && update.baseline.entries[0].until == "2020-01-01")
        #expect(update.baseline.updated(with: report, among: Samples.names).baseline == update.baseline)
    }

    @Test func `is updated with the number of cases that a cause has`() {
        var baseline = Baseline.begun(with: report, file: "b.json")
        let more = Samples.report(report.cases + [Samples.entry("ping/d", [Samples.finding()])])
        #expect(!outcome(baseline, more).holds)
        let update = baseline.updated(with: more, among: Samples.names)
        #expect(update.changed == ["RFC6455-6.2-01/no-echo"] && update.added.isEmpty)
        baseline = update.baseline
        #expect(outcome(baseline, more).holds)
    }
}
