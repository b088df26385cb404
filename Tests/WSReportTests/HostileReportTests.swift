import Testing
import WSJudge
import WSLimits
import WSReport
import WSScenario

@Suite struct `A report with text of a hostile peer` {
    private static let acted = "\u{9B}2J \u{202E}abc\u{200B}\u{2028}\u{2029}\u{FEFF}\u{7F}\u{E0001}\u{AD}"

    private static func report(_ reason: String, findings: Int = 0) -> Report {
        var entry = Report.Case(
            id: "ping/a",
            title: "A",
            verdict: .fail,
            behaviour: .fail,
            closing: .pass,
            reason: reason
        )
        entry.findings = (0..<findings).map { _ in
            Finding(rule: "a", axis: .behaviour, verdict: .fail, requirement: "b", reason: reason, key: .sent)
        }
        return Report(
            tool: Report.Tool(version: "1"),
            roleUnderTest: .server,
            peer: Report.Peer(name: reason, url: "ws://a"),
            options: Report.Options(seed: 1, profile: .rfc, effort: .quick, jobs: 1),
            run: nil,
            cases: [entry],
            footer: Report.Footer(complete: true, reason: reason)
        )
    }

    @Test func `has nothing in it that a terminal acts on, and reads back as it was`() throws {
        let report = Self.report(Self.acted + "äöü€😀")
        let written = ReportText.encode(report, cases: ["ping/a": ReportText.encode(report.cases[0])])
        let text = String(decoding: written, as: UTF8.self)
        for scalar in Self.acted.unicodeScalars where !scalar.properties.isAlphabetic && scalar.value > 0x7E {
            #expect(!text.unicodeScalars.contains(scalar))
        }
        #expect(text.contains("\\u202e") && text.contains("\\u009b") && text.contains("\\udb40\\udc01"))
        #expect(text.contains("äöü€😀"))
        #expect(try ReportText.decode(written, file: "report.json") == report)
    }

    @Test func `has no more of it in a case than the limit allows`() throws {
        let hostile = String(repeating: "\u{1B}\u{202E}", count: 40_000)
        var judgement = Samples.judgement()
        judgement.findings = (0..<500).map { _ in
            var finding = Finding(
                rule: "a",
                axis: .closing,
                verdict: .fail,
                requirement: "b",
                reason: hostile,
                key: .sent
            )
            finding.evidence = Array(repeating: Evidence(.received, offset: .max, length: .max), count: 500)
            return finding
        }
        judgement.reason = judgement.findings[0].reason
        judgement.wireLines = Array(repeating: WireLine(String(hostile.prefix(400))), count: 40)
        judgement.autobahn?.httpResponse = hostile
        judgement.autobahn?.received = Array(repeating: ["message", String(hostile.prefix(100)), "true"], count: 5_000)
        judgement.autobahn?.rxOctetStats = Dictionary(uniqueKeysWithValues: (1...20_000).map { ($0, 1) })
        var builder = Samples.builder(.rfc)
        builder.add(Samples.judged(Samples.scenario(), judgement))
        let entry = try #require(Samples.report(builder).cases.first)
        #expect(ReportText.encode(entry).count <= Limits.reportCase.value)
        #expect(!entry.reason.isEmpty && !entry.findings.isEmpty && !entry.wire.isEmpty)
    }

    @Test func `quotes no more of it in a sentence than the limit allows`() {
        let long = String(repeating: "€", count: 50_000)
        let finding = Finding(rule: "a", axis: .behaviour, verdict: .fail, requirement: "b", reason: long, key: .sent)
        #expect(finding.reason.utf8.count <= Limits.reason.value + 3)
        #expect(finding.reason.hasSuffix("€…"))
    }
}

@Suite struct `A file that is no report` {
    /// A file, and a word of what is said of it; made when it is needed, as some are large.
    struct Row: Sendable, CustomTestStringConvertible {
        var word: String
        var text: @Sendable () -> String

        var testDescription: String { word }

        init(_ word: String, _ text: @escaping @Sendable () -> String) {
            self.word = word
            self.text = text
        }
    }

    private static let rows = [
        Row("holds no object") { "[]" },
        Row("holds no object") { "\"a\"" },
        Row("holds no object") { "12" },
        Row("not JSON") { "{" },
        Row("not JSON") { "" },
        Row("report-string") { "{\"schema\":\"\(String(repeating: "a", count: Limits.reportString.value + 1))\"}" },
        Row("report-depth") { String(repeating: "[", count: 100) },
        Row("report-values") { "{\"a\":[\(String(repeating: "1,", count: Limits.reportValues.value))1]}" },
        Row("report-file") { String(repeating: "\n", count: Limits.reportFile.value + 1) },
    ]

    @Test(arguments: rows)
    func `is refused in one line before it costs memory`(row: Row) {
        #expect {
            _ = try ReportText.decode(Array(row.text().utf8), file: "report.json")
        } throws: { error in
            "\(error)".hasPrefix("report.json: ") && "\(error)".contains(row.word) && !"\(error)".contains("\n")
        }
    }
}
