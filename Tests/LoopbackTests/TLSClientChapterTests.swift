import Foundation
import Testing
import WSCatalogue
import WSConform
import WSJudge
import WSLink
import WSProtocol
import WSReport
import WSRunner
import WSScenario
import WSTransportTLS

@Suite("The chapter TLS, with a client under test", .tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct TLSClientChapterTests {
    private struct Silent: RunMonitor {
        func planned(_ count: Int) {}
        func finished(_ id: String) {}
        func ended() {}
        func note(_ line: String) {}
    }

    private static let scenarios = Catalogue.all.filter { $0.security != nil && $0.targets.contains(.client) }

    /// Plays scenarios with the model client, behind one that shows that it connects at all.
    private func run(
        _ scenarios: [Scenario],
        as client: EmbeddedClientTLS = EmbeddedClientTLS(),
        by server: ServerTLS = ServerTLS()
    ) async throws -> Report {
        let folder = FileManager.default.temporaryDirectory.path + "/ws-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try #require(Catalogue.scenario("ping/empty"))
        var test = ClientTest(
            plan: ClientPlan(counted: [first] + scenarios),
            way: .embedded,
            address: .listeningOnFreePort,
            isAddressGiven: false,
            settings: RunSettings(out: folder)
        )
        test.tls = server
        test.embeddedTLS = client
        let runs = try await test.run(monitor: Silent(), stoppedBy: StopSwitch())
        return try #require(runs.first).report
    }

    private func run(_ id: String, as client: EmbeddedClientTLS) async throws -> Report.Case {
        let scenario = try #require(Catalogue.scenario(id))
        let report = try await run([scenario], as: client)
        return try #require(report.cases.first { $0.id == id })
    }

    @Test func `has nothing to say against the model client`() async throws {
        let report = try await run(Self.scenarios)
        #expect(report.footer.complete && report.cases.count == Self.scenarios.count + 1)
        for one in report.cases { #expect([.pass, .informational].contains(one.verdict), "\(one.id): \(one.reason)") }
        #expect(report.passive.allSatisfy { $0.verdict == .informational })
    }

    @Test func `finds a client that takes any certificate`() async throws {
        var client = EmbeddedClientTLS()
        client.trustsAnything = true
        let certificates = Self.scenarios.filter { $0.security?.certificate != .usual }
        #expect(certificates.count == 4)
        for one in try await run(certificates, as: client).cases where one.id != "ping/empty" {
            #expect(one.verdict == .fail, "\(one.id): \(one.reason)")
            #expect(one.decisiveRequirement?.id == "RFC6455-4.1-15")
        }
    }

    @Test func `finds a client that names no server`() async throws {
        var client = EmbeddedClientTLS()
        client.wish.serverName = .none
        let one = try await run("tls/server-name/sent", as: client)
        #expect(one.verdict == .fail && one.reason.contains("named no server"), "\(one.reason)")
    }

    @Test func `finds a client that offers h2 and then speaks HTTP slash 1 1`() async throws {
        var client = EmbeddedClientTLS()
        client.wish.applicationProtocols = ["h2", "http/1.1"]
        let one = try await run("tls/alpn/client-h2", as: client)
        #expect(one.verdict == .fail && one.decisiveRequirement?.id == "RFC7301-3.2-02", "\(one.reason)")
    }

    @Test func `has no certificates of its own where the user gave one`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ws-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in [TestCertificate.ordinary, TestCertificate.key] {
            try Data(file.octets).write(to: folder.appending(path: file.path))
        }
        var server = ServerTLS()
        server.certificate = folder.appending(path: TestCertificate.ordinary.path).path
        server.key = folder.appending(path: TestCertificate.key.path).path
        let scenarios = try ["tls/certificate/expired", "tls/version/client-1-3"].map {
            try #require(Catalogue.scenario($0))
        }
        let cases = try await run(scenarios, by: server).cases
        let expired = try #require(cases.first { $0.id == "tls/certificate/expired" })
        #expect(expired.verdict == .skipped && expired.reason.hasSuffix("leave --cert and --key out"))
        #expect(cases.first { $0.id == "tls/version/client-1-3" }?.verdict == .pass)
    }

    @Test func `tells which version a client does not speak, and fails none for it`() async throws {
        var client = EmbeddedClientTLS()
        client.wish.version = "1.3"
        let one = try await run("tls/version/client-1-2", as: client)
        #expect(one.verdict == .informational, "\(one.reason)")
    }
}
