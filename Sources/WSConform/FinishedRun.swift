package import WSReport
package import WSRunFolder

/// What came of the run of one peer, before its report is written.
package struct FinishedRun: Sendable {
    /// The report.
    package let report: Report
    /// What the run comes to for its caller.
    package let conclusion: RunConclusion
    /// Where the report goes.
    package let folder: RunFolder
    /// Whether the peer was the model peer in this process.
    package let isEmbedded: Bool
    /// Those of the report's cases that are text already, by id.
    let texts: [String: [UInt8]]

    /// Gathers what came of a run.
    ///
    /// - Parameters:
    ///   - report: the report.
    ///   - ending: how the run as a whole ended; nil for what the report's footer says.
    ///   - folder: where the report goes.
    ///   - isEmbedded: whether the peer was the model peer in this process.
    ///   - texts: those of the report's cases that are text already, by id.
    package init(
        report: Report,
        ending: RunOutcome?,
        folder: RunFolder,
        isEmbedded: Bool = false,
        texts: [String: [UInt8]] = [:]
    ) {
        self.report = report
        conclusion = RunConclusion(of: report, ending: ending)
        self.folder = folder
        self.isEmbedded = isEmbedded
        self.texts = texts
    }

    /// Writes the report, unless an earlier one is worth more.
    ///
    /// - Parameters:
    ///   - monitor: is told of trouble with files.
    ///   - tell: prints the summary, from memory; called in any case.
    /// - Returns: the exit status.
    package func deliver(_ monitor: some RunMonitor, tell: () -> Void) -> ExitStatus {
        let isTroubled = folder.deliver(report, cases: texts, monitor, tell: tell)
        return isTroubled ? conclusion.status.withTrouble : conclusion.status
    }
}

extension ExitStatus {
    /// The status of several runs: findings count most, then doubts.
    package static func worst(_ all: some Sequence<ExitStatus>) -> ExitStatus {
        let all = Set(all)
        return all.contains(.findings) ? .findings : all.contains(.undecided) ? .undecided : .asExpected
    }
}
