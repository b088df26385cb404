import Synchronization
import WSProtocol
import WSReport
import WSRunFolder
import WSScenario

/// A whole run of the library, which plays while nothing else of this process does.
struct WholeRun: Sendable {
    let target: ConformanceTarget
    let options: ConformanceOptions
    let selection: CaseSelection
    /// The folder for the report and the records; nil to keep none.
    let folder: String?

    /// Plays the cases.
    func run() async throws(ConformanceError) -> ConformanceReport {
        if let folder, folder.isEmpty {
            throw ConformanceError(.options, "folder is empty; give the path of a folder, or nil")
        }
        await PlayingTurn.shared.begin()
        let result: Result<ConformanceReport, ConformanceError>
        do throws(ConformanceError) {
            result = .success(try await play())
        } catch {
            result = .failure(error)
        }
        await PlayingTurn.shared.end()
        return try result.get()
    }

    private func play() async throws(ConformanceError) -> ConformanceReport {
        guard let folder else {
            return try await TemporaryFolder.using { path throws(ConformanceError) in try await play(in: path) }
        }
        defer { RunLedger.ofThisProcess.release(folder) }
        return try await play(in: folder)
    }

    private func play(in path: String) async throws(ConformanceError) -> ConformanceReport {
        let notes = CollectedNotes()
        let report: Report?
        switch target.kind {
        case .client(let spec):
            let scenarios = try scenarios(selection, for: .client, over: spec.transport.scenarioTransport)
            report = try await spec.run(
                scenarios,
                selection,
                options,
                out: path,
                notes,
                deliversReport: folder != nil
            ).first
        case .server, .modelServer: report = try await playServer(in: path, notes)
        }
        guard var report else { throw ConformanceError.cancelled }
        if report.cases.isEmpty, !report.footer.complete {
            guard !Task.isCancelled else { throw ConformanceError.cancelled }
            throw ConformanceError(.unreachable, report.footer.reason ?? "nothing could be played")
        }
        // The folder of these paths is gone.
        if folder == nil { for index in report.cases.indices { report.cases[index].transcript = nil } }
        return ConformanceReport(report, notes: notes.lines)
    }

    private func playServer(in path: String, _ notes: CollectedNotes) async throws(ConformanceError) -> Report? {
        guard let (prepared, tested, isRemote) = try await target.kind.serverTest(options, out: path) else {
            return nil
        }
        var test = prepared
        var selection = selection
        selection.sparesTarget = isRemote
        test.settings.selection = selection
        test.scenarios = try scenarios(selection, for: .server, over: tested.transport(by: test.route))
        let stop = StopSwitch()
        do {
            let (finished, monitor) = (test, notes)
            let run = try await withTaskCancellationHandler {
                try await finished.run(against: tested, monitor: monitor, stoppedBy: stop)
            } onCancel: {
                stop.stop()
            }
            if folder != nil { _ = run.deliver(notes) { _ in } }
            return run.report
        } catch {
            throw ConformanceError(error)
        }
    }

    private func scenarios(
        _ selection: CaseSelection,
        for role: Role,
        over transport: Transport
    ) throws(ConformanceError) -> [Scenario] {
        do throws(RunTrouble) {
            return try selection.scenarios(for: role, over: transport)
        } catch {
            throw ConformanceError(.selection, error.description)
        }
    }
}

/// Keeps the lines that a run has for its user.
final class CollectedNotes: RunMonitor {
    private let collected = Mutex<[String]>([])

    /// The lines so far.
    var lines: [String] { collected.withLock { $0 } }

    func planned(_ count: Int) {}

    func finished(_ id: String) {}

    func ended() {}

    func note(_ line: String) {
        collected.withLock { $0.append(line) }
    }
}

/// A folder that exists while something needs it.
enum TemporaryFolder {
    /// Calls a function with the path of a new folder, and removes the folder.
    static func using<Result>(
        _ body: (String) async throws(ConformanceError) -> Result
    ) async throws(ConformanceError) -> Result {
        let folder: String
        do {
            folder = try FileSystem.createTemporaryFolder()
        } catch {
            throw ConformanceError(.system, error.description)
        }
        defer {
            RunLedger.ofThisProcess.release(folder)
            try? FileSystem.removeAll(folder)
        }
        return try await body(folder)
    }
}
