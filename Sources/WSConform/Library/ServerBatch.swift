import WSLimits
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTransport

/// Plays some cases against a server as one run; nothing is written to the disk.
struct ServerBatch: Sendable {
    let batch: CaseBatch

    /// Plays the cases.
    ///
    /// - Throws: ``ConformanceError``, if none can be played.
    /// - Returns: What came of it.
    func run() async throws(ConformanceError) -> CaseBatch.Outcome {
        guard let (test, target, _) = try await batch.target.kind.serverTest(batch.options, out: "") else {
            preconditionFailure("a client is no server")
        }
        do {
            switch target {
            case .server(let url, _): return try await play(test, target, at: url)
            case .embedded:
                return try await EmbeddedPeer.withServer { url in try await play(test, target, at: url) }
            }
        } catch {
            throw ConformanceError(error)
        }
    }

    private func play(
        _ test: ServerTest,
        _ target: ServerTest.Target,
        at url: TargetURL
    ) async throws -> CaseBatch.Outcome {
        let transport = target.transport(by: test.route)
        var test = test
        test.scenarios = batch.playable(over: transport)
        let files = try OpenFiles.provide(forJobs: test.settings.jobs) { _ in }
        let options = test.reportOptions(of: target)
        let builder = ReportBuilder(
            options: options,
            credentials: test.credentials(for: url),
            statement: Judging.statement,
            reference: Judging.reference
        )
        let plan = test.plan(url, files)
        let log = BatchLog(maker: builder.maker)
        var outcome = CaseBatch.Outcome()
        outcome.entries = batch.skipped(over: transport, builder.maker)
        if !test.scenarios.isEmpty {
            let run = test.testRun(
                plan,
                test.dialer(for: plan, target.security),
                makeSidecar: { _ in nil },
                handle: { await log.take($0) }
            )
            let (ending, knowledge) = await run.run(knowing: batch.knowledge)
            outcome.knowledge = knowledge
            outcome.entries.merge(await log.finish()) { _, judged in judged }
            switch ending {
            case .unreachable(let line):
                outcome.failure = ConformanceError(.unreachable, builder.maker.credentials.masked(line))
            case .broken(let line):
                outcome.failure = ConformanceError(.unreachable, builder.maker.credentials.masked(line))
            case .complete, .cancelled: break
            }
        }
        let name = await log.server ?? url.authority
        outcome.context = ResultContext(
            role: .server,
            peer: Report.Peer(name: name, url: builder.maker.credentials.masked(url.text)),
            options: options
        )
        return outcome
    }
}

/// Has the results of a run judged while it goes on, and keeps them.
private actor BatchLog {
    private let maker: ReportCaseMaker
    private let work = SideWork(limit: Limits.waitingResults.value)
    private var entries: [String: Report.Case] = [:]
    /// The name that the server gave itself; nil if it gave none.
    private(set) var server: String?

    init(maker: ReportCaseMaker) {
        self.maker = maker
    }

    /// Handles one event of the run.
    func take(_ event: RunEvent) async {
        guard !Task.isCancelled else { return }
        switch event {
        case .peer(let server):
            self.server = server.flatMap { $0.isEmpty ? nil : String($0.prefix(Limits.peerName.value)) }
        case .finished(let result), .replaced(let result): await add(result)
        case .quiet: await work.finish()
        case .planned, .note, .withoutCredentials: break
        }
    }

    /// The results by the ids of their cases, once all of them are judged.
    func finish() async -> [String: Report.Case] {
        await work.finish()
        return entries
    }

    private func add(_ result: ConversationResult) async {
        let maker = maker
        await work.add(result.scenario.id) {
            var judged = JudgedScenario(
                scenario: result.scenario,
                judgement: Judging.judge(result),
                autobahnOrdinal: Judging.autobahnOrdinal(of: result.scenario.id)
            )
            if let transcript = result.transcript { judged.octets = Judging.octets(transcript, of: result.scenario) }
            return maker.entry(of: judged)
        } handle: { entry in
            await self.keep(entry)
        }
    }

    private func keep(_ entry: Report.Case) {
        entries[entry.id] = entry
    }
}
