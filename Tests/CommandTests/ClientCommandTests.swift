import Foundation
import Testing
import WSCommand
import WSConform
import WSJudge
import WSReport
import WSRunFolder
import WSTranscript

@Suite("Clients that wsconform starts", .serialized, .timeLimit(.minutes(15)))
struct ClientCommandTests {
    /// A shell script as the client.
    private func script(_ line: String) -> [String] { ["/bin/bash", "-c", line, "script", "{url}"] }

    /// Opens TCP to the address of the case, sends a handshake, and reads a line of the answer.
    private static let connect = """
        rest=${1#ws://}; authority=${rest%%/*}; exec 3<>/dev/tcp/${authority%:*}/${authority#*:}; \
        printf 'GET /%s HTTP/1.1\\r\\nHost: %s\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n' \
        "${rest#*/}" "$authority" >&3; \
        printf 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\nSec-WebSocket-Version: 13\\r\\n\\r\\n' >&3; \
        read -r line <&3; 
        """

    private func run(_ folder: String, _ more: [String], _ command: [String]) async throws -> Program.Result {
        try await Program.run(["client", "--out", folder] + more + ["--"] + command)
    }

    @Test("A driver that has just come to the end of a long conversation is not idle")
    func idleness() {
        var idleness = DriverIdleness()
        // A conversation ends between the first look and the second, and the driver has not been heard yet.
        let looks = [true, false].map { idleness.lasts(isBusy: $0) }
        #expect(looks == [false, false])
        idleness.end()
        let others = [false, false].map { idleness.lasts(isBusy: $0) }
        #expect(others == [false, true])
    }

    @Test("The built-in client passes, its record is judged and rendered again, and nothing is left behind")
    func embedded() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            let result = try await Program.run(["client", "--embedded", "--cases", "ping/*", "--out", out])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let report = try RunFolder(path: out).readReport()
            #expect(report.roleUnderTest == .client && report.footer.complete)
            #expect(report.summary.pass == report.summary.total && report.summary.total > 10)
            #expect(!FileSystem.exists(FileSystem.join(out, "recording")))

            let again = FileSystem.join(folder, "again")
            #expect(try await Program.run(["judge", out, "--out", again]).status == 0)
            #expect(try RunFolder(path: again).readReport() == report)

