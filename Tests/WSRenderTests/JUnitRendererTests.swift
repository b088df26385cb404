import Foundation
import TestSupport
import Testing
import WSJudge
import WSRender
import WSReport

@Suite("JUnit reports")
struct JUnitRendererTests {
    private func text(_ reports: Report...) throws -> String {
        let files = try JUnitRenderer.render(reports)
        #expect(files.map(\.path) == ["junit.xml"])
        return try #require(files.first).text
    }

    @Test("A report is rendered as it was looked at once", arguments: RenderSample.all)
    func golden(_ sample: RenderSample) throws {
        let difference = try Golden.difference(text(sample.report), from: "junit-\(sample.name).xml")
        #expect(difference == nil)
    }

    @Test("A file says failure or error exactly where the exit status is not 0")
    func neverBetter() throws {
        for report in [RenderSamples.ordinary, RenderSamples.incomplete, RenderSamples.report([])] {
            #expect(try text(report).contains(#/<(failure|error) /#))
        }
        let passing = RenderSamples.report(RenderSamples.cases.filter { $0.verdict == .pass })
        #expect(try text(passing).contains("failures=\"1\""))
        #expect(try !text(RenderSamples.clean).contains(#/<(failure|error) /#))
        var lacking = RenderSamples.clean
        lacking.options.require = ["slow"]
        lacking.leftOut = [Report.LeftOut(why: "slow", cases: 2, option: "--cases tag:slow")]
        #expect(try text(lacking).contains("errors=\"1\""))
    }

    @Test("What is known to fail is skipped with its reason, and an entry that does not hold fails")
    func baseline() throws {
        var report = RenderSamples.ordinary
        var outcome = Report.BaselineOutcome(file: "b.json")
        report.baseline = outcome
        #expect(RunConclusion(of: report).status != .findings)
        let known = try text(report)
        #expect(!known.contains("<failure ") && known.contains("known: "))
        outcome.mended = [.init(pattern: "ping/*", text: "holds no more; drop it")]
        report.baseline = outcome
        #expect(try text(report).contains(#/<failure [^>]*holds no more/#))
        outcome.mended = []
        outcome.new = report.countedCases.map(\.id)
        report.baseline = outcome
        #expect(try text(report).contains("<failure "))
    }

    @Test("What is found in passing and known as what cases fail for is no failure")
    func knownInPassing() throws {
        let passing = RenderSamples.cases.first { $0.findings.contains { $0.isPassive && $0.verdict == .fail } }
        var failing = try #require(passing)
        var own = try #require(failing.findings.first { $0.isPassive && $0.verdict == .fail })
        own.passing = nil
        failing.id = "ping/fails-for-it"
        failing.verdict = .fail
        failing.findings = [own]
        var report = RenderSamples.report(RenderSamples.cases.filter { $0.verdict == .pass } + [failing])
        report.baseline = Report.BaselineOutcome(file: "b.json")
        #expect(RunConclusion(of: report).status != .findings)
        #expect(try !text(report).contains("<failure "))
        report.baseline?.new = [failing.id]
        #expect(try text(report).contains(#/failures="2"/#))
    }

    @Test("Every file is XML of the common form, whatever the peer wrote")
    func schema() throws {
        guard let xmllint = Self.xmllint else {
            // Where all peers must take part, so must this program.
            #expect(ProcessInfo.processInfo.environment["WSCONFORM_REQUIRE_PEERS"] != "1", "xmllint is missing")
            return
        }
        let reports = [RenderSamples.ordinary, RenderSamples.incomplete, RenderSamples.hostileReport]
        for chosen in [[reports[0]], [reports[1]], [reports[2]], reports] {
            let file = try #require(try JUnitRenderer.render(chosen).first)
            #expect(try Self.problems(of: file.text, xmllint) == "")
        }
        let wrong = try text(reports[0]).replacingOccurrences(of: "<failure", with: "<failed")
        #expect(try Self.problems(of: wrong, xmllint) != "")
    }

    private static var xmllint: String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/xmllint" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func problems(of text: String, _ xmllint: String) throws -> String {
        let schema = URL(filePath: #filePath).appending(path: "../../../Reports/schema/junit.xsd").standardized
        let file = FileManager.default.temporaryDirectory.appending(path: "junit-\(UUID().uuidString).xml")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let error = Pipe()
        process.executableURL = URL(filePath: xmllint)
        process.arguments = ["--nonet", "--noout", "--schema", schema.path, file.path]
        process.standardError = error
        try process.run()
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : said
    }
}
