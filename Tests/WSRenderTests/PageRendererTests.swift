import Foundation
import TestSupport
import Testing
import WSJudge
import WSKernels
import WSLimits
import WSRender
import WSReport

@Suite("Pages")
struct PageRendererTests {
    private func text(_ reports: [Report]) throws -> String {
        let files = try PageRenderer.render(reports)
        #expect(files.map(\.path) == [reports.count > 1 ? "matrix.html" : "report.html"])
        return try #require(files.first).text
    }

    /// A part between two marks, without them.
    private func part(_ text: String, _ begin: String, _ end: String) throws -> Substring {
        let begin = try #require(text.range(of: begin))
        let end = try #require(text.range(of: end, range: begin.upperBound..<text.endIndex))
        return text[begin.upperBound..<end.lowerBound]
    }

    /// What depends on the report: all but style, script and the policy that names their digests.
    private func content(_ text: String) throws -> String {
        let style = try part(text, "<style>", "</style>")
        let script = try part(text, "</script>\n<script>", "</script>")
        let policy = try part(text, "Content-Security-Policy\" content=\"", "\">")
        return text.replacingOccurrences(of: script, with: "…").replacingOccurrences(of: style, with: "…")
            .replacingOccurrences(of: policy, with: "…")
    }

    @Test("A report is rendered as it was looked at once", arguments: RenderSample.all)
    func golden(_ sample: RenderSample) throws {
        let difference = try Golden.difference(content(text([sample.report])), from: "report-\(sample.name).html")
        #expect(difference == nil)
    }

    @Test("Several reports are a matrix as it was looked at once")
    func matrix() throws {
        let text = try text([RenderSamples.ordinary, RenderSamples.clean, RenderSamples.hostileReport])
        let difference = try Golden.difference(content(text), from: "matrix.html")
        #expect(difference == nil)
    }

    @Test("In a matrix a peer that breaks what does not count has no sign of success")
    func lenient() throws {
        let failed = RenderSamples.entry("a/b", .fail, reason: "no Close")
        var report = RenderSamples.report([failed], name: "lenient/1")
        report.options.failOn = .never
        let text = try text([report, RenderSamples.clean])
        #expect(text.contains("<span class=\"badge v6\">fail</span><span class=\"reason\">lenient/1<"))
        #expect(text.contains("<span class=\"badge v0\">pass</span><span class=\"reason\">Python"))
    }

    @Test("Nothing comes from outside, and only the style and the script of the page are allowed")
    func policy() throws {
        for reports in [[RenderSamples.hostileReport], [RenderSamples.ordinary, RenderSamples.hostileReport]] {
            let text = try text(reports)
            let policy = try part(text, "Content-Security-Policy\" content=\"", "\">")
            #expect(policy.hasPrefix("default-src 'none'; "))
            for (name, begin, end) in [
                ("style", "<style>", "</style>"), ("script", "</script>\n<script>", "</script>"),
            ] {
                let digest = Base64.encode(SHA256.digest(Array(try part(text, begin, end).utf8).span))
                #expect(policy.contains("\(name)-src 'sha256-\(digest)'"))
            }
            for link in text.matches(of: /href="([^"]*)"/) {
                #expect(link.output.1.hasPrefix("#") || link.output.1.hasPrefix("data:image/svg+xml,"))
            }
            let style = try part(text, "<style>", "</style>")
            #expect(!style.contains("url(") && !style.contains("@import"))
            let script = try part(text, "</script>\n<script>", "</script>")
            for sink in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval", "fetch",
            ] {
                #expect(!script.contains(sink))
            }
        }
    }

    /// Whether all elements and attributes of a page are ours.
    private func isInert(_ text: String) -> Bool {
        let elements: Set<Substring> = [
            "html", "head", "meta", "title", "link", "style", "body", "header", "span", "i", "nav", "a", "main",
            "section",
            "h1", "h2", "h3", "p", "code", "div", "b", "ol", "ul", "li", "details", "summary", "mark", "small", "table",
            "thead", "tbody", "tr", "th", "td", "label", "input", "select", "option", "button", "dialog", "script",
            "footer",
        ]
        let attributes: Set<Substring> = [
            "lang", "charset", "http-equiv", "content", "name", "rel", "href", "class", "id", "role", "data-v",
            "data-i",
            "data-case", "data-wire", "data-script", "hidden", "open", "tabindex", "title", "aria-label", "aria-hidden",
            "aria-labelledby", "for", "type", "placeholder", "autocomplete", "value", "colspan", "v0", "v1", "v2", "v3",
            "v4", "v5", "v6",
        ]
        let rest = text.replacing(/(?s)<style>.*?<\/style>/, with: "")
            .replacing(/(?s)<\/script>\n<script>.*?<\/script>/, with: "</script>")
        for tag in rest.matches(of: /<\/?([a-zA-Z!][a-zA-Z0-9]*)((?:[^"'<>]|"[^"]*")*)>/) {
            guard elements.contains(tag.output.1) || tag.output.1 == "!doctype" else { return false }
            let words = tag.output.2.replacing(/"[^"]*"/, with: "").split { $0 == " " || $0 == "=" }
            guard tag.output.1 == "!doctype" || words.allSatisfy(attributes.contains) else { return false }
        }
        // Each other sign that could begin a tag is an entity.
        return rest.replacing(/<\/?([a-zA-Z!][a-zA-Z0-9]*)((?:[^"'<>]|"[^"]*")*)>/, with: "").firstIndex(of: "<") == nil
    }

    @Test("No text of a report is an element, an attribute or a script")
    func inert() throws {
        #expect(isInert(try text([RenderSamples.hostileReport])))
        #expect(isInert(try text([RenderSamples.hostileReport, RenderSamples.ordinary])))
        #expect(!isInert("<p><img src=x></p>") && !isInert("<p onclick=\"a\"></p>") && !isInert("<p>a < b</p>"))
    }

    @Test("The data of the script is JSON, in which texts stand as they are shown")
    func data() throws {
        let text = try text([RenderSamples.hostileReport])
        let data = try part(text, "id=\"data\">", "</script>")
        #expect(!data.contains("<"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        let strings = try #require(object["strings"] as? [String])
        #expect(strings.contains { $0.hasPrefix("</script><script>alert(1)</script>") && $0.contains("\\u{202E}") })
        // What is no hexadecimal digit is left out.
        #expect(!data.contains("<b>") && !data.contains("u003cb\\u003e\""))
    }

    @Test("A page stays below its limit, whatever was found, and says what has no room", arguments: [1, 3])
    func bounded(peers: Int) throws {
        let limit = peers > 1 ? Limits.matrixPage : Limits.page
        for count in [40, 400] {
            let reports = (0..<peers).map { _ in RenderSamples.large(count) }
            let text = try text(reports)
            #expect(text.utf8.count <= limit.value)
            if count == 400, peers == 1 { #expect(text.contains("more in report.json")) }
        }
    }

    @Test("Evidence is marked in the octets of the line that it is in")
    func marked() throws {
        let text = try text([RenderSamples.report([RenderSamples.cases[0]])])
        #expect(text.contains("4 octets at 129</summary><code class=\"hex\"><mark>88 02 </mark>03 e8 </code>"))
        #expect(text.contains("GET / HTTP/1.1"))
    }
}
