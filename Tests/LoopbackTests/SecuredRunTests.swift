import Foundation
import Testing
import WSCatalogue
import WSConform
import WSJudge
import WSLink
import WSReport
import WSRunner
import WSScenario
import WSTransport

@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct `A run behind a security layer` {
    private struct Silent: RunMonitor {
        func planned(_ count: Int) {}
        func finished(_ id: String) {}
        func ended() {}
        func note(_ line: String) {}
    }

    /// Runs three cases against the model server, which has a layer, and gives the report.
    private func run(_ ours: MaskSecurity?, _ theirs: MaskSecurity) async throws -> Report {
        let folder = FileManager.default.temporaryDirectory.path + "/ws-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = RunSettings(out: folder)
        settings.timeout = SilenceLimit("5") ?? .standard
        let scenarios = try ["ping/empty", "closing/after-echo", "limits/chopped-text/64-octets"].map {
            try #require(Catalogue.scenario($0))
        }
        let test = ServerTest(scenarios: scenarios, settings: settings, application: .echo)
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        return try await Loopback.listening(at: endpoint, security: theirs, Loopback.model) { endpoint in
            let url = try TargetURL("ws://\(endpoint)/")
            return try await test.run(
                against: .server(url, security: ours),
                monitor: Silent(),
                stoppedBy: StopSwitch()
            ).report
        }
    }

    @Test func `One argument has every connection go through it`() async throws {
        let report = try await run(MaskSecurity(), MaskSecurity())
        let others = report.cases.filter { $0.verdict != .pass }.map { "\($0.id): \($0.verdict) \($0.reason)" }
        #expect(report.footer.complete && report.summary.pass == 3, "\(others)")
    }

    @Test func `A handshake that fails ends the run with its line`() async throws {
        let report = try await run(MaskSecurity(), MaskSecurity(manner: .wrongGreeting))
        let line = try #require(report.footer.reason)
        #expect(!report.footer.complete && line.contains("failed: the greeting was \"HOWDY\"") && !line.contains("\n"))
    }
}
