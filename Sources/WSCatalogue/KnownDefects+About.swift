import WSProtocol
import WSScenario

extension Scenario {
    /// What a report of a defect with this stimulus was about, where its row does not say it.
    ///
    /// 1. Of an opening handshake, that it was accepted where it has to be refused, or the other way round.
    /// 2. Of a violation, that the connection was not failed; with which code it is failed is another matter.
    /// 3. Of an end that the script brings about, how it went. Elsewhere it is what every conversation ends with.
    /// 4. Of anything else, that what was due did not come back.
    /// 5. Of an advisory, or where only a bound is at stake, that the target did not live through it, too.
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
        // What no outcome lists cites the scenario's first requirement, or what must not happen behind a violation.
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
                case .refused, .unanswered, .failsHandshake: true
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

    /// Whether a frame claims another length than it has, which then is what the scenario is about, not its end.
    private var announcesMoreThanItSends: Bool {
        script.contains { if case .send(let frame) = $0 { frame.claimedLength != nil } else { false } }
    }
}

extension Opening {
    /// Whether the scenario sends a handshake, or an answer to one, that differs from the ordinary one.
    fileprivate var isOwn: Bool {
        switch self {
        case .request, .response: true
        case .ordinary, .framesWithHandshake: false
        }
    }
}
