package import WSAutobahnSpec
import WSProtocol
import WSReport
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
    /// The addresses of the servers, in their order; nil for one that cannot be spoken to.
    private let targets: [TargetURL?]
    /// A line for each address that cannot be spoken to.
    private let untested: [String]

    /// The results of all servers.
    package struct Results: Sendable {
        /// The results of the servers that could be tested, in the order of the spec.
        package var finished: [FinishedRun] = []
        /// How many servers could not be tested at all.
        package var untested = 0
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
        var targets: [TargetURL?] = []
        var untested: [String] = []
        for server in spec.servers {
            guard !server.url.lowercased().hasPrefix("wss://") else {
                targets.append(nil)
                untested.append("\(server.url) is not tested: wss:// (TLS) is not spoken yet")
                continue
            }
            do throws(TargetURLError) {
                targets.append(try TargetURL(server.url))
            } catch {
                throw SpecError(error.description)
            }
        }
        guard targets.contains(where: { $0 != nil }) else {
            throw SpecError("none of the servers can be tested: wss:// (TLS) is not spoken yet; give a ws:// address")
        }
        self.spec = spec
        self.settings = settings
        self.targets = targets
        self.untested = untested
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
        for line in scenarios.notes + untested { monitor.note(line) }
        var results = Results()
        results.untested = untested.count
        for (index, server) in spec.servers.enumerated() {
            guard let target = targets[index], !stop.isStopped else { continue }
            let count = scenarios.all.count == 1 ? "1 case" : "\(scenarios.all.count) cases"
            begin("testing \(server.agent.map { "\($0) at " } ?? "")\(server.url), \(count)")
            let finished = try await test(server, index).run(
                against: .server(target),
                monitor: monitor,
                stoppedBy: stop
            )
            // The reason was told.
            if finished.report.cases.isEmpty { results.untested += 1 } else { results.finished.append(finished) }
        }
        results.wasStopped = stop.isStopped
        return results
    }

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
