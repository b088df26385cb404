import WSJudge
import WSScenario

/// The exit status of a run and the reasons for it.
package struct RunConclusion: Sendable, Hashable {
    /// The exit status.
    package var status: ExitStatus
    /// The reasons, in a few words each; empty if everything is as expected.
    package var reasons: [String]

    /// Derives the conclusion from a report.
    ///
    /// - Parameters:
    ///   - report: The report; its options say what counts, and what was required.
    ///   - ending: How the run ended; nil to use the report's footer.
    package init(of report: Report, ending: RunOutcome? = nil) {
        let ending =
            ending ?? (report.footer.complete ? .complete : .troubled(report.footer.reason ?? "cut short"))
        let lacking = report.lacking
        let findings = Self.findings(report)
        status = ExitStatus(
            hasFindings: !findings.isEmpty,
            summary: report.summary,
            ending: ending,
            isLacking: !lacking.isEmpty
        )
        switch status {
        case .asExpected, .usage: reasons = []
        case .findings: reasons = findings + lacking
        case .undecided: reasons = Self.doubts(report.summary) + lacking
        }
    }

    /// What makes the exit status 1, in a few words each.
    private static func findings(_ report: Report) -> [String] {
        let level = report.options.level
        if level == .never { return [] }
        if let baseline = report.baseline { return baseline.holds ? [] : [baseline.problems] }
        let cases = report.countedCases.map(\.verdict)
        let passing =
            report.options.failOnImpact == nil
            ? (fail: report.summary.passive.fail, tolerated: report.summary.passive.tolerated)
            : (
                fail: report.countedInPassing.count { $0.verdict == .fail },
                tolerated: report.countedInPassing.count { $0.verdict == .tolerated }
            )
        var counts: [(Int, String)] = [(cases.count { $0 == .fail }, "fail"), (passing.fail, "fail in passing")]
        if level == .should {
            let option = report.options.failOn == nil ? "--strict" : "--fail-on should"
            counts.append((cases.count { $0 == .tolerated }, "tolerated (\(option))"))
            counts.append((passing.tolerated, "tolerated in passing (\(option))"))
        }
        let impacts =
            report.options.failOnImpact.map { " of impact " + $0.map(\.rawValue).joined(separator: " or ") } ?? ""
        return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\(impacts)" }
    }

    private static func doubts(_ summary: Report.Summary) -> [String] {
        var reasons: [String] = []
        // The last line tells how an incomplete run ended.
        if summary.inconclusive > 0 { reasons.append("\(summary.inconclusive) inconclusive") }
        if summary.judged == 0 { reasons.append("nothing was judged") }
        return reasons
    }
}

extension Report {
    /// What was required and not tried, in words.
    package var lacking: [String] {
        (options.require ?? []).compactMap { name in
            let missing = leftOut.filter { $0.isMeant(by: name) }
            let count = missing.reduce(0) { $0 + $1.cases }
            guard count > 0 else { return nil }
            return "\(count) left out for want of what --require \(name) asks for"
        }
    }
}
