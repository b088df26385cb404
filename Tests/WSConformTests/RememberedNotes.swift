import Synchronization
import WSConform

/// Remembers the lines for the user.
final class RememberedNotes: RunMonitor {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func planned(_ count: Int) {}
    func finished(_ id: String) {}
    func ended() {}
    func note(_ line: String) { lines.withLock { $0.append(line) } }
}
