import Synchronization
import WSControl
import WSLink

/// What stands between a port that is listened on and the reception that is made once the port is known.
final class Door: Sendable {
    private let behind = Mutex<Reception?>(nil)

    /// Who receives; nil before the door is open.
    var reception: Reception? { behind.withLock { $0 } }

    /// Opens.
    func open(_ reception: Reception) {
        behind.withLock { $0 = reception }
    }
}

/// Ends a connection that came before anybody was there.
struct ClosedDoor: LinkMachine {
    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.close)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
