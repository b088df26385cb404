import Foundation
import Testing
import WSConform
import WSModelPeer

@Suite struct `Clients of the library` {
    private static let echoing = ConformanceTarget.client { url in try await TestPeers.connectAndEcho(url) }

    @Test(arguments: try Suite.cases(testing: .client, "closing/*"))
    func `A closure that connects and echoes is tested`(_ test: ConformanceCase) async throws {
        let result = try await test.run(against: Self.echoing)
        #expect(result.verdict != .fail, "\(result.explanation)")
    }

    @Test func `The model client conforms`() async throws {
        let test = try #require(Suite.case("closing/one-byte-payload", testing: .client))
        #expect(try await test.run(against: .modelClient).verdict == .pass)
    }

    @Test func `A client that may refuse an address is started for another case, too`()
        async throws
    {
        let cases = try Suite.cases(testing: .client, "handshake/*")
        let test = try #require(cases.first { $0.id.contains("fragment") })
        let result = try await test.run(against: Self.echoing)
        #expect([.pass, .informational].contains(result.verdict), "\(result.explanation)")
    }

    @Test func `A case that asks for more than to echo is not implemented by a closure that only gets an address`()
        async throws
    {
        let test = try #require(Suite.case("closing/client-closes-with-3000", testing: .client))
        let result = try await test.run(against: Self.echoing)
        #expect(result.verdict == .unimplemented)
        #expect(result.reason == "the client is not told to do more than to connect and to echo")
    }

    @Test func `What a closure throws without connecting is told, and is no verdict about it`() async throws {
        struct NoNetwork: Error, CustomStringConvertible {
            var description: String { "no network today" }
        }
        let test = try #require(Suite.case("closing/one-byte-payload", testing: .client))
        let result = try await test.run(against: .client { _ in throw NoNetwork() })
        #expect(result.verdict == .inconclusive)
        #expect(result.reason.contains("before it asked for the case; it threw: no network today"))
    }

    @Test func `A driver gets what the case asks of it`() async throws {
        let asked = AsyncStream.makeStream(of: DriverTask.self)
        let test = try #require(Suite.case("closing/one-byte-payload", testing: .client))
        let target = ConformanceTarget.driver { task in
            asked.continuation.yield(task)
            try await TestPeers.connectAndEcho(task.url)
        }
        #expect(try await test.run(against: target).verdict == .pass)
        asked.continuation.finish()
        var tasks: [DriverTask] = []
        for await task in asked.stream where task.caseID == test.id { tasks.append(task) }
        let task = try #require(tasks.first)
        #expect(task.url.hasPrefix("ws://127.0.0.1:"))
        #expect(task.subprotocols.isEmpty && task.action == nil && task.authorities == nil)
    }

    @Test func `A command that is not there is told`() async throws {
        let test = try #require(Suite.case("closing/one-byte-payload", testing: .client))
        let error = await #expect(throws: ConformanceError.self) {
            try await test.run(against: .client(command: ["./no-such-client", "{url}"]))
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.description.contains("no-such-client") == true)
    }

    @Test func `Clients do not come over sockets of the Unix domain`() async throws {
        let test = try #require(Suite.case("closing/one-byte-payload", testing: .client))
        let error = await #expect(throws: ConformanceError.self) {
            try await test.run(against: .client(over: .unixSocket) { _ in })
        }
        #expect(error?.kind == .target)
    }
}

@Suite struct `Whole runs of the library` {
    @Test func `A run has results, causes, counts and every form`() async throws {
        try await TestPeers.serving(TestPeers.model([.swallowsInvalidUTF8])) { url in
            let report = try await Suite.run(against: .server(url), "utf8/*", excluding: ["6.4.*"])
            #expect(report.isComplete && !report.conforms)
            #expect(report.role == .server)
            #expect(report.results.count == report.summary.total)
            #expect(report.summary[.fail] >= 1)
            #expect(report.results.contains { $0.autobahn?.number == "6.3.1" && $0.verdict == .fail })
            let cause = try #require(report.causes.first)
            #expect(cause.count > 1 && cause.cases.contains(cause.example))
            #expect(cause.requirement?.citation.hasPrefix("RFC 6455 §") == true)
            #expect(report.omissions.contains { $0.reason == "excluded" })
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(report.formatted(as: .json).utf8)) as? [String: Any]
            )
            #expect(json["schema"] as? String == "wsconform-report/2")
            #expect(report.formatted(as: .html).contains(cause.example))
            #expect(report.formatted(as: .junit).hasPrefix("<?xml"))
            #expect(report.formatted(as: .markdown).contains(cause.reason.prefix(20)))
            #expect(report.description.contains("fail  "))
            #expect(!report.description.contains("; report "))
        }
    }

    @Test func `A run of a client has a report, too`() async throws {
        let report = try await Suite.run(
            against: .client { url in try await TestPeers.connectAndEcho(url) },
            "closing/one-byte-payload",
            "ping/*"
        )
        #expect(report.role == .client)
        #expect(report.conforms, "\(report)")
    }

    @Test func `A folder gets the report and the transcripts, and without one nothing is named`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "library-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let kept = try await Suite.run(against: .modelServer, "closing/one-byte-payload", folder: folder.path)
        #expect(kept.conforms)
        for name in ["report.json", "transcripts/closing/one-byte-payload.ndjson"] {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: name).path))
        }
        let bare = try await Suite.run(against: .modelServer, "closing/one-byte-payload")
        #expect(!bare.formatted(as: .json).contains("transcripts/"))
    }

    @Test func `A pattern that matches nothing, and a target that is not there, are errors`() async throws {
        let selection = await #expect(throws: ConformanceError.self) {
            try await Suite.run(against: .modelServer, "no-such/*")
        }
        #expect(selection?.kind == .selection)
        let gone = try await TestPeers.serving(TestPeers.model()) { $0 }
        let unreachable = await #expect(throws: ConformanceError.self) {
            try await Suite.run(against: .server(gone), "closing/*")
        }
        #expect(unreachable?.kind == .unreachable)
    }
}
