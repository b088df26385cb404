import WSScenario

/// The outcomes for how a peer reacts to what was sent; each kind of stimulus is defined once.
extension [Outcome<BehaviourPattern>] {
    /// The peer sends exactly these answers, in this order.
    static func answers(_ events: [ExpectedEvent]) -> Self {
        [.conforms(.events(events))]
    }

    /// The peer sends these answers; the Pongs may come late.
    static func answersWithPongs(_ events: [ExpectedEvent]) -> Self {
        inOrder(events) + [
            onlyLaterPongs(events),
            .tolerated(.anyOrder(events), latePong, cites: "RFC6455-5.5.2-03").because(.pongLate),
            .tolerated(.withoutEarlierPongs(events, inOrder: false), latePong, cites: "RFC6455-5.5.2-03")
                .because(.pongLate),
        ]
    }

    /// The peer sends these answers in order, or with Pongs before the echoes that they have overtaken.
    ///
    /// An echo waits for the application and a Pong does not, so overtaking is not lateness (RFC 6455, 5.5.2).
    private static func inOrder(_ events: [ExpectedEvent]) -> Self {
        let isPong: (ExpectedEvent) -> Bool = { if case .pong = $0 { true } else { false } }
        let pongs = events.filter(isPong)
        let others = events.filter { !isPong($0) }
        return [.conforms(pongs + others == events ? .events(events) : .pongsAhead(events))]
    }

    /// The peer sends a Pong for each Ping, or for some of them including the last one.
    static func pongs(_ pongs: [ExpectedEvent]) -> Self {
        [.conforms(.events(pongs)), onlyLaterPongs(pongs)]
    }

    private static func onlyLaterPongs(_ events: [ExpectedEvent]) -> Element {
        .informational(
            .withoutEarlierPongs(events, inOrder: true),
            "answered only the more recent of several Pings, which it may (RFC 6455, 5.5.3)",
            cites: "RFC6455-5.5.3-02"
        ).because(.pongsLeftOut)
    }

    private static let latePong =
        "answered a Ping later than it could have; a Pong should go out as soon as is practical (RFC 6455, 5.5.2)"

    /// The peer does not answer, because nothing became a message.
    static func deliversNothing(_ what: String) -> Self {
        silence + [
            .violates(.anything, "answered \(what) (RFC 6455, 6.2)", cites: "RFC6455-6.2-01")
                .because(.deliveredIncomplete)
        ]
    }

    /// The peer may send anything; only the survival of the target counts.
    static let survives: Self = [.conforms(.anything)]

    /// The peer sends nothing while we send nothing.
    static let mayEndIdle: Self =
        silence + [
            .informational(.anything, "sent something while nothing was asked of it (RFC 6455, 5.1)")
        ]

    /// The peer need not answer a frame with a length not in its shortest form, because the rule binds only senders.
    static let mayRefuseNonMinimalLength: Self =
        silence + [.informational(.anything, takesNonMinimalLength).because(.longerLengthTaken)]

    /// The peer sends nothing, because only a Close frame would be an answer.
    static let silence: Self = [.conforms(.events([]))]

    /// The peer sends nothing for frames after our Close frame; an answer to them is informational.
    static func silence(informational pattern: BehaviourPattern, _ reason: String, cites requirement: String) -> Self {
        silence + [.informational(pattern, reason, cites: requirement).because(.answeredBehindClose)]
    }

    /// The peer sends nothing for data frames after our Close frame, which violate 5.5.1 themselves.
    ///
    /// Therefore an answer is no violation, unless it follows the peer's own Close frame; a rule of the judge checks
    /// that.
    static let mayAnswerBehindClose = silence(
        informational: .anything,
        "answered a message that ended behind a Close frame, which no rule forbids before its own Close "
            + "(RFC 6455, 5.5.1)",
        cites: "RFC6455-5.5.1-06"
    )

    /// The peer sends nothing, because it has to fail the connection over everything that was sent.
    static let fails: Self = [
        .conforms(.events([])),
        .violates(.anything, "answered a frame that it had to fail the connection for (RFC 6455, 7.1.7)"),
    ]

    /// The peer sends only these events, because it has to fail the connection over what follows them.
    ///
    /// Its answers may be lost when it fails the connection.
    static func fails(after events: [ExpectedEvent]) -> Self {
        inOrder(events) + [
            .informational(
                .someOf(events),
                "failed the connection before it answered what came before the violation; no rule sets the order "
                    + "(RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-05"
            ).because(.failedBeforeAnswering)
        ] + processesMore
    }

    /// The peer sends nothing, neither for the violation nor for what follows it.
    static let failsIgnoringTheRest: Self = silence + processesMore

    /// The peer sends nothing, because the text was invalid before the wait; failing later is informational.
    ///
    /// No text says when the connection has to be failed.
    static func failsFast(before tag: String) -> Self {
        [
            .conforms(.events([])),
            .informational(
                .events([.stillOpen(tag: tag)]),
                "failed the connection only after the whole message; RFC 6455, 8.1 sets no moment",
                cites: "RFC6455-8.1-01"
            ).because(.failedLate),
            .violates(
                .anything,
                "answered a message whose text is not valid UTF-8 (RFC 6455, 8.1)",
                cites: "RFC6455-8.1-01"
            ),
        ]
    }

    /// The peer answered something at or after the violation.
    private static let processesMore: Self = [
        .violates(
            .anything,
            "answered a frame that it had to fail the connection for, or one behind it (RFC 6455, 7.1.7)",
            cites: "RFC6455-7.1.7-05"
        )
    ]
}

/// The reason for a peer that accepts a length in a longer form than necessary.
let takesNonMinimalLength =
    "a length not in its shortest form was not refused; RFC 6455, 5.2 binds the sender alone"
