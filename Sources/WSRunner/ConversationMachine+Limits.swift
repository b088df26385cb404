import WSLink
import WSScenario
import WSTranscript

/// The limits of a conversation in time and octets.
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

    /// Ends a conversation whose time as a whole is over.
    ///
    /// A peer that made progress a moment ago has only been slow, which says nothing about its conformance.
    mutating func endWholeTime(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        let share = LinkDuration(nanoseconds: wholeLimit.nanoseconds / Pacing.wholeConversationInIdleTimeouts)
        let isGettingOn = facts.hasOpened && now - lastProgress < min(settings.idleTimeout, share)
        giveUp(isGettingOn ? .tookTooLong : .deadline, now, &actions)
    }

    /// Whether the scenario itself wants nothing to move now.
    var isInPlannedPause: Bool {
        switch wait {
        case .pause, .opening, .ending: true
        default: isReadingPaused
        }
    }

    /// How many octets the peer may send.
    ///
    /// Our Pongs do not raise this limit, because the peer could raise it with Pings.
    var floodLimit: UInt64 { scriptOctets * 4 + Pacing.floodAllowance }
}
