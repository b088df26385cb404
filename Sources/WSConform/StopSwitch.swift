import Synchronization

/// Ends a run early, for any reason that a user has; what was played until then is reported.
package final class StopSwitch: Sendable {
    private struct State {
        var isStopped = false
        var handlers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Creates a switch that is off.
    package init() {}

    /// Whether the run has to end.
    package var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Ends the run; further calls have no effect.
    package func stop() {
        let handlers = state.withLock { state in
            defer { state = State(isStopped: true) }
            return state.handlers
        }
        for handler in handlers { handler() }
    }

    /// Calls a handler when the run has to end, or at once if that was already requested.
    package func onStop(_ handler: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            if !state.isStopped { state.handlers.append(handler) }
            return state.isStopped
        }
        if isStopped { handler() }
    }
}
