import Foundation
import Testing
import WSCommand
import WSConform
import WSJudge
import WSLink
import WSModelPeer
import WSReport
import WSRunFolder
import WSTransport

@Suite("Clients that come by themselves", .serialized, .timeLimit(.minutes(15)))
struct ListeningTests {
    /// The program while it listens.
    private struct Listening {
        let running: Program.Running
        let port: Int

        /// Opens an address with the model client, and waits until its connection has ended.
        func open(_ target: String) async {
            let dialer = Sockets.dialer(to: .tcp(host: "127.0.0.1", port: port), connectTimeout: .seconds(10))
            let client = ModelClient(ModelClientSettings(host: "127.0.0.1:\(port)", target: target))
            _ = await dialer.run(client, probe: { _ in client })
        }

        /// Plays cases by their numbers.
        func play(_ numbers: ClosedRange<Int>, agent: String) async {
            for number in numbers { await open("/runCase?case=\(number)&agent=\(agent)") }
        }
    }

    private func listen(_ folder: String, _ more: [String] = ["--cases", "ping/*"]) throws -> Listening {
        let words = ["client", "--listen", "127.0.0.1:0", "--out", folder, "--quiet"] + more
        let running = try Program.start(words)
        let line = running.line()
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0) }, "\(line)")
        return Listening(running: running, port: port)
    }

    @Test("Who plays all cases has a complete report after SIGINT, and it is that of a client")
    func complete() async throws {
        try await Program.withFolder { folder in
            let listening = try listen(folder, ["--cases", "ping/empty", "--cases", "ping/text-body"])
            await listening.play(1...2, agent: "model")
            listening.running.interrupt()
            let result = await listening.running.result()
            #expect(result.status == 0 && result.error == "", "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.footer.complete && report.summary.pass == 2)
            #expect(report.roleUnderTest == .client && report.peer.name == "model")
        }
    }

    @Test("Who leaves in the middle leaves an incomplete report that says so")
    func leaves() async throws {
        try await Program.withFolder { folder in
            let listening = try listen(folder)
            await listening.play(1...2, agent: "model")
            listening.running.interrupt()
            #expect(await listening.running.result().status == 2)
            let report = try RunFolder(path: folder).readReport()
            #expect(!report.footer.complete && report.summary.pass == 2)
            #expect(report.summary.inconclusive == report.summary.total - 2)
            #expect(
                report.footer.reason == "the client never asked for \(report.summary.total - 2) of "
                    + "\(report.summary.total) cases"
            )
        }
    }

    // More than once, as the signal comes right behind the address.
    @Test("Nobody comes: the report says that, and the status is 2", arguments: 1...4)
    func nobody(run _: Int) async throws {
        try await Program.withFolder { folder in
            let listening = try listen(folder)
            listening.running.interrupt()
            let result = await listening.running.result()
            #expect(result.status == 2)
            let report = try RunFolder(path: folder).readReport()
            #expect(!report.footer.complete && report.cases.isEmpty)
            #expect(report.footer.reason == "no client came")
        }
    }

    @Test("updateReports writes the reports while the run goes on, and ends it when that is asked for")
    func updateReports() async throws {
        try await Program.withFolder { folder in
            let listening = try listen(folder, ["--cases", "ping/empty"])
            await listening.play(1...1, agent: "model")
            await listening.open("/updateReports?agent=model")
            #expect(try RunFolder(path: folder).readReport().summary.pass == 1)
            // A rerun takes the place of what was there.
            await listening.play(1...1, agent: "model")
            await listening.open("/updateReports?agent=model&shutdownOnComplete=true")
            let result = await listening.running.result()
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(try RunFolder(path: folder).readReport().summary.total == 1)
        }
    }

    @Test("stopServer ends the run")
    func stopServer() async throws {
        try await Program.withFolder { folder in
            let listening = try listen(folder, ["--cases", "ping/empty"])
            await listening.play(1...1, agent: "model")
            await listening.open("/stopServer")
            let result = await listening.running.result()
            #expect(result.status == 0 && result.error.contains("/stopServer"), "\(result.error)")
        }
    }

    @Test("Each of several clients has a report in a folder of its own, whatever it calls itself")
    func several() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            let listening = try listen(out, ["--cases", "ping/empty"])
            let names = ["one", "One", "..%2F..%2Fetc%2Fpasswd", "transcripts", "%00%1B[31m", "a%2Fb", "a_b", "."]
            for name in names { await listening.play(1...1, agent: name) }
            listening.running.interrupt()
            #expect(await listening.running.result().status == 0)
            let folders = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
            #expect(
                folders
                    == ["One-2", "_.._etc_passwd", "___31m", "a_b", "a_b-2", "client", "one", "transcripts-2"].sorted(),
                "\(folders)"
            )
            for name in folders {
                let report = try RunFolder(path: FileSystem.join(out, name)).readReport()
                #expect(report.summary.pass == 1 && report.footer.complete)
                #expect(RunFolder(path: FileSystem.join(out, name)).hasTranscript(of: "ping/empty"))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["run"])
        }
    }

    @Test("Several clients come again into the folder of an earlier run, and find their reports there")
    func severalAgain() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            for cases in [["--cases", "ping/empty", "--cases", "ping/text-body"], ["--cases", "ping/empty"]] {
                let listening = try listen(out, cases)
                for name in ["one", "two"] { await listening.play(1...(cases.count / 2), agent: name) }
                listening.running.interrupt()
                let result = await listening.running.result()
                #expect(result.status == 0 && result.error == "", "\(result.error)")
                for name in ["one", "two"] {
                    let own = RunFolder(path: FileSystem.join(out, name))
                    #expect(try own.readReport().cases.count == cases.count / 2)
                }
                let first = RunFolder(path: FileSystem.join(out, "one"))
                #expect(first.hasTranscript(of: "ping/text-body") == (cases.count == 4))
            }
        }
    }

    @Test("A signal ends a run at once, however many ask for reports")
    func manyReports() async throws {
        try await Program.withFolder { folder in
            let listening = try listen(folder, ["--cases", "ping/*"])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask { await listening.play(1...2, agent: "agent-\(number)") }
                }
            }
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<600 {
                    group.addTask { await listening.open("/updateReports?agent=agent-\(number % 40)") }
                }
                await group.next()
                let clock = ContinuousClock()
                listening.running.interrupt()
                var result: Program.Result?
                let elapsed = await clock.measure { result = await listening.running.result() }
                #expect(result?.status == 2 && elapsed < .seconds(5), "\(elapsed)")
                group.cancelAll()
            }
            #expect(try RunFolder(path: FileSystem.join(folder, "agent-39")).readReport().summary.pass == 2)
        }
    }

    @Test("An address that is taken is one line")
    func taken() async throws {
        try await Program.withFolder { folder in
            let listening = try listen(folder)
            let words = ["client", "--listen", "127.0.0.1:\(listening.port)", "--out", folder + "/second"]
            let result = try await Program.run(words)
            listening.running.interrupt()
            _ = await listening.running.result()
            #expect(result.status == 2)
            let cause = "cannot be listened on: another program listens there; choose another --listen"
            #expect(result.error == "wsconform: 127.0.0.1:\(listening.port) \(cause)\n")
        }
    }
}
