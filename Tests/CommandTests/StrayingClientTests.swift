import Foundation
import Testing
import WSCommand
import WSConform
import WSJudge
import WSReport
import WSRunFolder
import WSTranscript

/// Clients that do something else than what they are started for, each as a shell script that speaks enough of HTTP.
@Suite("Clients that wsconform starts in the wrong way", .serialized, .timeLimit(.minutes(15)))
struct StrayingClientTests {
    /// Opens TCP to the address that was given, and asks for paths: `ask PATH` sends a handshake and reads a line.
    private static let prelude = """
        rest=${1#ws://}; authority=${rest%%[/?]*}; given=${rest#"$authority"}; \
        ask() { \
        exec 3<>/dev/tcp/${authority%:*}/${authority##*:}; \
        printf 'GET %s HTTP/1.1\\r\\nHost: %s\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n' "$1" "$authority" >&3; \
        printf 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\nSec-WebSocket-Version: 13\\r\\n\\r\\n' >&3; \
        read -r line <&3; exec 3>&-; }; 
        """
    /// A driver as many are: it puts the paths of the interface behind the address that it is given.
    private static let driver =
        prelude + """
            ask "$given/getCaseCount"; ask "$given/runCase?case=1&agent=x"; ask "$given/runCase?case=2&agent=x"; \
            ask "$given/updateReports?agent=x"
            """

    private func script(_ line: String) -> [String] { ["/bin/bash", "-c", line, "script", "{url}"] }

    private static let two = ["--cases", "ping/empty", "--cases", "ping/text-body"]

    private func run(_ folder: String, _ more: [String], _ line: String) async throws -> Program.Result {
        try await Program.run(["client", "--out", folder, "--quiet"] + more + ["--"] + script(line))
    }

    @Test("A driver without --driver is recognised, said, and goes on as a driver")
    func driverWithoutOption() async throws {
        try await Program.withFolder { folder in
            let result = try await run(folder, Self.two, Self.driver)
            #expect(result.error.contains("asks for cases itself"), "\(result.error)")
            #expect(result.error.contains("it goes on as with --driver"), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.peer.name == "x" && report.footer.complete && report.cases.count == 2)
            // What was played before it was recognised has left nothing.
            #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
        }
    }

    @Test("A client for one case under --driver is recognised, said, and started for each case")
    func clientWithDriverOption() async throws {
        try await Program.withFolder { folder in
            let result = try await run(folder, Self.two + ["--driver"], Self.prelude + "ask \"${given:-/}\"")
            #expect(result.error.contains("it goes on as without --driver"), "\(result.error)")
            #expect(result.error.contains("drop --driver, or let it loop over the cases"), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.footer.complete && report.cases.count == 2)
            #expect(report.cases.allSatisfy { $0.transcript != nil })
        }
    }

    @Test("A glob asks a driver for what every driver can play, and says how to get the rest")
    func globForDriver() async throws {
        try await Program.withFolder { folder in
            let result = try await run(
                folder,
                ["--driver", "--cases", "closing/client-*", "--cases", "ping/*"],
                Self.driver
            )
            #expect(result.error.contains("are not asked of a driver and left out; drop --driver"), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(!report.cases.contains { $0.id == "closing/client-closes-with-1000" }, "\(report.cases.map(\.id))")
            #expect(report.leftOut.contains { $0.why == "driver" && $0.cases > 0 }, "\(report.leftOut)")
            let named = ["--driver", "--cases", "closing/client-closes-with-1000", "--cases", "ping/empty"]
            let other = try await run(folder, named, Self.driver)
            #expect(!other.error.contains("left out"), "\(other.error)")
            #expect(try RunFolder(path: folder).readReport().cases.count == 2)
            let none = try await run(folder, ["--driver", "--cases", "framing/client-sends-*"], Self.driver)
            #expect(none.status == 64 && none.error.contains("a driver is asked for none of the"), "\(none.error)")
        }
    }

    @Test("A client that drops the query fails for it once, and the rest goes on without one")
    func droppedQuery() async throws {
        try await Program.withFolder { folder in
            let others = ["ping/binary-body", "handshake/request/address-without-path"]
            let more = Self.two + others.flatMap { ["--cases", $0] }
            let result = try await run(folder, more, Self.prelude + "given=${given%%\\?*}; ask \"${given:-/}\"")
            #expect(result.status == 1)
            #expect(result.error.contains("your client dropped the query of its address"), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            let told = report.passive.filter { $0.requirement == "RFC6455-3-06" }
            // In the first case, and in the one that needs a query.
            #expect(told.count == 1 && told.first?.verdict == .fail && told.first?.cases == 2, "\(report.passive)")
            let own = report.cases.filter { $0.findings.contains { $0.rule == "address" && !$0.isPassive } }
            #expect(own.map(\.id) == ["handshake/request/address-without-path"], "\(report.cases.map(\.reason))")
            #expect(report.footer.complete && report.cases.allSatisfy { $0.verdict != .inconclusive })
        }
    }

