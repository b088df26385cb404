import Foundation
import PeerTestSupport
import Testing
import WSCommand
import WSConform
import WSJudge
import WSLink
import WSReport
import WSRunFolder
import WSScenario
import WSTranscript
import WSTransport

@Suite("A recorded run that is judged anew", .serialized, .timeLimit(.minutes(15)))
struct JudgeCommandTests {
    /// Records a run against a server, and gives its folder and one that does not exist yet.
    private func withRun(
        _ words: [String],
        _ body: (_ run: String, _ again: String) async throws -> Void
    ) async throws {
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            let result = try await Program.run(["server"] + words + ["--out", run, "--quiet"])
            // Whatever came of it: a busy machine can leave a case undecided.
            try #require(FileSystem.exists(RunFolder(path: run).reportPath), "\(result.error)")
            try await body(run, FileSystem.join(folder, "again"))
        }
    }

    private func text(of run: String) throws -> String {
        String(decoding: try FileSystem.read(RunFolder(path: run).reportPath), as: UTF8.self)
    }

    private func hex(_ text: String) -> String { text.utf8.map { String(format: "%02x", $0) }.joined() }

    @Test("--fail-by-drop takes Autobahn's verdicts from such a tester, and stays in the report")
    func failByDrop() async throws {
        let words = ["--embedded", "--cases", "ping/*", "--profile", "autobahn"]
        try await withRun(words) { run, again in
            let judged = try await Program.run(["judge", run, "--fail-by-drop", "--out", again])
            let third = again + "-third"
            let kept = try await Program.run(["judge", again, "--out", third])
            #expect(judged.status == 0 && kept.status == 0, "\(judged) \(kept)")
            let options = try [run, again, third].map { try RunFolder(path: $0).readReport().options.failByDrop }
            #expect(options == [nil, true, true])
        }
    }

    @Test(
        "The values that a run masked stay masked, whichever of its transcripts are left",
        arguments: [[], ["ping/empty"], ["ping/empty", "handshake/request/absolute-form"]]
    )
    func credentials(lost: [String]) async throws {
        let secrets = ["pl4inThingValue", "qu3ry-token-1", "c00kie-of-ours"]
        let acceptor = try await Sockets.accept(at: .tcp(host: "127.0.0.1", port: 0), connectTimeout: .seconds(10)) {
            ScriptedPeer { event, answers in answers.behave(event) }
        }
        let words = [
            "ws://\(acceptor.endpoint)/?token=\(secrets[1])", "--header", "X-Thing: \(secrets[0])", "--cookie",
            "sid=\(secrets[2])", "--cases", "handshake/request/a*", "--cases", "ping/empty",
        ]
        try await withRun(words) { run, again in
            let folder = RunFolder(path: run)
            let before = try folder.readReport()
            try #require(before.cases.count > 3)
            for id in lost { try FileSystem.remove(FileSystem.join(run, RunFolder.transcriptPath(of: id))) }
            let result = try await Program.run(["judge", run, "--out", again])
            for text in [try self.text(of: run), try self.text(of: again), result.output, result.error] {
                for secret in secrets { #expect(!text.contains(secret) && !text.contains(hex(secret))) }
            }
            let after = try RunFolder(path: again).readReport()
            #expect(after.peer == before.peer)
            for (old, new) in zip(before.cases, after.cases) where !lost.contains(old.id) { #expect(old == new) }
        }
        await acceptor.close()
    }

    @Test("A transcript of another run does not take the place of those that have the masked values")
    func transcriptOfAnotherRun() async throws {
        let words = ["--embedded", "--cases", "ping/empty", "--cases", "handshake/request/absolute-form"]
        try await withRun(words) { other, _ in
            try await withRun(words + ["--header", "X-Thing: pl4inThingValue"]) { run, again in
                let path = RunFolder.transcriptPath(of: "ping/empty")
                try FileSystem.replace(FileSystem.join(run, path), with: FileSystem.read(FileSystem.join(other, path)))
                _ = try await Program.run(["judge", run, "--out", again])
                let text = try self.text(of: again)
                #expect(!text.contains("pl4inThingValue") && !text.contains(hex("pl4inThingValue")))
            }
        }
    }

    @Test(
        "A folder that holds the run, or that the run holds, is refused and nothing in it is touched",
        arguments: [
            ("run", "."), ("run", "run/transcripts"), ("run", "run/new/deeper"), ("run", "link/new"),
            ("run", "none/../run/new"), ("link", "."), ("link/../run", "run/transcripts/ping"),
        ]
    )
    func nested(source: String, out: String) async throws {
        try await withRun(["--embedded", "--cases", "ping/empty"]) { run, _ in
            let folder = FileSystem.folder(of: run)
            try FileManager.default.createSymbolicLink(
                atPath: FileSystem.join(folder, "link"),
                withDestinationPath: run
            )
            func content() -> [String] { (FileManager.default.subpaths(atPath: folder) ?? []).sorted() }
            let before = content()
            let (source, out) = (FileSystem.join(folder, source), FileSystem.join(folder, out))
            let result = try await Program.run(["judge", source, "--out", out])
            #expect(result.status == 64)
            #expect(result.error.hasPrefix("wsconform: --out \(out) "), "\(result.error)")
            #expect(result.error.contains(" the run \(source); name a folder outside"), "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1)
            #expect(content() == before)
        }
    }

    @Test("A folder beside the run whose name begins like the run's is a folder like any other")
    func sibling() async throws {
        try await withRun(["--embedded", "--cases", "ping/empty"]) { run, _ in
            let result = try await Program.run(["judge", run, "--out", run + "-again", "--quiet"])
            #expect(result.status == 0, "\(result.error)")
        }
    }

    @Test("Missed recommendations count as they did in the run, and with --strict in any case")
    func strict() async throws {
        try await Program.withFolder { folder in
            let (run, again) = (FileSystem.join(folder, "run"), FileSystem.join(folder, "again"))
            let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
            let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) {
                ScriptedPeer { event, answers in
                    // Another code than the one received is against a recommendation only.
                    guard case .close = event else { return answers.behave(event) }
                    answers.sendClose(1001)
                    answers.end()
                }
            }
            let words = ["server", "ws://\(acceptor.endpoint)", "--cases", "closing/code-alone", "--out", run]
            for more in [["--strict"], []] {
                let played = try await Program.run(words + more)
                let report = try RunFolder(path: run).readReport()
                try #require(report.summary.tolerated > 0 && report.summary.fail == 0, "\(played.output)")
                try #require(played.status == (more.isEmpty ? 0 : 1))
                let impact = ["--fail-on-impact", "interoperability,security,robustness,hygiene"]
                for judged in [[], ["--strict"], impact] {
                    let result = try await Program.run(["judge", run, "--out", again, "--quiet"] + judged)
                    let isStrict = !more.isEmpty || judged == ["--strict"]
                    #expect(result.status == (isStrict ? 1 : 0), "\(more) \(judged)")
                    let options = try RunFolder(path: again).readReport().options
                    #expect(options.strict == isStrict && (options.failOnImpact != nil) == (judged == impact))
                    // What was tolerated in a run that was not strict is known where the level is that of this run.
                    let known = ["judge", run, "--out", again, "--quiet", "--baseline", run] + judged
                    #expect(try await Program.run(known).status == 0, "\(more) \(judged)")
                }
            }
            await acceptor.close()
        }
    }

    @Test(
        "What counts is that of the run, unless it is said anew, and a run that nothing fails is compared with nothing"
    )
    func level() async throws {
        try await withRun(["--embedded", "--cases", "ping/empty", "--fail-on", "never"]) { run, again in
            let judge = ["judge", run, "--out", again, "--quiet"]
            let refused = try await Program.run(judge + ["--baseline", run])
            #expect(refused.status == 64 && refused.error.contains("--fail-on never, and nothing is compared"))
            #expect(refused.error.split(separator: "\n").count == 1, "\(refused.error)")
            #expect(try await Program.run(judge + ["--baseline", run, "--fail-on", "must"]).status == 0)
            #expect(try RunFolder(path: again).readReport().options.failOn == .must)
        }
    }

    @Test("A run that is judged anew is written in the same forms as render writes")
    func formats() async throws {
        try await withRun(["--embedded", "--cases", "ping/empty"]) { run, again in
            let rendered = again + "-rendered"
            let formats = ["--format", "junit,markdown", "--format", "badge"]
            #expect(try await Program.run(["judge", run, "--out", again, "--quiet"] + formats).status == 0)
            #expect(try await Program.run(["render", again, "--out", rendered] + formats).status == 0)
            let files = try FileManager.default.contentsOfDirectory(atPath: rendered)
            #expect(files.count == 3)
            for file in files {
                let written = try FileSystem.read(FileSystem.join(again, file))
                #expect(try written == FileSystem.read(FileSystem.join(rendered, file)))
            }
            let wrong = try await Program.run(["judge", run, "--out", again, "--format", "pdf"])
            #expect(wrong.status == 64 && wrong.error.contains("'pdf' is no form of a report"))
        }
    }

    @Test(
        "An empty path is wrong usage",
        arguments: [
            (["judge", "", "--out", "/nowhere/new"], "the run's folder is empty; name the --out of an earlier run"),
            (["judge", "", "--out", "/dev"], "the run's folder is empty; name the --out of an earlier run"),
            (
                ["render", "", "--format", "autobahn", "--out", "/nowhere/new"],
                "the path of a report is empty; name a report.json"
            ),
            (
                ["render", "/nowhere", "", "--format", "autobahn", "--out", "/nowhere/new"],
                "the path of a report is empty; name a report.json"
            ),
        ]
    )
    func emptyPath(words: [String], line: String) async throws {
        let result = try await Program.run(words)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("wsconform: \(line)"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
    }

    @Test("A file beside a transcript that does not name it is not copied")
    func unusedSidecar() async throws {
        try await withRun(["--embedded", "--cases", "ping/empty"]) { run, again in
            let bin = "transcripts/ping/empty.bin"
            let path = FileSystem.join(run, bin)
            try FileSystem.replace(path, with: [])
            // A file with a hole takes no room.
            try #require(unsafe truncate(path, 1 << 20) == 0)
            let result = try await Program.run(["judge", run, "--out", again, "--quiet"])
            #expect(result.status == 0 && result.error == "")
            #expect(RunFolder(path: again).hasTranscript(of: "ping/empty"))
            #expect(!FileSystem.exists(FileSystem.join(again, bin)))
        }
    }

    @Test("Copies of transcripts and sidecars end at the limit of a run, and what has no room is counted")
    func roomForCopies() async throws {
        try await Program.withFolder { folder in
            let source = RunFolder(path: FileSystem.join(folder, "run"), ledger: RunLedger())
            for id in ["ping/empty", "pong/unsolicited", "ping/text"] {
                let header = TranscriptHeader(
                    scenario: id,
                    roleUnderTest: "server",
                    url: "ws://a",
                    seed: 1,
                    effort: "quick"
                )
                var recorder = TranscriptRecorder(header: header, sidecar: source.makeSidecar(for: id))
                recorder.received([recorder.part([UInt8](repeating: 7, count: 200_000).span)], at: 1)
                recorder.ended(.finished, at: 2)
                try source.write(recorder.transcript, of: id)
            }
            let again = RunFolder(path: FileSystem.join(folder, "again"), ledger: RunLedger(room: 300_000))
            #expect(try again.copyTranscript(of: "ping/empty", from: source))
            #expect(try again.readTranscript(of: "ping/empty").sidecar?.count == 200_000)
            #expect(again.omissions == nil)
            for id in ["pong/unsolicited", "ping/text"] {
                #expect(try !again.copyTranscript(of: id, from: source))
                #expect(!again.hasTranscript(of: id))
                #expect(!FileSystem.exists(FileSystem.join(again.path, "transcripts/\(id).bin")))
            }
            #expect(again.omissions?.contains("2 cases have no transcript") == true)
        }
    }

    @Test("A case that is unknown has no findings in the new report, and a transcript without a case is told")
    func unknownCase() async throws {
        try await withRun(["--embedded", "--cases", "ping/*"]) { run, again in
            let folder = RunFolder(path: run)
            var report = try folder.readReport()
            let id = report.cases[0].id
            let finding = Finding(
                rule: "forged",
                axis: .behaviour,
                verdict: .fail,
                requirement: "RFC6455-5.1-01",
                reason: "a forged finding",
                key: .http,
                passing: .handshake
            )
            report.cases[0].id = "ping/of-another-version"
            report.cases[0].findings = [finding]
            try folder.write(report)
            let result = try await Program.run(["judge", run, "--out", again, "--quiet"])
            let judged = try RunFolder(path: again).readReport()
            let entry = try #require(judged.cases.first { $0.id == "ping/of-another-version" })
            #expect(entry.verdict == .inconclusive && entry.findings.isEmpty && entry.wire.isEmpty)
            #expect(entry.autobahn == nil && entry.evidence.isEmpty)
            #expect(judged.summary.passive.fail == 0)
            #expect(result.status == 2, "\(result.output)")
            let line = "1 transcript in \(run) has no case in its report.json, \(id); it is not judged\n"
            #expect(result.error.hasSuffix(line), "\(result.error)")
        }
    }
}
