import WSJudge
import WSLimits
import WSReport

/// What became of a baseline, for a terminal.
enum BaselineLines {
    private static let mostInList = 20

    /// The lines: what is new, then what the baseline has wrong; empty if everything is as expected.
    static func lines(of outcome: Report.BaselineOutcome, style: TextStyle) -> [String] {
        var lines = list(outcome.new.map { (style.coloured("new", .fail), $0, "") })
        lines += list(outcome.worse.map { (style.coloured("worse", .fail), $0.pattern, $0.text) })
        lines += list(outcome.mended.map { (style.coloured("mended", .pass), $0.pattern, $0.text) })
        lines += list(outcome.unmatched.map { (style.coloured("no match", .inconclusive), $0.pattern, $0.text) })
        lines += list(outcome.expired.map { (style.coloured("expired", .inconclusive), $0.pattern, $0.text) })
        lines += list(outcome.notTried.map { ("not tried", $0.pattern, $0.text) })
        if let slipped = outcome.newlyTolerated, let first = slipped.first {
            let what = slipped.count == 1 ? "1 case misses" : "\(slipped.count) cases miss"
            lines.append(
                "\(style.coloured("tolerated", .tolerated))  \(what) a recommendation and did not before, "
                    + "\(shown(first)) for one; --fail-on should counts them"
            )
        }
        return lines
    }

    private static func list(_ remarks: [(word: String, pattern: String, text: String)]) -> [String] {
        var lines = remarks.prefix(mostInList).map { remark in
            "\(remark.word)  \(shown(remark.pattern))" + (remark.text.isEmpty ? "" : ": \(shown(remark.text))")
        }
        if let first = remarks.first, remarks.count > mostInList {
            lines.append("… and \(remarks.count - mostInList) more \(first.word)")
        }
        return lines
    }

    private static func shown(_ text: String) -> String {
        TextEscaping.escaped(text, limit: Limits.shownCharacters.value)
    }
}
