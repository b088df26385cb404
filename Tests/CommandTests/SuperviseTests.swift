import Foundation
import Testing
import WSCommand
import WSConform
import WSJudge
import WSReport
import WSRunFolder

@Suite("A target that wsconform starts itself", .serialized, .timeLimit(.minutes(15)))
struct SuperviseTests {
    /// A port on which nobody listens: one that a server had a moment ago.
    private func freePort() async throws -> String {
        while true {
            // Below those that the system gives to outgoing connections, of which other suites make thousands.
            let echo = try Program.start(["echo", "--port", "\(Int.random(in: 10_000..<32_768))"])
            let port = echo.line().split(separator: ":").last.map(String.init)
            echo.interrupt()
            _ = await echo.result()
            if let port { return port }
        }
    }

    private func words(_ port: String, _ out: String, _ more: [String], command: [String]) -> [String] {
        ["server", "ws://127.0.0.1:\(port)", "--out", out] + more + ["--supervise", "--"] + command
    }

    private func echo(_ port: String, _ more: [String] = []) -> [String] {
        [Program.path, "echo", "--port", port] + more
    }

    private func isListening(_ port: String) async throws -> Bool {
        try await Program.withFolder { folder in
            let result = try await Program.run([
                "server", "ws://127.0.0.1:\(port)", "--cases", "ping/empty", "--out", folder,
            ])
            return !result.error.contains("refused the connection")
        }
    }

    @Test("One that is right passes, is described in the report, and is gone afterwards")
    func right() async throws {
        let port = try await freePort()
        try await Program.withFolder { folder in
            let result = try await Program.run(words(port, folder, ["--cases", "ping/*"], command: echo(port)))
            #expect(result.status == 0 && result.error == "", "\(result.error)")
            #expect(result.output.contains("started once"))
            let report = try RunFolder(path: folder).readReport()
            let supervised = try #require(report.run?.supervised)
            #expect(supervised.command == echo(port) && supervised.starts == 1 && supervised.endings.isEmpty)
            #expect(report.withoutVolatileParts.run == nil)
            #expect(FileSystem.exists(RunFolder(path: folder).targetLogPath))
            #expect(try await !isListening(port))
        }
    }

    @Test("One that ends over the first message is told with its status, its last words and where they stand")
    func endsOverFirstMessage() async throws {
        let port = try await freePort()
        try await Program.withFolder { folder in
            let command = echo(port, ["--defect", "exits-on-text"])
            let result = try await Program.run(words(port, folder, ["--cases", "ping/*", "--quiet"], command: command))
            #expect(result.status == 2)
            let lines = result.error.split(separator: "\n")
            #expect(lines.count == 1, "\(result.error)")
            #expect(lines.first?.contains("the target ended with exit status 3 over an ordinary text message") == true)
            let words =
                "it wrote last: a text message cannot be; \(RunFolder(path: folder).targetLogPath) has all of it"
            #expect(lines.first?.hasSuffix(words) == true, "\(result.error)")
            #expect(!result.error.contains("check the p") && result.output.hasPrefix("nothing was run; exit 2"))
        }
    }

