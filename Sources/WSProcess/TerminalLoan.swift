#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The standard streams of a command: nothing to read and nobody who listens, or ours where the command is alone.
///
/// A debugger wants to be told what to do. Where we have a terminal, it is lent to the command's process group, as a
/// shell does for its jobs, and with it the keys that send signals; what the command says is shown, too.
final class TerminalLoan: Sendable {
    /// What the command reads from.
    let input: Int32
    /// Where its standard output goes.
    let output: Int32

    private let nothing: Int32
    private let hasTerminal: Bool

    /// Prepares the streams; nil where the system has no descriptor left.
    ///
    /// - Parameter hasInput: whether the command may read what we could read.
    init?(hasInput: Bool) {
        nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        guard nothing >= 0 else { return nil }
        hasTerminal = hasInput && isatty(STDIN_FILENO) == 1
        input = hasInput ? STDIN_FILENO : nothing
        output = hasTerminal ? STDOUT_FILENO : nothing
    }

    deinit {
        close(nothing)
    }

    /// Lends the terminal to a process group that has just been started, and wakes what had to wait for that.
    func lend(to group: Int32) {
        guard hasTerminal else { return }
        give(to: group)
        kill(-group, SIGCONT)
    }

    /// Takes the terminal back once the group has ended.
    ///
    /// - Parameter signal: what ended the command; what the user sent it with a key was meant for all of the run.
    func takeBack(endedBy signal: Int32?) {
        guard hasTerminal else { return }
        give(to: getpgrp())
        if signal == SIGINT { kill(getpid(), SIGINT) }
    }

    private func give(to group: Int32) {
        // Who is not in front may not say so without being stopped, unless the signal for it is blocked.
        var blocked = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&blocked)
        unsafe sigaddset(&blocked, SIGTTOU)
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
        tcsetpgrp(STDIN_FILENO, group)
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
