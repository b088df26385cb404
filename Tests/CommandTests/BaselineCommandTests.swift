import Testing
import WSRunFolder

@Suite("Gating by a baseline")
struct BaselineCommandTests {
    /// Plays the cases of the topic closing against a server with this defect.
    private func play(_ defect: String?, _ arguments: [String], to folder: String) async throws -> Program.Result {
        let echo = try Program.start(["echo", "--port", "0"] + (defect.map { ["--defect", $0] } ?? []))
        defer { echo.interrupt() }
        let address = echo.line().replacing("listening on ", with: "")
        return try await Program.run(
            ["server", address, "--cases", "closing/*", "--quiet", "--agent", "Peer/1", "--out", folder] + arguments
        )
    }

    @Test("From a first report to a gate: known is 0, new and mended are 1, and update follows")
    func whole() async throws {
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            let file = FileSystem.join(folder, "baseline.json")
            #expect(try await play("accepts-invalid-close-code", [], to: run).status == 1)
            let begun = try await Program.run(["baseline", "init", run, "--out", file])
            #expect(begun.status == 0 && begun.output.contains("to be explained"), "\(begun)")

            let known = try await play("accepts-invalid-close-code", ["--baseline", file], to: run)
            #expect(known.status == 0 && known.output.contains(" known (\(file))"), "\(known)")
            let line = /wsconform: \S+: (1 entry is|\d+ entries are) still to be explained; write why each stays\n/
            #expect(known.error.wholeMatch(of: line) != nil, "\(known)")
            var text = String(decoding: try FileSystem.read(file), as: UTF8.self)
            text.replace("to be explained", with: "the library does so")
            try FileSystem.replace(file, with: Array(text.utf8))
            let explained = try await play("accepts-invalid-close-code", ["--baseline", file], to: run)
            #expect(explained.status == 0 && explained.error == "", "\(explained)")

            let other = try await play("replies-999", ["--baseline", file], to: run)
            #expect(other.status == 1 && other.output.contains(" new"), "\(other)")

            let mended = try await play(nil, ["--baseline", file], to: run)
            #expect(mended.status == 1 && mended.output.contains(" mended"), "\(mended)")
            let updated = try await Program.run(["baseline", "update", file, run])
            #expect(updated.status == 0 && updated.output.contains("dropped  RFC"), "\(updated)")
            #expect(try await play(nil, ["--baseline", file], to: run).status == 0)
        }
    }

    @Test("A report is a baseline, too, and diff says what differs from it")
    func reports() async throws {
        try await Program.withFolder { folder in
            let (before, after) = (FileSystem.join(folder, "before"), FileSystem.join(folder, "after"))
            #expect(try await play(nil, [], to: before).status == 0)
            #expect(try await play("accepts-invalid-close-code", ["--baseline", before], to: after).status == 1)
            let worse = try await Program.run(["diff", before, after])
            #expect(worse.status == 1 && worse.output.contains("worse  pass → fail"), "\(worse)")
            let better = try await Program.run(["diff", after, before])
            #expect(better.status == 0 && better.output.contains("better  fail → pass"), "\(better)")
            let same = try await Program.run(["diff", before, before])
            #expect(
                same.status == 0 && same.output.hasSuffix("0 cases worse, 0 better, 0 otherwise different\n"),
                "\(same)"
            )
        }
    }

    @Test(
        "What cannot be compared is one line",
        arguments: [
            ("{}", [String](), 64, "has no schema"), ("{", [], 64, "not JSON"),
            (
                #"{"schema": "wsconform-baseline/1", "roleUnderTest": "client", "expected": []}"#, [], 64,
                "is for a client"
            ),
            (#"{"schema": "wsconform-baseline/1", "peer": "other/1", "expected": []}"#, [], 2, "is for other/1"),
            (
                #"{"schema": "wsconform-baseline/1", "expected": []}"#, ["--fail-on", "never"], 64,
                "nothing is compared"
            ),
            (
                #"{"schema": "wsconform-baseline/1", "expected": []}"#, ["--strict", "--fail-on", "must"], 64,
                "--strict means"
            ),
            (
                #"{"schema": "wsconform-baseline/1", "expected": []}"#, ["--fail-on-impact", "beauty"], 64,
                "'beauty' is no impact"
            ),
        ]
    )
    func bad(text: String, arguments: [String], status: Int, words: String) async throws {
        try await Program.withFolder { folder in
            let file = FileSystem.join(folder, "b.json")
            try FileSystem.replace(file, with: Array(text.utf8))
            let out = FileSystem.join(folder, "run")
            let result = try await Program.run(
                ["server", "--embedded", "--cases", "ping/empty", "--quiet", "--agent", "Peer/1", "--out", out]
                    + ["--baseline", file] + arguments
            )
            #expect(Int(result.status) == status, "\(result)")
            let lines = result.error.split(separator: "\n")
            #expect(lines.count == 1 && result.error.contains(words), "\(result.error)")
        }
    }

    @Test("A baseline is not written over another, and a report is not updated")
    func kept() async throws {
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            #expect(try await play(nil, [], to: run).status == 0)
            let report = FileSystem.join(run, "report.json")
            let over = try await Program.run(["baseline", "init", run, "--out", report])
            #expect(over.status == 64 && over.error.contains("exists"), "\(over)")
            let update = try await Program.run(["baseline", "update", report, run])
            #expect(update.status == 64 && update.error.contains("is a report"), "\(update)")
        }
    }
}
