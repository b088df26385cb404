import WSLimits
package import WSTranscript

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs a user's command that plays a client under test, and ends it with everything that it started.
///
/// Like ``SupervisedTarget``, it leads its own process group, so that none of its processes outlives the run.
package actor ClientCommandProcess {
    private let launched: LaunchedProcess
    private let log: ErrorLog
    private var termination: TargetEnding?
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWait = 0
    private var isEndedHere = false

    private init(_ launched: LaunchedProcess, log: ErrorLog) {
        self.launched = launched
        self.log = log
    }

    /// Finds processes that the commands of this run leave behind.
    package static let strays = StrayProcesses()

    /// Starts a command.
    ///
    /// - Parameters:
    ///   - command: The command and its arguments; no shell is used.
    ///   - environment: Variables in addition to our own environment.
    ///   - errorLog: The file for its standard error output.
    ///   - hasInput: Whether it may read our standard input, because it is the only command.
    /// - Throws: ``SupervisionTrouble`` with one line that names the command and how to correct it.
    /// - Returns: The running process.
    package static func start(
        _ command: [String],
        environment: [String: String],
        errorLog: String,
        hasInput: Bool = false
    ) async throws(SupervisionTrouble) -> ClientCommandProcess {
        let name = command.first ?? ""
        guard let log = ErrorLog(path: errorLog, limit: Limits.commandLog) else {
            throw SupervisionTrouble("\(errorLog) cannot be written; choose another folder with --out")
        }
        guard let streams = TerminalLoan(hasInput: hasInput) else {
            throw SupervisionTrouble(
                "\(name) cannot be started: no descriptor is left; raise ulimit -n or lower --jobs"
            )
        }
        let launched = try await LaunchedProcess.launch(
            command,
            environment: environment.merging([StrayProcesses.variable: strays.value]) { _, own in own },
            streams: streams,
            errorLog: log.descriptor
        )
        let process = ClientCommandProcess(launched, log: log)
        Task { await process.noteEnd(await launched.ending.value) }
        return process
    }

    /// How the process ended by itself or through a signal from elsewhere.
    ///
    /// - Returns: Nil if it still runs, if we ended it, or when the time is up.
    package func ending(within limit: Duration) async -> TargetEnding? {
        await wait(atMost: limit)
        return isEndedHere ? nil : termination
    }

    /// Whether the process runs.
    package var isRunning: Bool { termination == nil }

    /// The first line of a sanitizer's report; nil if there is none.
    package var sanitizer: String? {
        log.read()
        return log.sanitizer
    }

    /// The last lines of its standard error output, as the end of a sentence.
    package var lastWords: String {
        log.read()
        if termination != nil { log.finish() }
        return log.lastWords ?? ""
    }

    /// Ends the process group with SIGTERM, then with SIGKILL, and returns when the process has ended.
    ///
    /// - Parameter limit: How long it may take after SIGTERM.
    package func end(within limit: Duration = SupervisedTarget.endLimit) async {
        guard termination == nil else { return }
        isEndedHere = true
        launched.send(SIGTERM)
        // A separate task waits in full even if ours was cancelled.
        await Task { await self.wait(atMost: limit) }.value
        guard termination == nil else { return }
        launched.send(SIGKILL)
        // Nothing survives SIGKILL, but a busy machine may report the end late.
        noteEnd(await launched.ending.value)
    }

    private func noteEnd(_ ending: TargetEnding) {
        guard termination == nil else { return }
        termination = ending
        log.end()
        for continuation in waiting.values { continuation.resume() }
        waiting = [:]
    }

    /// Waits until the process has ended, the time is up, or the task is cancelled.
    private func wait(atMost limit: Duration) async {
        guard termination == nil, !Task.isCancelled else { return }
        lastWait += 1
        let number = lastWait
        let timer = Task {
            try? await Task.sleep(for: limit)
            self.resume(number)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiting[number] = $0 }
        } onCancel: {
            timer.cancel()
        }
        timer.cancel()
    }

    private func resume(_ number: Int) {
        waiting.removeValue(forKey: number)?.resume()
    }
}
