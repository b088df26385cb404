import Synchronization
import WSConform

/// Shows on standard error how a run goes.
final class ConsoleMonitor: RunMonitor {
    private let line: Mutex<ProgressLine>

    /// Creates a monitor.
    ///
    /// - Parameter showsProgress: whether a line says how far the run is, where standard error is a terminal.
    init(showsProgress: Bool) {
        line = Mutex(ProgressLine(isShown: showsProgress && Console.isErrorTerminal))
    }

    func planned(_ count: Int) { line.withLock { $0.begin(count) } }

    func finished() { line.withLock { $0.finished() } }

    func ended() { line.withLock { $0.clear() } }

    func note(_ text: String) {
        line.withLock { line in
            line.clear()
            Console.tell(text)
        }
    }
}
