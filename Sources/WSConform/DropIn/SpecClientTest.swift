package import WSAutobahnSpec
import WSLink
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
    /// The address to listen on.
    package let address: ListeningAddress

    private let test: ClientTest

    /// Checks a spec and selects its cases.
    ///
    /// - Parameters:
    ///   - spec: The spec file.
    ///   - settings: How cases are played; `out` is the folder for the reports.
    ///   - onAllAddresses: Whether clients of other machines are served, too, whatever host the spec names.
    /// - Throws: `SpecError` if the address cannot be listened on, or there is nothing to test with.
    package init(
        _ spec: AutobahnSpec,
        settings: RunSettings,
        onAllAddresses: Bool = false
    ) throws(SpecError) {
        address = try SpecAddress.listening(at: spec.url ?? "", onAllAddresses: onAllAddresses)
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
            address: address.endpoint,
            isAddressGiven: true,
            settings: settings,
            subprotocols: spec.protocols
        )
        test.tls = try SpecAddress.tls(address, certificate: spec.certificate, key: spec.key)
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
    ///   - isListening: Receives our address as soon as clients may connect.
    /// - Throws: `RunTrouble` or `FileError` with one line if the run cannot begin.
    /// - Returns: The results of each client that has played a case.
    package func run(
        monitor: some RunMonitor,
        stoppedBy stop: StopSwitch,
        isListening: (ServedAddress) -> Void
    ) async throws -> [FinishedRun] {
        for line in scenarios.notes { monitor.note(line) }
        let finished = try await test.run(monitor: monitor, stoppedBy: stop, isListening: isListening)
        let played = finished.filter { !$0.report.withoutUnplayed.cases.isEmpty }
        for line in scenarios.notes(aboutAgents: played.map(\.report.peer.name)) { monitor.note(line) }
        return played
    }
}

/// Addresses of `wstest` that a server listens on.
package enum SpecAddress {
    /// The address to listen on.
    ///
    /// - Parameters:
    ///   - url: An address such as `ws://127.0.0.1:9001`, or with `wss` for TLS.
    ///   - onAllAddresses: Whether the port is listened on at all addresses of IPv4, whatever host is named.
    /// - Throws: `SpecError` if it is no address of a WebSocket server.
    /// - Returns: The address.
    package static func listening(
        at url: String,
        onAllAddresses: Bool = false
    ) throws(SpecError) -> ListeningAddress {
        let named = try listening(atHostOf: url)
        guard onAllAddresses, case .tcp(_, let port) = named.endpoint else { return named }
        return ListeningAddress(.tcp(host: "0.0.0.0", port: port), isSecure: named.isSecure)
    }

    private static func listening(atHostOf url: String) throws(SpecError) -> ListeningAddress {
        // A port of 0 takes a free one.
        if let address = ListeningAddress(url) { return address }
        do throws(TargetURLError) {
            let target = try TargetURL(url)
            return ListeningAddress(target.endpoint, isSecure: target.isSecure)
        } catch {
            throw SpecError(error.description)
        }
    }

    /// How TLS is spoken there; nil without TLS.
    ///
    /// - Throws: `SpecError` if only one of the two files is named.
    package static func tls(
        _ address: ListeningAddress,
        certificate: String?,
        key: String?
    ) throws(SpecError) -> ServerTLS? {
        guard address.isSecure else { return nil }
        guard (certificate == nil) == (key == nil) else {
            let (given, missing) = certificate == nil ? ("key", "cert") : ("cert", "key")
            throw SpecError("'\(given)' needs '\(missing)', too")
        }
        var tls = ServerTLS()
        tls.certificate = certificate
        tls.key = key
        return tls
    }
}
