import WSScenario

/// The policy for how a connection ends: one place for each kind of stimulus.
///
/// Codes that are never on the wire, data behind the peer's own Close frame and a Close frame with 1008 or 1009 on
/// large messages are no business of a scenario: rules over the whole record look at them.
extension [Outcome<ClosingPattern>] {
    /// The peer answers our Close frame with 1000, which it does not have to echo.
    static let answersNormalClose = answersClose(with: [1000, 1005])

    /// The peer answers our Close frame with one that carries one of these codes (1005: none).
    ///
    /// `listed` are outcomes that the code sent brings with it.
    static func answersClose(with codes: [UInt16], _ listed: Self = []) -> Self {
        let ownCode: Self = [
            .tolerated(
                .peerReplies(codes: nil),
                "answered the Close frame with a code of its own, where the one received is typically echoed "
                    + "(RFC 6455, 5.5.1)",
                cites: "RFC6455-5.5.1-08"
            )
        ]
        return [.conforms(.peerReplies(codes: codes))] + listed + ownCode + endsUnasked + leavesCloseUnanswered
    }

    /// The peer may take our Close frame for an error, and then fails the connection, best with one of these codes.
    ///
    /// `listed` are outcomes that depend on what is wrong with the frame.
    static func refusesClose(with codes: [UInt16], _ listed: Self) -> Self {
        let refusesWithLess: Self = [
            .tolerated(
                .peerReplies(codes: nil),
                "answered a faulty Close frame with a code that does not name the error (RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-03"
            ),
            .tolerated(
                .peerDropsAfterOurClose,
                "ended TCP over a faulty Close frame; a Close frame of its own should go out first "
                    + "(RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-03"
            ),
        ]
        return [.conforms(.peerReplies(codes: codes))] + listed + refusesWithLess + endsUnasked
            + leavesCloseUnanswered
    }

    /// The peer fails the connection, best with this code.
    ///
    /// `listed` are outcomes that depend on the violation; `rule` is what it broke, when not the scenario's first.
    static func fails(with code: UInt16, _ listed: Self = [], over rule: String? = nil) -> Self {
        let failsWithLess: Self = [
            .tolerated(
                .peerCloses(codes: nil),
                "failed the connection with a code other than \(code), which names the error (RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-03"
            ),
            .tolerated(
                .peerDrops,
                "failed the connection without a Close frame, which should go out first (RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-03"
            ),
        ]
        return [.conforms(.peerCloses(codes: [code]))] + listed + failsWithLess + survives(rule)
    }

    /// The peer fails the connection over a Close frame that is malformed; 1000 would call it a normal one.
    static let failsOverMalformedClose = fails(
        with: 1002,
        [.violates(.peerCloses(codes: [1000]), "treated a malformed Close frame as a normal one (RFC 6455, 10.7)")]
    )

    /// The peer closes the connection over a frame without a mask; the Close frame is its choice.
    static func failsUnmasked(_ listed: Self = []) -> Self {
        [
            .conforms(.peerCloses(codes: [1002])),
            .conforms(.peerDrops),
        ] + listed + [
            .tolerated(
                .peerCloses(codes: nil),
                "closed the connection with a code other than 1002, which RFC 6455, 5.1 names for an unmasked frame",
                cites: "RFC6455-5.1-04"
            )
        ] + survives("RFC6455-5.1-03")
    }

    /// The peer did not end the connection by itself.
    private static func survives(_ rule: String?) -> Self {
        [
            .violates(.staysOpen, "went on with the connection instead of failing it (RFC 6455, 7.1.7)", cites: rule),
            .violates(
                .peerReplies(codes: nil),
                "went on with the connection until the tester closed it, instead of failing it (RFC 6455, 7.1.7)",
                cites: rule
            ),
            .violates(
                .peerDropsAfterOurClose,
                "went on with the connection until the tester closed it, instead of failing it (RFC 6455, 7.1.7)",
                cites: rule
            ),
        ]
    }

    /// The peer ended a connection on which nothing had gone wrong.
    private static let endsUnasked: Self = [
        .tolerated(
            .peerCloses(codes: [1000, 1001, 1005, 1012, 1013]),
            "started the closing handshake by itself; a server may at any time, a client should not "
                + "(RFC 6455, 7.3)",
            cites: "RFC6455-7.3-02"
        ),
        .violates(
            .peerCloses(codes: nil),
            "reported an error with its Close frame where nothing had gone wrong (RFC 6455, 7.1.7)"
        ),
        .violates(
            .peerDrops,
            "ended TCP without a Close frame where nothing had gone wrong (RFC 6455, 7.3)",
            cites: "RFC6455-7.3-03"
        ),
    ]

    /// The peer did not answer our Close frame.
    private static let leavesCloseUnanswered: Self = [
        .violates(
            .peerDropsAfterOurClose,
            "ended TCP without answering the Close frame (RFC 6455, 5.5.1)",
            cites: "RFC6455-5.5.1-07"
        ),
        .violates(
            .staysOpen,
            "was still open when the tester gave up, and had not answered with a Close frame (RFC 6455, 5.5.1)",
            cites: "RFC6455-5.5.1-07"
        ),
    ]
}
