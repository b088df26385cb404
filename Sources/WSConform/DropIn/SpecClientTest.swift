package import WSAutobahnSpec
package import WSLink
import WSProtocol
import WSReport
import WSRunFolder
import WSRunner
import WSScenario

/// Waits for clients and plays the cases of a spec file with them, as Autobahn's fuzzing server does.
package struct SpecClientTest: Sendable {
    /// The cases, in the order in which clients ask for them.
    package let scenarios: SpecScenarios
    /// Where the reports go.
    package let folder: AutobahnFolder
    /// The endpoint to listen on.
    package let endpoint: Endpoint

    private let test: ClientTest

    /// Checks a spec and selects its cases.
    ///
    /// - Parameters:
    ///   - spec: The spec file.
    ///   - settings: How cases are played; `out` is the folder for the reports.
    /// - Throws: `SpecError` if the address cannot be listened on, or there is nothing to test with.
    package init(_ spec: AutobahnSpec, settings: RunSettings) throws(SpecError) {
        endpoint = try SpecAddress.endpoint(of: spec.url ?? "")
        scenarios = try SpecScenarios(spec, testing: .client)
        folder = AutobahnFolder(path: settings.out)
        var settings = settings
        settings.selection = CaseSelection(cases: scenarios.patterns, onlyAutobahn: true)
        settings.failByDrop = spec.options.failByDrop
        settings.out = folder.runFolder("clients")
        var plan = ClientPlan(counted: scenarios.all)
        plan.isLeftOut = { [scenarios] in scenarios.excludes($0, for: $1) }
        var test = ClientTest(
            plan: plan,
            way: .listen,
            address: endpoint,
            isAddressGiven: true,
            settings: settings,
            subprotocols: spec.protocols
        )
        test.handOut = { [folder] reports, changed in
            try folder.write(reports.map(\.withoutUnplayed), changed: changed)
        }
        self.test = test
    }

    /// Plays until the user or a client ends the run; the reports are written as clients ask for them, and at the end.
    ///
    /// - Parameters:
    ///   - monitor: Receives the progress.
    ///   - stop: Ends the run.
    ///   - isListening: Receives our address without a path as soon as clients may connect.
    /// - Throws: `RunTrouble` or `FileError` with one line if the run cannot begin.
    /// - Returns: The results of each client that has played a case.
    package func run(
        monitor: some RunMonitor,
        stoppedBy stop: StopSwitch,
        isListening: (String) -> Void
    ) async throws -> [FinishedRun] {
        for line in scenarios.notes { monitor.note(line) }
        let finished = try await test.run(monitor: monitor, stoppedBy: stop, isListening: isListening)
        return finished.filter { !$0.report.withoutUnplayed.cases.isEmpty }
    }
}

/// Addresses of `wstest` that a server listens on.
package enum SpecAddress {
    /// The endpoint of an address.
    ///
    /// - Parameter url: An address such as `ws://127.0.0.1:9001`.
    /// - Throws: `SpecError` if it is not a ws address, or needs TLS.
    /// - Returns: The endpoint.
    package static func endpoint(of url: String) throws(SpecError) -> Endpoint {
        guard !url.lowercased().hasPrefix("wss://") else {
            throw SpecError("\(url) cannot be listened on: wss:// (TLS) is not spoken yet; give a ws:// address")
        }
        // A port of 0 takes a free one.
        if let endpoint = Endpoint(listening: url) { return endpoint }
        do throws(TargetURLError) {
            return try TargetURL(url).endpoint
        } catch {
            throw SpecError(error.description)
        }
    }
}
