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
    /// than a whole conversation may take; all of them together excuse about twice that, because a peer that sends
    /// without end can make every timer late.
    ///
    /// - Returns: Whether it was started again, so that nothing else is to be done.
    mutating func startsAgain(_ timer: LinkTimer, _ now: LinkInstant, _ actions: inout [LinkAction]) -> Bool {
        let lateness = now - dues[timer.number]
        let isLate = lateness > Pacing.lateTimer && excused.nanoseconds / 2 < wholeLimit.nanoseconds
        if isLate { lastActivity = now }
        switch timer {
        case Timer.idle:
            if isLate {
                asleep = LinkDuration(nanoseconds: asleep.nanoseconds + lateness.nanoseconds)
                noteExcuse(lateness, settings.idleTimeout)
            }
            return false
        case Timer.whole:
            let credit = min(max(asleep, isLate ? lateness : .milliseconds(0)), wholeLimit)
            asleep = .milliseconds(0)
            guard credit > .milliseconds(0) else { return false }
            noteExcuse(lateness, credit)
            start(timer, at: now + credit, &actions)
        case Timer.reply where isLate:
            noteExcuse(lateness, replyLimit)
            start(timer, at: now + replyLimit, &actions)
        case Timer.doubt where isLate:
            guard let doubt else { return false }
            noteExcuse(lateness, doubt)
            start(timer, at: now + doubt, &actions)
        default: return false
        }
        return true
    }

    /// Counts how long a timer was late, and how much time it got for that.
    private mutating func noteExcuse(_ lateness: LinkDuration, _ granted: LinkDuration) {
        let most = Int64.max / 4
        let times = [excused.nanoseconds, min(lateness, wholeLimit).nanoseconds, granted.nanoseconds]
        excused = LinkDuration(nanoseconds: times.reduce(0) { $0 + min($1, most) })
    }
}
