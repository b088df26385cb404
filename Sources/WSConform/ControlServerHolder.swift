import Synchronization
import WSControl
import WSLink

/// Holds the control server, which is created after listening, because it needs to know the port.
final class ControlServerHolder: Sendable {
    private let held = Mutex<ControlServer?>(nil)

    /// The control server; nil before it was created.
    var controlServer: ControlServer? { held.withLock { $0 } }

    /// Sets the control server, which serves connections from now on.
    func open(_ controlServer: ControlServer) {
        held.withLock { $0 = controlServer }
    }
}

/// Closes a connection that came before the control server existed.
struct RefusedConnection: LinkMachine {
    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.close)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
