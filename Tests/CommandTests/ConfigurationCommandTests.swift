import Foundation
import PeerTestSupport
import Synchronization
import Testing
import WSConform
import WSLink
import WSProtocol
import WSReport
import WSRunFolder
import WSScenario
import WSTransport

/// A server that keeps the values of a field of the requests it gets.
private final class Seen: Sendable {
    private let kept = Mutex<Set<String>>([])

    var all: Set<String> { kept.withLock { $0 } }

    /// Echoes, after keeping the values.
    func peer(_ field: String) -> ScriptedPeer {
        ScriptedPeer { [self] event, answers in
            if case .request(let head) = event { kept.withLock { $0.formUnion(head.values(of: field)) } }
            answers.behave(event)
        }
    }
}

@Suite("A run with a configuration file", .serialized, .timeLimit(.minutes(15)))
struct ConfigurationCommandTests {
    private func write(_ text: String, to file: String, in folder: String) throws {
        let path = FileSystem.join(folder, file)
        try FileSystem.createFolder(FileSystem.folder(of: path))
        try FileSystem.replace(path, with: Array(text.utf8))
    }

    private func report(_ folder: String, _ out: String = "wsconform-report") throws -> Report {
        try RunFolder(path: FileSystem.join(folder, out)).readReport()
    }

