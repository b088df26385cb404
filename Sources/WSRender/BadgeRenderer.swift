import WSJudge
package import WSReport

/// Renders a badge for each peer, as JSON in the form of the endpoint badges of shields.io.
///
/// The schema is `Reports/schema/badge.schema.json`.
package enum BadgeRenderer: Renderer {
    package static let name = "badge"
    package static let product = "badge.json for shields.io"
    package static let file = OwnFile(name: "badge.json", mark: "\"label\": \"wsconform\"")

    package static func render(_ reports: [Report]) throws(RenderError) -> [RenderedFile] {
        let names = try fileNames(of: reports, "badge", ".json")
        return zip(reports, names).map { report, name in
            let (message, colour) = badge(report)
            let value = JSONValue.object([
                ("schemaVersion", .number(1)), ("label", .string("wsconform")), ("message", .string(message)),
                ("color", .string(colour)),
            ])
            return RenderedFile(path: name, text: value.text + "\n")
        }
    }

    /// The right half of the badge and its colour; both are words of ours.
    private static func badge(_ report: Report) -> (String, String) {
        let digest = RunDigest(report)
        let judged = report.summary.judged
        switch digest.conclusion.status {
        case .asExpected:
            guard digest.passesWithFindings else { return ("\(judged) cases conform", "brightgreen") }
            let known = digest.known.count
            let found = known > 0 ? "nothing new, \(known) known" : broken(report.summary)
            return (found ?? "", "orange")
        case .undecided, .usage: return (report.footer.complete ? "undecided" : "incomplete", "lightgrey")
        case .findings:
            let cut = report.footer.complete ? "" : ", incomplete"
            if let found = broken(report.summary) { return (found + cut, "red") }
            // Entries that hold no more are findings, too.
            if let problems = report.baseline?.problems { return ("\(problems) against the baseline\(cut)", "orange") }
            let missed = report.summary.tolerated + report.summary.passive.tolerated
            return ("\(RunDigest.count(missed, "recommendation")) missed\(cut)", "orange")
        }
    }

    /// The number of broken requirements in words; nil if there are none.
    private static func broken(_ summary: Report.Summary) -> String? {
        if summary.fail > 0 { return "\(summary.fail) of \(summary.judged) cases fail" }
        return summary.passive.fail > 0 ? "\(RunDigest.count(summary.passive.fail, "violation")) in passing" : nil
    }

    /// A file name for each report: the plain one for one report, else with the peer's name.
    private static func fileNames(
        of reports: [Report],
        _ base: String,
        _ ending: String
    ) throws(RenderError) -> [String] {
        guard reports.count > 1 else { return reports.map { _ in base + ending } }
        var agents: [String: String] = [:]
        for report in reports {
            let agent = report.peer.name
            if let other = agents.updateValue(agent, forKey: AutobahnRenderer.fileName(agent)) {
                throw .sameAgent(other, agent)
            }
        }
        return reports.map { "\(base)-\(AutobahnRenderer.fileName($0.peer.name))\(ending)" }
    }
}