    @Test("The cases that end it are named with its exit status, and no others", arguments: ["1", "16"])
    func ended(jobs: String) async throws {
        let port = try await freePort()
        let culprits = ["closing/one-byte-payload", "closing/one-byte-payload-split"]
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            let command = echo(port, ["--defect", "exits-on-one-octet-close"])
            let more = ["--cases", "closing/*", "--jobs", jobs]
            let result = try await Program.run(words(port, out, more, command: command))
            #expect(result.status == 1, "\(result.error)")
            let report = try RunFolder(path: out).readReport()
            #expect(report.footer.complete)
            let failed = report.cases.filter { $0.verdict == .fail }
            #expect(failed.map(\.id) == culprits)
            #expect(report.summary.inconclusive == 0 && report.summary.pass > 30)
            for entry in failed {
                #expect(entry.findings.first?.rule == "target-died" && entry.target?.exitStatus == 3)
                #expect(entry.reason.contains("exit status 3"))
            }
            // Each ended it twice alone, and once among others, where one ending may have been that of both.
            let endings = report.run?.supervised?.endings ?? []
            #expect(Set(endings) == ["exit status 3"])
            #expect(endings.count == 6 || jobs != "1" && endings.count == 5)
            let count = endings.count
            #expect(result.output.contains("started \(count + 1) times, ended with exit status 3 (\(count) times)"))
            #expect(result.output.contains("--supervise -- "))

            let again = FileSystem.join(folder, "again")
            #expect(try await Program.run(["judge", out, "--out", again]).status == 1)
            #expect(try RunFolder(path: again).readReport() == report)
        }
    }

    @Test("The same server that nobody starts again leaves suspects, never a verdict", arguments: ["1", "16"])
    func unsupervised(jobs: String) async throws {
        try await Program.withFolder { folder in
            let echo = try Program.start(["echo", "--port", "0", "--defect", "exits-on-one-octet-close"])
            let url = echo.line().replacingOccurrences(of: "listening on ", with: "") + "?room=1&who=me"
            let more = ["--cases", "closing/*", "--jobs", jobs, "--timeout", "1", "--out", folder, "--quiet"]
            let result = try await Program.run(["server", url] + more)
            #expect(result.status == 2, "\(result.error)")
            #expect(result.error.contains("stopped answering") && result.error.contains("; suspects: closing/"))
            // Quoted, because a shell would take what is behind & for another command.
            let address = url.prefix { $0 != "?" }
            #expect(result.error.contains("this tells which: wsconform server '\(address)?room="), "\(result.error)")
            #expect(result.error.contains("' --cases ") || result.error.contains("' --supervise"), "\(result.error)")
            #expect(result.error.contains("--supervise -- COMMAND"))
            let report = try RunFolder(path: folder).readReport()
            #expect(report.summary.fail == 0 && report.summary.inconclusive > 0)
            #expect(await echo.result().status == 3)
        }
    }

    @Test("SIGINT ends the target, too, and what runs below its shell", arguments: [true, false])
    func interrupted(isBelowShell: Bool) async throws {
        let port = try await freePort()
        try await Program.withFolder { folder in
            let line = "'\(echo(port).joined(separator: "' '"))' & wait"
            let command = isBelowShell ? ["/bin/sh", "-c", line] : echo(port)
            // Everything, one conversation at a time, so that it is far from over when it is seen to run.
            let more = ["--effort", "full", "--jobs", "1", "--quiet"]
            let running = try Program.start(words(port, folder, more, command: command))
            while !FileSystem.exists(FileSystem.join(folder, "target.log")) { await Task.yield() }
            while try await !isListening(port) {
                try #require(running.isRunning, "it ended before it was seen to listen")
            }
            running.interrupt()
            #expect(await running.result().status == 2)
            #expect(try await !isListening(port))
        }
    }

    @Test("SIGHUP, SIGQUIT and SIGTERM end it as well, with a report", arguments: [SIGHUP, SIGQUIT, SIGTERM])
    func hungUp(signal: Int32) async throws {
        let port = try await freePort()
        try await Program.withFolder { folder in
            let more = ["--effort", "full", "--jobs", "1", "--quiet"]
            let running = try Program.start(words(port, folder, more, command: echo(port)))
            while !FileSystem.exists(FileSystem.join(folder, "transcripts")) {
                try #require(running.isRunning, "it ended before it had played anything")
                await Task.yield()
            }
            running.send(signal)
            #expect(await running.result().status == 2)
            #expect(try RunFolder(path: folder).readReport().footer == RunOutcome.cancelled.footer)
            #expect(try await !isListening(port))
        }
    }

    @Test("Where the words of a target that died are is told, once")
    func lastWords() async throws {
        let port = try await freePort()
        try await Program.withFolder { folder in
            let line =
                "'\(echo(port, ["--defect", "exits-on-one-octet-close"]).joined(separator: "' '"))'; echo oops >&2; exit 3"
            let more = ["--cases", "closing/one-byte-payload", "--quiet"]
            let result = try await Program.run(words(port, folder, more, command: ["/bin/sh", "-c", line]))
            let told = "\(RunFolder(path: folder).targetLogPath) has what the target wrote before it ended\n"
            #expect(result.status == 1 && result.error.components(separatedBy: told).count == 2, "\(result)")
        }
    }

    @Test("A target that ends before it listens is one line with its last words")
    func endsAtOnce() async throws {
        let port = try await freePort()
        try await Program.withFolder { folder in
            let command = ["/bin/sh", "-c", "echo no configuration >&2; exit 9"]
            let result = try await Program.run(words(port, folder, ["--quiet"], command: command))
            #expect(result.status == 2)
            let line = "/bin/sh ended with exit status 9 before it listened on 127.0.0.1:\(port)"
            #expect(result.error == "wsconform: \(line); it wrote last: no configuration\n")
            #expect(try RunFolder(path: folder).readReport().footer.reason?.contains("exit status 9") == true)
        }
    }

    @Test(
        "Wrong usage is one line that names the mend",
        arguments: [
            (["server", "ws://127.0.0.1:1", "--supervise"], "--supervise has no command"),
            (["server", "ws://127.0.0.1:1", "--supervise", "--", ""], "--supervise has an empty command"),
            (["server", "ws://127.0.0.1:1", "--", "./server"], "'./server' behind -- is not run"),
            (["server", "--embedded", "--supervise", "--", "./server"], "--embedded starts no command"),
        ]
    )
    func usage(arguments: [String], beginning: String) async throws {
        let result = try await Program.run(arguments)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("wsconform: \(beginning)") && result.error.split(separator: "\n").count == 1)
    }
}
