import WSProtocol
import WSScenario

extension Scenario {
    /// The requirements that a report of a defect with this stimulus was about, if its row does not say it.
    ///
    /// 1. For an opening handshake: it was accepted although it has to be refused, or the other way round.
    /// 2. For a violation: the connection was not failed; a wrong code is another matter.
    /// 3. For an end that the script causes: how the connection ended. Elsewhere the end is not what the report is
    ///    about.
    /// 4. For anything else: an expected answer did not come.
    /// 5. For an advisory, or if only a bound is at stake: the target also did not survive.
    func reportedRequirements(_ defect: KnownDefect) -> [String] {
        var ids: Set<String> = []
        for role in targets { ids.formUnion(testing(role).mattersOfReports) }
        let isAdvisory = !defect.reference.contains("/")
        if isAdvisory || supervision != nil || tags.contains(.robustness) { ids.insert("RFC6455-10.7-01") }
        return ids.sorted()
    }

    /// What the implementation with the defect did; the same outcomes say it that say the requirements.
    ///
    /// A reason that was reported is one of these; a target that also did not survive is added as there.
    func reportedReasons(_ defect: KnownDefect) -> [ReasonKey] {
        var keys: Set<ReasonKey> = []
        for role in targets { keys.formUnion(testing(role).reasonsOfReports) }
        let isAdvisory = !defect.reference.contains("/")
        if isAdvisory || supervision != nil || tags.contains(.robustness) {
            keys.formUnion([.targetDied, .memoryGrew, .processorBusy, .costGrows, .answeredLate, .othersUnserved])
        }
        return keys.sorted { $0.rawValue < $1.rawValue }
    }

    private var reasonsOfReports: Set<ReasonKey> {
        var keys: Set<ReasonKey> = []
        for outcome in reportedOutcomes { keys.formUnion(outcome.key.map { [$0] } ?? reasons(outcome.pattern)) }
        for outcome in reportedEndings { keys.formUnion(outcome.key.map { [$0] } ?? reasons(outcome.pattern)) }
        if case .peerFails = conclusion { keys.insert(opening.isOwn ? .acceptedResponse : .wentOnAfterViolation) }
        return keys.isEmpty ? Self.missingAnswers : keys
    }

    private func reasons(_ pattern: BehaviourPattern) -> Set<ReasonKey> {
        switch pattern {
        case .accepted: return [.accepted]
        case .refused, .refusedAndClosed: return [.refused, .otherStatus]
        case .unanswered: return [.endedWithoutAnswer]
        case .notHTTP: return [.answeredNoHTTP]
        case .unsecured: return [.securityRefused]
        case .failsHandshake: return [.refusedResponse]
        case .agreesToCompression: return [.agreedToInvalidOffer]
        case .declinedByClose: return [.declinedByClose]
        case .neverConnects: return [.neverConnected]
        case .resetsStream: return [.streamReset]
        case .endsConnection: return [.connectionEnded]
        case .events, .pongsAhead, .anyOrder, .withoutEarlierPongs, .someOf, .anything:
            if case .response = opening { return [.acceptedResponse] }
            if case .peerFails = conclusion { return [.wentOnAfterViolation] }
            return Self.missingAnswers
        }
    }

    private func reasons(_ pattern: ClosingPattern) -> Set<ReasonKey> {
        switch pattern {
        case .peerCloses: [.closeCodeOther, .closedUnasked]
        case .peerReplies: [.closeCodeOther, .closeAnsweredOtherwise]
        case .peerDrops: [.endedWithoutClose]
        case .peerDropsAfterOurClose: [.closeUnanswered]
        case .staysOpen: [.closeIgnored, .wentOnAfterViolation]
        case .anything: []
        }
    }

    /// What is seen where an expected answer does not come.
    private static let missingAnswers: Set<ReasonKey> = [
        .noEcho, .closedInsteadOfEcho, .endedInsteadOfEcho, .fragmentsRefused, .echoWrong, .noPong,
        .closedInsteadOfPong, .endedInsteadOfPong, .pongPayloadWrong, .sentSomethingElse, .answeredUnasked,
    ]

    private var mattersOfReports: Set<String> {
        var ids = Set(reportedOutcomes.map { $0.requirement ?? requirements[0] })
        let endings = reportedEndings.map { $0.requirement ?? requirements[0] }
        ids.formUnion(endings)
        // Anything that is not listed violates the main requirement, or the rule about what must not follow a
        // violation.
        if case .peerFails = conclusion { ids.insert("RFC6455-7.1.7-05") }
        return ids.isEmpty ? [requirements[0]] : ids
    }

    private var reportedOutcomes: [Outcome<BehaviourPattern>] {
        let counted = behaviour.filter { $0.grade != .conforms }
        let conforming = behaviour.first { $0.grade == .conforms }?.pattern
        switch conforming {
        case .refused, .refusedAndClosed:
            return counted.filter { $0.pattern == .accepted }
        case .failsHandshake:
            return counted
        case .events where opening.isOwn:
            return counted.filter { outcome in
                switch outcome.pattern {
                case .refused, .unanswered, .failsHandshake, .agreesToCompression: true
                default: false
                }
            }
        default:
            let broken = counted.filter { $0.grade == .violates }
            return broken.isEmpty ? counted.filter { $0.grade == .tolerated } : broken
        }
    }

    private var reportedEndings: [Outcome<ClosingPattern>] {
        if case .peerFails = conclusion { return closing.filter { $0.grade == .violates } }
        guard case .awaitEnd = conclusion, !announcesMoreThanItSends else { return [] }
        return closing.filter { outcome in
            if case .peerReplies = outcome.pattern { return outcome.grade != .conforms }
            return outcome.grade == .violates
        }
    }

    /// Whether a frame claims another length than it has; the scenario is then about that and not about its end.
    private var announcesMoreThanItSends: Bool {
        script.contains { if case .send(let frame) = $0 { frame.claimedLength != nil } else { false } }
    }
}

extension Opening {
    /// Whether the scenario sends its own handshake, or its own answer to one.
    fileprivate var isOwn: Bool {
        switch self {
        case .request, .response: true
        case .ordinary, .framesWithHandshake, .negotiating: false
        }
    }
}
