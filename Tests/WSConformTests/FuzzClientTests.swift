import Foundation
import Synchronization
import Testing
import WSConform
import WSJudge
import WSReport
import WSRunner

/// Clients that are started for each generated conversation.
@Suite(.timeLimit(.minutes(15))) struct `Fuzzing a client` {
    /// Fuzzes the model client with these defects.
    private func fuzz(
        _ defects: [String] = [],
        runs: Int = 400,
        application: RunPlan.Application = .auto
    ) async throws -> (report: Report, notes: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        var settings = RunSettings(out: folder.path)
        settings.jobs = 4
        settings.timeout = SilenceLimit(seconds: 2)
        var test = ClientTest.fuzzing(
            FuzzingPlan(runs: runs),
            application: application,
            .embedded,
            settings: settings
        )
        test.embeddedDefects = EmbeddedClientDefects(defects)
        let notes = RememberedNotes()
        let finished = try await test.run(monitor: notes, stoppedBy: StopSwitch())
        return (try #require(finished.first).report, notes.all)
    }

    @Test func `That is right is accused of nothing`() async throws {
        let (report, notes) = try await fuzz()
        #expect(report.summary.fail == 0, "\(report.cases.map(\.reason))")
        #expect(report.roleUnderTest == .client && report.footer.complete)
        #expect(report.run?.fuzzing?.conversations == 400)
        #expect(notes.contains { $0.contains("400 conversations played") && $0.contains("0 findings") }, "\(notes)")
    }

    @Test(arguments: [
        ("swallows-rsv", "RFC6455-5.2-03"), ("swallows-masked", "RFC6455-5.1-06"),
        ("swallows-reserved-opcode", "RFC6455-5.2-05"), ("swallows-fragmented-control", "RFC6455-5.4-05"),
        ("swallows-invalid-utf8", "RFC6455-8.1-01"), ("reverses-fragments", "RFC6455-5.4-10"),
    ])
    func `That has a defect is found out by what the defect breaks`(defect: String, requirement: String) async throws {
        let (report, notes) = try await fuzz([defect])
        let failed = report.cases.filter { $0.verdict == .fail }
        let cites = failed.contains { $0.requirements.contains { $0.id == requirement } }
        #expect(cites, "\(failed.map(\.reason)) \(notes)")
        // What is filed is small, and whoever plays it again needs the file.
        #expect(failed.allSatisfy { $0.scenario != nil })
    }
}
