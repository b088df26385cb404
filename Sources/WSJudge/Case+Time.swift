import WSScenario
import WSTranscript

/// A conversation that took longer than we wait, though the peer made progress.
extension Case {
    /// The index at which the runner ended it; nil if it did not.
    private var tookTooLongIndex: Int? {
        timeline.firstIndex { if case .mark(.gaveUp(.tookTooLong)) = $0 { true } else { false } }
    }

    /// The finding that it took too long to say anything about the peer; nil if it did not.
    ///
    /// - Parameters:
    ///   - rule: The name of the rule that it keeps from a verdict.
    ///   - axis: What that rule is about.
    /// - Returns: The finding.
    func tookTooLong(_ rule: String, _ axis: Axis) -> Finding? {
        guard let index = tookTooLongIndex else { return nil }
        let time = Self.text(ofNanoseconds: timeline.entries[index].time)
        // The time of a load is Autobahn's, and does not depend on the option's number.
        let mend = scenario.isLoad ? "use --timeout never" : "raise --timeout"
        return Finding(
            rule: rule,
            axis: axis,
            verdict: .inconclusive,
            requirement: requirement,
            reason: "took longer than \(time), and was still getting on when we ended the connection; \(mend)",
            evidence: stimulusEvidence,
            key: .tookTooLong
        )
    }

    /// The same as the finding about behaviour; nil as well if what came can no longer become what is allowed.
    func tookTooLong(after counted: [Counted]) -> Finding? {
        guard let finding = tookTooLong("behaviour", .behaviour) else { return nil }
        let events = counted.map(\.event)
        let canBecomeAllowed = scenario.behaviour.contains { outcome in
            outcome.grade != .violates && outcome.pattern != .anything
                && comparison.progress(of: events, towards: outcome.pattern, script: scenario.script) == .partial
        }
        return canBecomeAllowed ? finding : nil
    }

    /// A time in the unit that suits it.
    private static func text(ofNanoseconds time: Int64) -> String {
        let milliseconds = time / 1_000_000
        return milliseconds < 1000 ? "\(milliseconds) ms" : "\((milliseconds + 500) / 1000) s"
    }
}

extension Timeline.Kind {
    /// Whether the runner gave up because a time was over.
    var isEndOfTime: Bool {
        switch self {
        case .mark(.gaveUp(.deadline)), .mark(.gaveUp(.tookTooLong)): true
        default: false
        }
    }
}
