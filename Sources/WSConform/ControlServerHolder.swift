import Synchronization
import WSControl
import WSLink

/// Holds the control server, which is made once the port is known on which connections come to it.
final class ControlServerHolder: Sendable {
    private let held = Mutex<ControlServer?>(nil)

    /// The control server; nil before there is one.
    var controlServer: ControlServer? { held.withLock { $0 } }

    /// Has connections served from here on.
    func open(_ controlServer: ControlServer) {
        held.withLock { $0 = controlServer }
    }
}

/// Closes a connection that came before there was a control server.
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
