import Testing
import WSCommand
import WSConform
import WSJudge
import WSReport
import WSRunFolder
import WSTranscript

@Suite("Cases around a peer's limit, from the command line", .serialized, .timeLimit(.minutes(15)))
struct PeerLimitCommandTests {
    @Test(
        "The built-in peer passes with a limit that is learned or given, and its record is judged again alike",
        arguments: ["server", "client"],
        [[], ["--peer-limit", "16M"]]
    )
    func embedded(role: String, option: [String]) async throws {
        try await Program.withFolder { folder in
            let (run, again) = (FileSystem.join(folder, "run"), FileSystem.join(folder, "again"))
            let words = [role, "--embedded", "--cases", "compression/peer-limit/*", "--out", run] + option
            let result = try await Program.run(words)
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let report = try RunFolder(path: run).readReport()
            #expect(report.summary.pass == report.summary.total && report.summary.total == 4)
            #expect(report.options.peerLimit == (option.isEmpty ? nil : 16 << 20))
            for entry in report.cases {
                #expect(entry.title.contains("limit of 16777216 octets"))
                let transcript = try RunFolder(path: run).readTranscript(of: entry.id)
                #expect(transcript.header.peerLimit == 16 << 20)
            }
            #expect(try await Program.run(["judge", run, "--out", again]).status == 0)
            #expect(try RunFolder(path: again).readReport() == report)
        }
    }

    @Test("A wrong limit is a finding that judge makes again, and the command for it names the limit")
    func wrong() async throws {
        try await Program.withFolder { folder in
            let (run, again) = (FileSystem.join(folder, "run"), FileSystem.join(folder, "again"))
            let words = ["--embedded", "--cases", "compression/peer-limit/one-frame", "--peer-limit", "1000"]
            let result = try await Program.run(["server", "--out", run] + words)
            #expect(result.status == 1, "\(result.output)\(result.error)")
            #expect(result.output.contains("1001 octets inflated, 1 above its limit of 1000"), "\(result.output)")
            #expect(result.output.contains("--peer-limit 1000"), "\(result.output)")
            #expect(try await Program.run(["judge", run, "--out", again]).status == 1)
            #expect(try RunFolder(path: again).readReport() == RunFolder(path: run).readReport())
        }
    }

    @Test(
        "A transcript that names a limit which there cannot be makes its case inconclusive",
        arguments: ["0", "9000000000000"]
    )
    func forged(limit: String) async throws {
        try await Program.withFolder { folder in
            let (run, again) = (FileSystem.join(folder, "run"), FileSystem.join(folder, "again"))
            let id = "compression/peer-limit/one-frame"
            let words = ["server", "--embedded", "--cases", id, "--peer-limit", "16M", "--out", run]
            _ = try await Program.run(words)
            let path = FileSystem.join(run, RunFolder.transcriptPath(of: id))
            let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
            let changed = text.replacing(#""peerLimit":16777216"#, with: #""peerLimit":"# + limit)
            try #require(changed != text)
            try FileSystem.replace(path, with: Array(changed.utf8))
            _ = try await Program.run(["judge", run, "--out", again])
            let entry = try RunFolder(path: again).readReport().cases.first
            #expect(entry?.verdict == .inconclusive)
        }
    }
}
