import WSScenario

/// The policy for what a peer does with what was sent: one place for each kind of stimulus.
extension [Outcome<BehaviourPattern>] {
    /// Exactly these answers, in this order.
    static func answers(_ events: [ExpectedEvent]) -> Self {
        [.conforms(.events(events))]
    }

    /// These answers, of which the Pongs may come late.
    static func answersWithPongs(_ events: [ExpectedEvent]) -> Self {
        inOrder(events) + [
            onlyLaterPongs(events),
            .tolerated(.anyOrder(events), latePong, cites: "RFC6455-5.5.2-03"),
            .tolerated(.withoutEarlierPongs(events, inOrder: false), latePong, cites: "RFC6455-5.5.2-03"),
        ]
    }

    /// These answers in their order, or with the Pongs before the echoes that they have overtaken.
    ///
    /// An echo waits for the application, a Pong does not: nothing is late then (RFC 6455, 5.5.2).
    private static func inOrder(_ events: [ExpectedEvent]) -> Self {
        let isPong: (ExpectedEvent) -> Bool = { if case .pong = $0 { true } else { false } }
        let pongs = events.filter(isPong)
        let others = events.filter { !isPong($0) }
        return pongs + others == events
            ? [.conforms(.events(events))] : [.conforms(.events(events)), .conforms(.events(pongs + others))]
    }

    /// A Pong for each Ping, or for some of them as long as the last is there.
    static func pongs(_ pongs: [ExpectedEvent]) -> Self {
        [.conforms(.events(pongs)), onlyLaterPongs(pongs)]
    }

    private static func onlyLaterPongs(_ events: [ExpectedEvent]) -> Element {
        .informational(
            .withoutEarlierPongs(events, inOrder: true),
            "answered only the more recent of several Pings, which it may (RFC 6455, 5.5.3)",
            cites: "RFC6455-5.5.3-02"
        )
    }

    private static let latePong =
        "answered a Ping later than it could have; a Pong should go out as soon as is practical (RFC 6455, 5.5.2)"

    /// Nothing comes back for what never became a message.
    static func deliversNothing(_ what: String) -> Self {
        silence + [
            .violates(.anything, "answered \(what) (RFC 6455, 6.2)", cites: "RFC6455-6.2-01")
        ]
    }

    /// Nothing comes back, or nothing that anybody wants to know; whether the target survives is what counts.
    static let survives: Self = [.conforms(.anything)]

    /// Nothing comes back while nothing is sent.
    static let mayEndIdle: Self =
        silence + [
            .informational(.anything, "sent something while nothing was asked of it (RFC 6455, 5.1)")
        ]

    /// A length not in its shortest form, for which only senders have a rule.
    static let mayRefuseNonMinimalLength: Self =
        silence + [.informational(.anything, takesNonMinimalLength)]

    /// Nothing comes back, because nothing that was sent has an answer other than a Close frame.
    static let silence: Self = [.conforms(.events([]))]

    /// Nothing comes back for the frames behind our Close frame; an answer to them breaks no rule by itself.
    static func silence(informational pattern: BehaviourPattern, _ reason: String, cites requirement: String) -> Self {
        silence + [.informational(pattern, reason, cites: requirement)]
    }

    /// Nothing comes back for data frames behind our Close frame, with which we break 5.5.1.
    ///
    /// An answer is therefore no fault. One behind the peer's own Close frame is, and a rule over the whole record sees
    /// that.
    static let mayAnswerBehindClose = silence(
        informational: .anything,
        "answered a message that ended behind a Close frame, which no rule forbids before its own Close "
            + "(RFC 6455, 5.5.1)",
        cites: "RFC6455-5.5.1-06"
    )

    /// Nothing comes back: the peer has to fail the connection over all that was sent.
    static let fails: Self = [
        .conforms(.events([])),
        .violates(.anything, "answered a frame that it had to fail the connection for (RFC 6455, 7.1.7)"),
    ]

    /// Nothing but these events comes back: the peer has to fail the connection at what follows them.
    ///
    /// Their answers may get lost on the way out.
    static func fails(after events: [ExpectedEvent]) -> Self {
        inOrder(events) + [
            .informational(
                .someOf(events),
                "failed the connection before it answered what came before the violation; no rule sets the order "
                    + "(RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-05"
            )
        ] + processesMore
    }

    /// Nothing comes back, neither for the violation nor for what is behind it.
    static let failsIgnoringTheRest: Self = silence + processesMore

    /// Nothing comes back, because text was beyond repair before the wait; later is as good, as no moment is set.
    static func failsFast(before tag: String) -> Self {
        [
            .conforms(.events([])),
            .informational(
                .events([.stillOpen(tag: tag)]),
                "failed the connection only after the whole message; RFC 6455, 8.1 sets no moment",
                cites: "RFC6455-8.1-01"
            ),
            .violates(
                .anything,
                "answered a message whose text is not valid UTF-8 (RFC 6455, 8.1)",
                cites: "RFC6455-8.1-01"
            ),
        ]
    }

    /// The peer answered something at or behind the violation.
    private static let processesMore: Self = [
        .violates(
            .anything,
            "answered a frame that it had to fail the connection for, or one behind it (RFC 6455, 7.1.7)",
            cites: "RFC6455-7.1.7-05"
        )
    ]
}

/// What is said of a peer that reads a length in a longer form than it needs.
let takesNonMinimalLength =
    "a length not in its shortest form was not refused; RFC 6455, 5.2 binds the sender alone"
