import WSLink
import WSScenario
import WSTranscript

/// How long a conversation may take, and how much it may bring.
extension ConversationMachine {
    var wholeLimit: LinkDuration {
        if scenario.isLoad, settings.idleTimeout < .forever, let deadline = scenario.autobahn?.deadline {
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
        case .pause, .opening, .ending: true
        default: isReadingPaused
        }
    }

    /// What the peer makes us send by Pings of its own does not count, or it could raise its own limit.
    var floodLimit: UInt64 { scriptOctets * 4 + Pacing.floodAllowance }
}
