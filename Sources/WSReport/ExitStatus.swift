/// The exit status of the program.
package enum ExitStatus: Int32, Sendable, Hashable, CaseIterable {
    /// All cases were judged, and there are no findings that count.
    case asExpected = 0
    /// The peer violates a requirement.
    case findings = 1
    /// Nothing certain can be said: inconclusive cases, nothing judged, no target, or an error of the tester.
    case undecided = 2
    /// The command line is wrong or selects nothing.
    case usage = 64

    /// The status of a run.
    ///
    /// - Parameters:
    ///   - hasFindings: Whether there are findings that count.
    ///   - summary: The number of cases by verdict.
    ///   - ending: How the run ended.
    ///   - isLacking: Whether something was required that was not tried.
    init(hasFindings: Bool, summary: Report.Summary, ending: RunOutcome, isLacking: Bool) {
        switch ending {
        case .cancelled, .unreachable:
            // A user who ended the run does not expect a verdict.
            self = .undecided
        case .troubled:
            self = hasFindings ? .findings : .undecided
        case .complete:
            if hasFindings {
                self = .findings
            } else {
                let isOpen = summary.inconclusive > 0 || summary.judged == 0 || isLacking
                self = isOpen ? .undecided : .asExpected
            }
        }
    }

    /// The status if the tester had an error, too: findings remain findings.
    package var withTrouble: ExitStatus { self == .findings ? .findings : .undecided }
}

/// How a run ended, for the exit status and the report's footer.
package enum RunOutcome: Sendable, Hashable {
    /// Every scenario has its result.
    case complete
    /// The target could not be tested at all.
    case unreachable(String)
    /// The run could not continue, or its control failed at the end.
    case troubled(String)
    /// The user ended it.
    case cancelled

    /// The footer of the report.
    package var footer: Report.Footer {
        switch self {
        case .complete: Report.Footer(complete: true)
        case .unreachable(let reason), .troubled(let reason): Report.Footer(complete: false, reason: reason)
        case .cancelled: Report.Footer(complete: false, reason: "the run was ended by a signal")
        }
    }
}
