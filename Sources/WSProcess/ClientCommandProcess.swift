import Subprocess
import SystemPackage
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
    private let id: Int32
    private let status: Task<TerminationStatus?, Never>
    private let log: ErrorLog
    private var termination: TargetEnding?
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWait = 0
    private var isEndedHere = false

    private init(id: Int32, status: Task<TerminationStatus?, Never>, log: ErrorLog) {
        self.id = id
        self.status = status
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
        var options = PlatformOptions()
        options.processGroupID = 0
        var values: [Environment.Key: String?] = [:]
        for (name, value) in environment { values[Environment.Key(stringLiteral: name)] = value }
        values[Environment.Key(stringLiteral: StrayProcesses.variable)] = strays.value
        let configuration = Configuration(
            executable: name.contains("/") ? .path(FilePath(name)) : .name(name),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(values),
            platformOptions: options
        )
        let error = FileDescriptor(rawValue: log.descriptor)
        let (started, starting) = AsyncStream.makeStream(of: Int32.self)
        let status = Task.detached { () -> TerminationStatus? in
            defer { starting.finish() }
            let result = try? await Subprocess.run(
                configuration,
                input: .fileDescriptor(
                    FileDescriptor(rawValue: streams.input),
                    closeAfterSpawningProcess: false
                ),
                output: .fileDescriptor(
                    FileDescriptor(rawValue: streams.output),
                    closeAfterSpawningProcess: false
                ),
                error: .fileDescriptor(error, closeAfterSpawningProcess: false)
            ) { execution in
                streams.lend(to: execution.processIdentifier.value)
                starting.yield(execution.processIdentifier.value)
                return execution.processIdentifier.value
            }
            // Ends the rest of the group at once, because the number may later belong to another group.
            if let result { kill(-result.closureResult, SIGKILL) }
            if case .signaled(let signal)? = result?.terminationStatus {
                streams.takeBack(endedBy: signal)
            } else {
                streams.takeBack(endedBy: nil)
            }
            return result?.terminationStatus
        }
        // A separate task ignores cancellation: a process that is being started has to be ended.
        guard let id = await Task(operation: { await started.first { _ in true } }).value else {
            throw SupervisionTrouble("\(name) cannot be started; check the command behind --, and that it may be run")
        }
        let process = ClientCommandProcess(id: id, status: status, log: log)
        Task { await process.noteEnd(await status.value) }
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
        kill(-id, SIGTERM)
        // A separate task waits in full even if ours was cancelled.
        await Task { await self.wait(atMost: limit) }.value
        guard termination == nil else { return }
        kill(-id, SIGKILL)
        // Nothing survives SIGKILL, but a busy machine may report the end late.
        noteEnd(await status.value)
    }

    private func noteEnd(_ status: TerminationStatus?) {
        guard termination == nil else { return }
        termination =
            switch status {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signalled(SignalName.name(of: signal))
            case nil: .exited(-1)
            }
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
