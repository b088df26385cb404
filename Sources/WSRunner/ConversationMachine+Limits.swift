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
        case .pause, .opening, .ending, .firstReplies: true
        default: isReadingPaused
        }
    }

    /// Whether the peer has sent more octets than are read of anyone.
    ///
    /// Our Pongs do not raise this limit, because the peer could raise it with Pings. What is expected of the peer
    /// does: messages that we send compressed may come back as they are.
    var isFlooded: Bool {
        let (received, limit) = (recorder.receivedCount, scriptOctets * 4 + Pacing.floodAllowance)
        return received > limit && received - limit > owedOctets
    }

    /// How many octets the messages have that are expected of the peer.
    private var owedOctets: UInt64 {
        scenario.expectedEvents.reduce(0) { sum, event in
            switch event {
            case .message(_, let payload): sum + UInt64(payload.count)
            case .echoes(_, let payload):
                sum + UInt64(payload.count) * UInt64(scenario.echoLoop?.count(at: settings.effort) ?? 1)
            case .pong, .stillOpen, .numberedPongs: sum
            }
        }
    }
}
