import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// What is waited for, how long, and what a run learns of it.
extension ConversationMachine {
    // MARK: - Silence

    /// How long nothing may move before what is awaited now is given up; nil where another deadline decides.
    var idleLimit: LinkDuration? {
        let isLearned = !settings.patience.limits.isEmpty && !hasTimedWait
        let learned = isLearned ? settings.patience.limits[awaited] : nil
        // Load goes by Autobahn's own deadlines, and those count from the start.
        if scenario.isLoad, stage == .talking {
            return learned.map { min(max($0, Pacing.autobahnWait), settings.idleTimeout) }
        }
        return learned.map { min($0, settings.idleTimeout) } ?? settings.idleTimeout
    }

    /// Whether the script itself says how long it waits, and goes on behind that.
    private var hasTimedWait: Bool {
        switch wait {
        case .pong, .barrier, .quiesce, .autobahn: true
        default: false
        }
    }

    /// The shortest of all limits, after which it is looked which one applies.
    var shortestLimit: LinkDuration {
        settings.patience.limits.values.reduce(settings.idleTimeout) { min($0, $1) }
    }

    /// How long a peer may take to answer a Close that was sent because we gave up.
    var replyLimit: LinkDuration {
        if settings.idleTimeout >= .forever { return settings.idleTimeout }
        // Nothing confirms how a conversation closes that has been given up for something else.
        guard settings.patience.neverCame.contains(.closeReply) else { return Pacing.replyAfterGivingUp }
        let learned = settings.patience.limits[.closeReply] ?? Pacing.replyAfterGivingUp
        return min(max(learned, PatienceLedger.shortest), Pacing.replyAfterGivingUp)
    }

    /// What the conversation waits for.
    var awaited: Awaited {
        switch stage {
        case .dialling, .over: return .handshake
        case .opening: return opening.isReadingRefusal ? .refusal : .handshake
        case .talking, .closing: break
        }
        if hasPeerClosed { return .end }
        if hasSentClose || scriptHasClosed { return awaitedReply }
        return isViolating ? .failure : nextExpected
    }

    /// The answer to our Close frame.
    var awaitedReply: Awaited { scenario.conclusion == .awaitEnd ? .scriptedCloseReply : .closeReply }

    /// Whether the script breaks a rule for which the peer has to fail the connection.
    var isViolating: Bool {
        if case .peerFails = scenario.conclusion { true } else { false }
    }

    /// The first of the expected events that has not come.
    private var nextExpected: Awaited {
        var missing = scenario.expectedEvents
        for event in inbox?.events ?? [] {
            if let index = missing.firstIndex(where: { comparison.isEqual(event, $0) }) {
                // An echo loop's event stands for many.
                if case .echoes = missing[index] { break }
                missing.remove(at: index)
            }
        }
        switch missing.first {
        case .pong, .numberedPongs: return .pong
        case .message(let opcode, _), .echoes(let opcode, _): return .echo(opcode)
        case .stillOpen, nil: return .other
        }
    }

    // MARK: - What is learned

    /// Notes how long nothing had moved, unless the scenario wanted that.
    mutating func noteSilence(until now: LinkInstant) {
        silenceBefore = now - lastActivity
        guard !isInPlannedPause else { return }
        facts.longestSilence = max(facts.longestSilence, silenceBefore)
    }

    /// Notes that something has come that a conversation may wait for.
    mutating func noteAnswer(_ awaited: Awaited) {
        facts.answerTimes[awaited] = max(facts.answerTimes[awaited] ?? silenceBefore, silenceBefore)
    }

    /// Notes that the wait for something is over.
    mutating func noteGivingUp(_ reason: TranscriptGiveUp, _ now: LinkInstant) {
        facts.gaveUp = reason
        switch reason {
        case .mismatch, .flood: break
        case .wrongPong: facts.missing = .rightPong
        case .deadline:
            noteSilence(until: now)
            facts.missing = awaited
            facts.wasCutShort = silenceBefore < settings.idleTimeout && settings.patience.limits[awaited] != nil
        }
    }

    // MARK: - Pongs

    /// A Pong came that answers none of the Pings that are out.
    ///
    /// It may have come of the peer's own accord (RFC 6455, 5.5.3), and the one that is due comes next. Where nothing
    /// comes behind it any more, it was meant for the answer.
    mutating func strayPongArrived(_ payload: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .talking, !hasSentClose, !hasPeerClosed, doubt == nil else { return }
        var silence = Pacing.silence
        if let lateBarrier {
            // Whoever has to fail the connection may yet do so; only what can be no heartbeat says that it does not.
            guard payload.count == lateBarrier.count else { return }
        } else {
            if case .peerFails = scenario.conclusion { return }
            guard !counting.pings.isEmpty else { return }
            if !counting.pings.mayBeMeant(by: payload) { silence = Pacing.silenceAfterStrayPong }
        }
        if settings.patience.makesSure { silence = Pacing.silenceToMakeSure }
        // Of a client we have measured no round trip; the run knows how long it usually takes.
        let doubt = max(silence, Self.silence(of: max(facts.roundTrip, settings.patience.usualAnswer)))
        self.doubt = doubt
        actions.append(.setTimer(Timer.doubt, at: now + doubt))
    }

    /// A Pong came that is the answer to one of our Pings; the others may have theirs yet.
    mutating func noteRightPong(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        noteAnswer(.pong)
        noteAnswer(.rightPong)
        guard let doubt else { return }
        if counting.pings.isEmpty {
            self.doubt = nil
            actions.append(.cancelTimer(Timer.doubt))
        } else {
            actions.append(.setTimer(Timer.doubt, at: now + doubt))
        }
    }

    /// Nothing came behind a Pong with other octets.
    mutating func endDoubt(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard doubt != nil, stage == .talking, !hasSentClose, !hasPeerClosed, !hasGivenUp else { return }
        if case .barrier = wait {
            // An unanswered barrier is no failure: its wait ends by itself, and only then may the rest be given up.
            actions.append(.setTimer(Timer.doubt, at: now + Pacing.autobahnWait))
            return
        }
        giveUp(.wrongPong, now, &actions)
    }

    /// How long a silence has to be to mean something to a peer that is so far away.
    static func silence(of roundTrip: LinkDuration) -> LinkDuration {
        max(Pacing.silence, LinkDuration(nanoseconds: roundTrip.nanoseconds * Pacing.silenceInRoundTrips))
    }

    // MARK: - Autobahn's waits

    /// Sets the timer behind the script: for the Ping that asks whether a violation was swallowed, or for the end of
    /// Autobahn's patience.
    mutating func awaitSilence(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        if settings.waitsAsAutobahn, let deadline = scenario.autobahn?.deadline {
            let due = openedAt + .milliseconds(Int64(deadline.milliseconds))
            actions.append(.setTimer(Timer.silence, at: max(now, due)))
        } else if asksAfterSilence, stage == .talking {
            actions.append(.setTimer(Timer.silence, at: now + Self.silence(of: facts.roundTrip)))
        }
    }

    /// Whether a Ping after a silence has to show whether the peer goes on.
    ///
    /// Besides violations that is an answer of the scenario's own: a client that has taken it has nothing to say.
    private var asksAfterSilence: Bool {
        if case .peerFails(lateBarrier: true) = scenario.conclusion { return true }
        return !facts.hasOpened
    }

    /// The silence behind the script is over.
    mutating func endSilence(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        if settings.waitsAsAutobahn {
            guard stage == .talking, !hasSentClose, !hasPeerClosed else { return }
            giveUp(.deadline, now, &actions)
        } else {
            sendLateBarrier(now, &actions)
        }
    }
}
