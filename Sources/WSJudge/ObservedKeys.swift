import WSProtocol
import WSScenario

/// What the peer did, from the kind of what was observed; only where an outcome has no key of its own.
extension Case {
    /// The key of a listed outcome that the conversation matches.
    func key(of outcome: Outcome<BehaviourPattern>, _ counted: [Counted]) -> ReasonKey {
        if let key = outcome.key { return key }
        switch outcome.pattern {
        case .agreesToCompression: return .agreedToInvalidOffer
        case .declinedByClose: return .declinedByClose
        case .accepted: return .accepted
        default: break
        }
        // A client that had to refuse our answer and went on with it.
        let mayRefuse = scenario.behaviour.contains { $0.grade == .conforms && $0.pattern == .failsHandshake }
        return answersOnItsOwn && mayRefuse ? .acceptedResponse : observedKey(counted)
    }

    /// The key of events that no conforming outcome has.
    func observedKey(_ counted: [Counted]) -> ReasonKey {
        let due = dueEvent(after: counted)
        guard let extra = firstUnexpected(counted) else { return missingKey(due) }
        if mustFail { return .wentOnAfterViolation }
        switch (extra.event, due) {
        case (.stillOpen, _): return missingKey(due)
        case (_, nil): return .answeredUnasked
        case (.message, .message), (.message, .echoes): return .echoWrong
        default: return .sentSomethingElse
        }
    }

    private func missingKey(_ due: ExpectedEvent?) -> ReasonKey {
        switch (due, interruption) {
        case (.message, .none), (.echoes, .none): .noEcho
        case (.message, .close), (.echoes, .close): isDeniedInFragments ? .fragmentsRefused : .closedInsteadOfEcho
        case (.message, .end), (.echoes, .end): .endedInsteadOfEcho
        case (.pong, .none), (.numberedPongs, .none): .noPong
        case (.pong, .close), (.numberedPongs, .close): .closedInsteadOfPong
        case (.pong, .end), (.numberedPongs, .end): .endedInsteadOfPong
        case (.stillOpen, .close): .closedUnasked
        case (.stillOpen, .end): .endedWithoutClose
        case (.stillOpen, .none), (nil, _): .sentSomethingElse
        }
    }

    /// Whether the peer takes the message in one frame that it refused in several.
    private var isDeniedInFragments: Bool {
        !denial.isEmpty && (refusedMessage?.frames ?? 1) > 1
    }

    /// The requirement that the stimulus breaks, for a finding with this key; nil unless the peer went on after it.
    func violated(by key: ReasonKey) -> String? {
        guard key == .wentOnAfterViolation, mustFail else { return nil }
        return scenario.requirements.first { !Self.onFailing.contains($0) }
    }

    /// What scenarios cite besides the broken rule: how a connection is failed, and that input is validated.
    private static let onFailing: Set = [
        "RFC6455-7.1.7-01", "RFC6455-7.1.7-02", "RFC6455-7.1.7-03", "RFC6455-7.1.7-05", "RFC6455-7.4.1-13",
        "RFC6455-10.7-01", "RFC6455-10.7-03", "RFC6455-5.5.1-15",
    ]
}

extension HandshakeAnswer {
    /// What the server did, for its cause.
    func key(in subject: Case) -> ReasonKey {
        switch self {
        case .refused:
            let mayRefuse = subject.scenario.behaviour.contains { outcome in
                switch outcome.pattern {
                case .refused, .refusedAndClosed: outcome.grade == .conforms
                default: false
                }
            }
            return mayRefuse ? .otherStatus : .refused
        case .ended: return .endedWithoutAnswer
        case .silent: return .leftUnanswered
        case .notHTTP: return .answeredNoHTTP
        case .unsecured: return .securityRefused
        }
    }
}

extension ClientReaction {
    /// What the client did, for its cause.
    var key: ReasonKey {
        switch self {
        case .neverConnected: .neverConnected
        case .ended, .endedBefore: .refusedResponse
        case .askedAgain: .askedAgain
        case .closed: .closedUnopened
        case .silent: .reactionUnseen
        }
    }
}

extension Case.Closing {
    /// What the peer did, for its cause.
    func key(in subject: Case) -> ReasonKey {
        switch self {
        case .peerCloses:
            let mayClose = subject.scenario.closing.contains { outcome in
                if case .peerCloses = outcome.pattern { outcome.grade == .conforms } else { false }
            }
            return subject.mustFail || mayClose ? .closeCodeOther : .closedUnasked
        case .peerReplies: return subject.mustNameError ? .closeCodeOther : .closeAnsweredOtherwise
        case .peerDrops: return .endedWithoutClose
        case .peerDropsAfterOurClose: return .closeUnanswered
        case .staysOpen: return subject.mustFail ? .wentOnAfterViolation : .closeIgnored
        }
    }
}

extension Case {
    /// Whether our Close frame is faulty, so that the answer to it should name the error.
    fileprivate var mustNameError: Bool {
        scenario.closing.contains { outcome in
            guard outcome.grade == .conforms, case .peerReplies(let codes?) = outcome.pattern else { return false }
            return !codes.contains(CloseCode.normal) && codes.contains { $0 == 1002 || $0 == 1007 }
        }
    }
}
