import Foundation
import Testing
import WSJudge
import WSReport
import WSRunFolder
import WSScenario

@Suite("The command fuzz", .timeLimit(.minutes(15)))
struct FuzzCommandTests {
    /// Runs a body beside a model server with defects.
    private func withServer(
        _ defects: [String] = [],
        _ body: (_ url: String, _ folder: String) async throws -> Void
    )
        async throws
    {
        try await Program.withFolder { folder in
            let echo = try Program.start(["echo", "--port", "0"] + defects.flatMap { ["--defect", $0] })
            defer { echo.interrupt() }
            try await body(echo.line().replacing("listening on ", with: ""), folder)
        }
    }

    @Test("A planted defect is found, made small, filed as a scenario that plays alone, and judged again")
    func planted() async throws {
        try await withServer(["swallows-rsv"]) { url, folder in
            let out = FileSystem.join(folder, "run")
            let result = try await Program.run(["fuzz", url, "--runs", "400", "--out", out])
            #expect(result.status == 1, "\(result.error)\(result.output)")
            #expect(result.error.contains("found RFC6455-5.2-03/went-on-after-violation after"))
            let report = try RunFolder(path: out).readReport()
            let entry = try #require(report.cases.first { $0.verdict == .fail })
            let file = FileSystem.join(out, try #require(entry.scenario))
            #expect(result.output.contains("again: wsconform server \(url) --scenario \(file)"), "\(result.output)")
            #expect(report.causes.contains { $0.requirement == "RFC6455-5.2-03" })
            #expect(try ScenarioFile.read(file).script.count == 1)
            #expect((report.run?.fuzzing?.conversations ?? 0) >= 400)

            let words = ["server", url, "--scenario", file, "--out", FileSystem.join(folder, "again")]
            let again = try await Program.run(words)
            #expect(again.status == 1, "\(again.error)")
            let correct = ["server", "--embedded", "--scenario", file, "--out", FileSystem.join(folder, "correct")]
            #expect(try await Program.run(correct).status == 0)

            let judged = FileSystem.join(folder, "judged")
            #expect(try await Program.run(["judge", out, "--out", judged]).status == 1)
            let second = try RunFolder(path: judged).readReport()
            #expect(second.cases == report.cases)
            #expect(FileSystem.exists(FileSystem.join(judged, try #require(entry.scenario))))
        }
    }

    @Test("The built-in peer is accused of nothing, and a corpus keeps what led somewhere new")
    func correct() async throws {
        try await Program.withFolder { folder in
            let corpus = FileSystem.join(folder, "corpus")
            let words = ["fuzz", "--embedded", "--runs", "600", "--corpus", corpus, "--out"]
            let result = try await Program.run(words + [FileSystem.join(folder, "run")])
            #expect(result.status == 0, "\(result.error)\(result.output)")
            #expect(result.error.contains("different reactions, 0 findings"))
            let files = FileSystem.names(in: corpus, endingIn: ".json")
            #expect(files.count > 20)
            for file in files { _ = try ScenarioFile.read(FileSystem.join(corpus, file)) }

            // What does not belong there is told and left where it is.
            try FileSystem.replace(FileSystem.join(corpus, "0.json"), with: Array("{}".utf8))
            let second = try await Program.run(words + [FileSystem.join(folder, "second"), "--seed", "2"])
            #expect(second.status == 0, "\(second.error)")
            #expect(second.error.contains("left out of the corpus: \(corpus)/0.json: is no scenario file"))
            #expect(FileSystem.names(in: corpus, endingIn: ".json").count > files.count)
        }
    }

    /// A port that a server had a moment ago, so that nobody listens there.
    private func freePort() async throws -> String {
        let server = try Program.start(["echo", "--port", "0"])
        let port = try #require(server.line().split(separator: ":").last.map(String.init))
        server.interrupt()
        _ = await server.result()
        return port
    }

    @Test("A server that crashes is started again; the conversation is named, and the sanitizer quoted")
    func crash() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            let port = try await freePort()
            // The shell says what a program built with AddressSanitizer would.
            let server = "'\(Program.path)' echo --port \(port) --defect exits-on-one-octet-close"
            let report = "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc 0x55"
            let command = ["sh", "-c", "\(server); echo '\(report)' >&2; exit 1"]
            let words = ["fuzz", "ws://127.0.0.1:\(port)", "--runs", "200", "--jobs", "4", "--out", out]
            let result = try await Program.run(words + ["--supervise", "--"] + command)
            #expect(result.status == 1, "\(result.error)\(result.output)")
            let cases = try RunFolder(path: out).readReport().cases
            let entry = try #require(cases.first { $0.findings.contains { $0.reasonKey == "target-died" } })
            #expect(entry.verdict == .fail)
            #expect(entry.reason.contains("AddressSanitizer: heap-buffer-overflow"), "\(entry.reason)")
            #expect(try ScenarioFile.read(FileSystem.join(out, try #require(entry.scenario))).script.count == 1)
        }
    }

    @Test("A server that nobody starts again ends the run, which says so and how to find out more")
    func gone() async throws {
        try await withServer(["exits-on-one-octet-close"]) { url, folder in
            let out = FileSystem.join(folder, "run")
            let result = try await Program.run(["fuzz", url, "--runs", "2000", "--seed", "3", "--out", out])
            #expect(result.status == 2, "\(result.error)\(result.output)")
            #expect(result.error.contains("stopped answering"), "\(result.error)")
            #expect(
                result.error.contains("this tells which: wsconform fuzz --seed 3 \(url) --supervise -- COMMAND"),
                "\(result.error)"
            )
            let report = try RunFolder(path: out).readReport()
            #expect(report.summary.inconclusive > 0 && report.summary.fail == 0)
            // What it was sent last is there to be looked at.
            let entry = try #require(report.cases.first { $0.verdict == .inconclusive })
            _ = try ScenarioFile.read(FileSystem.join(out, try #require(entry.scenario)))
        }
    }

    @Test(
        "Wrong usage is one line",
        arguments: [
            (["fuzz"], "nothing to attack; give an address"),
            (["fuzz", "ws://a", "--embedded"], "'ws://a' and --embedded name two targets"),
            (["fuzz", "ws://a", "--time", "0"], "--time 0.0 is out of range"),
            (["fuzz", "ws://a", "--runs", "0"], "--runs 0 is out of range"),
            (["fuzz", "ws://a", "--jobs", "0"], "--jobs 0 is out of range"),
            (["fuzz", "ws://a", "--corpus", ""], "--corpus is empty"),
            (["fuzz", "ws://a", "--supervise"], "--supervise has no command"),
            (["fuzz", "--client"], "--client has no command; give the client's command last"),
            (["fuzz", "--client", "--", ""], "the command is empty"),
            (["fuzz", "--client", "ws://a", "--", "x"], "'ws://a' names a server; give the client's command last"),
            (["fuzz", "--client", "--supervise", "--", "x"], "--supervise starts a server, and --client a client"),
            (["fuzz", "--client", "--embedded", "--", "x"], "--embedded starts no command; drop 'x'"),
            (["fuzz", "--client", "--rate", "5", "--", "x"], "--rate is about a server; drop it, or --client"),
            (["fuzz", "--client", "--cookie", "a=b", "--", "x"], "--cookie is about a server; drop it, or --client"),
            (["fuzz", "--client", "--insecure", "--", "x"], "--insecure is about a server; drop it, or --client"),
            (["client", "--scenario", "a.json", "--only-autobahn"], "--scenario names what is run"),
            (["server", "ws://a", "--scenario", "a.json", "--cases", "ping/*"], "--scenario names what is run"),
        ]
    )
    func usage(arguments: [String], line: String) async throws {
        let result = try await Program.run(arguments)
        #expect(result.status == 64, "\(result.error)")
        #expect(result.error.contains(line), "\(result.error)")
    }

    @Test("A client is attacked as well; one that dies of what it is sent is found out, and its scenario plays alone")
    func client() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            let dies = script("ask \"$given\"; kill -SEGV $$")
            let result = try await Program.run(
                ["fuzz", "--client", "--runs", "40", "--jobs", "4", "--timeout", "1", "--out", out, "--"] + dies
            )
            #expect(result.status == 1, "\(result.error)\(result.output)")
            #expect(result.error.contains("does not give a text back"), "\(result.error)")
            let report = try RunFolder(path: out).readReport()
            #expect(report.roleUnderTest == .client && report.peer.name == "bash")
            let entry = try #require(report.cases.first { $0.findings.contains { $0.reasonKey == "target-died" } })
            #expect(entry.verdict == .fail && entry.reason.contains("SIGSEGV"), "\(entry.reason)")
            let file = FileSystem.join(out, try #require(entry.scenario))
            #expect(result.output.contains("again: wsconform client --scenario \(file)"), "\(result.output)")

            let again = FileSystem.join(folder, "again")
            let second = try await Program.run(["client", "--scenario", file, "--out", again, "--"] + dies)
            #expect(second.status == 1, "\(second.error)\(second.output)")
            let third = try RunFolder(path: again).readReport()
            #expect(third.cases.map(\.id) == [entry.id] && third.leftOut.isEmpty)
            #expect(try await Program.run(["client", "--embedded", "--scenario", file, "--out", again]).status == 0)
        }
    }

    @Test(
        "A command that is no client for one address ends the run with one line",
        arguments: [
            ("exit 3", "was started 3 times and never connected: it ended with exit status 3"),
            ("ask /getCaseCount", "asks for cases itself, and a fuzzing run has none to ask for"),
        ]
    )
    func noClient(line: String, told: String) async throws {
        try await Program.withFolder { folder in
            let words = ["fuzz", "--client", "--runs", "40", "--jobs", "2", "--out", folder, "--"] + script(line)
            let result = try await Program.run(words)
            #expect(result.status == 2, "\(result.error)")
            #expect(result.error.contains(told), "\(result.error)")
            #expect(try RunFolder(path: folder).readReport().cases.isEmpty)
        }
    }

    /// A shell script as the client; `ask PATH` sends a handshake and reads a line of what is answered.
    private func script(_ line: String) -> [String] {
        let prelude = """
            rest=${1#ws://}; authority=${rest%%[/?]*}; given=${rest#"$authority"}; \
            ask() { exec 3<>/dev/tcp/${authority%:*}/${authority##*:}; \
            printf 'GET %s HTTP/1.1\\r\\nHost: %s\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n' "$1" "$authority" >&3; \
            printf 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\nSec-WebSocket-Version: 13\\r\\n\\r\\n' >&3; \
            read -r line <&3; }; 
            """
        return ["/bin/bash", "-c", prelude + line, "script", "{url}"]
    }

    @Test("A scenario file that cannot be read is one line, and status 2")
    func unreadable() async throws {
        try await Program.withFolder { folder in
            let file = FileSystem.join(folder, "a.json")
            try FileSystem.replace(file, with: Array("{\"schema\": \"wsconform-scenario/9\"}".utf8))
            let result = try await Program.run(["server", "--embedded", "--scenario", file])
            #expect(result.status == 2)
            #expect(
                result.error
                    == "wsconform: \(file): has the schema wsconform-scenario/9, and this version reads wsconform-scenario/1\n"
            )
            let missing = try await Program.run(["server", "--embedded", "--scenario", file + "x"])
            #expect(missing.status == 2 && missing.error.contains("a.jsonx"), "\(missing.error)")
        }
    }
}
