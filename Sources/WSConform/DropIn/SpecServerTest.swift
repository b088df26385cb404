package import WSAutobahnSpec
import WSProtocol
package import WSReport
import WSRunFolder
import WSRunner
import WSScenario

/// Tests the servers of a spec file one after the other, as Autobahn's fuzzing client does.
package struct SpecServerTest: Sendable {
    /// The name in the reports of a server that gives itself none.
    private static let unnamed = "UnknownServer"

    /// The servers and how they are tested.
    package let spec: AutobahnSpec
    /// The cases.
    package let scenarios: SpecScenarios
    /// Where the reports go.
    package let folder: AutobahnFolder
    /// How cases are played; selection, names and folders are those of the spec.
    package var settings: RunSettings
    /// The addresses of the servers, in their order.
    private let targets: [TargetURL]

    /// The results of all servers.
    package struct Results: Sendable {
        /// The results of the servers that could be tested, in the order of the spec.
        package var finished: [FinishedRun] = []
        /// The reports, without cases, of the servers that could not be tested at all.
        package var untested: [Report] = []
        /// Whether the user ended the run.
        package var wasStopped = false
    }

    /// Checks a spec and selects its cases.
    ///
    /// - Parameters:
    ///   - spec: The spec file.
    ///   - settings: How cases are played; `out` is the folder for the reports.
    /// - Throws: `SpecError` if there is nobody to test, or nothing to test with.
    package init(_ spec: AutobahnSpec, settings: RunSettings) throws(SpecError) {
        guard !spec.servers.isEmpty else {
            throw SpecError("'servers' names no server; add [{\"url\": \"ws://HOST:PORT\"}], or give one with -w")
        }
        var targets: [TargetURL] = []
        for server in spec.servers {
            do throws(TargetURLError) {
                targets.append(try TargetURL(server.url))
            } catch {
                throw SpecError(error.description)
            }
        }
        self.spec = spec
        self.settings = settings
        self.targets = targets
        scenarios = try SpecScenarios(spec, testing: .server)
        folder = AutobahnFolder(path: settings.out)
    }

    /// Tests the servers; the reports are written by ``AutobahnFolder/write(_:changed:)``.
    ///
    /// - Parameters:
    ///   - monitor: Receives the progress.
    ///   - stop: Ends the run early.
    ///   - begin: Receives a line as each server's turn comes.
    /// - Throws: `RunTrouble` or `FileError` with one line if a run cannot begin.
    /// - Returns: The results.
    package func run(
        monitor: some RunMonitor,
        stoppedBy stop: StopSwitch,
        begin: (String) -> Void
    ) async throws -> Results {
        for line in scenarios.notes { monitor.note(line) }
        var results = Results()
        for (index, server) in spec.servers.enumerated() {
            guard !stop.isStopped else { continue }
            let target = targets[index]
            let count = scenarios.all.count == 1 ? "1 case" : "\(scenarios.all.count) cases"
            begin("testing \(server.agent.map { "\($0) at " } ?? "")\(server.url), \(count)")
            let finished = try await test(server, index).run(
                against: .server(target, security: try Self.tls.security(for: target)),
                monitor: monitor,
                stoppedBy: stop
            )
            guard finished.report.cases.isEmpty else {
                results.finished.append(finished)
                continue
            }
            var report = finished.report
            // A server without a name has none that Autobahn would know, so its address tells which it is.
            report.peer.name = server.agent ?? server.url
            results.untested.append(report)
        }
        let agents = results.finished.map(\.report.peer.name) + results.untested.map(\.peer.name)
        for line in scenarios.notes(aboutAgents: agents) { monitor.note(line) }
        results.wasStopped = stop.isStopped
        return results
    }

    /// TLS as `wstest` speaks it, which verifies no certificate.
    private static let tls: TargetTLS = {
        var tls = TargetTLS()
        tls.trustsAnything = true
        return tls
    }()

    private func test(_ server: AutobahnSpec.Server, _ index: Int) -> ServerTest {
        var settings = settings
        settings.selection = CaseSelection(cases: scenarios.patterns, onlyAutobahn: true)
        settings.agent = server.agent
        settings.unnamed = Self.unnamed
        settings.failByDrop = server.options.failByDrop
        settings.out = folder.runFolder("server-\(index + 1)")
        let content = HandshakeContent(subprotocols: server.protocols, origin: server.origin)
        var test = ServerTest(scenarios: scenarios.all, settings: settings, handshake: content)
        let (scenarios, agent) = (scenarios, server.agent)
        test.isLeftOut = { scenario, name in scenarios.excludes(scenario, for: agent ?? name ?? Self.unnamed) }
        return test
    }
}
