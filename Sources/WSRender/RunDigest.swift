import WSJudge
package import WSReport

/// What renderers tell of one report, in words and in the order in which they tell it.
package struct RunDigest {
    let report: Report
    let conclusion: RunConclusion
    /// The causes of findings, the most important first.
    package let causes: [CauseDigest]
    /// The topics in the order of the report, with their cases by verdict.
    let topics: [(name: String, counts: Report.Summary)]
    /// The cases by id.
    let cases: [String: Report.Case]
    /// The ids of cases, and the names of causes found in passing, that are known to fail.
    let known: Set<String>
    private let again: AgainLine

    /// Collects what is told of a report.
    package init(_ report: Report) {
        self.report = report
        conclusion = RunConclusion(of: report)
        causes = CauseDigest.all(of: report)
        var topics: [(name: String, counts: Report.Summary)] = []
        for entry in report.cases {
            // Cases are sorted by id, so a topic's cases stand together.
            if topics.last?.name == entry.topic {
                topics[topics.count - 1].counts[entry.verdict] += 1
            } else if let index = topics.firstIndex(where: { $0.name == entry.topic }) {
                topics[index].counts[entry.verdict] += 1
            } else {
                topics.append((entry.topic, Report.Summary(of: [entry])))
            }
        }
        self.topics = topics
        cases = Dictionary(report.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        known = report.expected
        again = AgainLine(report, out: "./wsconform-report")
    }

    /// Whether missed recommendations count as findings.
    var isStrict: Bool { report.options.level == .should }

    /// Whether the exit status is 0 although something is found, because it does not count, or is known.
    var passesWithFindings: Bool {
        conclusion.status == .asExpected && (hasViolations || !known.isEmpty)
    }

    /// Whether a requirement is broken, in a case or in passing.
    var hasViolations: Bool { report.summary.fail > 0 || report.summary.passive.fail > 0 }

    /// Whether a cause is known: a baseline was given, and nothing new shows it.
    package func isKnown(_ cause: CauseDigest) -> Bool {
        cause.verdict != .inconclusive && report.isKnown(cause.name, cases: cause.isPassive ? [] : cause.cases)
    }

    /// Whether what was found in passing is known, by itself or as what cases fail for.
    func isKnownInPassing(_ found: CauseDigest) -> Bool {
        if known.contains(found.name) { return true }
        return causes.first { $0.name == found.name && !$0.isPassive }.map(isKnown) ?? false
    }

    /// The command that runs a case again, ready for a shell.
    func again(_ id: String) -> String { again.line(for: id) }

    /// The command before and after the id of a case.
    package var againParts: (before: String, after: String) {
        // No option has this value.
        let place = "THE-CASE"
        let line = again.line(for: place)
        guard let range = line.firstRange(of: " --cases \(place) ") else { return (line, "") }
        let id = line.index(range.lowerBound, offsetBy: " --cases ".count)
        return (String(line[..<id]), String(line[line.index(id, offsetBy: place.count)...]))
    }

    /// One sentence that says how the run ended, without text of the peer.
    var headline: String {
        let (summary, passing) = (report.summary, report.summary.passive)
        let counted = isStrict ? summary.tolerated + passing.tolerated : 0
        return switch true {
        case _ where report.baseline?.holds == true && report.options.level != .never:
            "Nothing new in \(Self.count(summary.judged, "case")), \(Self.count(known.count, "known finding"))"
        case _ where report.baseline != nil && conclusion.status == .findings:
            "\(report.baseline?.problems ?? "") against the baseline, \(Self.count(known.count, "known finding"))"
        case _ where summary.fail > 0:
            "\(summary.fail) of \(Self.count(summary.judged, "case")) \(summary.fail == 1 ? "breaks" : "break") a requirement"
        case _ where passing.fail > 0:
            "No case fails, and \(Self.count(passing.fail, "violation")) \(passing.fail == 1 ? "was" : "were") found in passing"
        case _ where counted > 0: "\(Self.count(counted, "recommendation")) \(counted == 1 ? "is" : "are") missed"
        case _ where summary.judged == 0: "Nothing was judged"
        case _ where summary.inconclusive > 0: "\(Self.count(summary.inconclusive, "case")) could not be judged"
        case _ where !report.footer.complete: "The run is incomplete"
        case _ where conclusion.status != .asExpected: "Not everything that was required was tried"
        default: "No requirement is broken in \(Self.count(summary.judged, "case"))"
        }
    }

    /// What the headline leaves open: why a run is incomplete or undecided.
    ///
    /// It may contain text of the peer.
    var reservation: String? {
        var parts: [String] = []
        if !report.footer.complete { parts.append("incomplete: \(report.footer.reason ?? "cut short")") }
        if conclusion.status == .undecided { parts += conclusion.reasons }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// A number of cases, as in `1 case` or `2 cases`.
    static func cases(_ number: Int) -> String { count(number, "case") }

    /// A number with its noun, as in `1 case` or `2 cases`.
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
