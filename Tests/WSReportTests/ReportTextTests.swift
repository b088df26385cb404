import Foundation
import Testing
import WSReport

@Suite("The report as JSON")
struct ReportTextTests {
    @Test("A report reads back as it was written")
    func roundTrip() throws {
        let report = Samples.mixed
        #expect(try ReportText.decode(ReportText.encode(report), file: "r") == report)
    }

    @Test("A report without volatile parts reads back, too")
    func roundTripWithoutVolatileParts() throws {
        let report = Samples.mixed.withoutVolatileParts
        #expect(try ReportText.decode(ReportText.encode(report), file: "r") == report)
    }

    @Test("The order in which results came does not matter")
    func order() {
        var forward = Samples.builder()
        var backward = Samples.builder()
        let ids = ["a/c", "a/b", "b/a", "a/a"]
        for id in ids { forward.add(Samples.judged(Samples.scenario(id))) }
        for id in ids.reversed() { backward.add(Samples.judged(Samples.scenario(id))) }
        #expect(ReportText.encode(Samples.report(forward)) == ReportText.encode(Samples.report(backward)))
        #expect(Samples.report(forward).cases.map(\.id) == ["a/a", "a/b", "a/c", "b/a"])
    }

    @Test("Keys are sorted, slashes are not escaped, and a line feed ends the file")
    func form() {
        let text = String(decoding: ReportText.encode(Samples.mixed), as: UTF8.self)
        #expect(text.contains(#""id" : "closing/one-byte-payload""#))
        #expect(text.hasSuffix("}\n"))
        let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { $0.prefix { $0 != ":" } }
        #expect(keys == keys.sorted())
    }

    @Test(
        "Cases written one by one give the same octets as a report written at once",
        arguments: [Samples.mixed, Samples.mixed.withoutVolatileParts, Samples.report(Samples.builder())]
    )
    func casesOneByOne(report: Report) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let whole = try Array(encoder.encode(report)) + [UInt8(ascii: "\n")]
        #expect(ReportText.encode(report) == whole)
        let texts = report.cases.map { ($0.id, ReportText.encode($0)) }
        for count in [1, texts.count] where count <= texts.count {
            let written = Dictionary(uniqueKeysWithValues: texts.prefix(count))
            #expect(ReportText.encode(report, cases: written) == whole)
        }
    }

    @Test(
        "A file that is no whole report is refused with the file and the mend",
        arguments: [
            ("", "r.json: not JSON, or cut short; write it again with wsconform"),
            ("{\"schema\": \"wsconform-report/2\",", "r.json: not JSON, or cut short; write it again with wsconform"),
            ("[]", "r.json: holds no object; name a report of wsconform"),
            ("{}", "r.json: has no schema, not wsconform-report/2; name a report of wsconform"),
            (
                "{\"schema\": \"wsconform-report/1\"}",
                "r.json: has the schema wsconform-report/1, not wsconform-report/2; run it again with this version"
            ),
            (
                "{\"schema\": \"wsconform-report/2\"}",
                "r.json: incomplete file, its footer is missing; write it again with wsconform"
            ),
            (
                "{\"schema\": \"wsconform-report/2\", \"footer\": {\"complete\": true}}",
                "r.json: tool is missing; write it again with wsconform"
            ),
        ]
    )
    func refused(text: String, message: String) {
        #expect {
            _ = try ReportText.decode(Array(text.utf8), file: "r.json")
        } throws: { error in
            "\(error)" == message
        }
    }

    @Test("A word that this version does not know is named with its place")
    func unknownWord() {
        let text = String(decoding: ReportText.encode(Samples.mixed), as: UTF8.self)
            .replacingOccurrences(of: "\"closing\" : \"skipped\"", with: "\"closing\" : \"dubious\"")
        #expect {
            _ = try ReportText.decode(Array(text.utf8), file: "r.json")
        } throws: { error in
            "\(error)".hasPrefix("r.json: cases[2].closing has a value that this version does not know")
        }
    }

    @Test("A run that was cut short is a whole file all the same")
    func incompleteRun() throws {
        let footer = RunOutcome.cancelled.footer
        let report = Samples.report(Samples.builder(), footer: footer)
        #expect(try ReportText.decode(ReportText.encode(report), file: "r").footer == footer)
        #expect(!footer.complete)
    }
}