            let rendered = FileSystem.join(folder, "rendered")
            let words = ["render", out, "--format", "autobahn", "--out", rendered]
            #expect(try await Program.run(words).status == 0)
            let version = String(ToolIdentity.version.map { $0 == "." ? "_" : $0 })
            let file = FileSystem.join(rendered, "wsconform_\(version)_case_2_1.json")
            let text = String(decoding: try FileSystem.read(file), as: UTF8.self)
            #expect(text.contains(#""isServer": true"#))
        }
    }

    @Test("The built-in client has the defects that it is given, and the report says so")
    func defects() async throws {
        try await Program.withFolder { folder in
            let words = ["--embedded", "--defect", "never-pongs", "--defect", "masks-nothing", "--cases", "ping/empty"]
            let result = try await Program.run(["client"] + words + ["--out", folder])
            #expect(result.status == 1, "\(result.output)\(result.error)")
            #expect(result.output.contains("client --embedded --defect never-pongs --defect masks-nothing --cases"))
            let report = try RunFolder(path: folder).readReport()
            #expect(report.options.defects == ["never-pongs", "masks-nothing"])
            #expect(report.passive.contains { $0.requirement == "RFC6455-5.1-01" })
        }
        let list = try await Program.run(["client", "--list-defects"])
        #expect(list.status == 0)
        #expect(list.output.contains("masks-nothing ") && list.output.contains("never-pongs "))
        #expect(!list.output.contains("accepts-post "))
    }

    @Test("A command that does not exist is one line, and the run is over")
    func missing() async throws {
        try await Program.withFolder { folder in
            let result = try await run(folder, ["--cases", "ping/*", "--quiet"], ["/nowhere/client", "{url}"])
            #expect(result.status == 2)
            #expect(
                result.error
                    == "wsconform: /nowhere/client cannot be started; check the command behind --, and that it may be run\n"
            )
            let report = try RunFolder(path: folder).readReport()
            #expect(!report.footer.complete && report.summary.inconclusive == report.summary.total)
        }
    }

    @Test("A command that ends without connecting is told with its last words, and given up soon")
    func exits() async throws {
        try await Program.withFolder { folder in
            let result = try await run(
                folder,
                ["--cases", "ping/*", "--quiet", "--jobs", "2"],
                script("echo no module >&2; exit 7")
            )
            #expect(result.status == 2)
            let lines = result.error.split(separator: "\n")
            #expect(lines.count == 1, "\(result.error)")
            #expect(lines.first?.hasPrefix("wsconform: /bin/bash -c 'echo no module >&2; exit 7' script") == true)
            let line = "it ended with exit status 7 before it asked for the case; it wrote last: no module"
            // It was given {url}: nobody has to be told to do so.
            let mend = "it was given the address of the case, and has to open that"
            #expect(lines.first?.hasSuffix("was started 3 times and never connected: \(line); \(mend)") == true)
            #expect(result.output == "nothing was run; exit 2 for nothing was judged; report \(folder)/report.json\n")
            let report = try RunFolder(path: folder).readReport()
            #expect(!report.footer.complete && report.cases.isEmpty)
        }
    }

    @Test("A command that never connects is started three times, and what was judged before stays")
    func fewStarts() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            _ = try await Program.run(["client", "--embedded", "--cases", "ping/empty", "--out", out])
            let earlier = try RunFolder(path: out).readReport()
            let line = "echo start >> '\(folder)/starts'"
            let result = try await run(out, ["--cases", "ping/*"], script(line))
            #expect(result.status == 2)
            let starts = try FileSystem.read(FileSystem.join(folder, "starts"))
            #expect(String(decoding: starts, as: UTF8.self) == "start\nstart\nstart\n")
            #expect(result.output.hasSuffix("nothing was run; exit 2 for nothing was judged\n"), "\(result.output)")
            #expect(!result.error.contains("earlier run") && !result.output.contains("not tried"), "\(result.error)")
            #expect(try RunFolder(path: out).readReport() == earlier)
        }
    }

    @Test("A client that connects once, and then never again, has a result for each case")
    func connectsOnce() async throws {
        try await Program.withFolder { folder in
            let line = "mkdir '\(folder)/came' || exit 4; " + Self.connect
            let out = FileSystem.join(folder, "run")
            let cases = ["empty", "text-body", "binary-body", "125-octets", "126-octets"].flatMap {
                ["--cases", "ping/\($0)"]
            }
            let result = try await run(out, cases + ["--quiet"], script(line))
            let report = try RunFolder(path: out).readReport()
            #expect(report.cases.count == 5 && report.footer.complete, "\(result.error)")
            let absent = report.cases.filter { $0.verdict == .inconclusive }
            #expect(
                absent.count == 4 && absent.allSatisfy { $0.reason.hasPrefix("/bin/bash ended with exit status 4") }
            )
        }
    }

    @Test("A command without {url} is told so before it runs, unless its words name the variable")
    func withoutPlaceholder() async throws {
        try await Program.withFolder { folder in
            let bare = try await run(folder, ["--cases", "ping/*", "--quiet"], ["/bin/bash", "-c", "exit 7"])
            let lines = bare.error.split(separator: "\n")
            let advice =
                "has no {url} among its words, so that only WSCONFORM_URL tells it where to connect; write {url} where"
            #expect(lines.first == "wsconform: /bin/bash -c 'exit 7' \(advice) the address goes", "\(bare.error)")
            #expect(lines.last?.hasSuffix("give it the address: {url} in its arguments, or WSCONFORM_URL") == true)
            #expect(lines.count == 2)
            let words = ["/bin/bash", "-c", "echo $WSCONFORM_URL >&2"]
            let named = try await run(folder, ["--cases", "ping/*", "--quiet"], words)
            #expect(named.error.split(separator: "\n").count == 1, "\(named.error)")
        }
    }

    @Test("A command that never connects is waited for, but not for ever")
    func never() async throws {
        try await Program.withFolder { folder in
            let result = try await run(
                folder,
                ["--cases", "ping/empty", "--timeout", "1", "--quiet"],
                script("exec sleep 1000")
            )
            #expect(result.status == 2)
            #expect(result.error.contains("/bin/bash runs but did not ask for the case"), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.cases.map(\.verdict) == [.inconclusive])
        }
    }

    @Test("A signal that ends the command after it has connected is held against it")
    func crash() async throws {
        try await Program.withFolder { folder in
            let result = try await run(
                folder,
                ["--cases", "ping/empty", "--quiet"],
                script(Self.connect + "kill -SEGV $$")
            )
            #expect(result.status == 1, "\(result.output)\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            let entry = try #require(report.cases.first)
            #expect(entry.findings.first?.rule == "target-died", "\(entry.reason)")
            #expect(entry.reason.contains("the client ended with signal SIGSEGV"), "\(entry.reason)")
        }
    }

    @Test("A command that hangs after its conversation is ended, which is told once and held against nobody")
    func hangs() async throws {
        try await Program.withFolder { folder in
            let line = Self.connect + "exec 3>&-; exec sleep 1000"
            let result = try await run(
                folder,
                ["--cases", "ping/empty", "--cases", "ping/text-body", "--timeout", "1", "--quiet"],
                script(line)
            )
            let told = "/bin/bash still runs 1 s after its connection has ended, and is ended then; let it exit"
            #expect(result.error.contains(told) && result.error.contains("--timeout never"), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.footer.complete)
            #expect(report.cases.allSatisfy { entry in !entry.findings.contains { $0.rule == "target-died" } })
        }
    }

    @Test("A client that is waited for as long as it takes is started once for its case")
    func startedOnce() async throws {
        try await Program.withFolder { folder in
            // It holds still for longer than time may decide anything by, and ends without a Pong.
            let line = "echo start >> '\(folder)/starts'; " + Self.connect + "sleep 0.7; exec 3>&-"
            let more = ["--cases", "ping/empty", "--timeout", "never", "--quiet"]
            _ = try await run(folder, more, script(line))
            let starts = try FileSystem.read(FileSystem.join(folder, "starts"))
            #expect(String(decoding: starts, as: UTF8.self) == "start\n")
        }
    }

    @Test("A command that comes twice plays its case once")
    func twice() async throws {
        try await Program.withFolder { folder in
            let again = Self.connect.replacingOccurrences(of: "exec 3<>", with: "exec 4<>")
                .replacingOccurrences(of: ">&3", with: ">&4").replacingOccurrences(of: "<&3", with: "<&4")
            let line = Self.connect + again + "echo \"$line\" >&2"
            let result = try await run(folder, ["--cases", "ping/empty", "--quiet"], script(line))
            #expect(
                result.error.contains("came again for ping/empty; only the first connection for a case counts"),
                "\(result.error)"
            )
            let log = try FileSystem.read(RunFolder(path: folder).clientLogPath(of: "ping/empty"))
            #expect(String(decoding: log, as: UTF8.self).hasPrefix("HTTP/1.1 503"))
        }
    }

    @Test("The command is told what its case needs")
    func environment() async throws {
        try await Program.withFolder { folder in
            let line = "echo \"$1|$WSCONFORM_URL|$WSCONFORM_CASE|$WSCONFORM_AGENT|$WSCONFORM_SUBPROTOCOLS\" >&2"
            _ = try await run(folder, ["--cases", "ping/empty", "--quiet", "--agent", "a b"], script(line))
            let log = RunFolder(path: folder).clientLogPath(of: "ping/empty")
            let words = String(decoding: try FileSystem.read(log), as: UTF8.self)
                .split(separator: "|", omittingEmptySubsequences: false)
            #expect(words[0] == words[1] && words[0].hasSuffix("/runCase?casetuple=ping/empty&agent=a%20b"))
            #expect(words[2] == "ping/empty" && words[3] == "a b" && words[4] == "\n")
        }
    }

    @Test("A driver that asks for nothing is one line that says what it has to use")
    func idleDriver() async throws {
        try await Program.withFolder { folder in
            let words = ["client", "--driver", "--out", folder, "--quiet", "--"] + script("echo bye >&2")
            let result = try await Program.run(words)
            #expect(result.status == 2)
            #expect(
                result.error.hasPrefix(
                    "wsconform: /bin/bash ended with exit status 0 and never asked for a case; it wrote last: bye; it has to"
                ),
                "\(result.error)"
            )
            let bare = ["--", "/bin/bash", "-c", "echo bye >&2"]
            let other = try await Program.run(["client", "--driver", "--out", folder, "--quiet"] + bare)
            #expect(other.error.contains("it wrote last: bye; give it the address: {url}"), "\(other.error)")
        }
    }

    @Test("SIGINT ends what was started, and the report says that the run was cut short")
    func interrupted() async throws {
        try await Program.withFolder { folder in
            let line = "echo started > \(folder)/started; exec sleep 1000"
            let words = ["client", "--cases", "ping/*", "--out", folder, "--quiet", "--"] + script(line)
            let running = try Program.start(words)
            while !FileSystem.exists(FileSystem.join(folder, "started")) { await Task.yield() }
            running.interrupt()
            let result = await running.result()
            #expect(result.status == 2)
            #expect(try RunFolder(path: folder).readReport().footer == RunOutcome.cancelled.footer)
        }
    }

    @Test(
        "Wrong usage is one line that names the mend",
        arguments: [
            (["--listen", "9001"], "The value '9001' is invalid for '--listen <host:port>': '9001' is no address"),
            (["--embedded", "--", "x"], "--embedded starts no command; drop 'x' or --embedded"),
            (["--embedded", "--driver"], "--embedded starts no driver"),
            (
                ["--embedded", "--defect", "nonsense"],
                "clients have no defect 'nonsense'; --list-defects shows them all"
            ),
            (["--embedded", "--defect", "accepts-post"], "clients have no defect 'accepts-post'; --list-defects"),
            (["--defect", "drops-echo"], "--defect drops-echo is for the built-in client; add --embedded, or drop it"),
            (["--driver"], "--driver has no command; write it last: --driver -- COMMAND"),
            (["--", ""], "the command is empty; write a program behind --"),
            (["--jobs", "0"], "--jobs 0 is out of range"), (["--timeout", "0"], "--timeout 0 is out of range"),
            (["--agent", String(repeating: "a", count: 201)], "--agent has 201 octets; give at most 200"),
            (["--cases", "nope/*"], "no case matches 'nope/*'"),
            (["--cases", "masking/unmasked-ping"], "nothing to run against a client"),
        ] as [([String], String)]
    )
    func usage(arguments: [String], beginning: String) async throws {
        let result = try await Program.run(["client"] + arguments)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("wsconform: \(beginning)"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
    }
}
