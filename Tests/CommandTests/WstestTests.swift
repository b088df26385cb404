import Foundation
import Testing
import WSLink
import WSModelPeer
import WSReport
import WSRunFolder
import WSTransport

@Suite("Spec files of public projects, carried out", .serialized, .timeLimit(.minutes(15)))
struct WstestTests {
    /// A row of `index.json`.
    private struct Row: Decodable, Equatable {
        var behavior: String
        var behaviorClose: String
        var duration: Int
        var remoteCloseCode: Int?
        var reportfile: String
    }

    private static func write(_ text: String, to name: String, in folder: String) throws {
        try text.write(toFile: FileSystem.join(folder, name), atomically: true, encoding: .utf8)
    }

    private static func index(_ outdir: String, in folder: String) throws -> [String: [String: Row]] {
        let path = FileSystem.join(FileSystem.join(folder, outdir), "index.json")
        return try JSONDecoder().decode([String: [String: Row]].self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The targets of the links of a page that stand in its own folder.
    private static func links(of page: String) -> [String] {
        page.split(separator: "href=\"").dropFirst().compactMap { $0.split(separator: "\"").first.map(String.init) }
    }

    /// Runs the built-in server with defects while a closure runs, which gets its address.
    private func withServer<Result>(
        _ defects: [String] = [],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let words = ["echo", "--port", "0"] + defects.flatMap { ["--defect", $0] }
        let echo = try Program.start(words)
        let url = echo.line().replacingOccurrences(of: "listening on ", with: "")
        do {
            let result = try await body(url)
            echo.interrupt()
            _ = await echo.result()
            return result
        } catch {
            echo.interrupt()
            throw error
        }
    }

    @Test("One server with excluded cases: the folder below the working folder, the pages and their links")
    func excludedCases() async throws {
        try await Program.withFolder { folder in
            let result = try await withServer { url in
                let spec = """
                    {
                       "outdir": "./reports/servers",
                       "servers": [{"agent": "My Server/1.0", "url": "\(url)", "options": {"version": 18}}],
                       "cases": ["7.3.*", "7.9.1", "9.1.1", "2.*"],
                       "exclude-cases": ["2.1*", "9.*"],
                       "exclude-agent-cases": {"My *": ["2.5"], "Your *": ["*"]}
                    }
                    """
                try Self.write(spec, to: "fuzzingclient.json", in: folder)
                return try await Program.run(["wstest", "-m", "fuzzingclient"], in: folder)
            }
            let idle = "'Your *' of 'exclude-agent-cases' means no agent that was tested, and leaves nothing out"
            let mend = "write one of My Server/1.0, or a pattern with stars"
            #expect(
                result.status == 0 && result.error == "wsconform: \(idle); \(mend)\n",
                "\(result.output)\(result.error)"
            )
            // 2.1* is the beginning of 2.10 and 2.11, too, and 2.5 is excluded for the agent.
            let played = ["2.2", "2.3", "2.4", "2.6", "2.7", "2.8", "2.9"] + (1...6).map { "7.3.\($0)" } + ["7.9.1"]
            let index = try Self.index("reports/servers", in: folder)
            #expect(index.keys.sorted() == ["My Server/1.0"])
            let rows = try #require(index["My Server/1.0"])
            #expect(rows.keys.sorted() == played.sorted())
            #expect(rows["7.3.2"]?.reportfile == "my_server_1_0_case_7_3_2.json")
            #expect(rows.values.allSatisfy { $0.behavior == "OK" && $0.behaviorClose == "OK" })

            let outdir = FileSystem.join(folder, "reports/servers")
            let page = try String(contentsOfFile: FileSystem.join(outdir, "index.html"), encoding: .utf8)
            let links = Self.links(of: page)
            #expect(links.contains("my_server_1_0_case_7_3_2.html") && links.contains("#case_desc_7_3_2"))
            for link in links where link.hasPrefix("#") { #expect(page.contains("<a name=\"\(link.dropFirst())\">")) }
            for link in links where !link.hasPrefix("#") { #expect(FileSystem.exists(FileSystem.join(outdir, link))) }
            for row in rows.values { #expect(FileSystem.exists(FileSystem.join(outdir, row.reportfile))) }
            let own = RunFolder(path: FileSystem.join(outdir, "wsconform/server-1"))
            #expect(try own.readReport().summary.pass == played.count)
        }
    }

    @Test("Two servers, one with failByDrop: one index with both, and the option changes what closing is called")
    func failByDrop() async throws {
        try await Program.withFolder { folder in
            let defects = ["swallows-rsv"]
            let result = try await withServer(defects) { first in
                try await withServer(defects) { second in
                    let spec = """
                        {
                           "options": {"failByDrop": false}, "enable-ssl": false, "outdir": "reports",
                           "servers": [
                              {"agent": "a/r", "url": "\(first)/r", "options": {"version": 17, "failByDrop": true}},
                              {"agent": "a/c", "url": "\(second)/c", "options": {"version": 17}}
                           ],
                           "cases": ["3.1", "3.5", "1.1.1"], "exclude-cases": [], "exclude-agent-cases": {}
                        }
                        """
                    try Self.write(spec, to: "spec.json", in: folder)
                    return try await Program.run(["wstest", "-m", "fuzzingclient", "-s", "spec.json"], in: folder)
                }
            }
            #expect(result.status == 0 && result.error == "", "\(result.output)\(result.error)")
            let index = try Self.index("reports", in: folder)
            #expect(index.keys.sorted() == ["a/c", "a/r"])
            for number in ["3.1", "3.5"] {
                #expect(index["a/c"]?[number]?.behaviorClose == "FAILED")
                #expect(index["a/r"]?[number]?.behaviorClose == "FAILED BY CLIENT")
            }
            #expect(index["a/r"]?["1.1.1"]?.behavior == "OK" && index["a/c"]?["1.1.1"]?.behaviorClose == "OK")
            let options = try ["server-1", "server-2"].map { name in
                try RunFolder(path: FileSystem.join(folder, "reports/wsconform/\(name)")).readReport().options
            }
            #expect(options.map(\.failByDrop) == [true, nil])
        }
    }

    @Test("With --gate the exit status says that a case fails; a server that is not there is 2 either way")
    func gate() async throws {
        try await Program.withFolder { folder in
            try await withServer(["swallows-rsv"]) { url in
                let spec = #"{"outdir": "o", "servers": [{"url": "\#(url)"}], "cases": ["3.1"]}"#
                try Self.write(spec, to: "s.json", in: folder)
                let words = ["wstest", "-m", "fuzzingclient", "-s", "s.json"]
                #expect(try await Program.run(words, in: folder).status == 0)
                let gated = try await Program.run(words + ["--gate"], in: folder)
                #expect(gated.status == 1 && gated.output.contains("reserved-bits/"), "\(gated.output)")
                let servers = #"[{"url": "ws://127.0.0.1:1"}, {"url": "wss://127.0.0.1:1"}, {"url": "\#(url)"}]"#
                try Self.write(#"{"outdir": "o", "servers": \#(servers), "cases": ["3.1"]}"#, to: "s.json", in: folder)
                let result = try await Program.run(words, in: folder)
                #expect(result.status == 2 && result.output.contains("1 case, "), "\(result.output)")
                #expect(result.error.split(separator: "\n").count == 2, "\(result.error)")
                let reason = "not tested, 127.0.0.1:1 refused the connection; start the server or check the port"
                #expect(result.output.contains("\nws://127.0.0.1:1: \(reason)\n"), "\(result.output)")
                let index = try Self.index("o", in: folder)
                #expect(index["ws://127.0.0.1:1"]?.isEmpty == true && index["wss://127.0.0.1:1"]?.isEmpty == true)
                let page = String(
                    decoding: try FileSystem.read(FileSystem.join(folder, "o/index.html")),
                    as: UTF8.self
                )
                #expect(page.contains("<li>ws://127.0.0.1:1: \(reason)</li>"))
            }
        }
    }

    @Test("An exclusion for an agent that was not tested is told after the run")
    func idleExclusion() async throws {
        try await Program.withFolder { folder in
            try await withServer([]) { url in
                let servers = #"[{"url": "\#(url)", "agent": "mine"}]"#
                let excluded = #""exclude-agent-cases": {"theirs": ["1.*"]}"#
                try Self.write(#"{"servers": \#(servers), "cases": ["1.1.1"], \#(excluded)}"#, to: "s.json", in: folder)
                let result = try await Program.run(["wstest", "-m", "fuzzingclient", "-s", "s.json"], in: folder)
                #expect(result.status == 0)
                #expect(result.error.contains("'theirs' of 'exclude-agent-cases' means no agent"), "\(result.error)")
                #expect(result.error.contains("write one of mine, "), "\(result.error)")
            }
        }
    }

    @Test("A fuzzing server with an exclusion for an agent: two clients, and the reports as one of them asks for them")
    func fuzzingServer() async throws {
        try await Program.withFolder { folder in
            let spec = """
                {
                   "url": "ws://127.0.0.1:0", "webport": 8080, "outdir": "./reports/clients",
                   "cases": ["1.1.1", "2.*"], "exclude-cases": ["2.1*"], "exclude-agent-cases": {"Old*": ["2.*", "7.*"]}
                }
                """
            try Self.write(spec, to: "fuzzingserver.json", in: folder)
            let words = ["wstest", "-m", "fuzzingserver", "-s", "fuzzingserver.json", "--all-addresses"]
            let running = try Program.start(words, in: folder)
            let line = running.line()
            #expect(line.hasPrefix("listening on ws://0.0.0.0:"))
            let port = try #require(line.prefix { $0 != "," }.split(separator: ":").last.flatMap { Int($0) }, "\(line)")
            #expect(line.contains("9 cases"))
            for agent in ["Old%20Client", "New"] {
                for number in 1...9 { await open("/runCase?case=\(number)&agent=\(agent)", port) }
                await open("/updateReports?agent=\(agent)", port)
                // The index has whoever has played until then.
                #expect(try Self.index("reports/clients", in: folder).count == (agent == "New" ? 2 : 1))
            }
            await open("/updateReports?agent=New&shutdownOnComplete=true", port)
            let result = await running.result()
            #expect(result.status == 0 && result.error == "", "\(result.error)")
            let index = try Self.index("reports/clients", in: folder)
            #expect(index["Old Client"]?.keys.sorted() == ["1.1.1"])
            #expect(index["New"]?.keys.sorted() == ["1.1.1"] + (2...9).map { "2.\($0)" })
            #expect(index.values.allSatisfy { $0.values.allSatisfy { $0.behavior == "OK" } })
            let outdir = FileSystem.join(folder, "reports/clients")
            #expect(FileSystem.exists(FileSystem.join(outdir, "old_client_case_1_1_1.html")))
            #expect(result.output.contains("New: 9 cases, 9 OK; closes 9 OK\n"), "\(result.output)")
        }
    }

    /// Opens an address with the model client, and waits until its connection has ended.
    private func open(_ target: String, _ port: Int) async {
        let dialer = Sockets.dialer(to: .tcp(host: "127.0.0.1", port: port), connectTimeout: .seconds(10))
        let client = ModelClient(ModelClientSettings(host: "127.0.0.1:\(port)", target: target))
        _ = await dialer.run(client, probe: { _ in client })
    }

    @Test("An echo server listens where -w says")
    func echo() async throws {
        try await Program.withFolder { folder in
            for mode in ["echoserver", "testeeserver"] {
                let running = try Program.start(["wstest", "-m", mode, "-w", "ws://127.0.0.1:0"])
                let url = running.line().replacingOccurrences(of: "listening on ", with: "")
                let words = ["server", url, "--cases", "1.1.2", "--quiet", "--out", folder]
                #expect(try await Program.run(words).status == 0)
                running.interrupt()
                #expect(await running.result().status == 0)
            }
        }
    }

    @Test("Where there is no spec, one is written and carried out, with the server of -w")
    func writtenSpec() async throws {
        try await Program.withFolder { folder in
            let words = ["wstest", "-m", "fuzzingclient", "-w", "ws://127.0.0.1:1"]
            let result = try await Program.run(words, in: folder)
            #expect(result.status == 2 && result.error.contains("fuzzingclient.json was not there, and is written"))
            #expect(result.output.contains("testing ws://127.0.0.1:1, 517 cases"), "\(result.output)")
            #expect(FileSystem.exists(FileSystem.join(folder, "fuzzingclient.json")))
        }
    }

    @Test("Wrong usage is one line with status 64, and nothing is written")
    func wrongUsage() async throws {
        try await Program.withFolder { folder in
            let server = #""servers": [{"url": "ws://127.0.0.1:1"}]"#
            try Self.write("{\n  \"cases\": [\"*\",]\n}", to: "broken.json", in: folder)
            try Self.write(#"{\#(server), "cases": ["8.*"]}"#, to: "empty.json", in: folder)
            try Self.write(#"{"servers": [{"url": "http://h"}], "cases": ["*"]}"#, to: "http.json", in: folder)
            try Self.write(#"{"servers": [], "cases": ["*"]}"#, to: "nobody.json", in: folder)
            try Self.write(#"{"url": "wss://127.0.0.1:0", "key": "k", "cases": ["*"]}"#, to: "tls.json", in: folder)
            let cases: [([String], String)] = [
                (
                    ["fuzzing"],
                    "wstest has no mode 'fuzzing'; give fuzzingclient, fuzzingserver, echoserver, testeeserver"
                ),
                (
                    ["massconnect"],
                    "mode 'massconnect' is not done; closest is wsconform server URL --cases "
                        + "defect/resets-of-500-connections --cases defect/all-length-bits-on-200-connections"
                ),
                (["echoserver"], "echoserver needs -w, such as -w ws://127.0.0.1:9001"),
                (["echoserver", "-w", "wss://127.0.0.1:0", "-c", "c"], "'cert' needs 'key', too"),
                (
                    ["fuzzingclient", "-s", "broken.json"],
                    "broken.json: line 2, column 17: ']' where a value should stand"
                ),
                (["fuzzingclient", "-s", "empty.json"], "empty.json: nothing to run: 'cases' is 8.*"),
                (["fuzzingclient", "-s", "http.json"], "http.json: 'http://h' is not a WebSocket address"),
                (["fuzzingclient", "-s", "nobody.json"], "nobody.json: 'servers' names no server"),
                (["fuzzingserver", "-s", "tls.json"], "tls.json: 'key' needs 'cert', too"),
                (["fuzzingclient", "-s", "none.json"], "none.json: cannot be opened"),
                (["fuzzingclient", "-s", "empty.json", "--jobs", "0"], "--jobs 0 is out of range"),
            ]
            for (words, line) in cases {
                let result = try await Program.run(["wstest", "-m"] + words, in: folder)
                #expect(result.status == 64 && result.error.hasPrefix("wsconform: " + line), "\(result.error)")
                #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.count == 5 && files.allSatisfy { $0.hasSuffix(".json") }, "\(files)")
        }
    }
}
