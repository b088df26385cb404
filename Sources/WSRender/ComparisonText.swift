package import WSGate
import WSJudge
import WSLimits
package import WSReport

/// What differs between two reports, for a terminal: what is worse, what is better, the rest.
package struct ComparisonText {
    private let comparison: ReportComparison
    private let old: Report
    private let new: Report
    private let style: TextStyle

    private static let mostInList = 40

    /// Creates the text of a comparison.
    ///
    /// - Parameters:
    ///   - comparison: What differs.
    ///   - old: The earlier report.
    ///   - new: The later report.
    ///   - style: Whether there is colour.
    package init(_ comparison: ReportComparison, _ old: Report, _ new: Report, style: TextStyle = TextStyle()) {
        self.comparison = comparison
        self.old = old
        self.new = new
        self.style = style
    }

    /// The whole text.
    package var text: String {
        let parts = [
            header, cases(.worse, "worse"), cases(.better, "better"), cases(.other, "other"), causes, [lastLine],
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var header: [String] {
        [old, new].enumerated().map { index, report in
            let name = style.bold(shown(report.peer.name))
            let began = report.run.map { "  \(shown($0.startedAt))" } ?? ""
            return "\(index == 0 ? "old" : "new")  \(name)\(began)  wsconform \(shown(report.tool.version))"
        }
    }

    private func cases(_ direction: ReportComparison.Direction, _ word: String) -> [String] {
        let changes = comparison.cases.filter { $0.direction == direction }
        var lines = changes.prefix(Self.mostInList).map { change in
            let reason = change.reason.isEmpty ? "" : ": \(shown(change.reason))"
            let verdicts = "\(change.old.rawValue) → \(style.coloured(change.new.rawValue, change.new))"
            return "\(word)  \(verdicts)  \(shown(change.id))\(direction == .better ? "" : reason)"
        }
        if changes.count > Self.mostInList { lines.append("… and \(changes.count - Self.mostInList) more \(word)") }
        return lines
    }

    private var causes: [String] {
        var lines = comparison.causes.prefix(Self.mostInList).map { change in
            let what =
                switch (change.old, change.new) {
                case (0, let count): "new cause, \(RunDigest.cases(count))"
                case (let count, 0): "no more, \(RunDigest.cases(count)) before"
                case (let before, let now): "\(before) → \(RunDigest.cases(now))"
                }
            return "\(style.coloured(change.verdict.rawValue, change.verdict))  \(shown(change.id)): \(what); "
                + "\(shown(change.reason)) (\(shown(change.example)))"
        }
        if comparison.causes.count > Self.mostInList {
            lines.append("… and \(comparison.causes.count - Self.mostInList) more causes")
        }
        return lines
    }

    private var lastLine: String {
        let counts = ReportComparison.Direction.allCases.map { direction in
            comparison.cases.count { $0.direction == direction }
        }
        var parts = ["\(RunDigest.cases(counts[0])) worse", "\(counts[1]) better", "\(counts[2]) otherwise different"]
        if comparison.onlyOld > 0 { parts.append("\(comparison.onlyOld) only in the old report") }
        if comparison.onlyNew > 0 { parts.append("\(comparison.onlyNew) only in the new one") }
        if comparison.isWorse { parts.append("exit 1") }
        return parts.joined(separator: ", ")
    }

    private func shown(_ text: String) -> String {
        TextEscaping.escaped(text, limit: Limits.shownCharacters.value)
    }
}
