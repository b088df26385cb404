import WSJudge
import WSLimits
package import WSReport
import WSScenario

/// Renders a report as text for a terminal; a pure function of the report.
///
/// Text of the peer passes ``TextEscaping`` first.
package struct SummaryText {
    private let report: Report
    private let style: TextStyle
    private let isStrict: Bool
    private let reportPath: String?
    private let isReasonTold: Bool
    private let conclusion: RunConclusion
    private let again: AgainLine

    /// How many causes of failures are shown in full; each of the others gets one line.
    private static let mostInFull = 50
    /// The most lines of a list of lesser verdicts.
    private static let mostInList = 10
    /// The most characters of a peer's text in a line.
    private static let mostCharacters = Limits.shownCharacters.value

    /// Prepares the text.
    ///
    /// - Parameters:
    ///   - report: The report to render.
    ///   - style: With or without colour.
    ///   - conclusion: The conclusion of the run; nil to derive it from the report.
    ///   - reportPath: The path of the report; nil if it is in no file.
    ///   - out: The folder of the run, for the command that repeats a case.
    ///   - isReasonTold: Whether the user was told why the run is incomplete, so that it is not said twice.
    package init(
        _ report: Report,
        style: TextStyle,
        conclusion: RunConclusion? = nil,
        reportPath: String?,
        out: String,
        isReasonTold: Bool = false
    ) {
        self.report = report
        self.style = style
        isStrict = report.options.strict ?? false
        self.reportPath = reportPath
        self.isReasonTold = isReasonTold
        self.conclusion = conclusion ?? RunConclusion(of: report)
        again = AgainLine(report, out: out)
    }

    /// The whole text.
    package var everything: String {
        let parts = [
            header, table, known, failures, passive, list(.inconclusive), list(.tolerated), unrun, baseline,
            [finalLine],
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// The last line, with the verdict of the run.
    package var lastLine: String { finalLine + "\n" }

    // MARK: - Parts

    private var header: [String] {
        let options = report.options
        return [
            "\(style.bold(shown(report.peer.name)))  \(shown(report.peer.url))",
            style.dim(
                "wsconform \(shown(report.tool.version))  profile \(options.profile.rawValue)  effort "
                    + "\(options.effort.rawValue)  jobs \(options.jobs)  seed \(options.seed)"
            ),
        ] + (SecurityText.line(of: report).map { [style.dim(shown($0))] } ?? [])
            + (report.peer.withoutCredentials.map { [style.dim(shown($0))] } ?? [])
            + (report.run?.supervised.map { [style.dim(supervised($0))] } ?? [])
    }

    /// A line such as `supervised ./server: started 3 times, ended with signal SIGSEGV; at most 41 MiB, 1.2 s of CPU`.
    private func supervised(_ seen: Report.Supervised) -> String {
        var parts = ["started \(seen.starts == 1 ? "once" : "\(seen.starts) times")"]
        if !seen.endings.isEmpty { parts.append("ended with " + Self.counted(seen.endings)) }
        if !seen.sanitizerReports.isEmpty { parts.append("sanitizer reports: \(seen.sanitizerReports.count)") }
        let used =
            if let peak = seen.peakResidentOctets, let time = seen.processorSeconds {
                "at most \(peak >> 20 + (peak & 0xF_FFFF == 0 ? 0 : 1)) MiB resident, \(Self.seconds(time)) of processor time"
            } else {
                "memory and processor time not sampled on this system"
            }
        return shown("supervised \(seen.command.first ?? ""): \(parts.joined(separator: ", ")); \(used)")
    }

    /// Counts equal words, as in `signal SIGSEGV (3 times), exit status 3`.
    private static func counted(_ words: [String]) -> String {
        let counts = words.reduce(into: [:]) { counts, word in counts[word, default: 0] += 1 }
        return counts.keys.sorted().map { word in
            let count = counts[word] ?? 1
            return count == 1 ? word : "\(word) (\(count) times)"
        }.joined(separator: ", ")
    }

    /// The columns in the order of the report, without the empty ones that nobody expects.
    private var columns: [Verdict] {
        let all: [Verdict] = [
            .pass, .informational, .tolerated, .fail, .inconclusive, .unimplemented, .skipped,
        ]
        return all.filter { $0 == .pass || $0 == .fail || report.summary[$0] > 0 }
    }

    private var table: [String] {
        guard !report.cases.isEmpty else { return [] }
        let columns = self.columns
        var topics: [(name: String, counts: Report.Summary)] = []
        for entry in report.cases {
            if let index = topics.firstIndex(where: { $0.name == entry.topic }) {
                topics[index].counts[entry.verdict] += 1
            } else {
                topics.append((entry.topic, Report.Summary(of: [entry])))
            }
        }
        var rows = [["topic"] + columns.map(\.rawValue)]
        for topic in topics {
            rows.append([shown(topic.name)] + columns.map { topic.counts[$0] == 0 ? "·" : "\(topic.counts[$0])" })
        }
        rows.append(["all"] + columns.map { "\(report.summary[$0])" })
        let lines = TextStyle.table(rows, numbers: Set(1...columns.count))
        return lines.enumerated().map { index, line in
            switch index {
            case 0: return style.dim(line)
            case lines.count - 1: return style.bold(line)
            default:
                let counts = topics[index - 1].counts
                let worst = columns.filter { counts[$0] > 0 }.max() ?? .pass
                return worst == .fail || worst == .inconclusive ? style.coloured(line, worst) : line
            }
        }
    }

    /// The failing causes in full, and the cases that fail without one; what is known is left out.
    private var failures: [String] {
        let causes = report.causes.filter { $0.verdict == .fail && !isKnown($0) }
        var lines: [String] = []
        for (place, cause) in causes.enumerated() {
            if place < Self.mostInFull {
                if !lines.isEmpty { lines.append("") }
                lines += CauseText(cause, of: report, style: style).lines(again: command(for: cause.example))
            } else {
                if place == Self.mostInFull { lines.append("") }
                lines.append(CauseText(cause, of: report, style: style).line)
            }
        }
        let others = failingWithoutCause.filter { !report.isKnown($0.id, cases: []) }
        guard !others.isEmpty else { return lines }
        for entry in others {
            if !lines.isEmpty { lines.append("") }
            lines += inFull(entry)
        }
        return lines
    }

    private func isKnown(_ cause: Report.Cause) -> Bool {
        report.isKnown(cause.id, cases: cause.part == nil ? cause.cases : [])
    }

    private var failingWithoutCause: [Report.Case] {
        let told = Set(report.causes.filter { $0.verdict == .fail }.flatMap(\.cases))
        return report.cases.filter { $0.verdict == .fail && !told.contains($0.id) }
    }

    /// What fails and is known, a line each.
    private var known: [String] {
        guard let baseline = report.baseline else { return [] }
        let causes = report.causes.filter { $0.verdict == .fail && isKnown($0) }
        let others = failingWithoutCause.filter { report.isKnown($0.id, cases: []) }
        let all =
            causes.map { CauseText($0, of: report, style: style).line }
            + others.map { "\(style.coloured("fail", .fail))  \(name($0)): \(shown($0.reason))" }
        guard !all.isEmpty else { return [] }
        let what = report.options.failOnImpact == nil ? "known" : "known, or of an impact that does not count"
        let more = all.count > Self.mostInFull ? ["… and \(all.count - Self.mostInFull) more"] : []
        return [style.dim("\(what) (\(shown(baseline.file))):")] + all.prefix(Self.mostInFull) + more
    }

    /// With the profile `autobahn`, a note that findings in passing are not counted.
    private var passive: [String] {
        guard report.options.profile == .autobahn, !report.passive.isEmpty else { return [] }
        let count = report.passive.count
        return [style.dim("found in passing, not counted with --profile autobahn: \(count); see the report")]
    }

    private func inFull(_ entry: Report.Case) -> [String] {
        var lines = ["\(style.coloured("fail", .fail))  \(style.bold(name(entry)))  \(shown(entry.title))"]
        if !entry.reason.isEmpty { lines.append("      \(shown(entry.reason))") }
        if let decisive = entry.decisiveRequirement {
            lines.append("      \(shown(decisive.citation + sentence(of: decisive.id)))")
        }
        lines += WireExcerpt(of: report).lines(entry.wire.map(\.text)).map { style.dim("        \(shown($0))") }
        lines.append("      again: \(command(for: entry.id))")
        return lines
    }

    /// The causes with a lesser verdict, a line for each, and the cases that have none.
    private func list(_ verdict: Verdict) -> [String] {
        let causes = report.causes.filter { $0.verdict == verdict }
        let told = Set(report.causes.flatMap(\.cases))
        let others = report.cases.filter { $0.verdict == verdict && !told.contains($0.id) }
        let isCounted = verdict == .tolerated && isStrict
        let all =
            causes.map { CauseText($0, of: report, style: style).line }
            + others.map { entry in
                let reason = entry.reason.isEmpty ? entry.title : entry.reason
                return "\(style.coloured(verdict.rawValue, verdict))  \(name(entry)): \(shown(reason))"
            }
        let most = isCounted ? all.count : Self.mostInList
        guard all.count > most else { return all }
        return all.prefix(most) + ["… and \(all.count - most) more \(verdict.rawValue)"]
    }

    /// The cases that were not run, a line for each reason.
    private var unrun: [String] {
        var counts: [(text: String, count: Int)] = []
        for entry in report.cases where entry.verdict == .skipped || entry.verdict == .unimplemented {
            let text = entry.reason.isEmpty ? entry.verdict.rawValue : "\(entry.verdict.rawValue), \(entry.reason)"
            if let index = counts.firstIndex(where: { $0.text == text }) {
                counts[index].count += 1
            } else {
                counts.append((text, 1))
            }
        }
        var lines = counts.prefix(Self.mostInList).map { "\(RunDigest.cases($0.count)) \(shown($0.text))" }
        if counts.count > Self.mostInList { lines.append("… and \(counts.count - Self.mostInList) more reasons") }
        return lines
    }

    /// What became of what was expected.
    private var baseline: [String] {
        report.baseline.map { BaselineLines.lines(of: $0, style: style) } ?? []
    }

    private var finalLine: String {
        let summary = report.summary
        let counts = columns.map { verdict in
            let text = "\(summary[verdict]) \(verdict.rawValue)"
            return summary[verdict] > 0 ? style.coloured(text, verdict) : text
        }
        let time = report.run.map { " in \(Self.seconds($0.durationSeconds))" } ?? ""
        let cut = "incomplete, \(shown(report.footer.reason ?? "cut short"))"
        let what = "\(RunDigest.cases(summary.total))\(time): \(counts.joined(separator: ", "))"
        var parts = [report.cases.isEmpty ? "nothing was run" : what]
        parts += [passing, isReasonTold ? nil : leftOut].compactMap(\.self)
        if let baseline = report.baseline { parts.append("\(baseline.known) known (\(shown(baseline.file)))") }
        if !report.footer.complete, !isReasonTold { parts.append(style.coloured(cut, .inconclusive)) }
        if conclusion.status != .asExpected {
            let why = conclusion.reasons.isEmpty ? "" : " for \(conclusion.reasons.joined(separator: ", "))"
            parts.append("exit \(conclusion.status.rawValue)\(why)")
        }
        return (parts + (reportPath.map { ["report \(shown($0))"] } ?? [])).joined(separator: "; ")
    }

    /// Text such as `in passing 1 fail, in every handshake (804 of 804)`.
    private var passing: String? {
        let counts = report.summary.passive
        var parts: [String] = []
        if counts.fail > 0 { parts.append(style.coloured("\(counts.fail) fail", .fail)) }
        if counts.tolerated > 0 { parts.append(style.coloured("\(counts.tolerated) tolerated", .tolerated)) }
        if counts.fail + counts.tolerated == 1 { parts += report.passive.prefix(1).map(\.extent) }
        return parts.isEmpty ? nil : "in passing " + parts.joined(separator: ", ")
    }

    /// Text such as `left out 27 slow (--cases tag:slow), 2 capacity (--cases tag:capacity)`.
    private var leftOut: String? {
        let parts = report.leftOut.prefix(Self.mostInList).map { "\($0.cases) \(shown($0.why)) (\(shown($0.option)))" }
        return parts.isEmpty ? nil : "left out " + parts.joined(separator: ", ")
    }

    // MARK: - Words

    private func name(_ entry: Report.Case) -> String {
        let number = entry.autobahnNumber.map { " (Autobahn \($0))" } ?? ""
        return shown(entry.id + number)
    }

    /// The sentence of a requirement, after a colon; empty if the report does not have it.
    private func sentence(of id: String) -> String {
        guard let sentence = report.requirements[id]?.sentence, !sentence.isEmpty else { return "" }
        return ": \(sentence)"
    }

    private func command(for id: String) -> String {
        again.line(for: id)
    }

    private func shown(_ text: String) -> String {
        TextEscaping.escaped(text, limit: Self.mostCharacters)
    }

    /// A duration, such as `1.9 s`, `340 ms` or `3 min 5 s`.
    private static func seconds(_ seconds: Double) -> String {
        // A report from a file may contain any number.
        let seconds = min(max(seconds, 0), 1e12)
        guard seconds >= 1 else { return "\(Int((seconds * 1_000).rounded())) ms" }
        guard seconds >= 120 else { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        return "\(whole / 60) min \(whole % 60) s"
    }
}
