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

/// A command of the user's that runs a client under test: started, watched, and ended with all it has started.
///
/// Like ``SupervisedTarget`` it leads a process group of its own, so that nothing of it outlives the run.
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

    /// What the commands of this run have left behind when it is over.
    package static let strays = StrayProcesses()

    /// Starts a command.
    ///
    /// - Parameters:
    ///   - command: the command and its arguments, without a shell.
    ///   - environment: what it gets besides our own environment.
    ///   - errorLog: the file for its standard error.
    ///   - hasInput: whether it is the only one, so that it may read our standard input.
    /// - Throws: ``SupervisionTrouble``, one line that names the command and the mend.
    /// - Returns: the process, which runs.
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
            // Whoever is left of the group. At once: later the number may be another's.
            if let result { kill(-result.closureResult, SIGKILL) }
            if case .signaled(let signal)? = result?.terminationStatus {
                streams.takeBack(endedBy: signal)
            } else {
                streams.takeBack(endedBy: nil)
            }
            return result?.terminationStatus
        }
        // In a task of its own: who is cancelled meanwhile has to end what has begun to start.
        guard let id = await Task(operation: { await started.first { _ in true } }).value else {
            throw SupervisionTrouble("\(name) cannot be started; check the command behind --, and that it may be run")
        }
        let process = ClientCommandProcess(id: id, status: status, log: log)
        Task { await process.noteEnd(await status.value) }
        return process
    }

    /// How it ended by itself or because of what was sent to it.
    ///
    /// - Returns: nil while it runs, where it was ended here, and where the time has passed.
    package func ending(within limit: Duration) async -> TargetEnding? {
        await wait(atMost: limit)
        return isEndedHere ? nil : termination
    }

    /// Whether it runs.
    package var isRunning: Bool { termination == nil }

    /// The first line of a sanitizer's report, if it wrote one.
    package var sanitizer: String? {
        log.read()
        return log.sanitizer
    }

    /// The last lines that it wrote to standard error, as the end of a sentence.
    package var lastWords: String {
        log.read()
        if termination != nil { log.finish() }
        return log.lastWords ?? ""
    }

    /// Ends it and whatever else is in its group: SIGTERM, then SIGKILL, and returns once it has ended.
    ///
    /// - Parameter limit: how long it has to end after SIGTERM.
    package func end(within limit: Duration = SupervisedTarget.endLimit) async {
        guard termination == nil else { return }
        isEndedHere = true
        kill(-id, SIGTERM)
        // In a task of its own, so that it takes its time even where ours has been cancelled.
        await Task { await self.wait(atMost: limit) }.value
        guard termination == nil else { return }
        kill(-id, SIGKILL)
        // Nothing outlasts that; a busy machine may take its time to say so.
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

    /// Waits until it has ended, for so long at most, or until the task is cancelled.
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
