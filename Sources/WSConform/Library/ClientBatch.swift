import WSCatalogue
import WSProtocol
import WSReport
import WSRunFolder
import WSRunner
import WSScenario

/// Plays some cases with a client as one run; its folder is removed at the end.
struct ClientBatch: Sendable {
    let batch: CaseBatch
    let spec: ClientSpec

    /// Plays the cases.
    ///
    /// - Throws: ``ConformanceError``, if none can be played.
    /// - Returns: What came of it.
    func run() async throws(ConformanceError) -> CaseBatch.Outcome {
        let transport = spec.transport.scenarioTransport
        var scenarios = batch.playable(over: transport)
        // Whether a client refuses an address is known only of one that connects to others.
        if !scenarios.isEmpty, !scenarios.contains(where: \.isPlain),
            let pilot = Catalogue.all.first(where: { $0.isPlain && $0.targets.contains(.client) })
        {
            scenarios.append(pilot)
        }
        let reports = try await TemporaryFolder.using { folder throws(ConformanceError) in
            try await spec.run(scenarios, CaseSelection(), batch.options, out: folder, CollectedNotes())
        }
        return outcome(of: reports, over: transport)
    }

    private func outcome(of reports: [Report], over transport: Transport) -> CaseBatch.Outcome {
        var outcome = CaseBatch.Outcome()
        guard let first = reports.first else { return outcome }
        let builder = ReportBuilder(
            options: first.options,
            testsClients: true,
            statement: Judging.statement,
            reference: Judging.reference
        )
        outcome.entries = batch.skipped(over: transport, builder.maker)
        for entry in reports.flatMap(\.cases) {
            var entry = entry
            entry.transcript = nil
            outcome.entries[entry.id] = entry
        }
        if let reason = first.footer.reason { outcome.failure = ConformanceError(.unreachable, reason) }
        outcome.context = ResultContext(role: .client, peer: first.peer, options: first.options)
        return outcome
    }
}

extension ClientSpec {
    /// Plays cases with the client.
    ///
    /// - Parameters:
    ///   - scenarios: The cases.
    ///   - selection: What selected them, for the report.
    ///   - options: How cases are played.
    ///   - out: The folder for records.
    ///   - notes: Receives lines for the user.
    ///   - deliversReport: Whether `report.json` is written into the folder.
    /// - Throws: ``ConformanceError``, if the run cannot begin.
    /// - Returns: A report for each client that came.
    func run(
        _ scenarios: [Scenario],
        _ selection: CaseSelection,
        _ options: ConformanceOptions,
        out: String,
        _ notes: CollectedNotes,
        deliversReport: Bool = false
    ) async throws(ConformanceError) -> [Report] {
        guard !scenarios.isEmpty else { return [] }
        guard transport != .unixSocket else {
            throw ConformanceError(.target, "clients come over tcp or tls; drop .unixSocket, or use the command")
        }
        var settings = try options.settings(out: out)
        settings.selection = selection
        do {
            settings.jobs = try OpenFiles.provide(forJobs: settings.jobs) { notes.note($0) }.jobs
            if way != .model { for name in subprotocols { _ = try HandshakeGrammar.subprotocol(name) } }
            var test = ClientTest(
                plan: ClientPlan(counted: scenarios),
                way: .embedded,
                address: .listeningOnFreePort,
                isAddressGiven: false,
                settings: settings,
                subprotocols: subprotocols
            )
            switch way {
            case .model: break
            case .command(let command):
                guard command.first?.isEmpty == false else {
                    throw ConformanceError(.target, "the command is empty; write a program first")
                }
                test.way = .command(command)
            case .closure(let closure):
                test.way = .launched
                test.launcher = InProcessLauncher(closure: closure)
            }
            if transport == .tls { test.tls = ServerTLS() }
            let stop = StopSwitch()
            let finished = try await withTaskCancellationHandler {
                try await test.run(monitor: notes, stoppedBy: stop)
            } onCancel: {
                stop.stop()
            }
            if deliversReport { for run in finished { _ = run.deliver(notes) { _ in } } }
            return finished.map(\.report)
        } catch let error as HandshakeTrouble {
            throw ConformanceError(.target, error.description)
        } catch {
            throw ConformanceError(error)
        }
    }
}
