import WSCatalogue
package import WSJudge
package import WSReport
package import WSRunner
package import WSScenario
package import WSTranscript

/// Leads from a recorded result to its judgement, in the same way for live and for old runs.
package enum Judging {
    /// The judgement of a result.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - failByDrop: Whether Autobahn's endpoint fails connections by dropping TCP, for its verdict.
    /// - Returns: The judgement; inconclusive or skipped if there is nothing to judge.
    package static func judge(_ result: ConversationResult, failByDrop: Bool = false) -> Judgement {
        switch result.status {
        case .skipped(let reason): return .unjudged(.skipped, reason)
        case .unimplemented(let reason):
            var judgement = Judgement.unjudged(.unimplemented, reason)
            judgement.autobahn = result.scenario.autobahn.map { .unimplemented($0) }
            return judgement
        case .inconclusive(let reason): return .unjudged(.inconclusive, reason)
        case .recorded:
            guard let transcript = result.transcript else {
                return .unjudged(.inconclusive, "nothing was recorded; run it again")
            }
            return judge(result.scenario, transcript, asAutobahn: result.autobahnTranscript, failByDrop: failByDrop)
        }
    }

    /// Whether a result fails or is tolerated, by our verdict or by Autobahn's.
    package static func fallsShort(_ result: ConversationResult, failByDrop: Bool = false) -> Bool {
        let judgement = judge(result, failByDrop: failByDrop)
        return [.fail, .tolerated].contains(judgement.verdict) || judgement.autobahn.map(isMissed) ?? false
    }

    /// Whether a Ping of ours may have changed Autobahn's verdict for the worse.
    ///
    /// That is so if a Ping was sent, or replaced a wait, and the verdict is not a good one.
    package static func isChangedByPing(_ result: ConversationResult, failByDrop: Bool = false) -> Bool {
        guard let transcript = result.transcript, result.status == .recorded else { return false }
        let hasWaited = transcript.events.contains { event in
            switch event.kind {
            case .mark(.barrierSent), .mark(.lateBarrierSent), .mark(.waited): true
            default: false
            }
        }
        return hasWaited && judge(result, failByDrop: failByDrop).autobahn.map(isMissed) ?? false
    }

    /// Whether two plays of a scenario have the same verdicts in Autobahn's words.
    package static func isSameToAutobahn(
        _ first: ConversationResult,
        _ second: ConversationResult,
        failByDrop: Bool
    ) -> Bool {
        guard let one = judge(first, failByDrop: failByDrop).autobahn,
            let other = judge(second, failByDrop: failByDrop).autobahn
        else { return false }
        return one.behavior == other.behavior && one.behaviorClose == other.behaviorClose
    }

    private static func isMissed(_ verdict: AutobahnVerdict) -> Bool {
        let result = Report.AutobahnResult(verdict)
        return max(result.behaviourVerdict, result.closingVerdict) >= .tolerated
    }

    /// Whether a result counts against the target.
    package static func isFailed(_ result: ConversationResult, profile: Profile, failByDrop: Bool) -> Bool {
        let judgement = judge(result, failByDrop: failByDrop)
        guard profile == .autobahn, let autobahn = judgement.autobahn.map({ Report.AutobahnResult($0) }) else {
            // Another conversation may also be the reason why no connection was opened.
            return judgement.verdict == .fail || judgement.findings.first?.rule == Judge.unopenedRule
        }
        return max(autobahn.behaviourVerdict, autobahn.closingVerdict) == .fail
    }

    /// The judgement of a transcript.
    package static func judge(
        _ scenario: Scenario,
        _ transcript: Transcript,
        asAutobahn second: Transcript? = nil,
        failByDrop: Bool = false
    ) -> Judgement {
        Judge.judge(scenario, transcript, asAutobahn: second, failByDrop: failByDrop)
    }

    /// The citation of a requirement, for reports; nil if its id is unknown.
    @Sendable
    package static func reference(_ id: String) -> RequirementReference? {
        RequirementTable.shared.requirement(id).map { requirement in
            RequirementReference(
                id: requirement.id,
                source: requirement.source,
                section: requirement.section,
                level: requirement.level.rawValue
            )
        }
    }

    /// What a requirement says and means; nil if its id is unknown.
    @Sendable
    package static func statement(_ id: String) -> Report.Statement? {
        RequirementTable.shared.requirement(id).map { requirement in
            Report.Statement(
                sentence: requirement.summary,
                impact: requirement.impact,
                impactReason: requirement.impactReason
            )
        }
    }

    /// Reads octets of a recording for the wire lines of a report.
    package static func octets(_ transcript: Transcript, of scenario: Scenario) -> @Sendable (Evidence) -> [UInt8] {
        let recorded = RecordedOctets(transcript, of: scenario)
        return { evidence in
            let count = Int(min(evidence.length, UInt64(Report.mostWireOctets)))
            return switch evidence.direction {
            case .sent: recorded.sent(from: evidence.offset, count: count)
            case .received: recorded.received(from: evidence.offset, count: count)
            }
        }
    }

    /// A scenario's position in Autobahn's list, from 1; 0 if it has none.
    package static func autobahnOrdinal(of id: String) -> Int {
        ordinals[id] ?? 0
    }

    private static let ordinals: [String: Int] = Dictionary(
        Catalogue.autobahnOrder.enumerated().map { ($0.element.id, $0.offset + 1) },
        uniquingKeysWith: { first, _ in first }
    )
}