    @Test("The name of the command is the whole job, and a line says what was read")
    func alone() async throws {
        let seen = Seen()
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { seen.peer("X-Token") }
        try await Program.withFolder { folder in
            let text = """
                {"server": {"url": "ws://\(acceptor.endpoint)/?key=${TOKEN}", "headers": {"X-Token": "${TOKEN}"},
                 "cookies": {"id": "${TOKEN}"}, "cases": ["ping/empty"], "format": ["markdown"], "jobs": 3}}
                """
            try write(text, to: "wsconform.json", in: folder)
            let environment = ["TOKEN": "s3cr3t-31415"]
            let result = try await Program.run(["server"], in: folder, environment: environment)
            #expect(result.status == 0, "\(result)")
            #expect(
                result.error == "wsconform: wsconform.json is read: url, headers, cookies, cases, format, jobs\n"
            )
            #expect(seen.all == ["s3cr3t-31415"])
            let report = try report(folder)
            #expect(report.options.jobs == 3 && report.options.cases == ["ping/empty"])
            #expect(report.options.configuration?.file == "wsconform.json")
            for file in ["wsconform-report/report.json", "wsconform-report/summary.md"] {
                let text = String(decoding: try FileSystem.read(FileSystem.join(folder, file)), as: UTF8.self)
                #expect(!text.contains("s3cr3t") && !text.isEmpty, "\(file)")
            }
            #expect(!result.output.contains("s3cr3t"))

            let quiet = try await Program.run(["server", "--quiet"], in: folder, environment: environment)
            #expect(quiet.status == 0 && quiet.error == "", "\(quiet)")
            let without = try await Program.run(["server", "--no-config"], in: folder)
            #expect(without.status == 64 && without.error.hasPrefix("wsconform: nothing to test; give an address"))
            let missing = try await Program.run(["server"], in: folder)
            #expect(missing.status == 64)
            #expect(
                missing.error.contains("wsconform.json: line 1, column ")
                    && missing.error.contains("the variable TOKEN"),
                "\(missing.error)"
            )
        }
        await acceptor.close()
    }

    @Test("The command line wins, option by option, and its target replaces that of the file")
    func commandLine() async throws {
        try await Program.withFolder { folder in
            let text = """
                {"server": {"url": "ws://127.0.0.1:1", "command": ["false"], "cases": ["closing/*", "utf8/*"], "strict": true,
                 "effort": "full", "seed": 9, "exclude": ["ping/empty"], "out": "a", "quiet": true}}
                """
            try write(text, to: "wsconform.json", in: folder)
            let words = ["server", "--embedded", "--cases", "ping/empty", "--exclude=utf8/*", "--effort", "quick"]
            let result = try await Program.run(words + ["--fail-on", "must"], in: folder)
            #expect(result.status == 0 && result.error == "", "\(result)")
            let options = try report(folder, "a").options
            #expect(options.cases == ["ping/empty"] && options.exclude == ["utf8/*"] && options.seed == 9)
            #expect(options.effort == .quick && options.strict == false && options.embedded == true)
            let configuration = try #require(options.configuration)
            #expect(configuration.options == ["seed", "out", "quiet"])
            #expect(configuration.replaced == ["url", "command", "cases", "strict", "effort", "exclude"])
        }
    }

    @Test("Paths begin at the file's folder, and the commands that are printed work as printed")
    func again() async throws {
        let echo = try Program.start(["echo", "--port", "0", "--defect", "masks-frames"])
        defer { echo.interrupt() }
        let address = echo.line().replacing("listening on ", with: "")
        try await Program.withFolder { folder in
            let text = """
                {"server": {"url": "\(address)/?key=${TOKEN}", "headers": {"X-Token": "${TOKEN}"}, "out": "reports/a b",
                 "cases": ["ping/empty", "ping/text-body"], "baseline": "known.json", "agent": "Peer/1", "timeout": 7}}
                """
            try write(text, to: "ci/wsconform.json", in: folder)
            let known = #"{"schema": "wsconform-baseline/1", "expected": []}"#
            try write(known, to: "ci/known.json", in: folder)
            let environment = ["TOKEN": "s3cr3t-31415"]
            let config = ["server", "--config", "ci/wsconform.json"]
            let result = try await Program.run(config, in: folder, environment: environment)
            #expect(result.status == 1 && result.output.contains(" new"), "\(result)")
            let report = try report(folder, "ci/reports/a b")
            #expect(report.baseline?.file == "ci/known.json")
            let command = try #require(result.output.split(separator: "\n").first { $0.contains("again: ") })
            let line = String(command.trimmingPrefix(#/ *again: /#))
            #expect(
                line == "wsconform server --config ci/wsconform.json --cases ping/empty --out 'ci/reports/a b-again'"
            )
            let script = "export TOKEN=s3cr3t-31415; wsconform() { '\(Program.path)' \"$@\"; }; \(line)"
            let again = try await Program.shell(script, in: folder)
            #expect(again.status == 1 && again.output.contains(" new"), "\(again)")
            #expect(try self.report(folder, "ci/reports/a b-again").cases.map(\.id) == ["ping/empty"])
        }
    }

    @Test("A job begins with a run that nothing fails, whose findings become the baseline that the file names")
    func newcomer() async throws {
        let echo = try Program.start(["echo", "--port", "0", "--defect", "masks-frames"])
        defer { echo.interrupt() }
        let address = echo.line().replacing("listening on ", with: "")
        try await Program.withFolder { folder in
            let text =
                #"{"server": {"url": "\#(address)", "cases": ["ping/*"], "baseline": "known.json", "quiet": true}}"#
            try write(text, to: "wsconform.json", in: folder)
            let missing = try await Program.run(["server"], in: folder)
            #expect(missing.status == 2 && missing.error.split(separator: "\n").count == 1)
            let line =
                "wsconform: known.json: there is no such baseline; run once with --fail-on never, then wsconform baseline "
            #expect(missing.error == line + "init wsconform-report --out known.json\n")
            #expect(try await Program.run(["server", "--fail-on", "never"], in: folder).status == 0)
            let begun = ["baseline", "init", "wsconform-report", "--out", "known.json"]
            #expect(try await Program.run(begun, in: folder).output.contains("as \"baseline\" in wsconform.json"))
            let known = try await Program.run(["server"], in: folder)
            #expect(known.status == 0 && known.output.contains(" known (known.json)"), "\(known)")
        }
    }

    @Test("A baseline of the command line is compared although the file says that nothing fails")
    func neverWithBaseline() async throws {
        try await Program.withFolder { folder in
            try write(
                #"{"server": {"embedded": true, "cases": ["ping/empty"], "fail-on": "never"}}"#,
                to: "wsconform.json",
                in: folder
            )
            try write(#"{"schema": "wsconform-baseline/1", "expected": []}"#, to: "known.json", in: folder)
            let result = try await Program.run(["server", "--baseline", "known.json"], in: folder)
            #expect(result.status == 0 && result.output.contains("known.json"), "\(result)")
            #expect(try report(folder).options.failOn == nil)
            let both = try await Program.run(["server", "--baseline", "known.json", "--fail-on", "never"], in: folder)
            #expect(both.status == 64 && both.error.contains("nothing is compared"), "\(both)")
        }
    }

    @Test(
        "A value or a key of many kilobytes leaves room for what is wrong with it",
        arguments: [
            (#""url": "http://LONG""#, "is not a WebSocket address"), (#""LONG": 1"#, "the keys are the options"),
            (#""effort": "LONG""#, "Please provide one of 'quick' and 'full'"),
            (#""cases": ["LONG"]"#, "no case matches"),
            (#""jobs": 1, "LONG": 1, "LONG": 1"#, "is there twice"),
        ]
    )
    func long(member: String, words: String) async throws {
        try await Program.withFolder { folder in
            let text = member.replacing("LONG", with: String(repeating: "x", count: 40_000))
            try write("{\"server\": {\(text)}}", to: "wsconform.json", in: folder)
            let target = member.contains("url") ? [] : ["--embedded"]
            let result = try await Program.run(["server"] + target, in: folder)
            #expect(result.status == 64 && result.error.contains(words), "\(result)")
            let lines = result.error.split(separator: "\n")
            #expect(lines.allSatisfy { $0.utf8.count < 2_000 } && lines.last?.contains("…") == true, "\(result)")
        }
    }

    @Test("A command is supervised, and one for clients is started for each case")
    func commands() async throws {
        try await Program.withFolder { folder in
            let text = """
                {"server": {"url": "ws://127.0.0.1:1", "command": ["/bin/sh", "-c", "exit 3"], "cases": ["ping/empty"]},
                 "client": {"command": ["/bin/sh", "-c", "exit 3", "{url}"], "cases": ["ping/empty"]}}
                """
            try write(text, to: "wsconform.json", in: folder)
            let server = try await Program.run(["server"], in: folder)
            #expect(server.status == 2, "\(server)")
            #expect((server.output + server.error).contains("exit status 3"), "\(server)")
            let client = try await Program.run(["client"], in: folder)
            #expect(client.status != 64 && client.error.contains("wsconform.json is read: command, cases"), "\(client)")
            let options = try report(folder).options
            #expect(options.command == ["/bin/sh", "-c", "exit 3", "{url}"] && options.embedded == nil)
            // One on the command line takes its place.
            let embedded = try await Program.run(["client", "--embedded", "--quiet"], in: folder)
            #expect(embedded.status == 0 && embedded.error == "", "\(embedded)")
            let other = ["client", "--quiet", "--", "/bin/sh", "-c", "exit 4", "{url}"]
            _ = try await Program.run(other, in: folder)
            #expect(try report(folder).options.command == ["/bin/sh", "-c", "exit 4", "{url}"])
        }
    }

    @Test(
        "A bad value is one line that names file, place and key, and its secret stays one",
        arguments: [
            (
                #""url": "http://a""#, [],
                "line 1, column 13: server.url: 'http://a' is not a WebSocket address; write ws://a"
            ),
            (#""jobs": 0"#, [], "server.jobs: --jobs 0 is out of range; give a number from 1 to 256"),
            (#""effort": "most""#, [], "server.effort: The value 'most' is invalid"),
            (
                #""embedded": true, "url": "ws://a""#, [],
                "line 1, column 31: server.url: 'ws://a' and --embedded name two"
            ),
            (#""headers": {"a": "${LINES}"}"#, [], "server.headers: The value 'a: ${LINES} ${LINES}' is invalid"),
            (#""cookies": {"a": "${LINES}"}"#, [], "server.cookies: The value 'a=${LINES} ${LINES}' is invalid"),
            (#""url": "ws://127.0.0.1/?a=${LINES}""#, [], "server.url: 'ws://127.0.0.1/?a=${LINES} ${LINES}' has"),
            (#""jobs": 2"#, ["--header", "A: b\n"], "the value ends with a line break; drop it"),
            (#""jobs": 2"#, ["--cookie", "a=b\r\n"], "the value ends with a line break; drop it"),
            (#""headers": {"a b": "${TOKEN}"}"#, [], "server.headers: The value 'a b: ${TOKEN}' is invalid"),
            (
                #""embedded": true, "cases": ["nonsense/*"], "quiet": true"#, [],
                "server.cases: no case matches 'nonsense/*'"
            ),
            (#""headers": {"Cookie": "a=b"}"#, ["--cookie", "c=d"], "and the command line together: --cookie and"),
            (#""jobs": 2"#, ["--jbos", "3"], "Unknown option '--jbos'. Did you mean '--jobs'?"),
            (#""jobs": 2"#, ["--timeout", "0"], "wsconform: --timeout 0 is out of range"),
            (
                #""jobs": 2, "quiet": true"#, [],
                "add \"url\": \"ws://127.0.0.1:9001\" to the section \"server\" of c.json"
            ),
            (#""\u001b[2J\r\n": 1"#, [], #"there is no key 'server.\u{1B}[2J\r "#),
            (#""jobs": 2"#, ["--no-config"], "--config and --no-config exclude each other"),
        ] as [(String, [String], String)]
    )
    func bad(text: String, words: [String], part: String) async throws {
        try await Program.withFolder { folder in
            try write("{\"server\": {\(text)}}", to: "c.json", in: folder)
            let environment = ["TOKEN": "s3cr3t-31415", "LINES": "s3cr3t-1\ns3cr3t-2"]
            let words = ["server", "--config", "c.json"] + words
            let result = try await Program.run(words, in: folder, environment: environment)
            #expect(result.status == 64 && result.output == "", "\(result)")
            #expect(result.error.split(separator: "\n").count == 1 && result.error.contains(part), "\(result.error)")
            #expect(!result.error.contains("s3cr3t"))
        }
    }

    @Test("Another target, or another place to listen at, drops the TLS options of the file")
    func otherTLS() async throws {
        try await Program.withFolder { folder in
            let text = """
                {"server": {"url": "wss://127.0.0.1:1", "ca": "c.pem", "server-name": "a.example",
                 "cases": ["ping/empty"], "quiet": true}, "client": {"listen": "wss://127.0.0.1:0", "cert": "c.pem", "key": "k.pem",
                 "cases": ["ping/empty"], "quiet": true}}
                """
            try write(text, to: "wsconform.json", in: folder)
            func run(_ words: String...) async throws -> Program.Result { try await Program.run(words, in: folder) }
            let plain = try await run("server", "ws://127.0.0.1:1")
            #expect(plain.status == 2 && plain.error.contains("127.0.0.1:1"), "\(plain)")
            let embedded = try await run("server", "--embedded")
            #expect(embedded.status == 0 && embedded.error == "", "\(embedded)")
            let replaced = try report(folder).options.configuration?.replaced
            #expect(replaced == ["url", "ca", "server-name"])
            let insecure = try await run("server", "--insecure")
            #expect(insecure.status == 2 && !insecure.error.contains("c.pem"), "\(insecure)")
            let kept = try await run("server", "--tls-min", "1.3")
            #expect(kept.status == 2 && kept.error.contains("c.pem: cannot be opened"), "\(kept)")

            let client = try await run("client", "--embedded", "--listen", "127.0.0.1:0")
            #expect(client.status == 0 && client.error == "", "\(client)")
            #expect(try report(folder).options.configuration?.replaced == ["listen", "cert", "key"])
            // The certificate is for any place where TLS is spoken.
            let secure = try await run("client", "--embedded", "--listen", "wss://127.0.0.1:0")
            #expect(secure.status == 2 && secure.error.contains("c.pem: cannot be opened"), "\(secure)")

            try write(#"{"server": {"url": "wss://127.0.0.1:1", "insecure": true}}"#, to: "wsconform.json", in: folder)
            let trusting = try await run("server", "--ca", "c.pem", "--quiet")
            #expect(trusting.status == 2 && trusting.error.contains("c.pem: cannot be opened"), "\(trusting)")

            let route = #"{"server": {"url": "ws://a", "connect-to": "127.0.0.1:1", "proxy": "http://127.0.0.1:1"}}"#
            try write(route, to: "wsconform.json", in: folder)
            let other = try await run("server", "--embedded", "--cases", "ping/empty", "--quiet")
            #expect(other.status == 0 && other.error == "", "\(other)")
        }
    }

    @Test("A link that leads nowhere is a file that cannot be read")
    func dangling() async throws {
        try await Program.withFolder { folder in
            let link = FileSystem.join(folder, "wsconform.json")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "none.json")
            let result = try await Program.run(["server", "--embedded", "--cases", "ping/empty"], in: folder)
            #expect(result.status == 64 && result.output == "", "\(result)")
            #expect(result.error.hasPrefix("wsconform: wsconform.json: cannot be opened: no such file"), "\(result)")
            #expect(result.error.hasSuffix("or read none with --no-config\n"), "\(result)")
        }
    }

    @Test("A file that cannot be read, or has no section for the command, is wrong usage; help needs none")
    func unreadable() async throws {
        try await Program.withFolder { folder in
            func line(_ words: [String]) async throws -> String {
                let result = try await Program.run(words, in: folder)
                #expect(result.status == 64 && result.output == "", "\(result)")
                #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
                return result.error
            }
            try FileSystem.createFolder(FileSystem.join(folder, "wsconform.json"))
            #expect(try await line(["server", "ws://a"]).contains("wsconform.json: is no regular file"))
            #expect(try await line(["client"]).contains("or read none with --no-config"))
            #expect(
                try await line(["server", "--config", "none.json"]).contains("none.json: cannot be opened: no such")
            )
            #expect(try await line(["server", "--config", ""]).contains("--config"))
            try write("{\"client\": {}}", to: "c.json", in: folder)
            let missing = try await line(["server", "--config", "c.json"])
            #expect(missing == "wsconform: c.json has no section for this; add \"server\": {…}\n")
            for words in [
                ["server", "--help"], ["client", "-h"], ["help", "server"], ["cases", "list"], ["server", "--version"],
            ] {
                #expect(try await Program.run(words, in: folder).status == 0, "\(words)")
            }
        }
    }
}
