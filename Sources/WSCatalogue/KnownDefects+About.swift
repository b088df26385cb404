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
