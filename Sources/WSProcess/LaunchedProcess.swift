import Subprocess
import SystemPackage
import WSTranscript

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A command that has been started as the leader of a process group of its own.
///
/// The group keeps the terminal's Ctrl-C away from it, and it takes every process with it that the command has started:
/// once the command has ended, the rest of its group is killed.
struct LaunchedProcess: Sendable {
    /// The number of the process and of its group.
    let id: Int32
    /// How the process ended, once it has.
    let ending: Task<TargetEnding, Never>

    /// Starts a command.
    ///
    /// - Parameters:
    ///   - command: the command and its arguments, without a shell.
    ///   - environment: what the command gets besides our own environment.
    ///   - streams: its standard input and output, kept open until it has ended.
    ///   - errorLog: the descriptor for its standard error.
    /// - Throws: ``SupervisionTrouble``, one line that names the command and the mend.
    /// - Returns: the process, which runs.
    static func launch(
        _ command: [String],
        environment: [String: String],
        streams: TerminalLoan,
        errorLog: FileDescriptor
    ) async throws(SupervisionTrouble) -> LaunchedProcess {
        let name = command.first ?? ""
        var options = PlatformOptions()
        options.processGroupID = 0
        var values: [Environment.Key: String?] = [:]
        for (name, value) in environment { values[Environment.Key(stringLiteral: name)] = value }
        let configuration = Configuration(
            executable: name.contains("/") ? .path(FilePath(name)) : .name(name),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(values),
            platformOptions: options
        )
        let (started, starting) = AsyncStream.makeStream(of: Int32.self)
        let ending = Task.detached { () -> TargetEnding in
            defer { starting.finish() }
            let result = try? await Subprocess.run(
                configuration,
                input: .fileDescriptor(streams.input, closeAfterSpawningProcess: false),
                output: .fileDescriptor(streams.output, closeAfterSpawningProcess: false),
                error: .fileDescriptor(errorLog, closeAfterSpawningProcess: false)
            ) { execution in
                let id = execution.processIdentifier.value
                streams.lend(to: id)
                starting.yield(id)
                return id
            }
            // At once: later the system may give the number to another process.
            if let result { kill(-result.closureResult, SIGKILL) }
            switch result?.terminationStatus {
            case .exited(let code):
                streams.takeBack(endedBy: nil)
                return .exited(code)
            case .signaled(let signal):
                streams.takeBack(endedBy: signal)
                return .signalled(SignalName.name(of: signal))
            case nil:
                streams.takeBack(endedBy: nil)
                return .exited(-1)
            }
        }
        // In a task of its own: a caller that is cancelled meanwhile still has to end what has begun to start.
        guard let id = await Task(operation: { await started.first { _ in true } }).value else {
            throw SupervisionTrouble("\(name) cannot be started; check the command behind --, and that it may be run")
        }
        return LaunchedProcess(id: id, ending: ending)
    }

    /// Sends a signal to the whole group.
    func send(_ signal: Int32) {
        kill(-id, signal)
    }
}
