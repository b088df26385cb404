import Foundation
import PeerTestSupport
import Synchronization
import Testing
import WSCommand
import WSConform
import WSLink
import WSModelPeer
import WSReport
import WSRunFolder
import WSTransport

@Suite("The program over real TCP", .serialized, .timeLimit(.minutes(15)))
struct ProgramTests {
    @Test("The model peer passes, and two runs of it differ in volatile parts alone")
    func embedded() async throws {
        try await Program.withFolder { folder in
            var reports: [Report] = []
            for (name, jobs) in [("one", "1"), ("two", "16")] {
                let out = FileSystem.join(folder, name)
                let words = [
                    "server", "--embedded", "--cases", "ping/*", "--cases", "7.3.*", "--jobs", jobs, "--out", out,
                ]
                let result = try await Program.run(words + ["--quiet"])
                #expect(result.status == 0, "\(result.error)")
                #expect(result.error == "")
                #expect(result.output.split(separator: "\n").count == 1)
                reports.append(try RunFolder(path: out).readReport())
            }
            reports[1].options.jobs = 1
            #expect(reports[0].summary.pass > 10)
            #expect(reports[0].withoutVolatileParts == reports[1].withoutVolatileParts)
            for entry in reports[0].cases {
                #expect(RunFolder(path: FileSystem.join(folder, "one")).hasTranscript(of: entry.id))
            }
        }
    }

    @Test("A defect is found, its cases fail, and judging the run anew says the same")
    func defect() async throws {
        try await Program.withFolder { folder in
            let echo = try Program.start(["echo", "--port", "0", "--defect", "masks-frames"])
            let url = echo.line().replacingOccurrences(of: "listening on ", with: "")
            let out = FileSystem.join(folder, "run")
            let words = ["server", url, "--cases", "ping/*", "--timeout", "1", "--out", out]
            let result = try await Program.run(words)
            #expect(result.status == 1, "\(result.error)")
            #expect(result.output.contains("again: wsconform server \(url) --cases ping/"))
            echo.interrupt()
            #expect(await echo.result().status == 0)

            let again = FileSystem.join(folder, "again")
            #expect(try await Program.run(["judge", out, "--out", again]).status == 1)
            #expect(try RunFolder(path: again).readReport() == RunFolder(path: out).readReport())

            let rendered = FileSystem.join(folder, "rendered")
            let render = ["render", out, "--format", "autobahn", "--out", rendered]
            #expect(try await Program.run(render).status == 0)
            #expect(FileSystem.exists(FileSystem.join(rendered, "index.json")))
        }
    }

    @Test("Whoever waits for as long as it takes and names no jobs gets the same verdicts")
    func never() async throws {
        try await Program.withFolder { folder in
            let words = ["server", "--embedded", "--cases", "ping/*", "--timeout", "never", "--out", folder, "--quiet"]
            #expect(try await Program.run(words).status == 0)
            let report = try RunFolder(path: folder).readReport()
            #expect((1...16).contains(report.options.jobs))
            #expect(report.summary.pass > 10 && report.summary.fail == 0)
        }
    }

    @Test("A target that refuses is told in one line, with status 2 and a report that says so")
    func unreachable() async throws {
        try await Program.withFolder { folder in
            let result = try await Program.run(["server", "ws://127.0.0.1:1", "--quiet", "--out", folder])
            #expect(result.status == 2)
            #expect(
                result.error
                    == "wsconform: 127.0.0.1:1 refused the connection; start the server or check the port\n"
            )
            #expect(try !RunFolder(path: folder).readReport().footer.complete)
        }
    }

    @Test("SIGINT ends a run with status 2 and a report that is marked incomplete")
    func interrupted() async throws {
        try await Program.withFolder { folder in
            // It falls silent after a few conversations, and the run waits for it as long as it takes.
            let count = Mutex(0)
            let server = try await Sockets.accept(
                at: .tcp(host: "127.0.0.1", port: 0),
                connectTimeout: .seconds(10)
            ) { () -> any LinkMachine in
                let isSilent = count.withLock { count in
                    count += 1
                    return count > 8
                }
                return isSilent ? ScriptedPeer { _, _ in } : ModelServer()
            }
            let words = ["server", "ws://\(server.endpoint)", "--cases", "ping/*", "--timeout", "never", "--jobs", "1"]
            let running = try Program.start(words + ["--quiet", "--out", folder])
            // The first transcript says that the run is under way; the other cases are still to come.
            let transcripts = FileSystem.join(folder, "transcripts")
            let deadline = ContinuousClock.now + .seconds(60)
            while !FileSystem.exists(transcripts), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            running.interrupt()
            let result = await running.result()
            await server.closeAll()
            #expect(result.status == 2)
            #expect(result.output.contains("incomplete, the run was ended by a signal"))
            let report = try RunFolder(path: folder).readReport()
            #expect(report.footer == RunOutcome.cancelled.footer)
            #expect(report.summary.fail == 0)
        }
    }

    @Test("A requirement is explained, with the cases that cite it")
    func requirement() async throws {
        let result = try await Program.run(["cases", "show", "RFC9110-15.5.22-01"])
        #expect(result.status == 0 && result.error == "")
        #expect(result.output.contains("\n  impact   interoperability: "))
        #expect(result.output.contains("\n  handshake/request/version-12 "))
    }

    @Test(
        "Trouble is one line on standard error",
        arguments: [
            (["server", "ws://a", "--cases", "nope/*"], 64, "no case matches 'nope/*'"),
            (["server", "--embedded", "--out", "/dev/null/x"], 2, "/dev/null: the folder cannot be made"),
            (["render", "/nowhere.json", "--format", "autobahn", "--out", "/x"], 2, "/nowhere.json: cannot be opened"),
            (["judge", "/nowhere", "--out", "/x"], 64, "/nowhere is no folder"),
            (["cases", "show", "99.9.9"], 64, "no case matches '99.9.9'"),
            (
                ["cases", "show", "RFC9110-15.5.22-1"], 64,
                "no requirement is called 'RFC9110-15.5.22-1'; did you mean RFC9110-15.5.22-01"
            ),
            (["cases", "show", "ping/*"], 64, "'ping/*' names more than one case"),
            (
                ["echo", "--host", "192.0.2.1", "--port", "0"], 2,
                "192.0.2.1 port 0 cannot be listened on: it is no address of this machine; choose another --host or --port"
            ),
        ] as [([String], Int32, String)]
    )
    func trouble(arguments: [String], status: Int32, beginning: String) async throws {
        let result = try await Program.run(arguments)
        #expect(result.status == status)
        #expect(result.error.hasPrefix("wsconform: \(beginning)"))
        #expect(result.error.split(separator: "\n").count == 1)
        #expect(result.output == "")
    }
}
