import Foundation
import TestSupport
import Testing
import WSJudge
import WSRender
import WSReport
import WSScenario

@Suite("Reports in Autobahn's form")
struct AutobahnRendererTests {
    /// Everything that a peer can write to break a file that others read.
    static let hostile = "\"quotes\" \\ </script> \u{0}\u{1B}[31m\u{7F}\r\n\u{202E}\u{2028} é 😀 \u{FFFD}"

    private static func verdict(_ number: String) -> AutobahnVerdict {
        var verdict = AutobahnVerdict(
            number: number,
            behavior: "NON-STRICT",
            behaviorClose: "WRONG CODE",
            expectedClose: .init(closedByMe: true, closeCode: [1002, 1007], requireClean: false)
        )
        verdict.closedByMe = true
        verdict.wasClean = true
        verdict.remoteCloseCode = 1000
        verdict.remoteCloseReason = hostile
        verdict.wasNotCleanReason = hostile
        verdict.received = [
            ["message", hostile, "false"], ["message", "0xfffe", "true"], ["pong", ""], ["timeout", "A"],
        ]
        verdict.expected = ["OK": [], "NON-STRICT": verdict.received]
        verdict.httpRequest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        verdict.httpResponse = "HTTP/1.1 101 \(hostile)\r\n\r\n"
        verdict.rxOctetStats = [203: 1, 25: 2, 1_000: 3]
        verdict.txOctetStats = [7: 1]
        verdict.rxFrameStats = [1: 4, 10: 1, 8: 1]
        verdict.txFrameStats = [8: 1]
        return verdict
    }

    private static func entry(_ number: String, autobahn: AutobahnVerdict?) -> Report.Case {
        Report.Case(
            id: "closing/case-" + number.replacingOccurrences(of: ".", with: "-"),
            title: "A case of \(hostile)",
            aliases: ["autobahn": number],
            requirements: [
                RequirementReference(id: "RFC6455-5.5.1-02", source: "RFC 6455", section: "5.5.1", level: "MUST")
            ],
            verdict: autobahn == nil ? .inconclusive : .fail,
            behaviour: .tolerated,
            closing: .fail,
            reason: "the target stopped answering",
            autobahn: autobahn.map {
                Report.AutobahnResult(
                    $0,
                    ordinal: 217,
                    isWrongCloserFatal: true,
                    started: "2026-11-22T14:01:09.913Z",
                    durationNanoseconds: 12_600_000
                )
            }
        )
    }

    static func report(_ agent: String = "foo Bar/1.0") -> Report {
        Report(
            tool: Report.Tool(version: "0.1.0"),
            roleUnderTest: .server,
            peer: Report.Peer(name: agent, url: "ws://127.0.0.1:9001"),
            options: Report.Options(seed: 1, profile: .rfc, effort: .quick, jobs: 1),
            run: nil,
            cases: [
                entry("7.3.2", autobahn: verdict("7.3.2")),
                entry("10.1.1", autobahn: nil),
                Report.Case(id: "ping/ours", title: "", verdict: .pass, behaviour: .pass, closing: .pass),
            ],
            footer: Report.Footer(complete: true)
        )
    }

    private func file(_ path: String, of files: [RenderedFile]) throws -> String {
        try #require(files.first { $0.path == path }).text
    }

    @Test("The index is Autobahn's, octet by octet")
    func index() throws {
        let files = try AutobahnRenderer.render([Self.report(), Self.report(Self.hostile)])
        #expect(Golden.difference(try file("index.json", of: files), from: "index.json") == nil)
    }

    @Test("A case's file is Autobahn's, octet by octet")
    func caseFile() throws {
        let files = try AutobahnRenderer.render([Self.report()])
        let text = try file("foo_bar_1_0_case_7_3_2.json", of: files)
        #expect(Golden.difference(text, from: "foo_bar_1_0_case_7_3_2.json") == nil)
    }

    @Test("A case that says nothing is FAILED, with the reason as its result")
    func inconclusive() throws {
        let files = try AutobahnRenderer.render([Self.report()])
        let text = try file("foo_bar_1_0_case_10_1_1.json", of: files)
        #expect(Golden.difference(text, from: "foo_bar_1_0_case_10_1_1.json") == nil)
    }

    @Test("The pages are as they were looked at, with hostile text in every place")
    func pages() throws {
        let files = try AutobahnRenderer.render([Self.report(), Self.report(Self.hostile)])
        for name in ["index.html", "foo_bar_1_0_case_7_3_2.html", "foo_bar_1_0_case_10_1_1.html"] {
            #expect(Golden.difference(try file(name, of: files), from: name) == nil)
        }
    }

