import WSProcess
import WSReport
import WSRunFolder

/// The end of a run with clients.
extension ClientTest {
    /// Makes the reports of a run that has ended.
    func finish(_ stop: ClientSession.Stop, _ session: ClientSession) async throws -> [FinishedRun] {
        let outcome: RunOutcome? =
            switch (stop, way) {
            // A user who lets the run listen ends it with a signal.
            case (.signal, .listen): nil
            case (.signal, _): .cancelled
            case (.broken(let line), _): .troubled(line)
            case (.absent(let line), _): .unreachable(line)
            case (.asked, _), (.done, _): nil
            }
        if let line = stop.trouble { await session.say(line) }
        if case .listen = way {} else { await endStrays(session) }
        var shared = SharedTexts()
        return try await session.finish(outcome, absentClient: agent).map { report, folder in
            FinishedRun(
                report: report,
                ending: outcome,
                folder: folder,
                texts: shared.texts(of: report),
                gate: settings.gate
            )
        }
    }

    /// Ends processes of commands that have left their process groups.
    func endStrays(_ session: ClientSession) async {
        let names = ClientCommandProcess.strays.end()
        guard !names.isEmpty else { return }
        await session.say("ended with the run, left behind by the client's command: \(names.joined(separator: ", "))")
    }
}
