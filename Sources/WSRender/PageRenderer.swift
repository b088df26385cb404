import WSLimits
package import WSReport

/// Renders reports as one page that needs nothing from outside: `report.html` of one peer, `matrix.html` of several.
///
/// Causes, topics and squares are in the page as HTML, so that they show without a script. The script adds what is
/// opened: single cases, search and filters, from data that is in the page, too.
package enum PageRenderer: Renderer {
    package static let name = "html"
    package static let product = "report.html, or matrix.html of several"
    package static let file = OwnFile(name: "report.html", mark: PageText.icon)

    package static func render(_ reports: [Report]) throws(RenderError) -> [RenderedFile] {
        let limit = reports.count > 1 ? Limits.matrixPage.value : Limits.page.value
        let path = reports.count > 1 ? "matrix.html" : "report.html"
        var octets: [UInt8] = []
        for detail in PageDetail.all {
            octets = page(of: reports, detail, limit: limit)
            if octets.count <= limit { break }
        }
        return [RenderedFile(path: path, octets: octets)]
    }

    private static func page(of reports: [Report], _ detail: PageDetail, limit: Int) -> [UInt8] {
        let kept = reports.map { detail.applied(to: $0) }
        let digests = kept.map { RunDigest($0) }
        let data = PageData(digests, detail)
        var page = PageText(limit: detail.characters)
        page.begin(title: title(of: digests))
        if digests.count > 1 {
            MatrixBody(digests, data, leftOut: detail.leftOut(of: reports)).write(to: &page)
        } else if let digest = digests.first {
            SingleBody(digest, data, detail, leftOut: detail.leftOut(of: reports)).write(to: &page)
        }
        page.add(#"<script type="application/json" id="data">"#)
        data.write(to: &page.octets, limit: limit - PageText.script.count - ending.utf8.count)
        page.add("</script>\n<script>")
        page.octets += PageText.script
        page.add(ending)
        return page.octets
    }

    private static let ending = "</script>\n</body>\n</html>\n"

    private static func title(of digests: [RunDigest]) -> String {
        guard digests.count == 1, let report = digests.first?.report else {
            return "\(RunDigest.count(digests.count, "peer")) · wsconform"
        }
        let failed = report.summary.fail + report.summary.passive.fail
        return "\(failed > 0 ? "\(failed) fail · " : "")\(report.peer.name) · wsconform"
    }
}

/// How much of a report a page tells; the limit of its size decides.
struct PageDetail {
    /// The most characters of a text.
    var characters: Int
    /// Whether cases without findings have their conversation, too.
    var hasAllWires: Bool
    /// The most cases of a report; those with findings come first.
    var cases: Int
    /// The most causes.
    var causes: Int

    /// The levels, the most detailed first; the last fits in any case.
    static let all = [
        PageDetail(characters: 2_000, hasAllWires: true, cases: 20_000, causes: 1_000),
        PageDetail(characters: 400, hasAllWires: false, cases: 5_000, causes: 300),
        PageDetail(characters: 120, hasAllWires: false, cases: 1_000, causes: 100),
        PageDetail(characters: 60, hasAllWires: false, cases: 200, causes: 30),
        PageDetail(characters: 40, hasAllWires: false, cases: 20, causes: 5),
    ]

    /// A report with as many cases as there is room for.
    func applied(to report: Report) -> Report {
        guard report.cases.count > cases else { return report }
        var report = report
        let kept = report.cases.indices.sorted {
            let (first, second) = (report.cases[$0].verdict, report.cases[$1].verdict)
            return first == second ? $0 < $1 : first > second
        }.prefix(cases)
        report.cases = kept.sorted().map { report.cases[$0] }
        return report
    }

    /// The number of cases that have no room.
    func leftOut(of reports: [Report]) -> Int { reports.reduce(0) { $0 + max(0, $1.cases.count - cases) } }
}
