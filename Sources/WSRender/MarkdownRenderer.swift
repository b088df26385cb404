import WSJudge
import WSLimits
package import WSReport
import WSScenario

/// Renders reports as Markdown for the summary of a job or a comment: causes first, then topics.
///
/// The file stays below ``Limits/markdown``, whatever was found: what has no room is counted.
package enum MarkdownRenderer: Renderer {
    package static let name = "markdown"
    package static let product = "summary.md"
    package static let file = OwnFile(name: "summary.md", mark: " under test by wsconform ")

    package static func render(_ reports: [Report]) throws(RenderError) -> [RenderedFile] {
        [RenderedFile(path: "summary.md", text: text(of: reports))]
    }

    /// The text of the file.
    package static func text(of reports: [Report]) -> String {
        var page = Page(room: Limits.markdown.value)
        let digests = reports.map { RunDigest($0) }
        if digests.count > 1 { page.add(overview(of: digests)) }
        for (index, digest) in digests.enumerated() {
            // Each peer gets its share of what the others have left.
            let share = page.left / (digests.count - index)
            guard share > leastOfPeer else {
                page.add("\n… and \(digests.count - index) more peers\n")
                break
            }
            page.add(section(of: digest, room: share))
        }
        return page.text
    }

    private static let leastOfPeer = 1_500
    private static let mostTopics = 60
    private static let mostPeers = 100
    private static let mostCases = 12
    private static let mostWireLines = 12
    private static let mostRemarks = 20
    private static let mostCharacters = 300

    /// A text that grows up to a number of octets.
    private struct Page {
        private(set) var text = ""
        private(set) var left: Int

        init(room: Int) { left = room }

        /// Adds a part if there is room for it.
        @discardableResult
        mutating func add(_ part: String) -> Bool {
            guard part.utf8.count <= left else { return false }
            left -= part.utf8.count
            text += part
            return true
        }

        /// Adds parts as long as there is room, and then says how many more there are.
        mutating func add(_ parts: some Collection<String>, sparing reserve: Int, more: (Int) -> String) {
            for (index, part) in parts.enumerated() {
                let note = more(parts.count - index)
                guard part.utf8.count + note.utf8.count + reserve <= left else {
                    add(note)
                    return
                }
                add(part)
            }
        }

        /// Adds a table of causes that is folded up; nothing if there are none.
        mutating func addFolded(_ causes: [CauseDigest], called title: String, sparing reserve: Int = 0) {
            guard !causes.isEmpty, add("<details><summary>\(title)</summary>\n\n" + tableHead) else { return }
            add(causes.lazy.map(row), sparing: reserve + 100) { "| | … and \($0) more | | | |\n" }
            add("\n</details>\n\n")
        }
    }

    private static let tableHead = "| | what was found | requirement | impact | seen in |\n|---|---|---|---|---|\n"

    // MARK: - Parts

    private static func overview(of digests: [RunDigest]) -> String {
        var text = "## wsconform: \(RunDigest.count(digests.count, "peer"))\n\n"
        text += "| peer | result | \(columns.map(\.rawValue).joined(separator: " | ")) |\n"
        text += "|---|---|" + columns.map { _ in "---:|" }.joined() + "\n"
        for digest in digests.prefix(mostPeers) {
            let counts = columns.map { "\(digest.report.summary[$0])" }.joined(separator: " | ")
            text += "| \(MarkdownText.code(digest.report.peer.name, limit: 60)) | \(sign(digest)) | \(counts) |\n"
        }
        return text + "\n"
    }

    private static let columns: [Verdict] = [.pass, .fail, .inconclusive, .tolerated, .informational]

    private static func sign(_ digest: RunDigest) -> String {
        switch digest.conclusion.status {
        // What does not count, or is known, is no success.
        case .asExpected: digest.passesWithFindings ? "⚠️" : "✅"
        case .findings: "❌"
        case .undecided, .usage: "❔"
        }
    }

    private static func section(of digest: RunDigest, room: Int) -> String {
        var page = Page(room: room)
        page.add(heading(of: digest))
        let topics = self.topics(of: digest)
        let isCounted: (CauseDigest) -> Bool = { $0.verdict >= .inconclusive || digest.isStrict }
        let counted = digest.causes.filter { isCounted($0) && !digest.isKnown($0) }
        let known = digest.causes.filter { isCounted($0) && digest.isKnown($0) }
        let others = digest.causes.filter { !isCounted($0) }
        let reserve = topics.utf8.count + leastOfPeer / 2
        if !counted.isEmpty {
            let besides = known.isEmpty ? "" : ", besides what is known"
            page.add("### \(RunDigest.count(counted.count, "cause"))\(besides)\n\n" + tableHead)
            page.add(counted.lazy.map(row), sparing: reserve + (page.left - reserve) / 3) {
                "| | … and \($0) more | | | |\n"
            }
            page.add("\n")
            page.add(counted.lazy.map { details(of: $0, in: digest) }, sparing: reserve) {
                "… and details of \($0) more in the report\n\n"
            }
        }
        page.add(topics)
        page.addFolded(
            known,
            called: RunDigest.count(known.count, "known cause"),
            sparing: others.isEmpty ? 0 : leastOfPeer / 3
        )
        page.addFolded(others, called: RunDigest.count(others.count, "tolerated finding"))
        return page.text
    }

    private static func heading(of digest: RunDigest) -> String {
        let report = digest.report
        let options = report.options
        var lines = [
            "## \(sign(digest)) \(digest.headline)", "",
            "\(MarkdownText.code(report.peer.name, limit: 80)) \(MarkdownText.code(report.peer.url, limit: 120)), "
                + "\(report.roleUnderTest.rawValue) under test by wsconform "
                + "\(MarkdownText.code(report.tool.version, limit: 40)), profile \(options.profile.rawValue), effort "
                + "\(options.effort.rawValue), seed \(options.seed).",
        ]
        if let security = SecurityText.line(of: report) { lines += ["", MarkdownText.code(security, limit: 400)] }
        if let reservation = digest.reservation {
            lines += ["", "**Not all is known**: \(MarkdownText.code(reservation, limit: 400))"]
        }
        let remarks = report.baseline?.problematic ?? []
        if !remarks.isEmpty {
            lines += [
                "", "What \(MarkdownText.code(report.baseline?.file ?? "", limit: 120)) has and does not hold:", "",
            ]
            lines += remarks.prefix(mostRemarks).map { remark in
                let text = MarkdownText.prose(remark.text, limit: mostCharacters)
                return "- \(MarkdownText.code(remark.pattern, limit: 120)): \(text)"
            }
            if remarks.count > mostRemarks { lines.append("- … and \(remarks.count - mostRemarks) more") }
        }
        let left = report.leftOut.prefix(10).map { "\($0.cases) \(MarkdownText.code($0.why, limit: 40))" }
        if !left.isEmpty { lines += ["", "Left out: \(left.joined(separator: ", "))."] }
        return lines.joined(separator: "\n") + "\n\n"
    }

    private static func row(_ cause: CauseDigest) -> String {
        let passing = cause.isPassive ? " in passing" : ""
        let reason = MarkdownText.prose(cause.reason, limit: mostCharacters)
        return
            "| **\(cause.verdict.rawValue)**\(passing) | \(reason) | \(MarkdownText.prose(cause.citation, limit: 80)) "
            + "| \(cause.impact ?? "") | \(MarkdownText.prose(cause.extent, limit: 80)) |\n"
    }

    private static func details(of cause: CauseDigest, in digest: RunDigest) -> String {
        let example = digest.cases[cause.example]
        var lines = [
            "<details><summary><b>\(cause.verdict.rawValue)</b> \(HTMLText.escaped(cause.requirement, limit: 60)), "
                + "\(HTMLText.escaped(cause.extent, limit: 80))</summary>", "",
            "- Found: \(MarkdownText.prose(cause.reason, limit: 600))",
        ]
        if let mend = cause.mend { lines.append("- What to do: \(MarkdownText.prose(mend, limit: 600))") }
        if !cause.sentence.isEmpty {
            lines.append("- Required: \(MarkdownText.prose(cause.sentence, limit: 400))")
        }
        if let known = cause.known.first {
            lines.append("- Known elsewhere: \(MarkdownText.code("\(known.project), \(known.reference)", limit: 120))")
        }
        if !cause.cases.isEmpty {
            let shown = cause.cases.prefix(mostCases).map { MarkdownText.code($0, limit: 100) }.joined(separator: ", ")
            let more = cause.cases.count > mostCases ? " and \(cause.cases.count - mostCases) more" : ""
            lines.append("- Cases: \(shown)\(more)")
        }
        let wire = (example?.wire ?? []).map { TextEscaping.escaped($0.text, limit: mostCharacters) }
        lines += ["", MarkdownText.block(cut(wire) + ["", digest.again(cause.example)]), "", "</details>", "", ""]
        return lines.joined(separator: "\n")
    }

    /// The lines around what shows the violation, else the last ones.
    private static func cut(_ wire: [String]) -> [String] {
        guard wire.count > mostWireLines else { return wire }
        let last = wire.count - mostWireLines
        let marked = wire.firstIndex { $0.hasPrefix("< !!") }
        let start = min(marked.map { max(0, $0 - mostWireLines / 2) } ?? last, last)
        return Array(wire[start..<start + mostWireLines])
    }

    private static func topics(of digest: RunDigest) -> String {
        guard !digest.topics.isEmpty else { return "" }
        let shown = columns + [.unimplemented, .skipped].filter { digest.report.summary[$0] > 0 }
        var text = "### By topic\n\n| topic | \(shown.map(\.rawValue).joined(separator: " | ")) |\n"
        text += "|---|" + shown.map { _ in "---:|" }.joined() + "\n"
        for topic in digest.topics.prefix(mostTopics) {
            let counts = shown.map { topic.counts[$0] == 0 ? "·" : "\(topic.counts[$0])" }.joined(separator: " | ")
            text += "| \(MarkdownText.code(topic.name, limit: 60)) | \(counts) |\n"
        }
        if digest.topics.count > mostTopics { text += "| … and \(digest.topics.count - mostTopics) more |\n" }
        return text + "\n"
    }
}
