import WSProtocol
import WSScenario

/// The outcomes for how a connection ends; each kind of stimulus is defined once.
///
/// The judge describes the end; a reason here says what is wrong with it.
///
/// Codes that are never on the wire, data after the peer's own Close frame, and a Close frame with 1008 or 1009 after a
/// large message are not listed by scenarios: rules over the whole record check them.
extension [Outcome<ClosingPattern>] {
    /// The peer answers our Close frame with 1000, or without a code, because it need not echo ours.
    static let answersNormalClose = answersClose(with: [1000, 1005])

    /// The peer answers our Close frame with one of these codes; 1005 means no code.
    ///
    /// `listed` are outcomes that depend on the code sent; `dropping` is the outcome for ending TCP without an answer.
    static func answersClose(
        with codes: [UInt16],
        _ listed: Self = [],
        dropping: Element = dropsUnanswered
    ) -> Self {
        let ownCode: Self = [
            .tolerated(
                .peerReplies(codes: nil),
                "the code received is typically sent back (RFC 6455, 5.5.1)",
                cites: "RFC6455-5.5.1-08"
            )
        ]
        return [.conforms(.peerReplies(codes: codes))] + listed + ownCode + endsUnasked
            + [dropping, ignoresClose]
    }

    /// The peer may take our Close frame for an error and fail the connection, preferably with one of these codes.
    ///
    /// `listed` are outcomes that depend on the error in the frame.
    static func refusesClose(with codes: [UInt16], _ listed: Self) -> Self {
        ends(with: codes, listed, "the answer to a faulty Close frame should name the error (RFC 6455, 7.1.7)")
            .ofOurClose + [ignoresClose]
    }

    /// The peer fails the connection, preferably with this code.
    ///
    /// `listed` are outcomes that depend on the violation; `rule` is the violated requirement if it is not the
    /// scenario's main one.
    static func fails(with code: UInt16, _ listed: Self = [], over rule: String? = nil) -> Self {
        ends(with: [code], listed, "the code should name the error, and \(code) does (RFC 6455, 7.1.7)")
            + [survives(rule)]
    }

    /// The peer fails the connection over our malformed Close frame, whether its header or its body is wrong.
    ///
    /// All such frames have the same outcomes, because the same is seen of all: a Close frame and the end of TCP.
    ///
    /// 1. Only closing the connection is binding. The Close frame before it, and its code, are SHOULDs (7.1.7, 10.7).
    /// 2. A peer that answers with 1000 has closed it, whether or not it has noticed the error. Data "MUST always be
    ///    validated" (10.7), but the text does not say how that shows. The rules that a body begins with a code (5.5.1)
    ///    and that a control frame has at most 125 octets (5.5) bind the sender, which is us. So 1000 is tolerated.
    /// 3. A peer that does neither has violated `rule`, which requires a receiver to fail the connection. If no rule
    ///    does, `rule` is nil, but the Close frame has to be answered nevertheless.
    static func failsOverMalformedClose(over rule: String? = nil) -> Self {
        let takenForNormal = Element.tolerated(
            .peerReplies(codes: [1000]),
            "a malformed Close frame was answered as if it were a normal one, and 1002 names the error "
                + "(RFC 6455, 7.1.7)",
            cites: "RFC6455-7.1.7-03"
        ).because(.malformedCloseTaken)
        return ends(with: [1002], [takenForNormal], "the code should name the error, and 1002 does (RFC 6455, 7.1.7)")
            .ofOurClose + [rule.map { survives($0) } ?? ignoresClose]
    }

    /// The peer fails the connection over a payload that cannot be inflated, for which no text names the code.
    ///
    /// RFC 7692 has none, and of RFC 6455 both 1002 and 1007 fit: the octets violate the protocol of the extension, and
    /// they are not consistent with the type of the message.
    static let failsInflating: Self =
        ends(with: [1002, 1007], [], "the code should name the error, and 1002 or 1007 does (RFC 6455, 7.1.7)")
        + [survives("RFC7692-7.2.2-11")]

    /// The outcomes for a connection that has to be failed; `why` is the reason for any other code.
    private static func ends(with codes: [UInt16], _ listed: Self, _ why: String) -> Self {
        [.conforms(.peerCloses(codes: codes))] + listed + [
            .tolerated(.peerCloses(codes: nil), why, cites: "RFC6455-7.1.7-03"),
            .tolerated(
                .peerDrops,
                "a Close frame should go out before a connection is failed (RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-03"
            ).because(.endedWithoutClose),
        ]
    }

