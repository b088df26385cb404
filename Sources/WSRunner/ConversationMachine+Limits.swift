import WSLink
import WSScenario
import WSTranscript

/// How long a conversation may take, and how much it may bring.
extension ConversationMachine {
    var wholeLimit: LinkDuration {
        if scenario.isLoad, let deadline = scenario.autobahn?.deadline {
            return .milliseconds(Int64(deadline.milliseconds))
        }
        let whole = settings.idleTimeout.nanoseconds.multipliedReportingOverflow(
            by: Pacing.wholeConversationInIdleTimeouts
        )
        let planned = Int64(clamping: scenario.plannedMilliseconds) * 1_000_000
        return LinkDuration(nanoseconds: whole.overflow ? .max / 2 : whole.partialValue &+ planned)
    }

    /// Whether nothing moves because the scenario wants it so.
    var isInPlannedPause: Bool {
        switch wait {
        case .pause, .request: true
        default: isReadingPaused
        }
    }

    var floodLimit: UInt64 { recorder.sentCount * 4 + Pacing.floodAllowance }
}
