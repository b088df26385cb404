import WSProtocol

/// Says which of what the peer sends counts: for the runner, which waits for it, and for the judge, which compares it.
package struct EventCounting: Sendable {
    /// What a Pong is.
    package enum PongReading: Sendable, Hashable {
        /// The answer to a Ping that was out; it counts.
        case answer
        /// Perhaps the answer to an empty Ping, perhaps a heartbeat; it counts once the peer is known to have gone on.
        case perhapsHeartbeat
        /// One that answers none of the Pings that are out, which is allowed (RFC 6455, 5.5.3).
        case unasked
    }

    /// The Pings of the script that are out and not answered.
    package var pings = OpenPings()

    private let ignoresMessages: Bool
    /// Whether the peer has to fail the connection, so that a Pong would say that it has not.
    private let mustFail: Bool

    /// Creates the state before the first event.
    ///
    /// - Parameters:
    ///   - scenario: what is played.
    ///   - ignoresMessages: whether the application sends what it likes, so that its messages count only where the
    ///     scenario needs some.
    package init(_ scenario: Scenario, ignoresMessages: Bool) {
        self.ignoresMessages = ignoresMessages && scenario.needs == .nothing
        mustFail = if case .peerFails = scenario.conclusion { true } else { false }
    }

    /// Whether a message counts, or a wait.
    package func counts(_ event: ObservedEvent) -> Bool {
        if case .message = event { !ignoresMessages } else { true }
    }

    /// Takes a Pong, and the Ping that it answers out of those that are open.
    ///
    /// - Parameters:
    ///   - payload: the Pong's.
    ///   - provesLife: whether an empty Pong counts where the peer has to fail the connection.
    /// - Returns: what the Pong is.
    package mutating func take(pong payload: [UInt8], provesLife: @autoclosure () -> Bool) -> PongReading {
        guard pings.contains(payload) else { return .unasked }
        if mustFail, payload.isEmpty, !provesLife() { return .perhapsHeartbeat }
        _ = pings.answer(payload)
        return .answer
    }
}
