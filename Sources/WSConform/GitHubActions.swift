import WSRender
package import WSReport
import WSRunFolder

/// A job of GitHub Actions in which a run takes place: what was found is shown there without an option.
package struct GitHubActions: Sendable {
    private let summaryPath: String?

    /// Recognises a job by the variables of the process; nil outside of a job.
    package init?(_ environment: [String: String]) {
        guard environment["GITHUB_ACTIONS"] == "true" else { return nil }
        summaryPath = environment["GITHUB_STEP_SUMMARY"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The annotations of reports, a line each.
    package func annotations(of reports: [Report]) -> [String] { WorkflowCommands.annotations(of: reports) }

    /// Appends reports to the summary of the job.
    ///
    /// - Parameters:
    ///   - reports: The reports of the run.
    ///   - monitor: Receives the error if the file cannot be written; the run's own files are not concerned.
    package func summarise(_ reports: [Report], _ monitor: some RunMonitor) {
        guard let summaryPath, !reports.isEmpty else { return }
        do {
            try FileSystem.append(Array(MarkdownRenderer.text(of: reports).utf8), to: summaryPath)
        } catch {
            monitor.note("\(error.path): \(error.problem); the summary of the job lacks this run (GITHUB_STEP_SUMMARY)")
        }
    }
}
