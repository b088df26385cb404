import WSCatalogue
package import WSFuzzing
import WSJudge
import WSKernels
import WSLink
import WSModelPeer
import WSProtocol
import WSReport
import WSRunFolder
import WSRunner
package import WSScenario
import WSTranscript

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tests judging the folder of a run that somebody else wrote.
///
/// The input is three texts with 0xFF between them: a transcript, the file beside it, and a report. If the report
/// cannot be read, one is made that has the transcript's case.
///
/// Properties: each case of the old report is in the new one; judging again gives the same report, which is decoded as
/// it was encoded; and a transcript that is filed under another case says nothing about that case.
package struct RunFolderBody: FuzzBody {
    package static let name = "runfolder"
    package static let maximumInputLength = 8192
    package static let shape = InputShape.octets

    private let base: String
    private let source: RunFolder
    private let target: RunFolder

    /// Creates a body.
    package init() {
        base = FileSystem.join(
            Self.temporaryFolder,
            "wsconform-runfolder-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        )
        source = RunFolder(path: FileSystem.join(base, "run"), ledger: RunLedger())
        target = RunFolder(path: FileSystem.join(base, "again"), ledger: RunLedger())
    }

    private static var temporaryFolder: String {
        unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    }

    /// Two short cases; the transcript of one is filed under the other, too.
    private static let cases = Catalogue.all.filter { $0.targets.contains(.server) && $0.id.hasPrefix("ping/") }

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var octets: [UInt8] = []
        for index in input.indices { octets.append(input[index]) }
        let parts = octets.split(separator: 0xFF, maxSplits: 2, omittingEmptySubsequences: false)
        defer { try? FileSystem.removeAll(base) }
        do throws(FileError) {
            return try judge(
                Array(parts[0]),
                parts.count > 1 ? Array(parts[1]) : [],
                parts.count > 2 ? Array(parts[2]) : []
            )
        } catch {
            return Finding("a folder of our own can be written", "\(error)")
        }
    }

    private func judge(_ transcript: [UInt8], _ sidecar: [UInt8], _ text: [UInt8]) throws(FileError) -> Finding? {
        try file(transcript, sidecar, as: Self.cases[0])
        let header = try? source.readTranscript(of: Self.cases[0].id).header
        let own = header.flatMap { Catalogue.scenario($0.scenario) } ?? Self.cases[0]
        let other = Self.cases.first { $0.id != own.id } ?? own
        // Overwriting a file on a disk takes time.
        for scenario in [own, other] where scenario.id != Self.cases[0].id {
            try file(transcript, sidecar, as: scenario)
        }
        let made = report(of: [own, other])
        try FileSystem.replace(source.reportPath, with: text)
        let old = (try? source.readReport()) ?? made
        let first = try judged(old)
        guard Set(first.cases.map(\.id)) == Set(old.cases.map(\.id)) else {
            return Finding("each case of a report is in the one that is made of it", "\(first.cases.map(\.id))")
        }
        guard try judged(old) == first else { return Finding("a folder has one report", own.id) }
        guard (try? ReportText.decode(ReportText.encode(first), file: "r")) == first else {
            return Finding("a report reads back as it was written", own.id)
        }
        let misfiled = try judged(made).cases.first { $0.id == other.id }
        guard header?.scenario == other.id || misfiled?.verdict == .inconclusive else {
            return Finding(
                "a transcript under another id shows nothing about that",
                "\(other.id): \(misfiled?.reason ?? "")"
            )
        }
        return nil
    }

    private func file(_ transcript: [UInt8], _ sidecar: [UInt8], as scenario: Scenario) throws(FileError) {
        let path = FileSystem.join(source.path, RunFolder.transcriptPath(of: scenario.id))
        try FileSystem.createFolder(FileSystem.folder(of: path))
        try FileSystem.replace(path, with: transcript)
        guard !sidecar.isEmpty else { return }
        try FileSystem.replace(String(path.dropLast("ndjson".count)) + "bin", with: sidecar)
    }

    private func judged(_ old: Report) throws(FileError) -> Report {
        try FileSystem.removeAll(target.path)
        try target.prepare()
        return Rejudging(old: old, source: source, target: target, profile: nil).report().report
    }

    private func report(of scenarios: [Scenario]) -> Report {
        let cases = scenarios.map { scenario in
            Report.Case(
                id: scenario.id,
                title: scenario.title,
                verdict: .pass,
                behaviour: .pass,
                closing: .pass,
                transcript: RunFolder.transcriptPath(of: scenario.id)
            )
        }
        return Report(
            tool: ToolIdentity.inReports,
            roleUnderTest: .server,
            peer: Report.Peer(name: "p", url: "ws://127.0.0.1:9001"),
            options: Report.Options(seed: 1, profile: .rfc, effort: .quick, jobs: 1, cases: ["*"], exclude: []),
            run: nil,
            cases: cases,
            footer: Report.Footer(complete: true)
        )
    }

    /// An input with the record of a scenario against the model server, made in memory.
    package static func recording(of scenario: Scenario) -> [UInt8] {
        guard let target = try? TargetURL("ws://127.0.0.1:9001") else { return [] }
        var link = InMemoryLink(
            client: ConversationMachine(scenario: scenario, settings: ConversationSettings(target: target)),
            server: ModelServer(ModelServerSettings(defects: [])),
            chunkLength: 65_536
        )
        link.run()
        return TranscriptText.encode(link.client.transcript)
    }
}
