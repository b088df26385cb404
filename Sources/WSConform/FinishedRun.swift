package import WSReport
package import WSRunFolder

/// The results of a run of one peer, before the report is written.
package struct FinishedRun: Sendable {
    /// The report.
    package let report: Report
    /// The exit status and the reasons for it.
    package let conclusion: RunConclusion
    /// The folder for the report.
    package let folder: RunFolder
    /// The cases that are already encoded, by id.
    let texts: [String: [UInt8]]
    /// Whether the reason for a run without results was told as a line when the run ended.
    package let isReasonTold: Bool
    /// Why the results were not compared with what is expected, in one line; nil if they were, or nothing is.
    let trouble: String?

    /// Creates the results of a run.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - ending: How the run ended; nil to use the report's footer.
    ///   - folder: The folder for the report.
    ///   - texts: The cases that are already encoded, by id.
    ///   - gate: What is expected of the peer.
    package init(
        report: Report,
        ending: RunOutcome?,
        folder: RunFolder,
        texts: [String: [UInt8]] = [:],
        gate: Gate = Gate()
    ) {
        var report = report
        trouble = gate.compare(&report)
        self.report = report
        conclusion = RunConclusion(of: report, ending: ending)
        isReasonTold = if case .unreachable? = ending { report.cases.isEmpty } else { false }
        self.folder = folder
        self.texts = texts
    }

    /// Writes the report, unless an earlier one has to be kept.
    ///
    /// - Parameters:
    ///   - rendering: The other forms in which the report is written, where those of an earlier run are removed; nil to
    ///     write none and to leave what is there.
    ///   - monitor: Receives errors about files.
    ///   - tell: Prints the summary, from memory; called in any case, with whether the report is in its file.
    /// - Returns: The exit status.
    package func deliver(
        as rendering: Rendering? = nil,
        _ monitor: some RunMonitor,
        tell: (_ isWritten: Bool) -> Void
    ) -> ExitStatus {
        let isTroubled = folder.deliver(report, cases: texts, as: rendering, monitor, tell: tell)
        if let trouble { monitor.note(trouble) }
        return isTroubled || trouble != nil ? conclusion.status.withTrouble : conclusion.status
    }
}

extension ExitStatus {
    /// The exit status of several runs: findings take precedence over doubts.
    package static func worst(_ all: some Sequence<ExitStatus>) -> ExitStatus {
        let all = Set(all)
        return all.contains(.findings) ? .findings : all.contains(.undecided) ? .undecided : .asExpected
    }
}
