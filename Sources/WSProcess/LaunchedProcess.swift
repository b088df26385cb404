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

/// A command that was started as the leader of its own process group.
///
/// Ctrl-C in the terminal does not reach the group. When the command has ended, the rest of its group is killed.
struct LaunchedProcess: Sendable {
    /// The number of the process and of its group.
    let id: Int32
    /// Completes when the process has ended, with how it ended.
    let ending: Task<TargetEnding, Never>

    /// Starts a command.
    ///
    /// - Parameters:
    ///   - command: The command and its arguments; no shell is used.
    ///   - environment: Variables in addition to our own environment.
    ///   - streams: Its standard input and output, kept open until it has ended.
    ///   - errorLog: The descriptor for its standard error output.
    /// - Throws: ``SupervisionTrouble`` with one line that names the command and how to correct it.
    /// - Returns: The running process.
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
            // This is done at once, because the system may give the number to another process later.
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
        // A separate task ignores cancellation: a process that is being started has to be ended.
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
