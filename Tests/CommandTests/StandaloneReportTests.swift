import Foundation
import Testing
import WSCatalogue
import WSCommand
import WSConform
import WSJudge
import WSReport
import WSRunFolder

@Suite("A report stands alone", .timeLimit(.minutes(15)))
struct StandaloneReportTests {
    private func withRun(_ words: [String], _ body: (_ folder: String, Report) async throws -> Void) async throws {
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            let result = try await Program.run(words + ["--out", run, "--quiet"])
            try #require(result.status == 0, "\(result.error)")
            try await body(run, try RunFolder(path: run).readReport())
        }
    }

    @Test("It has what every requirement says that it cites, and nothing else", arguments: ["server", "client"])
    func requirements(role: String) async throws {
        try await withRun([role, "--embedded", "--cases", "closing/*"]) { _, report in
            var ids: Set<String> = []
            for entry in report.cases {
                ids.formUnion(entry.requirements.map(\.id) + entry.findings.map(\.requirement))
                for defect in entry.references ?? [] { ids.formUnion(defect.about) }
            }
            #expect(!ids.isEmpty && Set(report.requirements.keys) == ids)
            for (id, requirement) in report.requirements {
                let own = try #require(RequirementTable.shared.requirement(id), "\(id)")
                #expect(requirement.sentence == own.summary && requirement.section == own.section)
            }
            #expect(report.tool.catalogue == Catalogue.digest && Catalogue.digest.count == 64)
        }
    }

    @Test("Its lines have the octets that went over the wire", arguments: ["server", "client"])
    func octets(role: String) async throws {
        try await withRun([role, "--embedded", "--cases", "ping/empty"]) { folder, report in
            let entry = try #require(report.cases.first)
            let requests = entry.wire.filter { $0.hex?.hasPrefix("474554202f") == true }
            #expect(requests.map(\.offset) == [0], "GET /")
            let ping = try #require(
                entry.wire.first { $0.text == "> ping FIN 0 octets \"\"" || $0.text.hasPrefix("> ping FIN") }
            )
            let pong = try #require(entry.wire.first { $0.text.hasPrefix("< pong FIN") })
            #expect(ping.hex?.hasPrefix(role == "server" ? "8980" : "8900") == true, "\(ping)")
            #expect(pong.hex?.hasPrefix(role == "server" ? "8a00" : "8a80") == true, "\(pong)")
            // Judging anew finds the same octets.
            let again = FileSystem.join(FileSystem.folder(of: folder), "again")
            #expect(try await Program.run(["judge", folder, "--out", again, "--quiet"]).status == 0)
            #expect(try RunFolder(path: again).readReport().cases == report.cases)
        }
    }
}
