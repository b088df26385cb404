import Foundation
import TestSupport
import Testing
import WSGate
import WSReport

@Suite("The file of a baseline")
struct BaselineTextTests {
    private func read(_ text: String) throws(ReportError) -> Baseline {
        try BaselineText.decode(Array(text.utf8), file: "b.json")
    }

    private func file(_ entries: String, more: String = "") -> String {
        "{\"schema\": \"wsconform-baseline/1\", \(more)\"expected\": [\(entries)]}"
    }

    @Test func `has an entry on each line and reads back as it was`() throws {
        var baseline = GateSamples.baseline("closing/*", "RFC6455-6.2-01", "ping/\u{202E}\"\n")
        baseline.role = .client
        baseline.peer = "Client/1 \u{1B}[2J"
        baseline.entries[0].link = "https://example.org/1"
        baseline.entries[0].until = "2028-02-29"
        baseline.entries[1].atMost = 5
        baseline.entries[1].cases = ["ping/a", "ping/b"]
        let octets = BaselineText.encode(baseline)
        let text = String(decoding: octets, as: UTF8.self)
        #expect(text.split(separator: "\n").count { $0.contains("\"pattern\"") } == 3)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) })
        var back = try BaselineText.decode(octets, file: "b.json")
        back.entries.sort { $0.pattern < $1.pattern }
        baseline.entries.sort { $0.pattern < $1.pattern }
        #expect(back == baseline)
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let schema = try JSONSchema(Data(contentsOf: root.appending(path: "Reports/schema/baseline-1.schema.json")))
        #expect(try schema.problems(of: Data(octets)) == [])
        #expect(try schema.problems(of: Data(BaselineText.encode(GateSamples.baseline()))) == [])
    }

    @Test func `may be a report`() throws {
        let report = GateSamples.report([GateSamples.entry("ping/a", [GateSamples.finding()])])
        let baseline = try BaselineText.decode(ReportText.encode(report), file: "r.json")
        #expect(baseline.isOfReport && baseline.entries.map(\.pattern) == ["ping/a"])
    }

    @Test(arguments: [
        ("{", "not JSON"), ("[]", "no object"), ("{}", "has no schema"),
        (#"{"schema": "wsconform-baseline/2", "expected": []}"#, "not wsconform-baseline/1"),
        (#"{"schema": "wsconform-report/9", "expected": []}"#, "wsconform-report/9"),
        (#"{"schema": "wsconform-baseline/1"}"#, "expected"),
        (#"{"schema": "wsconform-baseline/1", "expected": [], "exclude": []}"#, "a member 'exclude'"),
    ])
    func `of another form gets one line`(text: String, word: String) {
        let error = #expect(throws: ReportError.self) { try read(text) }
        let line = error?.description ?? ""
        #expect(line.hasPrefix("b.json: ") && line.contains(word) && !line.contains("\n"), "\(line)")
    }

    @Test(arguments: [
        (#"{"reason": "x"}"#, "entry 1 has no pattern"), (#"{"pattern": "", "reason": "x"}"#, "entry 1 has no pattern"),
        (#"{"pattern": "a"}"#, "'a', has no reason"), (#"{"pattern": "a", "reason": " "}"#, "'a', has no reason"),
        (#"{"pattern": "a", "reason": "x", "untl": "2027-01-01"}"#, "a member 'untl'"),
        (#"{"pattern": "a", "reason": "x", "until": "2027-02-29"}"#, "'2027-02-29', which is no day"),
        (#"{"pattern": "a", "reason": "x", "until": "tomorrow"}"#, "'tomorrow', which is no day"),
        (#"{"pattern": "a", "reason": "x", "atMost": 0}"#, "allows 0 cases"),
        (#"{"pattern": "tag:slow", "reason": "x"}"#, "a report has no tags"),
        (#"{"pattern": "a", "reason": "x"}, {"pattern": "a", "reason": "y"}"#, "entries 1 and 2 are both about 'a'"),
        (#"{"pattern": 1, "reason": "x"}"#, "pattern"), ("1", "expected"),
    ])
    func `has entries that say what they mean`(entries: String, words: String) {
        let error = #expect(throws: ReportError.self) { try read(file(entries)) }
        let line = error?.description ?? ""
        #expect(line.hasPrefix("b.json: ") && line.contains(words) && !line.contains("\n"), "\(line)")
    }
}
