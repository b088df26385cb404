import TestSupport
import Testing
import WSJudge
import WSLimits
import WSReport

@testable import WSRender

@Suite("Markdown")
struct MarkdownRendererTests {
    private func text(_ reports: Report...) throws -> String {
        let files = try MarkdownRenderer.render(reports)
        #expect(files.map(\.path) == ["summary.md"])
        return try #require(files.first).text
    }

    @Test("A report is rendered as it was looked at once", arguments: RenderSample.all)
    func golden(_ sample: RenderSample) throws {
        let difference = try Golden.difference(text(sample.report), from: "summary-\(sample.name).md")
        #expect(difference == nil)
    }

    @Test("With a baseline it tells what is new, folds up what is known, and names the entries that do not hold")
    func baseline() throws {
        var report = RenderSamples.ordinary
        let failed = report.cases.filter { $0.verdict == .fail }.map(\.id)
        try #require(failed.count > 1)
        var outcome = Report.BaselineOutcome(file: "b.json")
        outcome.known = failed.count - 1
        outcome.new = Array(failed.suffix(1))
        outcome.mended = (0..<22).map { .init(pattern: "ping/\($0)", text: "holds no more; drop it, @octocat") }
        report.baseline = outcome
        #expect(Golden.difference(try text(report), from: "summary-baseline.md") == nil)
        report.baseline?.new = []
        report.baseline?.mended = []
        let whole = try text(report)
        #expect(whole.hasPrefix("## ❔ Nothing new in ") && whole.contains("<summary>2 known causes</summary>"))
        #expect(!whole.contains("<b>fail</b>"))
    }

    @Test("Only a run in which no requirement is broken has the sign of success")
    func signs() throws {
        let cases = [RenderSamples.entry("a/b", .fail, reason: "no Close"), RenderSamples.entry("a/c", .pass)]
        var report = RenderSamples.report(cases)
        report.options.failOn = .never
        #expect(try text(report).hasPrefix("## ⚠️ 1 of 2 cases breaks a requirement\n"))
        report.options.failOn = nil
        report.baseline = Report.BaselineOutcome(file: "b.json")
        report.baseline?.known = 1
        #expect(try text(report).hasPrefix("## ⚠️ Nothing new in 2 cases, 1 known finding\n"))
        #expect(try text(report, RenderSamples.clean).contains(" | ⚠️ | "))
        #expect(try text(RenderSamples.clean).hasPrefix("## ✅ "))
    }

    @Test("Several peers are compared first")
    func several() throws {
        let text = try text(RenderSamples.ordinary, RenderSamples.hostileReport)
        let difference = Golden.difference(text, from: "summary-several.md")
        #expect(difference == nil)
    }

    @Test("It has room in a summary and a comment, however much was found, and says what it leaves out")
    func bounded() throws {
        for count in [1, 40, 400, 2_000] {
            let text = try text(RenderSamples.large(count))
            #expect(text.utf8.count <= Limits.markdown.value)
            #expect(text.contains("\(count) cause"))
            if count >= 400 { #expect(text.contains("more in the report")) }
        }
        let many = Array(repeating: RenderSamples.large(40), count: 200)
        let file = try #require(try MarkdownRenderer.render(many).first)
        #expect(file.octets.count <= Limits.markdown.value)
        #expect(file.text.contains("more peers"))
    }

    @Test("Outside of code nothing of a peer is a link, a mention, a cell or a tag")
    func inert() throws {
        let text = try text(RenderSamples.hostileReport)
        // Code spans have one backtick at each end, and blocks of code none within.
        let prose = text.replacing(/(?s)(````*)text\n.*?\n\1(?=\n)/, with: "").replacing(/`[^`\n]*`/, with: "")
        for sign in ["@", "://", "www.", "example", "octocat", "#1", "<script", "<img", "GH-"] {
            #expect(!prose.contains(sign), "\(sign)")
        }
        #expect(!text.contains("\n::error"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test(
        "Prose is escaped, and code where it could be more than prose",
        arguments: [
            ("sent *this* [x]", #"sent \*this\* \[x\]"#), ("ask @octocat", "`ask @octocat`"),
            ("a|b`c", #"`a\u{7C}b\u{60}c`"#),
            ("see www.a.b", "`see www.a.b`"), ("deadbeef01", "`deadbeef01`"), ("1. a", "`1. a`"), ("", ""),
            ("a\nb", #"a\\nb"#), ("2 cases", "2 cases"), ("- a", "`- a`"), (#"\"#, #"`\`"#),
        ]
    )
    func prose(text: String, shown: String) {
        #expect(MarkdownText.prose(text, limit: 100) == shown)
    }

    @Test("A block of code ends only where it should")
    func block() {
        #expect(MarkdownText.block(["a", "````", "b"]) == "`````text\na\n````\nb\n`````")
    }
}
