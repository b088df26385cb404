/// The exit status of a run and the reasons for it.
package struct RunConclusion: Sendable, Hashable {
    /// The exit status.
    package var status: ExitStatus
    /// The reasons, in a few words each; empty if everything is as expected.
    package var reasons: [String]

    /// Derives the conclusion from a report.
    ///
    /// - Parameters:
    ///   - report: The report; its options say whether missed recommendations count, and what was required.
    ///   - ending: How the run ended; nil to use the report's footer.
    package init(of report: Report, ending: RunOutcome? = nil) {
        let isStrict = report.options.strict ?? false
        let ending =
            ending ?? (report.footer.complete ? .complete : .troubled(report.footer.reason ?? "cut short"))
        let lacking = report.lacking
        status = ExitStatus(of: report.summary, isStrict: isStrict, ending: ending, isLacking: !lacking.isEmpty)
        switch status {
        case .asExpected, .usage: reasons = []
        case .findings: reasons = Self.findings(report.summary, isStrict: isStrict)
        case .undecided: reasons = Self.doubts(report.summary) + lacking
        }
    }

    private static func findings(_ summary: Report.Summary, isStrict: Bool) -> [String] {
        var counts: [(Int, String)] = [(summary.fail, "fail"), (summary.passive.fail, "fail in passing")]
        if isStrict {
            counts.append((summary.tolerated, "tolerated (--strict)"))
            counts.append((summary.passive.tolerated, "tolerated in passing (--strict)"))
        }
        return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
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
