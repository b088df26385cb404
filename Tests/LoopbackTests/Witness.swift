import WSKernels
import WSLink

/// Does what it is told once it is connected, and keeps what it sees.
struct Witness: LinkMachine {
    private let first: [LinkAction]
    private let written: [LinkAction]
    private let received: [LinkAction]
    private(set) var wasConnected = false
    private(set) var octets: [UInt8] = []
    private(set) var end: LinkEnd?
    private(set) var endedAt = LinkInstant.zero
    var onEnd: @Sendable (Witness) -> Void = { _ in }

    init(
        _ first: [LinkAction] = [],
        thenWritten written: [LinkAction] = [],
        whenReceived received: [LinkAction] = []
    ) {
        self.first = first
        self.received = received
        self.written = written
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        wasConnected = true
        actions += first
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        octets.append(copying: bytes)
        actions += received
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        actions += written
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        self.end = end
        endedAt = now
        onEnd(self)
    }
}
