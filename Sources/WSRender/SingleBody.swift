import WSJudge
import WSReport
import WSScenario

/// The body of the page of one report.
struct SingleBody {
    private let digest: RunDigest
    private let data: PageData
    private let detail: PageDetail
    private let leftOut: Int

    /// How many causes have their conversation in the page as HTML; the script shows those of the others.
    private static let mostWires = 25
    /// How many cases of a cause are named.
    private static let mostCases = 60

    /// Prepares the body.
    ///
    /// - Parameters:
    ///   - digest: What is told of the report.
    ///   - data: The data of the script, for the order of the cases.
    ///   - detail: How much is told.
    ///   - leftOut: The number of cases that have no room.
    init(_ digest: RunDigest, _ data: PageData, _ detail: PageDetail, leftOut: Int) {
        self.digest = digest
        self.data = data
        self.detail = detail
        self.leftOut = leftOut
    }

    private var report: Report { digest.report }

    /// Writes the body up to the data.
    func write(to page: inout PageText) {
        page.add("<span class=\"brand\">wsconform ")
        page.add("span", "class=\"quiet\"", text: report.tool.version, limit: 60)
        page.add("</span><nav><a href=\"#causes\">Causes</a><a href=\"#topics\">Topics</a>")
        page.add("<a href=\"#matrix-part\">Cases</a></nav></header>\n<main>\n")
        hero(in: &page)
        page.addTiles(report.summary)
        causes(in: &page)
        topics(in: &page)
        matrix(in: &page)
        list(in: &page)
        page.add("</main>\n")
        footer(in: &page)
        page.addDialog()
    }

    private func hero(in page: inout PageText) {
        let options = report.options
        page.add("<section class=\"hero card\"><h1>\(digest.headline)</h1><p class=\"quiet\"><span class=\"agent\">")
        page.add(text: report.peer.name, limit: 200)
        page.add("</span> at ")
        page.add("code", text: report.peer.url, limit: 300)
        page.add(", a \(report.roleUnderTest.rawValue), tested with profile \(options.profile.rawValue), effort ")
        page.add("\(options.effort.rawValue) and seed \(options.seed)")
        if let run = report.run {
            page.add(" on ")
            page.add(text: String(run.startedAt.prefix(16)).replacing("T", with: " "), limit: 20)
            page.add(" UTC")
        }
        page.add(".</p>")
        if let security = SecurityText.line(of: report) { page.add("p", "class=\"quiet\"", text: security, limit: 600) }
        if let reservation = digest.reservation {
            page.add("p", "class=\"problem\"", text: "Not all is known: \(reservation)", limit: 600)
        }
        page.add("<div class=\"bar\" aria-hidden=\"true\">")
        for verdict in Verdict.shown where report.summary[verdict] > 0 {
            // A width is an attribute, because the page's policy forbids styles of elements.
            page.add(
                "<i class=\"\(verdict.style) \(Self.share(report.summary[verdict], of: report.summary.total))\"></i>"
            )
        }
        page.add("</div></section>\n")
    }

    /// The class for the share of a verdict in all cases, in steps of a fiftieth.
    private static func share(_ count: Int, of total: Int) -> String {
        "w\(max(1, min(50, (count * 50 + total / 2) / max(total, 1))))"
    }

    // MARK: - Causes

    private func causes(in page: inout PageText) {
        let all = digest.causes
        let counted = all.count { $0.verdict >= .inconclusive || digest.isStrict }
        page.add("<section id=\"causes\"><div class=\"tools\"><h2>Causes</h2><span class=\"quiet\">")
        page.add(
            counted == all.count ? "" : "\(RunDigest.count(counted, "cause")) of findings, then what is tolerated"
        )
        page.add("</span></div>\n<ol class=\"causes card\">")
        if all.isEmpty { page.add("<li class=\"empty quiet\">Nothing was found.</li>") }
        for (index, cause) in all.prefix(detail.causes).enumerated() { write(cause, index, in: &page) }
        if all.count > detail.causes {
            page.add("<li class=\"more quiet\">… and \(all.count - detail.causes) more in report.json</li>")
        }
        page.add("</ol></section>\n")
    }