    @Test("What the user could type reaches a command that is alone", arguments: [["--jobs", "1"], []])
    func input(more: [String]) async throws {
        try await Program.withFolder { folder in
            let words = ["client", "--out", folder, "--quiet", "--cases", "ping/empty"] + more + ["--"]
            let command = script("read -r word; echo \"told: $word\" >&2")
            let result = try await Program.run(words + command, input: "continue\n")
            #expect(result.error.contains("it wrote last: told: continue"), "\(result.error)")
        }
    }

    @Test("Commands beside each other read nothing")
    func noInput() async throws {
        try await Program.withFolder { folder in
            let words = ["client", "--out", folder, "--quiet"] + Self.two + ["--jobs", "2", "--"]
            let command = script("read -r word; echo \"told: $word.\" >&2")
            let result = try await Program.run(words + command, input: "continue\n")
            #expect(result.error.contains("it wrote last: told: ."), "\(result.error)")
        }
    }

    @Test("A client that ends the run under way, or plays under another name, ends nothing and hides nothing")
    func otherName() async throws {
        try await Program.withFolder { folder in
            let line = Self.prelude + "ask /stopServer; ask \"${given%agent=*}agent=victim\""
            let result = try await run(folder, Self.two + ["--agent", "own"], line)
            #expect(result.error.contains("a client cannot end the run"), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.peer.name == "own" && report.cases.count == 2 && report.footer.complete)
            #expect(report.cases.allSatisfy { $0.transcript != nil })
        }
    }

    @Test("What a client's driver never does is unimplemented, said once, and no reason to doubt the run")
    func neverActs() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            // It closes the connection properly when it is told to, and asks for nothing.
            let patient = Self.prelude.replacingOccurrences(of: "exec 3>&-;", with: "cat <&3 >/dev/null;")
            let line = patient + "ask \"$given\""
            let more = [
                "--cases", "framing/client-sends-*", "--cases", "closing/client-and-server-at-once", "--cases",
                "subprotocol/*", "--timeout", "2",
            ]
            let result = try await Program.run(["client", "--out", out] + more + ["--"] + script(line))
            let report = try RunFolder(path: out).readReport()
            let undone = report.cases.filter { $0.id.hasPrefix("framing/client-sends-") }
            #expect(undone.count == 4 && undone.allSatisfy { $0.verdict == .unimplemented }, "\(undone.map(\.reason))")
            let doubts = report.cases.filter { $0.verdict == .inconclusive }.map(\.reason)
            #expect(!doubts.contains { $0.contains("driver") }, "\(doubts)")
            let reason = "the client's driver does nothing of its own accord; what to do is in WSCONFORM_ACTION"
            #expect(result.output.split(separator: "\n").filter { $0.contains(reason) }.count == 1, "\(result.output)")
            let again = FileSystem.join(folder, "again")
            _ = try await Program.run(["judge", out, "--out", again])
            #expect(try RunFolder(path: again).readReport().cases == report.cases)
        }
    }

    @Test("A client that offers no compression is not started for cases that need it")
    func noCompression() async throws {
        try await Program.withFolder { folder in
            let starts = folder + "-starts"
            defer { try? FileManager.default.removeItem(atPath: starts) }
            let line = "echo >> \(starts); " + Self.prelude + "ask \"${given:-/}\""
            let result = try await run(folder, ["--cases", "ping/empty", "--cases", "12.1.*"], line)
            let report = try RunFolder(path: folder).readReport()
            let compressed = report.cases.filter { $0.id.hasPrefix("compression/") }
            #expect(compressed.count == 18)
            #expect(compressed.allSatisfy { $0.verdict == .unimplemented && $0.transcript == nil })
            #expect(Set(compressed.map(\.reason)) == [Judge.offersNoCompression])
            #expect(compressed.allSatisfy { $0.autobahn?.behavior == "UNIMPLEMENTED" })
            #expect(try String(contentsOfFile: starts, encoding: .utf8) == "\n")
            #expect(report.leftOut.contains { $0.why == "compression" && $0.cases == 18 })
            #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
        }
    }

    @Test("One case has an address of IPv6, where the machine has one")
    func overIPv6() async throws {
        try await Program.withFolder { folder in
            let id = "handshake/request/address-with-ipv6-host"
            let result = try await Program.run(["client", "--embedded", "--cases", id, "--out", folder])
            let report = try RunFolder(path: folder).readReport()
            let entry = try #require(report.cases.first)
            if entry.verdict == .skipped {
                #expect(entry.reason == "needs the address ::1, on which nothing can be listened here")
            } else {
                #expect(result.status == 0 && entry.verdict == .pass, "\(result.output)")
                let transcript = try RunFolder(path: folder).readTranscript(of: entry.id)
                #expect(transcript.header.url.hasPrefix("ws://[::1]:"))
            }
        }
    }
}
