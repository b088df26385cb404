import WSJudge
import WSKernels
import WSReport

/// The HTML of a page while it is written.
struct PageText {
    /// What is written so far.
    var octets: [UInt8] = []
    /// The most characters of a text of the report.
    let limit: Int

    /// The program of the page.
    static let script = PackageResources.report_js
    private static let style = PackageResources.report_css

    /// Begins a page without text.
    init(limit: Int) {
        self.limit = limit
        octets.reserveCapacity(1 << 20)
    }

    /// Adds markup of ours.
    mutating func add(_ markup: String) { octets += markup.utf8 }

    /// Adds text of a report, escaped.
    mutating func add(text: String, limit: Int? = nil) {
        octets += HTMLText.escaped(text, limit: min(limit ?? self.limit, self.limit)).utf8
    }

    /// Adds an element with text of a report.
    mutating func add(_ tag: String, _ attributes: String = "", text: String, limit: Int? = nil) {
        add("<\(tag)\(attributes.isEmpty ? "" : " ")\(attributes)>")
        add(text: text, limit: limit)
        add("</\(tag)>")
    }

    /// Adds everything before the body, and the mark of the tool.
    ///
    /// Only the script and the style of the page may run; nothing may be loaded.
    mutating func begin(title: String) {
        add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        add("<meta http-equiv=\"Content-Security-Policy\" content=\"\(Self.policy)\">\n")
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        add("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
        add("title", text: title, limit: 200)
        add("\n<link rel=\"icon\" href=\"\(Self.icon)\">\n<style>")
        octets += Self.style
        add(
            "</style>\n</head>\n<body>\n<header><span class=\"mark\" aria-hidden=\"true\"><i></i><i></i><i></i><i></i></span>"
        )
    }

    private static let policy =
        "default-src 'none'; img-src data:; script-src 'sha256-\(Base64.encode(SHA256.digest(script.span)))'; "
        + "style-src 'sha256-\(Base64.encode(SHA256.digest(style.span)))'; base-uri 'none'; form-action 'none'"

    /// The icon, which no page of others has.
    static let icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'%3E%3Cpath fill='%232a9d6f' "
        + "d='M0 0h2v2H0zM2 2h2v2H2z'/%3E%3Cpath fill='%239cd8bf' d='M2 0h2v2H2zM0 2h2v2H0z'/%3E%3C/svg%3E"

    /// Adds the panel in which the script shows a case.
    mutating func addDialog() {
        add(
            """
            <dialog id="case" aria-labelledby="case-title"><div class="top"><span class="badge" id="case-verdict"></span>
            <button class="plain" id="previous" type="button" aria-label="Previous case">←</button>
            <button class="plain" id="next" type="button" aria-label="Next case">→</button>
            <button class="plain" id="close" type="button">Close</button></div>
            <div class="body" id="case-body"></div></dialog>

            """
        )
    }

    /// Adds the tools for searching and filtering, which only the script can serve.
    mutating func addTools(_ title: String, isMatrix: Bool) {
        add(
            "<div class=\"tools\"><h2 id=\"matrix-title\">\(title)</h2><span class=\"quiet\" id=\"count\" role=\"status\"></span>"
        )
        add("<span data-script hidden><label class=\"label\" for=\"search\">Text to look for</label>")
        add(
            "<input id=\"search\" type=\"search\" placeholder=\"Search ( / )\" autocomplete=\"off\"></span>"
        )
        add("<span data-script hidden><label class=\"label\" for=\"topic\">Topic</label>")
        add("<select id=\"topic\"><option value=\"\">All topics</option></select></span>")
        if isMatrix {
            add("<span data-script hidden><label class=\"label\" for=\"only\">Which rows</label><select id=\"only\">")
            add(
                "<option value=\"\">All rows</option><option value=\"differ\">Where peers differ</option></select></span>"
            )
        }
        add("<button class=\"plain\" id=\"clear\" type=\"button\" hidden>Clear</button></div>\n")
    }

    /// Adds the meaning of the colours.
    mutating func addKey(of verdicts: [Verdict]) {
        add("<div class=\"key\" aria-hidden=\"true\">")
        for verdict in verdicts { add("<span class=\"\(verdict.style)\"><i></i>\(verdict.rawValue)</span>") }
        add("</div>")
    }

    /// Adds a tile with a count for each verdict; the script makes them buttons.
    mutating func addTiles(_ summary: Report.Summary) {
        add("<div class=\"tiles\" role=\"group\" aria-label=\"Cases by verdict\">")
        for verdict in Verdict.shown where summary[verdict] > 0 || verdict == .pass || verdict == .fail {
            add(
                "<div class=\"tile \(verdict.style)\" data-v=\"\(verdict.style.dropFirst())\"><b>\(summary[verdict])</b>"
            )
            add("<span>\(verdict.rawValue)</span></div>")
        }
        add("</div>\n")
    }
}

extension Verdict {
    /// The verdicts in the order of a page's tiles and columns.
    static let shown: [Verdict] = [
        .pass, .fail, .inconclusive, .tolerated, .informational, .unimplemented, .skipped,
    ]

    /// The place in the order of gravity, as the page's data has it.
    var place: Int {
        switch self {
        case .pass: 0
        case .informational: 1
        case .skipped: 2
        case .unimplemented: 3
        case .tolerated: 4
        case .inconclusive: 5
        case .fail: 6
        }
    }

    /// The class of elements in the colour of the verdict.
    var style: String { "v\(place)" }
}
