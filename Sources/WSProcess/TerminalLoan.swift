import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The standard streams of a command: ours if it is the only command, else the null device.
///
/// A debugger needs input. If we have a terminal, it is lent to the command's process group, as a shell does for its
/// jobs, including the keys that send signals. The command's output is shown, too.
final class TerminalLoan: Sendable {
    /// The command's standard input.
    let input: FileDescriptor
    /// The command's standard output.
    let output: FileDescriptor

    private let nothing: FileDescriptor
    private let hasTerminal: Bool

    /// Prepares the streams; nil if the system has no descriptor left.
    ///
    /// - Parameter hasInput: Whether the command may read our standard input.
    init?(hasInput: Bool) {
        guard let nothing = try? FileDescriptor.open(FilePath("/dev/null"), .readWrite, options: .closeOnExec) else {
            return nil
        }
        self.nothing = nothing
        hasTerminal = hasInput && isatty(STDIN_FILENO) == 1
        input = hasInput ? .standardInput : nothing
        output = hasTerminal ? .standardOutput : nothing
    }

    deinit {
        try? nothing.close()
    }

    /// Lends the terminal to a process group that was just started, and wakes processes that waited for it.
    func lend(to group: Int32) {
        guard hasTerminal else { return }
        give(to: group)
        kill(-group, SIGCONT)
    }

    /// Takes the terminal back after the group has ended.
    ///
    /// - Parameter signal: The signal that ended the command; one that the user sent by a key is meant for the whole
    ///   run.
    func takeBack(endedBy signal: Int32?) {
        guard hasTerminal else { return }
        give(to: getpgrp())
        if signal == SIGINT { kill(getpid(), SIGINT) }
    }

    private func give(to group: Int32) {
        // A background process is stopped when it does this, unless the signal is blocked.
        var blocked = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&blocked)
        unsafe sigaddset(&blocked, SIGTTOU)
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
        tcsetpgrp(STDIN_FILENO, group)
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
