import WSJudge
import WSReport

/// The body of the page of several reports: a row for each case, a column for each peer.
struct MatrixBody {
    private let digests: [RunDigest]
    private let data: PageData
    private let leftOut: Int

    /// How many causes of a peer are told.
    private static let mostCauses = 40

    /// Prepares the body.
    ///
    /// - Parameters:
    ///   - digests: What is told of the reports.
    ///   - data: The data of the script, for the order of the cases.
    ///   - leftOut: The number of cases that have no room.
    init(_ digests: [RunDigest], _ data: PageData, leftOut: Int) {
        self.digests = digests
        self.data = data
        self.leftOut = leftOut
    }

    /// Writes the body up to the data.
    func write(to page: inout PageText) {
        page.add(
            "<span class=\"brand\">wsconform</span><nav><a href=\"#peers\">Peers</a><a href=\"#matrix-part\">Cases</a></nav>"
        )
        page.add("</header>\n<main>\n")
        hero(in: &page)
        peers(in: &page)
        matrix(in: &page)
        page.add("</main>\n<footer><p>Made from reports of wsconform.</p></footer>\n")
        page.addDialog()
    }

    private func hero(in page: inout PageText) {
        let failing = digests.count { $0.conclusion.status == .findings }
        let roles = Set(digests.map { $0.report.roleUnderTest.rawValue })
        let noun = roles.count == 1 ? roles.first ?? "peer" : "peer"
        page.add("<section class=\"hero card\"><h1>\(RunDigest.count(digests.count, noun)), ")
        page.add("\(RunDigest.count(data.cases.count, "case"))</h1>")
        page.add(
            "<p class=\"quiet\">\(failing) of \(digests.count) break a requirement of the specification. A square is a "
        )
        page.add("conversation with one of them; it opens with what was on the wire.</p></section>\n")
    }

    private func peers(in page: inout PageText) {
        let all = digests.map(\.report.summary)
        let shown = Verdict.shown.filter { verdict in
            verdict == .pass || verdict == .fail || all.contains { $0[verdict] > 0 }
        }
        page.add("<section id=\"peers\"><div class=\"tools\"><h2>Peers</h2></div><div class=\"card scroll\">")
        page.add("<table class=\"counts\"><thead><tr><th>peer</th>")
        for verdict in shown { page.add("<th>\(verdict.rawValue)</th>") }
        page.add("<th>in passing</th><th>causes</th></tr></thead><tbody>")
        for digest in digests {
            let report = digest.report
            page.add("<tr>")
            page.add("th", text: report.peer.name, limit: 80)
            for verdict in shown {
                let count = report.summary[verdict]
                page.add(count == 0 ? "<td class=\"n\">·</td>" : "<td class=\"\(verdict.style)\">\(count)</td>")
            }
            let causes = digest.causes.count { $0.verdict >= .inconclusive }
            page.add("<td>\(report.summary.passive.fail)</td><td>\(causes)</td></tr>\n")
        }
        page.add("</tbody></table></div>\n<div class=\"tools\"></div><ol class=\"causes card\">")
        for (place, digest) in digests.enumerated() { causes(of: digest, place, in: &page) }
        page.add("</ol></section>\n")
    }

    private func causes(of digest: RunDigest, _ place: Int, in page: inout PageText) {
        let report = digest.report
        let worst: Verdict =
            switch digest.conclusion.status {
            case .findings: .fail
            // What does not count, or is known, is no success.
            case .asExpected where digest.passesWithFindings: digest.hasViolations ? .fail : .tolerated
            case .asExpected: .pass
            case .undecided, .usage: .inconclusive
            }
        page.add("<li><details><summary><span class=\"badge \(worst.style)\">\(worst.rawValue)</span>")
        page.add("span", "class=\"reason\"", text: report.peer.name, limit: 120)
        let counted = digest.causes.filter { $0.verdict >= .inconclusive || digest.isStrict }
        page.add(
            "<span class=\"extent\">\(RunDigest.count(counted.count, "cause"))</span><span class=\"cite\">\(digest.headline), "
        )
        page.add(
            text: "wsconform \(report.tool.version), \(report.run.map { String($0.startedAt.prefix(10)) } ?? "")",
            limit: 100
        )
        page.add("</span></summary><div class=\"inside\"><ul>")
        if let reservation = digest.reservation {
            page.add("li", "class=\"rule problem\"", text: reservation, limit: 400)
        }
        for cause in counted.prefix(Self.mostCauses) {
            page.add(
                "<li class=\"rule\"><span class=\"badge \(cause.verdict.style)\">\(cause.verdict.rawValue)</span> "
            )
            page.add(text: cause.reason, limit: 300)
            page.add(" <span class=\"quiet\">")
            page.add(text: "\(cause.citation), \(cause.extent)", limit: 160)
            page.add("</span> ")
            page.add("<a class=\"mono\" data-case=\"\(place)\" href=\"#\(place):")
            page.add(text: cause.example, limit: 200)
            page.add("\">")
            page.add(text: cause.example, limit: 200)
            page.add("</a></li>")
        }
        if counted.count > Self.mostCauses {
            page.add("<li class=\"rule\">… and \(counted.count - Self.mostCauses) more</li>")
        }
        page.add("</ul></div></details></li>\n")
    }

    private func matrix(in page: inout PageText) {
        page.add("<section id=\"matrix-part\" aria-labelledby=\"matrix-title\">")
        page.addTools("Cases", isMatrix: true)
        page.add("<div class=\"peers card scroll\" id=\"matrix\"><table><thead><tr><th>case</th>")
        for digest in digests {
            page.add("<th>")
            page.add(text: digest.report.peer.name, limit: 60)
            page.add("<small>\(digest.report.summary.fail) fail</small></th>")
        }
        page.add("</tr></thead>\n")
        var topic: String?
        for (index, entry) in data.cases.enumerated() {
            if entry.topic != topic {
                topic = entry.topic
                page.add("<tbody><tr class=\"head\"><th>")
                page.add(text: entry.topic, limit: 60)
                page.add("<td colspan=\"\(digests.count)\">\n")
            }
            page.add("<tr data-i=\"\(index)\"><th>")
            page.add(text: entry.id, limit: 120)
            for digest in digests {
                let verdict = digest.cases[entry.id]?.verdict
                page.add(verdict.map { "<td class=\($0.style)>" } ?? "<td>")
            }
            page.add("\n")
        }
        page.add("</table></div>\n")
        page.addKey(of: Verdict.shown.filter { verdict in digests.contains { $0.report.summary[verdict] > 0 } })
        if leftOut > 0 {
            page.add("<p class=\"quiet\">\(RunDigest.count(leftOut, "result")) more have no room here.</p>")
        }
        page.add("</section>\n")
    }
}
