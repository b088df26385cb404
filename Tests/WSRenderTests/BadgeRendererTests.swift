import Foundation
import TestSupport
import Testing
import WSJudge
import WSRender
import WSReport
import WSScenario

@Suite("Badges")
struct BadgeRendererTests {
    private func badge(_ report: Report) throws -> String {
        let files = try BadgeRenderer.render([report])
        #expect(files.map(\.path) == ["badge.json"])
        return try #require(files.first).text
    }

    @Test("A badge is of the form that shields.io reads")
    func schema() throws {
        let file = URL(filePath: #filePath).appending(path: "../../../Reports/schema/badge.schema.json").standardized
        let schema = try JSONSchema(Data(contentsOf: file))
        for report in [
            RenderSamples.ordinary, RenderSamples.clean, RenderSamples.incomplete, RenderSamples.hostileReport,
        ] {
            #expect(try schema.problems(of: Data(badge(report).utf8)).isEmpty)
        }
        let wrong = Data(#"{"schemaVersion": 2, "label": "a", "message": "", "color": "blue", "link": "x"}"#.utf8)
        #expect(try schema.problems(of: wrong).count == 4)
    }

    @Test("Only a run with exit status 0 has a green badge, and no text of the peer is in any")
    func colours() throws {
        let tolerated = RenderSamples.entry("a/b", .tolerated, reason: "no Close first")
        let reports: [(Report, String, String)] = [
            (RenderSamples.clean, "1 cases conform", "brightgreen"),
            (RenderSamples.ordinary, "3 of 6 cases fail", "red"),
            (RenderSamples.report([]), "undecided", "lightgrey"), (RenderSamples.incomplete, "incomplete", "lightgrey"),
            (RenderSamples.report([tolerated], isStrict: true), "1 recommendation missed", "orange"),
            (RenderSamples.report([tolerated]), "1 cases conform", "brightgreen"),
            (RenderSamples.hostileReport, "1 of 2 cases fail, incomplete", "red"),
        ]
        for (report, message, colour) in reports {
            let text = try badge(report)
            #expect(text.contains("\"message\": \"\(message)\",\n   \"color\": \"\(colour)\""), "\(text)")
        }
    }

    @Test("What is broken and does not count, or is known, is told, and in no green badge")
    func lenient() throws {
        let cases = [RenderSamples.entry("a/b", .fail, reason: "no Close"), RenderSamples.entry("a/c", .pass)]
        var never = RenderSamples.report(cases)
        never.options.failOn = .never
        var harmless = RenderSamples.report(cases)
        harmless.options.failOnImpact = [.security]
        var known = RenderSamples.report(cases)
        known.baseline = Report.BaselineOutcome(file: "b.json")
        known.baseline?.known = 1
        var inPassing = RenderSamples.report(RenderSamples.cases.filter { $0.verdict == .pass })
        inPassing.options.failOn = .never
        var mended = RenderSamples.clean
        mended.baseline = Report.BaselineOutcome(file: "b.json")
        mended.baseline?.mended = [.init(pattern: "a/d", text: "holds no more")]
        for (report, message) in [
            (never, "1 of 2 cases fail"), (harmless, "1 of 2 cases fail"), (known, "nothing new, 1 known"),
            (inPassing, "1 violation in passing"), (mended, "1 mended against the baseline"),
        ] {
            let text = try badge(report)
            #expect(text.contains("\"message\": \"\(message)\",\n   \"color\": \"orange\""), "\(text)")
        }
    }

    @Test("Several peers have a badge each, and peers with the same file name none")
    func several() throws {
        let other = RenderSamples.report(RenderSamples.cases, name: "ws/8")
        let files = try BadgeRenderer.render([RenderSamples.ordinary, other])
        #expect(files.map(\.path) == ["badge-python_3_11_websockets_17_4.json", "badge-ws_8.json"])
        #expect(throws: RenderError.sameAgent("ws/8", "ws/8")) { try BadgeRenderer.render([other, other]) }
    }
}