    private func write(_ cause: CauseDigest, _ index: Int, in page: inout PageText) {
        page.add("<li><details\(index == 0 ? " open" : "")><summary><span class=\"badge \(cause.verdict.style)\">")
        page.add("\(cause.verdict.rawValue)</span>")
        page.add("span", "class=\"reason\"", text: cause.reason, limit: 400)
        page.add("span", "class=\"extent\"", text: cause.extent, limit: 80)
        page.add("<span class=\"cite\">")
        page.add(text: cause.citation, limit: 100)
        if let impact = cause.impact { page.add("<span class=\"impact\">\(impact)</span>") }
        if cause.isPassive { page.add("<span class=\"impact\">in passing</span>") }
        page.add("</span></summary>\n<div class=\"inside\">")
        page.add("<h3>What is required</h3><p>")
        page.add(text: cause.sentence.isEmpty ? cause.citation : cause.sentence, limit: 600)
        page.add(" ")
        page.add("code", "class=\"quiet\"", text: cause.requirement, limit: 80)
        page.add("</p>")
        if let mend = cause.mend {
            page.add("<h3>What to do</h3>")
            page.add("p", text: mend, limit: 600)
        }
        if let example = digest.cases[cause.example] {
            page.add("<h3>On the wire</h3><p class=\"quiet\">")
            link(cause.example, in: &page)
            page.add(": ")
            page.add(text: example.title, limit: 200)
            page.add("</p>")
            if index < Self.mostWires {
                PageSequence(example, evidence: cause.evidence, peer: report.peer.name).write(to: &page)
            } else {
                page.add("<div data-wire=\"")
                page.add(text: cause.example, limit: 200)
                page.add("\"></div>")
            }
        }
        page.add("<h3>Run it again</h3><div class=\"command\">")
        page.add("code", text: digest.again(cause.example), limit: 1_000)
        page.add("</div>")
        if !cause.known.isEmpty {
            page.add("<h3>Known elsewhere</h3>")
            for known in cause.known.prefix(5) {
                page.add("p", text: "\(known.project), \(known.reference)", limit: 200)
            }
        }
        if cause.cases.count > 1 {
            page.add("<h3>\(RunDigest.count(cause.cases.count, "case"))</h3><div class=\"ids\">")
            for id in cause.cases.prefix(Self.mostCases) { link(id, in: &page) }
            if cause.cases.count > Self.mostCases {
                page.add("<span>and \(cause.cases.count - Self.mostCases) more</span>")
            }
            page.add("</div>")
        }
        page.add("</div></details></li>\n")
    }

    private func link(_ id: String, in page: inout PageText) {
        page.add("<a class=\"mono\" data-case=\"0\" href=\"#")
        page.add(text: id, limit: 200)
        page.add("\">")
        page.add(text: id, limit: 200)
        page.add("</a>")
    }

    // MARK: - Topics and cases

    private func topics(in page: inout PageText) {
        let shown = Verdict.shown.filter { $0 == .pass || $0 == .fail || report.summary[$0] > 0 }
        page.add("<section id=\"topics\"><div class=\"tools\"><h2>By topic</h2></div><div class=\"card scroll\">")
        page.add("<table class=\"counts\"><thead><tr><th>topic</th>")
        for verdict in shown { page.add("<th>\(verdict.rawValue)</th>") }
        page.add("</tr></thead><tbody>")
        for topic in digest.topics {
            page.add("<tr>")
            page.add("th", text: topic.name, limit: 60)
            for verdict in shown {
                let count = topic.counts[verdict]
                page.add(count == 0 ? "<td class=\"n\">·</td>" : "<td class=\"\(verdict.style)\">\(count)</td>")
            }
            page.add("</tr>\n")
        }
        page.add("</tbody></table></div></section>\n")
    }

    private func matrix(in page: inout PageText) {
        page.add("<section id=\"matrix-part\" aria-labelledby=\"matrix-title\">")
        page.addTools("Cases", isMatrix: false)
        page.add("<div class=\"matrix card\" id=\"matrix\">")
        var topic: String?
        for entry in data.cases {
            guard let result = digest.cases[entry.id] else { continue }
            if entry.topic != topic {
                if topic != nil { page.add("</div></div>\n") }
                topic = entry.topic
                page.add("<div class=\"topic\"><h3>")
                page.add(text: entry.topic, limit: 60)
                page.add("</h3><div class=\"cells\">")
            }
            page.add("<a class=\"\(result.verdict.style)\" tabindex=\"-1\" href=\"#")
            page.add(text: entry.id, limit: 200)
            page.add("\" title=\"")
            page.add(text: entry.id, limit: 200)
            page.add(": \(result.verdict.rawValue)\"></a>")
        }
        if topic != nil { page.add("</div></div>\n") }
        page.addKey(of: Verdict.shown.filter { report.summary[$0] > 0 })
        page.add("</div>")
        if leftOut > 0 {
            page.add(
                "<p class=\"quiet\">\(RunDigest.count(leftOut, "case")) more have no room here; see report.json.</p>"
            )
        }
        page.add("</section>\n")
    }

    private func list(in page: inout PageText) {
        page.add(
            """
            <section id="list-part" aria-labelledby="list-title" data-script hidden><div class="tools"><h2 id="list-title"></h2>
            <span class="quiet" id="list-count"></span></div><div class="rows card"><ol id="list"></ol>
            <p class="empty quiet" id="empty">No case matches.</p></div>
            <p><button class="plain" id="more" type="button" hidden></button></p></section>

            """
        )
    }

    private func footer(in page: inout PageText) {
        page.add("<footer>")
        let left = report.leftOut.prefix(20).map { "\($0.cases) \($0.why) (\($0.option))" }
        if !left.isEmpty { page.add("p", text: "Left out: \(left.joined(separator: ", ")).", limit: 1_500) }
        page.add("<p>Made from report.json by wsconform; the transcripts of the run are beside it.</p></footer>\n")
    }
}
