import WSJudge
package import WSReport

/// The commands that GitHub Actions reads in the output of a step.
package enum WorkflowCommands {
    /// How many annotations of a step GitHub shows.
    package static let mostAnnotations = 10

    /// The causes of a report as annotations, a line each, the most important first.
    ///
    /// - Parameter reports: The reports.
    /// - Returns: At most ``mostAnnotations`` lines.
    package static func annotations(of reports: [Report]) -> [String] {
        var lines: [String] = []
        for digest in reports.map({ RunDigest($0) }) {
            let isExpected = digest.report.baseline?.holds ?? true
            if let text = digest.reservation ?? (isExpected ? nil : "the summary of the job has what differs") {
                lines.append(command("warning", title: "\(digest.report.peer.name): \(digest.headline)", [text]))
            }
            for remark in digest.report.baseline?.problematic ?? [] {
                lines.append(command("error", title: "baseline, \(remark.pattern)", [remark.text]))
            }
            for cause in digest.causes
            where (cause.verdict >= .inconclusive || digest.isStrict) && !digest.isKnown(cause) {
                let level = cause.verdict == .inconclusive ? "warning" : "error"
                let text = [cause.reason, cause.mend ?? "", cause.sentence, "again: \(digest.again(cause.example))"]
                lines.append(
                    command(
                        level,
                        title: "\(cause.verdict.rawValue) \(cause.citation), \(cause.extent)",
                        text.filter { !$0.isEmpty }
                    )
                )
            }
        }
        guard lines.count > mostAnnotations else { return lines }
        let left = lines.count - mostAnnotations + 1
        return lines.prefix(mostAnnotations - 1) + [
            command("error", title: "wsconform", ["\(left) more causes are in the summary of the job"])
        ]
    }

    /// Text for a step's output in which nothing is a command.
    ///
    /// A command begins a line with two colons, after blanks or none, or stands behind `##[` anywhere.
    package static func defused(_ text: String) -> String {
        guard text.contains("::") || text.contains("##[") else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let line = line.replacing("##[", with: "##\\u{5B}")
            let blanks = line.prefix(while: \.isWhitespace)
            let rest = line.dropFirst(blanks.count)
            return rest.hasPrefix("::") ? "\(blanks)\\u{3A}\(rest.dropFirst())" : line
        }.joined(separator: "\n")
    }

    /// A command with a title and lines, each of which may have any content.
    private static func command(_ level: String, title: String, _ lines: [String]) -> String {
        let title = escaped(title).replacing(":", with: "%3A").replacing(",", with: "%2C")
        return "::\(level) title=\(title)::\(lines.map(escaped).joined(separator: "%0A"))"
    }

    private static let mostCharacters = 600

    /// Text on one line as GitHub has it in a command.
    private static func escaped(_ text: String) -> String {
        TextEscaping.escaped(text, limit: mostCharacters)
            .replacing("%", with: "%25").replacing("##[", with: "##\\u{5B}")
    }
}
