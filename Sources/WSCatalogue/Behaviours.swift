import WSScenario

/// The policy for what a peer does with what was sent: one place for each kind of stimulus.
extension [Outcome<BehaviourPattern>] {
    /// Exactly these answers, in this order.
    static func answers(_ events: [ExpectedEvent]) -> Self {
        [.conforms(.events(events))]
    }

    /// These answers, of which the Pongs may come late.
    static func answersWithPongs(_ events: [ExpectedEvent]) -> Self {
        [
            .conforms(.events(events)),
            .tolerated(
                .anyOrder(events),
                "answered a Ping later than it could have; a Pong should go out as soon as is practical "
                    + "(RFC 6455, 5.5.2)",
                cites: "RFC6455-5.5.2-03"
            ),
        ]
    }

    /// A Pong for each Ping, or for some of them as long as the last is there.
    static func pongs(_ payloads: [Payload]) -> Self {
        [
            .conforms(.events(payloads.map { .pong($0) })),
            .informational(
                .withoutEarlierPongs(payloads.map { .pong($0) }, inOrder: true),
                "answered only the more recent of several Pings, which it may (RFC 6455, 5.5.3)",
                cites: "RFC6455-5.5.3-02"
            ),
        ]
    }

    /// Nothing comes back, because nothing that was sent has an answer other than a Close frame.
    static let silence: Self = [.conforms(.events([]))]

    /// Nothing comes back for the frames behind our Close frame; an answer to them breaks no rule by itself.
    static func silence(informational pattern: BehaviourPattern, _ reason: String, cites requirement: String) -> Self {
        silence + [.informational(pattern, reason, cites: requirement)]
    }

    /// Nothing comes back: the peer has to fail the connection over all that was sent.
    static let fails: Self = [
        .conforms(.events([])),
        .violates(.anything, "answered a frame that it had to fail the connection for (RFC 6455, 7.1.7)"),
    ]

    /// Nothing but these events comes back: the peer has to fail the connection at what follows them.
    ///
    /// Their answers may get lost on the way out.
    static func fails(after events: [ExpectedEvent]) -> Self {
        [
            .conforms(.events(events)),
            .informational(
                .events([]),
                "failed the connection before it answered what came before the violation; no rule sets the order "
                    + "(RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-05"
            ),
        ] + processesMore
    }

    /// Nothing comes back, neither for the violation nor for what is behind it.
    static let failsIgnoringTheRest: Self = silence + processesMore

    /// The peer answered something at or behind the violation.
    private static let processesMore: Self = [
        .violates(
            .anything,
            "answered a frame that it had to fail the connection for, or one behind it (RFC 6455, 7.1.7)",
            cites: "RFC6455-7.1.7-05"
        )
    ]
}
