import PeerTestSupport
import Synchronization
import Testing
import WSCommand
import WSJudge
import WSLink
import WSProtocol
import WSReport
import WSRunFolder
import WSTransport

/// A server that sends something else back for one long message of several.
private final class FlakyServer: Sendable {
    private let count = Mutex(0)
    private let wrong: Set<Int>

    init(wrong: Set<Int>) { self.wrong = wrong }

    var peer: ScriptedPeer {
        ScriptedPeer { [self] event, answers in
            guard case .message(let type, let octets) = event, octets.count == 126 else { return answers.behave(event) }
            let number = count.withLock { count in
                count += 1
                return count
            }
            answers.send(type, wrong.contains(number) ? Array("something else".utf8) : octets)
        }
    }
}

@Suite("Playing a run several times", .serialized, .timeLimit(.minutes(15)))
struct RepeatTests {
    private static let cases = ["--cases", "framing/text/126-octets", "--cases", "ping/empty", "--no-config"]

    /// Runs against a server that is wrong at these tries of one case.
    private func run(
        wrong: Set<Int>,
        times: Int,
        _ words: [String] = []
    ) async throws -> (
        result: Program.Result, report: Report, hasTry: Bool, transcript: String
    ) {
        let server = FlakyServer(wrong: wrong)
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { server.peer }
        let done = try await Program.withFolder { path in
            let command = ["server", "ws://\(acceptor.endpoint)", "--repeat", "\(times)", "--out", path] + Self.cases
            let result = try await Program.run(command + words)
            let folder = RunFolder(path: path)
            let record = FileSystem.join(path, "transcripts/framing/text/126-octets.ndjson")
            return (
                result, try folder.readReport(), FileSystem.exists(FileSystem.join(path, "try")),
                String(decoding: try FileSystem.read(record), as: UTF8.self)
            )
        }
        await acceptor.close()
        return done
    }

    @Test("Of each case the worst try counts with its record, and where tries differ it is told how many came out so")
    func flaky() async throws {
        let (result, report, hasTry, transcript) = try await run(wrong: [2], times: 3)
        #expect(result.status == 1, "\(result.error)")
        #expect(result.error.contains("1 case differs between tries: framing/text/126-octets (fail in 1 of 3 tries)"))
        let case126 = try #require(report.cases.first { $0.id == "framing/text/126-octets" })
        #expect(case126.reason.hasSuffix("; in 1 of 3 tries, else pass"), "\(case126.reason)")
        #expect(case126.verdict == .fail && case126.tries == Report.Tries([.pass, .fail, .pass]))
        #expect(report.cases.first { $0.id == "ping/empty" }?.tries == nil)
        #expect(report.options.tries == 3 && report.summary.fail == 1 && report.summary.pass == 1)
        #expect(report.footer.complete && !hasTry)
        #expect(transcript.contains("mismatch"))
    }

    @Test("Where all tries agree nothing is told of them", arguments: [1, 3])
    func steady(times: Int) async throws {
        let (result, report, hasTry, _) = try await run(wrong: [], times: times)
        #expect(result.status == 0 && !result.error.contains("tries") && !result.output.contains("tries"))
        #expect(report.cases.allSatisfy { $0.tries == nil } && !hasTry)
        #expect(report.options.tries == (times == 1 ? nil : times))
    }

    @Test("Clients are repeated, too")
    func client() async throws {
        try await Program.withFolder { path in
            let command = ["client", "--embedded", "--repeat", "2", "--cases", "ping/empty", "--no-config"]
            let result = try await Program.run(command + ["--out", path])
            let report = try RunFolder(path: path).readReport()
            #expect(result.status == 0 && report.options.tries == 2 && report.summary.pass == 1, "\(result.error)")
        }
    }

    @Test(
        "What cannot be repeated is refused in a line that says what to do",
        arguments: [
            (["server", "--embedded", "--repeat", "0"], "give a number from 1 to 100"),
            (["server", "--embedded", "--repeat", "101"], "give a number from 1 to 100"),
            (["server", "ws://127.0.0.1:1", "--repeat", "2", "--debug", "ping/empty"], "drop --repeat"),
            (["client", "--repeat", "2"], "give its command behind --"),
        ]
    )
    func refused(words: [String], part: String) async throws {
        let result = try await Program.run(words + ["--no-config"])
        #expect(result.status == 64 && result.error.contains(part), "\(result.status) \(result.error)")
    }
}
