import WSControl
import WSJudge
package import WSReport

/// Receives reports as a client asks for them, with the names of the clients whose results have changed since.
package typealias ReportReceiver = @Sendable (_ reports: [Report], _ changed: Set<String>) throws -> Void

extension WrittenReport {
    /// The path and the summary of a report, for drivers and the page.
    init(_ report: Report, at path: String) {
        let passive = report.passive.map { entry in
            Passive(
                verdict: entry.verdict.rawValue,
                reason: entry.reason,
                extent: entry.extent,
                requirement: entry.requirement
            )
        }
        self.init(
            report: path,
            summary: report.summary.counts,
            passive: report.options.profile == .rfc ? passive : []
        )
    }
}

extension Report.Summary {
    /// The counts by the words of the verdicts.
    var counts: [String: Int] {
        [
            "pass": pass, "tolerated": tolerated, "informational": informational, "fail": fail,
            "unimplemented": unimplemented, "skipped": skipped, "inconclusive": inconclusive,
        ]
    }
}
