package import WSLink

/// Connects and closes at once, to see whether a server accepts connections.
package struct ConnectionCheck: LinkMachine {
    /// Whether the connection was accepted.
    package private(set) var isAccepted = false

    /// Creates a check.
    package init() {}

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        isAccepted = true
        actions.append(.close)
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