    /// The same outcomes if the violation is our Close frame, so that the end of the connection is the answer to it.
    var answeringOurClose: Self {
        map { outcome in
            var outcome = outcome
            switch outcome.pattern {
            case .peerCloses(let codes): outcome.pattern = .peerReplies(codes: codes)
            case .peerDrops: outcome.pattern = .peerDropsAfterOurClose
            case .peerReplies, .peerDropsAfterOurClose, .staysOpen, .anything: break
            }
            return outcome
        }
    }

    /// The same outcomes, and a violation for a peer that ended the connection before our Close frame was sent.
    var ofOurClose: Self { answeringOurClose + Self.endsUnasked }

    /// The peer closes the connection over a frame without a mask; it may send a Close frame.
    static func failsUnmasked(_ listed: Self = []) -> Self {
        [
            .conforms(.peerCloses(codes: [1002])),
            .conforms(.peerDrops),
        ] + listed + [
            .tolerated(
                .peerCloses(codes: nil),
                "the code for an unmasked frame is 1002 (RFC 6455, 5.1)",
                cites: "RFC6455-5.1-04"
            )
        ] + [survives("RFC6455-5.1-03")]
    }

    /// A client closes the connection over a frame with a mask; it may send a Close frame.
    static let failsMasked: Self = [
        .conforms(.peerCloses(codes: [1002])),
        .conforms(.peerDrops),
        .tolerated(
            .peerCloses(codes: nil),
            "the code for a masked frame is 1002 (RFC 6455, 5.1)",
            cites: "RFC6455-5.1-07"
        ),
        survives("RFC6455-5.1-06"),
    ]

    /// The peer fails the connection with this code, or drops it.
    ///
    /// This is for stimuli so long that the peer need not have read them completely: closing a socket then resets the
    /// connection, and a reset may overtake the Close frame.
    static func failsOrDrops(with code: UInt16, over rule: String? = nil) -> Self {
        [
            .conforms(.peerCloses(codes: [code])),
            .conforms(.peerDrops),
            .tolerated(
                .peerCloses(codes: nil),
                "the code should name the error, and \(code) does (RFC 6455, 7.1.7)",
                cites: "RFC6455-7.1.7-03"
            ),
            survives(rule),
        ]
    }

    /// The peer answers a Close frame whose reason is not UTF-8, preferably with a code that names the error.
    static let answersInvalidReason = refusesClose(
        with: [1002, 1007],
        [
            .tolerated(
                .peerReplies(codes: [1000, 1005]),
                "the close reason was not checked to be UTF-8, as who interprets it has to (RFC 6455, 8.1)",
                cites: "RFC6455-8.1-02"
            ).because(.closeReasonUnchecked)
        ]
    )

    /// The peer ends the connection after our FIN without a Close frame; it may send a Close frame.
    static let endsAfterFIN = endsAfterFIN([.conforms(.peerCloses(codes: nil))])

    /// The peer ends the connection after our FIN without a Close frame; `listed` are the outcomes with a Close frame.
    static func endsAfterFIN(_ listed: Self) -> Self {
        listed + [
            .conforms(.peerDrops),
            .violates(
                .staysOpen,
                "a client fails the connection when the transport is lost (RFC 6455, 7.2.1)",
                cites: "RFC6455-7.2.1-02"
            ).because(.keptOpen).of(.client),
            .tolerated(
                .staysOpen,
                "a connection that our FIN has ended without a Close frame is lost; keeping it holds what nobody uses, "
                    + "though no rule sets a time for a server (RFC 6455, 7.2.1)",
                cites: "RFC6455-7.2.1-02"
            ).because(.keptOpen),
        ]
    }

    /// The peer refuses a length that it does not accept, or ends the connection after our FIN.
    static let endsAfterHugeLength = endsAfterFIN([
        .conforms(.peerCloses(codes: [1009])),
        .informational(
            .peerCloses(codes: nil),
            "a length that a peer does not take is best refused with 1009; no rule names the code for one that is "
                + "announced and never comes (RFC 6455, 7.4.1)",
            cites: "RFC6455-7.4.1-09"
        ),
    ])

    /// The connection may end in any way; only the survival of the target counts.
    static let anyEnd: Self = [.conforms(.anything)]

