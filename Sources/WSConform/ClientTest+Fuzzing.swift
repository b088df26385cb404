import WSLink
import WSLiveFuzzing
import WSProtocol
import WSReport
import WSRunFolder
package import WSRunner
import WSScenario

/// A run that generates the conversations with a client that is started for each.
extension ClientTest {
    /// Creates a run against a client that is attacked with generated conversations.
    ///
    /// - Parameters:
    ///   - fuzzing: What to generate.
    ///   - application: Whether the client gives messages back, as the user says.
    ///   - way: How the client is started.
    ///   - settings: How conversations are played.
    /// - Returns: The run.
    package static func fuzzing(
        _ fuzzing: FuzzingPlan,
        application: RunPlan.Application,
        _ way: Way,
        settings: RunSettings
    ) -> ClientTest {
        var test = ClientTest(
            plan: ClientPlan(counted: (1...settings.jobs).map { CasesByLauncher.slot($0) }),
            way: way,
            address: .listeningOnFreePort,
            isAddressGiven: false,
            settings: settings
        )
        test.fuzzing = fuzzing
        test.application = application
        return test
    }

    /// What generates the conversations; nil if the cases of the plan are played.
    ///
    /// - Throws: `FileError` if there can be no corpus.
    func makeFuzzer(_ monitor: any RunMonitor) throws(FileError) -> FuzzLog? {
        guard let fuzzing else { return nil }
        let results = PeerResults(
            testing: .client,
            folder: RunFolder(path: settings.out),
            options: reportOptions,
            leftOut: []
        )
        return try FuzzLog(
            fuzzing,
            log: RunLog(results: results, monitor: monitor),
            monitor: monitor,
            settings: settings,
            application: application,
            peer: FuzzConversation.Peer(role: .client, transport: tls == nil ? .tcp : .tls)
        )
    }

    /// Makes the report of a run that generated its conversations.
    func finish(
        _ stop: ClientSession.Stop,
        _ fuzzer: FuzzLog,
        _ session: ClientSession,
        url: String
    ) async -> FinishedRun {
        let ending: RunEnding =
            switch stop {
            case .signal: .cancelled
            case .broken(let line): .broken(line)
            case .absent(let line): .unreachable(line)
            case .asked, .done: .complete
            }
        await endStrays(session)
        await fuzzer.finish(ending)
        let outcome = await fuzzer.log.finish(ending)
        return FinishedRun(
            report: await fuzzer.report(of: agent, url, session.timeSoFar, outcome),
            ending: outcome,
            folder: RunFolder(path: settings.out),
            texts: await fuzzer.log.texts,
            gate: settings.gate
        )
    }

    /// The line about a client that asks for cases, of which a run that generates conversations has none.
    func asksForCases(_ launcher: any ClientLauncher) -> String {
        "\(launcher.name) asks for cases itself, and a fuzzing run has none to ask for; let it open the one address that it "
            + "is given, and answer until the connection ends"
    }
}

extension FuzzLog {
    /// The report of everything that became a case.
    fileprivate func report(
        of agent: String,
        _ url: String,
        _ time: Report.Run,
        _ outcome: RunOutcome
    ) async -> Report {
        var time = time
        time.fuzzing = counts
        return await log.report(peer: { _ in Report.Peer(name: agent, url: url) }, run: time, outcome: outcome)
    }
}
