import Foundation
import Testing
import WSCommand
import WSConform
import WSJudge
import WSLimits
import WSReport
import WSRunFolder
import WSTranscript

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

    @Test("A transcript in the wrong place, of another version or of another stimulus is never judged; the others are")
    func misplaced() async throws {
        try await withRun { run, again in
            let report = try RunFolder(path: run).readReport()
            let ids = report.cases.map(\.id).filter { RunFolder(path: run).hasTranscript(of: $0) }
            try #require(ids.count >= 6)
            func path(_ id: String) -> String { FileSystem.join(run, "transcripts/\(id).ndjson") }
            func edit(_ id: String, _ change: (String) -> String) throws {
                let text = String(decoding: try FileSystem.read(path(id)), as: UTF8.self)
                let changed = change(text)
                try #require(changed != text)
                try FileSystem.replace(path(id), with: Array(changed.utf8))
            }
            try FileSystem.replace(path(ids[0]), with: FileSystem.read(path(ids[1])))
            try edit(ids[2]) { $0.replacing("\"opcode\":9", with: "\"opcode\":1") }
            try edit(ids[3]) { $0.replacing("wsconform-transcript/2", with: "wsconform-transcript/3") }
            try edit(ids[4]) { $0.replacing("\"step\":0,\"frame\":0", with: "\"step\":0,\"frame\":7000000") }
            try edit(ids[5]) { Self.withStimulus(of: $0) { $0.replacing("\"opcode\":9", with: "\"opcode\":1") } }

            let result = try await Program.run(["judge", run, "--out", again])
            #expect(result.status == 2, "\(result.error)")
            let judged = try RunFolder(path: again).readReport()
            let words = [
                "its transcript is of another case, \(ids[1]); run it again", "", "the digest of what was played",
                "is newer than wsconform-transcript/2", "names octets of the script that it does not have there",
                "recorded for another stimulus; run it again",
            ]
            for (id, words) in zip(ids, words) where !words.isEmpty {
                let entry = try #require(judged.cases.first { $0.id == id })
                #expect(entry.verdict == .inconclusive && entry.reason.contains(words), "\(id): \(entry.reason)")
                #expect(!entry.reason.contains("\n"))
            }
            #expect(judged.summary.inconclusive == 5 && judged.summary.pass == report.summary.pass - 5)
        }
    }

    @Test("A scenario whose pace has changed since is judged by what was recorded, and that is told")
    func otherPace() async throws {
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            let id = "utf8/fail-fast/fragment-surrogate"
            let played = try await Program.run(["server", "--embedded", "--cases", id, "--out", run, "--quiet"])
            try #require(played.status == 0, "\(played.error)")
            let path = FileSystem.join(run, "transcripts/\(id).ndjson")
            let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
            let changed = Self.withStimulus(of: text) { $0.replacing("\"count\":2,", with: "\"count\":3,") }
            try #require(changed != text)
            try FileSystem.replace(path, with: Array(changed.utf8))
            let result = try await Program.run(["judge", run, "--out", FileSystem.join(folder, "again"), "--quiet"])
            #expect(result.status == 0, "\(result.output)")
            let line = "1 case was played at another pace than today, first \(id); judged by what was recorded\n"
            #expect(result.error.hasSuffix(line), "\(result.error)")
        }
    }

    /// A transcript whose stimulus was changed by a program that knew to give it a digest.
    private static func withStimulus(of text: String, _ change: (String) -> String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let changed = change(lines[0])
        guard let start = changed.firstRange(of: ",\"stimulus\":")?.upperBound,
            let old = changed.firstRange(of: "\"stimulusDigest\":\"")?.upperBound
        else { return text }
        let stimulus = RecordedStimulus(text: Array(changed[start...].dropLast().utf8))
        lines[0] = changed.replacing(changed[old...].prefix(64), with: stimulus.digest)
        return lines.joined(separator: "\n")
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
