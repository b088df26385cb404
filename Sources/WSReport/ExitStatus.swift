/// What the program says to its caller.
package enum ExitStatus: Int32, Sendable, Hashable, CaseIterable {
    /// Everything was judged and nothing counts.
    case asExpected = 0
    /// The peer broke a requirement.
    case findings = 1
    /// Nothing certain can be said: inconclusive cases, nothing judged, no target, trouble of our own.
    case undecided = 2
    /// The command line is wrong, or selects nothing.
    case usage = 64

    /// The status of a run.
    ///
    /// - Parameters:
    ///   - summary: how many cases have which verdict.
    ///   - isStrict: whether missed recommendations count.
    ///   - ending: how the run as a whole ended.
    ///   - isLacking: whether something was required that could not be tried.
    package init(
        of summary: Report.Summary,
        isStrict: Bool,
        ending: RunOutcome = .complete,
        isLacking: Bool = false
    ) {
        let failed = summary.fail + summary.passive.fail
        let counted = failed + (isStrict ? summary.tolerated + summary.passive.tolerated : 0)
        switch ending {
        case .cancelled, .unreachable:
            // Whoever ended the run does not want to hear about the peer.
            self = .undecided
        case .troubled:
            self = counted > 0 ? .findings : .undecided
        case .complete:
            if counted > 0 {
                self = .findings
            } else {
                let isOpen = summary.inconclusive > 0 || summary.judged == 0 || isLacking
                self = isOpen ? .undecided : .asExpected
            }
        }
    }

    /// The status where the run had trouble of its own besides: findings stay findings.
    package var withTrouble: ExitStatus { self == .findings ? .findings : .undecided }
}

/// How a run as a whole ended, as far as the exit status and the report's footer go.
package enum RunOutcome: Sendable, Hashable {
    /// Every scenario has its result.
    case complete
    /// The target could not be tested at all.
    case unreachable(String)
    /// The run could not go on, or its control failed at the end.
    case troubled(String)
    /// The user ended it.
    case cancelled

    /// What the report ends with.
    package var footer: Report.Footer {
        switch self {
        case .complete: Report.Footer(complete: true)
        case .unreachable(let reason), .troubled(let reason): Report.Footer(complete: false, reason: reason)
        case .cancelled: Report.Footer(complete: false, reason: "the run was ended by a signal")
        }
    }
}
