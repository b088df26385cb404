import NIOCore
import Synchronization

/// Spreads connections evenly over time, so that no more than some begin in a second.
final class ConnectionRate: Sendable {
    private let interval: TimeAmount
    private let next: Mutex<NIODeadline>

    /// Creates a rate of connections a second, which is positive.
    init(perSecond count: Int) {
        precondition(count > 0)
        interval = .nanoseconds(1_000_000_000 / Int64(count))
        next = Mutex(.now())
    }

    /// Takes the next moment at which a connection may begin.
    func reserve(at now: NIODeadline = .now()) -> NIODeadline {
        next.withLock { next in
            let turn = max(next, now)
            next = turn + interval
            return turn
        }
    }

    /// Waits until a connection may begin.
    ///
    /// - Returns: Whether it may; false if the task was cancelled meanwhile.
    func turn() async -> Bool {
        let wait = reserve() - .now()
        guard wait > .zero else { return true }
        return (try? await Task.sleep(for: .nanoseconds(wait.nanoseconds))) != nil
    }
}