    @Test("No text of a peer becomes markup or turns what follows, and nothing is loaded from elsewhere")
    func harmless() throws {
        let hostile = "<script>a</script><b onclick=\"x\">&amp;'\u{202E}\u{0}\r\n\u{1B}"
        var report = Self.report(hostile)
        report.cases[0].title = hostile
        // A file may say anything, a number without digits as well.
        report.cases[0].aliases["autobahn"] = "\(hostile).1"
        report.cases[1].reason = hostile
        for file in try AutobahnRenderer.render([report]) where file.path.hasSuffix(".html") {
            let text = file.text
            #expect(!text.contains("<script") && !text.contains("<b onclick") && text.contains("&lt;script&gt;"))
            #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("src="))
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
            #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .format })
        }
    }

    @Test("Every link of the index leads to a file or to a place of the page")
    func links() throws {
        let files = try AutobahnRenderer.render([Self.report(), Self.report("other")])
        let page = try file("index.html", of: files)
        let links = page.split(separator: "href=\"").dropFirst().compactMap { $0.split(separator: "\"").first }
        #expect(links.count == 2 * 2 + 2 + 2)
        for link in links {
            #expect(
                link.hasPrefix("#")
                    ? page.contains("<a name=\"\(link.dropFirst())\">") : files.contains { $0.path == link }
            )
        }
    }

    @Test("A case that one peer has and another has not is missing there, and the order is that of the numbers")
    func missing() throws {
        var other = Self.report("other")
        other.cases.removeFirst()
        let page = try file("index.html", of: AutobahnRenderer.render([Self.report(), other]))
        #expect(page.contains("<td class=\"case_missing\" colspan=\"2\">Missing</td>"))
        let places = ["7.3.2", "10.1.1"].compactMap { page.range(of: ">Case \($0)</a>")?.lowerBound }
        #expect(places.count == 2 && places[0] < places[1])
    }

    @Test("Times are reported of the load phase, whatever a case is called")
    func reportTime() throws {
        var report = Self.report()
        #expect(try AutobahnRenderer.render([report]).allSatisfy { !$0.text.contains(#""reportTime": true"#) })
        report.cases[0].phase = .load
        let loaded = try AutobahnRenderer.render([report]).filter { $0.text.contains(#""reportTime": true"#) }
        #expect(loaded.map(\.path) == ["foo_bar_1_0_case_10_1_1.json"])
    }

    @Test("A case's data is JSON of 39 members in ASCII, and hostile text comes back as it was")
    func readsBack() throws {
        let files = try AutobahnRenderer.render([Self.report()]).filter { $0.path.hasSuffix(".json") }
        #expect(files.map(\.path) == ["index.json", "foo_bar_1_0_case_10_1_1.json", "foo_bar_1_0_case_7_3_2.json"])
        #expect(files.flatMap(\.octets).allSatisfy { $0 < 0x80 })
        for file in files.dropFirst() {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(file.octets)) as? [String: Any]
            )
            #expect(object.count == 39)
            #expect(object["description"] as? String == "A case of \(Self.hostile)")
        }
    }

    @Test(
        "A name becomes a part of a file name as in Autobahn",
        arguments: [
            ("foo Bar/1.0", "foo_bar_1_0"), (" Python/3.11 websockets/17.4\n", "python_3_11_websockets_17_4"),
            ("(x)", "x"), ("../../etc/passwd", "etc_passwd"), ("é", ""), ("a  b", "a__b"), ("7.3.2", "7_3_2"),
        ]
    )
    func fileName(name: String, part: String) {
        #expect(AutobahnRenderer.fileName(name) == part)
    }

    @Test("Peers that would get the same files have their addresses in their names where all have to be rendered")
    func distinct() throws {
        var reports = [Self.report("a b"), Self.report("a/b"), Self.report("a b")]
        reports[1].peer.url = "ws://127.0.0.1:9002"
        let names = AutobahnRenderer.distinct(reports).map(\.peer.name)
        #expect(names == ["a b", "a/b ws://127.0.0.1:9002", "a b ws://127.0.0.1:9001"])
        let all = AutobahnRenderer.render(distinct: reports).map(\.path)
        #expect(Set(all).count == all.count && all.count == 2 + 3 * 4)
        let some = AutobahnRenderer.render(distinct: reports, casesOf: ["a/b"]).map(\.path)
        #expect(some.count == 2 + 4 && some[2].hasPrefix("a_b_ws___127_0_0_1_9002_case_10_1_1"))
    }

    @Test("Peers that would get the same files are not rendered together")
    func sameAgent() {
        #expect(throws: RenderError.sameAgent("a b", "a/b")) {
            try AutobahnRenderer.render([Self.report("a b"), Self.report("a/b")])
        }
        #expect(
            RenderError.sameAgent("a", "a").description
                == "two reports are of 'a'; run one again with another --agent, or render them apart"
        )
    }
}
