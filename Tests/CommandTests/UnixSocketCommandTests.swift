import Foundation
import Testing
import WSCatalogue
import WSCommand
import WSReport
import WSRunFolder
import WSScenario

@Suite("Over a Unix socket", .serialized, .timeLimit(.minutes(15)))
struct UnixSocketCommandTests {
    /// Runs a body beside the program's own echo server on a socket in a short folder, and then ends that.
    private func withEcho<Result>(
        _ body: (_ folder: String, _ address: String) async throws -> Result
    ) async throws -> Result {
        try await Program.withFolder { folder in
            let socket = FileSystem.join(folder, "s ü.sock")
            let running = try Program.start(["echo", "--listen", "unix://\(socket)"])
            let line = running.line()
            #expect(line == "listening on ws+unix://\(folder)/s%20%C3%BC.sock:")
            let result: Result
            do {
                result = try await body(folder, line.replacing("listening on ", with: ""))
            } catch {
                running.interrupt()
                throw error
            }
            running.interrupt()
            #expect(await running.result().status == 0)
            #expect(!FileManager.default.fileExists(atPath: socket))
            return result
        }
    }

    @Test("A server is tested, its report names the socket and masks the query, and the run is judged anew")
    func server() async throws {
        try await withEcho { folder, address in
            let out = FileSystem.join(folder, "run")
            let words = ["--cases", "ping/*", "--cases", "handshake/request/*", "--out", out]
            let result = try await Program.run(["server", address + "/chat?token=s3cr3t-1234"] + words)
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let report = try RunFolder(path: out).readReport()
            #expect(report.peer.url == address + "/chat?token=***" && report.summary.fail == 0)
            #expect(report.summary.pass > 100 && report.summary.inconclusive == 0)
            let transcript = try FileSystem.read(FileSystem.join(out, "transcripts/ping/empty.ndjson"))
            #expect(String(decoding: transcript, as: UTF8.self).contains("token=s3cr3t-1234"))
            let again = FileSystem.join(folder, "again")
            #expect(try await Program.run(["judge", out, "--out", again]).status == 0)
            let judged = try RunFolder(path: again).readReport()
            #expect(judged.summary == report.summary && judged.peer.url == report.peer.url)
        }
    }

    @Test("Where nobody listens, one line names the path and what to do")
    func nobody() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            let result = try await Program.run(["server", "ws+unix://\(folder)/none", "--out", out, "--quiet"])
            let line = "wsconform: unix:\(folder)/none does not exist; start the server or check the path\n"
            #expect(result.status == 2 && result.error == line, "\(result.error)")
        }
    }

    @Test("Where an ended program has left its socket, one line says so for those who listen, too")
    func left() async throws {
        try await Program.withFolder { folder in
            let place = "unix:\(folder)/left"
            let running = try Program.start(["echo", "--listen", place])
            _ = running.line()
            running.send(SIGKILL)
            _ = await running.result()
            for words in [["echo"], ["client", "--embedded", "--out", FileSystem.join(folder, "run")]] {
                let result = try await Program.run(words + ["--listen", place])
                let reason = "a program that has ended left its socket there; remove it, or choose another --listen"
                #expect(result.status == 2 && result.error == "wsconform: \(place) cannot be listened on: \(reason)\n")
            }
        }
    }

    @Test("The model client passes, over a socket that is removed afterwards")
    func embeddedClient() async throws {
        try await Program.withFolder { folder in
            let (out, place) = (FileSystem.join(folder, "run"), "unix:\(folder)/c.sock")
            let words = ["client", "--embedded", "--listen", place, "--out", out, "--cases", "handshake/*"]
            let result = try await Program.run(words + ["--cases", "ping/*", "--cases", "closing/*"])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let report = try RunFolder(path: out).readReport()
            #expect(report.summary.pass > 100 && report.summary.fail == 0 && report.summary.inconclusive == 0)
            #expect(report.options.listen == place && report.peer.url == "ws+unix://\(folder)/c.sock:")
            // What is about forms of the address has no meaning here.
            let isAboutForms: (Scenario) -> Bool = { $0.driver.action?.isAddress == true }
            let left = Catalogue.all.filter { $0.id.hasPrefix("handshake/") && isAboutForms($0) }.map(\.id)
            #expect(!left.isEmpty && Set(left).isDisjoint(with: report.cases.map(\.id)))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/c.sock"))
        }
    }

    @Test("A command gets the address, and the path of the socket by itself")
    func command() async throws {
        try await Program.withFolder { folder in
            let (out, socket) = (FileSystem.join(folder, "run"), FileSystem.join(folder, "c.sock"))
            let variables = "\"$WSCONFORM_URL\" \"$WSCONFORM_SOCKET\" \"${WSCONFORM_PAGE-none}\""
            let script = "printf '%s\\n' \"$@\" \(variables) >\(folder)/said"
            let words = [
                "client", "--listen", "unix:\(socket)", "--out", out, "--cases", "ping/empty", "--", "sh", "-c",
            ]
            let result = try await Program.run(words + [script, "sh", "{url}", "{socket}", "{plain-url}"])
            #expect(result.status == 2)
            let said = String(decoding: try FileSystem.read("\(folder)/said"), as: UTF8.self).split(separator: "\n")
            let base = "ws+unix://\(socket):"
            let url = "\(base)/runCase?casetuple=ping/empty&agent=sh"
            let told = [url, socket, "\(base)/case/sh/ping/empty", url, socket, "none"]
            #expect(said.map(String.init) == told, "\(said)")
        }
    }
}
