import Foundation
import Testing
import WSJudge
import WSLimits
import WSReport
import wsconform

@Suite("Files that somebody else has made", .serialized, .timeLimit(.minutes(15)))
struct HostileFileTests {
    /// Records a run of a few cases, for others to spoil.
    private func withRun(_ body: (_ run: String, _ again: String) async throws -> Void) async throws {
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            let result = try await Program.run(["server", "--embedded", "--cases", "ping/*", "--out", run, "--quiet"])
            try #require(result.status == 0, "\(result.error)")
            try await body(run, FileSystem.join(folder, "again"))
        }
    }

    @Test("A transcript that is damaged, a link or a FIFO makes its case inconclusive; the others are judged")
    func transcripts() async throws {
        try await withRun { run, again in
            let report = try RunFolder(path: run).readReport()
            let ids = Array(report.cases.map(\.id).prefix(3))
            let paths = ids.map { FileSystem.join(run, "transcripts/\($0).ndjson") }
            try FileSystem.replace(paths[0], with: Array("no transcript\n".utf8))
            for path in paths[1...] { try FileManager.default.removeItem(atPath: path) }
            try FileManager.default.createSymbolicLink(atPath: paths[1], withDestinationPath: "/etc/passwd")
            try #require(unsafe mkfifo(paths[2], 0o600) == 0)

            let result = try await Program.run(["judge", run, "--out", again])
            #expect(result.status == 2, "\(result.error)")
            let judged = try RunFolder(path: again).readReport()
            #expect(judged.summary.inconclusive == 3 && judged.summary.pass == report.summary.pass - 3)
            for (id, words) in zip(ids, ["line 1", "is a link", "is no regular file"]) {
                let entry = try #require(judged.cases.first { $0.id == id })
                #expect(entry.verdict == .inconclusive && entry.reason.contains(words), "\(entry.reason)")
            }
            #expect(!FileSystem.exists(FileSystem.join(again, "transcripts/\(ids[1]).ndjson")))
        }
    }

    @Test("A report that cannot be read leaves the one in --out as it was")
    func earlierReport() async throws {
        try await withRun { run, again in
            #expect(try await Program.run(["judge", run, "--out", again, "--quiet"]).status == 0)
            let before = try FileSystem.read(FileSystem.join(again, "report.json"))
            let report = FileSystem.join(run, "report.json")
            for (text, words) in [
                ("[]", "holds no object"), ("{", "not JSON"), ("{\"schema\":\"\u{1B}]0;owned\u{7}\r\nx\"}", "schema"),
            ] {
                try FileSystem.replace(report, with: Array(text.utf8))
                let result = try await Program.run(["judge", run, "--out", again])
                #expect(result.status == 2)
                #expect(result.error.contains(words), "\(result.error)")
                #expect(!result.error.contains("\u{1B}") && !result.error.contains("\u{7}"))
                #expect(result.error.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
                #expect(!result.error.contains("\r"))
                #expect(try FileSystem.read(FileSystem.join(again, "report.json")) == before)
            }
        }
    }

    @Test(
        "A run that judges nothing leaves an earlier report as it was",
        arguments: [
            ["server", "ws://127.0.0.1:1"], ["client", "--listen", "192.0.2.1:1"],
            ["client", "--", "/no/such/command"],
        ]
    )
    func nothingJudged(words: [String]) async throws {
        try await withRun { run, _ in
            let before = try FileSystem.read(FileSystem.join(run, "report.json"))
            var words = words
            words.insert(contentsOf: ["--quiet", "--out", run], at: 1)
            let result = try await Program.run(words)
            #expect(result.status == 2, "\(result.error)")
            #expect(try FileSystem.read(FileSystem.join(run, "report.json")) == before)
        }
    }

    @Test(
        "What cannot be written is told, and what came of the run is printed all the same",
        arguments: ["report.json.partial", "transcripts/ping/empty.ndjson"]
    )
    func unwritable(entry: String) async throws {
        try await Program.withFolder { folder in
            // A folder in the place of a file: what a full disk does, without one.
            try FileSystem.createFolder(FileSystem.join(folder, entry))
            try FileSystem.replace(FileSystem.join(folder, "\(entry)/a"), with: [1])
            let result = try await Program.run(["server", "--embedded", "--cases", "ping/empty", "--out", folder])
            #expect(result.status == 2)
            #expect(result.output.contains("1 case") && result.output.contains("1 pass"))
            #expect(result.error.contains("\(entry): cannot be"), "\(result.error)")
        }
    }

    @Test("A report that cannot be written leaves the one of an earlier run as it was")
    func unwritableReport() async throws {
        try await withRun { run, _ in
            let before = try FileSystem.read(FileSystem.join(run, "report.json"))
            try FileSystem.createFolder(FileSystem.join(run, "report.json.partial/a"))
            let result = try await Program.run(["server", "--embedded", "--cases", "ping/empty", "--out", run])
            #expect(result.status == 2)
            #expect(result.output.contains("1 pass") && result.error.contains("report.json.partial: cannot be opened"))
            #expect(try FileSystem.read(FileSystem.join(run, "report.json")) == before)
        }
    }

    @Test("What is no file is refused at once", arguments: ["/dev/zero", "/dev/stdin"])
    func devices(path: String) async throws {
        let result = try await Program.run(["render", path, "--format", "autobahn", "--out", "/nowhere"])
        #expect(result.status == 2)
        #expect(result.error == "wsconform: \(path): is no regular file; check the path\n")
    }

    @Test(
        "Text of the user's stays on one line, without what a terminal acts on",
        arguments: [
            ["server", "ws://a", "--header", "A: b\r\nC: \u{1B}[2Jd"], ["server", "ws://a\u{9B}b\r\n"],
            ["cases", "show", "\r\n\u{202E}"],
            ["server", "ws://a", "--timeout", "\u{1B}\r\n"],
        ]
    )
    func words(arguments: [String]) async throws {
        let result = try await Program.run(arguments)
        #expect(result.status == 64)
        #expect(result.error.utf8.count { $0 == UInt8(ascii: "\n") } == 1, "\(result.error)")
        for harmful: Unicode.Scalar in ["\r", "\u{1B}", "\u{9B}", "\u{202E}"] {
            #expect(!result.error.unicodeScalars.contains(harmful))
        }
    }

    @Test(
        "A negative number is called out of range, not missing",
        arguments: [
            ["server", "ws://a", "--timeout", "-1"], ["server", "ws://a", "--jobs", "-1"],
            ["client", "--timeout", "-1"],
            ["client", "--jobs", "-1"], ["echo", "--port", "-1"],
        ]
    )
    func negative(arguments: [String]) async throws {
        let result = try await Program.run(arguments)
        #expect(result.status == 64)
        #expect(result.error.contains("\(arguments[arguments.count - 2]) -1"), "\(result.error)")
        #expect(result.error.contains("out of range"))
    }
}
