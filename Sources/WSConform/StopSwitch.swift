import Synchronization

/// Ends a run early, from whatever a user does to say so; what has been played until then is reported.
package final class StopSwitch: Sendable {
    private struct State {
        var isStopped = false
        var handlers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Nothing is stopped yet.
    package init() {}

    /// Whether the run is to end.
    package var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Ends the run; a second call does nothing.
    package func stop() {
        let handlers = state.withLock { state in
            defer { state = State(isStopped: true) }
            return state.handlers
        }
        for handler in handlers { handler() }
    }

    /// Has something done when the run is to end, at once if it already is.
    package func onStop(_ handler: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            if !state.isStopped { state.handlers.append(handler) }
            return state.isStopped
        }
        if isStopped { handler() }
    }
}
