import WSProtocol

/// Decides which events of the peer count; the runner waits for these, and the judge compares them.
package struct EventCounting: Sendable {
    /// The meaning of a Pong.
    package enum PongReading: Sendable, Hashable {
        /// It answers a pending Ping and counts.
        case answer
        /// It may answer an empty Ping or be a heartbeat; it counts once the peer is known to go on.
        case perhapsHeartbeat
        /// It answers no pending Ping, which is allowed (RFC 6455, 5.5.3).
        case unasked
    }

    /// The script's Pings that are not answered yet.
    package var pings = OpenPings()

    private let ignoresMessages: Bool
    /// Whether the peer has to fail the connection, which a Pong would contradict.
    private let mustFail: Bool

    /// Creates the state before the first event.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - ignoresMessages: Whether the application sends unrelated messages, so that messages count only if the
    ///     scenario needs some.
    package init(_ scenario: Scenario, ignoresMessages: Bool) {
        self.ignoresMessages = ignoresMessages && scenario.needs == .nothing
        mustFail = if case .peerFails = scenario.conclusion { true } else { false }
    }

    /// Whether a message or a wait counts.
    package func counts(_ event: ObservedEvent) -> Bool {
        if case .message = event { !ignoresMessages } else { true }
    }

    /// Matches a Pong with a pending Ping, which is then answered.
    ///
    /// - Parameters:
    ///   - payload: The payload of the Pong.
    ///   - provesLife: Whether an answer to an empty Ping counts although the peer has to fail the connection.
    /// - Returns: The meaning of the Pong.
    package mutating func take(pong payload: [UInt8], provesLife: @autoclosure () -> Bool) -> PongReading {
        guard pings.contains(payload) else { return .unasked }
        if mustFail, payload.isEmpty, !provesLife() { return .perhapsHeartbeat }
        _ = pings.answer(payload)
        return .answer
    }
}
