import Synchronization
import WSConform

/// Shows the progress of a run on standard error.
final class ConsoleMonitor: RunMonitor {
    private let line: Mutex<ProgressLine>

    /// Creates a monitor.
    ///
    /// - Parameter showsProgress: Whether a progress line is shown if standard error is a terminal.
    init(showsProgress: Bool) {
        line = Mutex(ProgressLine(isShown: showsProgress && Console.isErrorTerminal))
    }

    func planned(_ count: Int) { line.withLock { $0.begin(count) } }

    func finished(_ id: String) { line.withLock { $0.finished(id) } }

    func ended() { line.withLock { $0.clear() } }

    func note(_ text: String) {
        line.withLock { line in
            line.clear()
            Console.tell(text)
        }
    }
}
