import WSLink

/// Starts timers, and excuses those that are late.
extension ConversationMachine {
    /// Starts a timer, in place of an earlier one of the same number.
    mutating func start(_ timer: LinkTimer, at moment: LinkInstant, _ actions: inout [LinkAction]) {
        dues[timer.number] = moment
        actions.append(.setTimer(timer, at: moment))
    }

    /// Starts a timer again that decides something and must not do so yet, because this process did not run.
    ///
    /// A process that was stopped, or whose machine slept, finds all its timers due at once. What the peer has sent may
    /// not be read yet, and the peer may not have run either. Each sleep excuses as much time as it took, and no more
    /// than a whole conversation may take.
    ///
    /// - Returns: Whether it was started again, so that nothing else is to be done.
    mutating func startsAgain(_ timer: LinkTimer, _ now: LinkInstant, _ actions: inout [LinkAction]) -> Bool {
        let lateness = now - dues[timer.number]
        let isLate = lateness > Pacing.lateTimer
        if isLate { lastActivity = now }
        switch timer {
        case Timer.idle:
            if isLate { asleep = LinkDuration(nanoseconds: asleep.nanoseconds + lateness.nanoseconds) }
            return false
        case Timer.whole:
            let credit = max(asleep, isLate ? lateness : .milliseconds(0))
            asleep = .milliseconds(0)
            guard credit > .milliseconds(0) else { return false }
            start(timer, at: now + min(credit, wholeLimit), &actions)
        case Timer.reply where isLate: start(timer, at: now + replyLimit, &actions)
        case Timer.doubt where isLate:
            guard let doubt else { return false }
            start(timer, at: now + doubt, &actions)
        default: return false
        }
        return true
    }
}
