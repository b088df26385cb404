import WSJudge
import WSLimits
package import WSReport

/// One case as text for the log of a test: what the terminal says of its causes, whatever its verdict is.
package struct CaseExplanation {
    private let report: Report
    private let style = TextStyle()

    /// Prepares the text.
    ///
    /// - Parameter report: A report of one case.
    package init(of report: Report) {
        self.report = report
    }

    /// The verdict and the case, each cause with its citation and what to do, and what went over the wire.
    package var lines: [String] {
        guard let entry = report.cases.first else { return [] }
        let name = entry.id + (entry.autobahnNumber.map { " (Autobahn \($0))" } ?? "")
        var lines = ["\(entry.verdict.rawValue)  \(shown(name))  \(shown(entry.title))"]
        let own = report.causes.filter { $0.part == nil }
        if own.isEmpty, !entry.reason.isEmpty {
            lines.append("      \(shown(entry.reason))")
            if entry.verdict.isJudged, let requirement = entry.decisiveRequirement {
                let sentence = report.requirements[requirement.id]?.sentence ?? ""
                lines.append("      \(shown(requirement.citation + (sentence.isEmpty ? "" : ": \(sentence)")))")
            }
        }
        for cause in own { lines += CauseText(cause, of: report, style: style).finding }
        lines += WireExcerpt(of: report).lines(entry.wire.map(\.text)).map { "        \(shown($0))" }
        for cause in report.causes where cause.part != nil {
            lines.append("      in passing: \(cause.verdict.rawValue), \(shown(cause.reason))")
        }
        return lines
    }

    private func shown(_ text: String) -> String {
        TextEscaping.escaped(text, limit: Limits.shownCharacters.value)
    }
}