    /// The peer answers our Close frame after a long silence, unless it has ended the connection before.
    static let mayEndIdle: Self = [
        .conforms(.peerReplies(codes: [1000, 1005])),
        .tolerated(
            .peerCloses(codes: nil),
            "a client should not end a connection of its own accord (RFC 6455, 7.3)",
            cites: "RFC6455-7.3-02"
        ).of(.client),
        .informational(
            .peerCloses(codes: nil),
            "ended a connection on which nothing moved, which it may at any time (RFC 6455, 7.3)",
            cites: "RFC6455-7.3-01"
        ).of(.server),
        .informational(.anything, "did not keep a connection on which nothing moved (RFC 6455, 7.3)"),
    ]

    /// The peer may refuse a length that is not in its shortest form, because the rule binds only senders.
    static let mayRefuseNonMinimalLength: Self = [
        .conforms(.peerCloses(codes: [1002])),
        .informational(
            .peerCloses(codes: nil),
            "a length not in its shortest form is best refused with 1002 (RFC 6455, 5.2)"
        ),
        .informational(
            .peerDrops,
            "a length not in its shortest form is best refused with Close 1002 (RFC 6455, 5.2)"
        ),
        .informational(.anything, takesNonMinimalLength).because(.longerLengthTaken),
    ]

    /// The peer ended a connection without any violation.
    private static let endsUnasked: Self = [
        .tolerated(
            .peerCloses(codes: [1000, 1001, 1005, 1012, 1013]),
            "a server may end a connection at any time, a client should not (RFC 6455, 7.3)",
            cites: "RFC6455-7.3-02"
        ),
        .violates(
            .peerCloses(codes: nil),
            "an error was reported where nothing had gone wrong (RFC 6455, 7.4.1)"
        ).because(.errorReportedUnasked),
        .violates(
            .peerDrops,
            "a connection on which nothing went wrong is ended by Close frames (RFC 6455, 7.3)",
            cites: "RFC6455-7.3-03"
        ),
    ]

    /// The peer did not end the connection before the tester gave up.
    private static func survives(_ rule: String?) -> Element {
        .violates(.staysOpen, "the connection had to be failed (RFC 6455, 7.1.7)", cites: rule)
    }

    /// The peer ended TCP instead of answering our Close frame.
    static let dropsUnanswered = Element.violates(
        .peerDropsAfterOurClose,
        "a Close frame has to be answered (RFC 6455, 5.5.1)",
        cites: "RFC6455-5.5.1-07"
    )

    /// The peer did not react to our Close frame, or never got one because its answers were incomplete.
    private static let ignoresClose = Element.violates(
        .staysOpen,
        "a Close frame has to be answered (RFC 6455, 5.5.1)",
        cites: "RFC6455-5.5.1-07"
    )
}

extension [Outcome<ClosingPattern>] {
    /// The peer answers our Close frame after a flood, or has ended the connection before; it has to react.
    static let survivesFlood: Self = [
        .conforms(.peerReplies(codes: nil)),
        .conforms(.peerCloses(codes: nil)),
        .conforms(.peerDrops),
        .conforms(.peerDropsAfterOurClose),
        .tolerated(
            .staysOpen,
            "a flood had the connection neither served nor ended; no rule sets a time (RFC 6455, 10.4)",
            cites: "RFC6455-10.4-01"
        ),
    ]
}

extension [Outcome<ClosingPattern>] {
    /// The peer refuses a message over its length, best with one of these codes.
    static func refusesTooLarge(with codes: UInt16...) -> Self { refusesTooLarge(with: codes) }

    /// The peer takes a large message, or refuses it over its length, best with one of these codes.
    static func takesOrRefusesTooLarge(with codes: UInt16...) -> Self {
        [.conforms(.peerReplies(codes: [1000, 1005]))] + refusesTooLarge(with: codes)
    }

    private static func refusesTooLarge(with codes: [UInt16]) -> Self {
        let why = "a message that is too large is best refused with 1009 (RFC 6455, 7.4.1)"
        return [
            .conforms(.peerCloses(codes: codes)),
            .tolerated(.peerCloses(codes: nil), why, cites: "RFC6455-7.4.1-09"),
            .tolerated(.peerDrops, why, cites: "RFC6455-7.4.1-09"),
            .informational(
                .anything,
                "neither took a large message nor refused it in time; no rule sets a time (RFC 6455, 10.4)",
                cites: "RFC6455-10.4-01"
            ),
        ]
    }
}
