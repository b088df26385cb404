import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// Decides what the conversation waits for and for how long, and records what the run learns from it.
extension ConversationMachine {
    // MARK: - Silence

    /// How long nothing may move before the wait is given up.
    var idleLimit: LinkDuration? {
        let isLearned = !settings.patience.limits.isEmpty && !hasTimedWait
        let learned = isLearned ? settings.patience.limits[awaited] : nil
        // Load scenarios have Autobahn's own deadlines, which count from the start.
        if scenario.isLoad, stage == .talking {
            return learned.map { min(max($0, Pacing.autobahnWait), settings.idleTimeout) }
        }
        // Where the case itself is about the end of the stream, it gets the second after which it is late.
        if scenario.stream != nil, case .end = awaited, let learned {
            return min(max(learned, Pacing.lateEnd), settings.idleTimeout)
        }
        return learned.map { min($0, settings.idleTimeout) } ?? settings.idleTimeout
    }

    /// Whether the current wait of the script has its own time limit, after which the script goes on.
    private var hasTimedWait: Bool {
        switch wait {
        case .pong, .barrier, .quiesce, .autobahn, .firstReplies, .carrier: true
        default: false
        }
    }

    /// The shortest of all limits; a timer at this interval checks which limit applies.
    var shortestLimit: LinkDuration {
        settings.patience.limits.values.reduce(settings.idleTimeout) { min($0, $1) }
    }

    /// How long a peer may take to answer a Close frame that we sent because we gave up.
    var replyLimit: LinkDuration {
        if settings.idleTimeout >= .forever { return settings.idleTimeout }
        // The closing of a conversation that was given up is not tried again, so its wait is shortened only if replies
        // never came.
        guard settings.patience.neverCame.contains(.closeReply) else { return Pacing.replyAfterGivingUp }
        let learned = settings.patience.limits[.closeReply] ?? Pacing.replyAfterGivingUp
        return min(max(learned, PatienceLedger.shortest), Pacing.replyAfterGivingUp)
    }

    /// What the conversation waits for now.
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

    /// Which kind of answer to our Close frame is awaited.
    var awaitedReply: Awaited { scenario.conclusion == .awaitEnd ? .scriptedCloseReply : .closeReply }

    /// Whether the script breaks a rule for which the peer has to fail the connection.
    var isViolating: Bool {
        if case .peerFails = scenario.conclusion { true } else { false }
    }

    /// The first expected event that has not come.
    private var nextExpected: Awaited {
        var missing = scenario.expectedEvents
        for event in inbox?.events ?? [] {
            if let index = missing.firstIndex(where: { comparison.isEqual(event, $0) }) {
                // One such event stands for many echoes.
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

    /// Notes how long nothing moved, unless the scenario wants that.
    mutating func noteSilence(until now: LinkInstant) {
        silenceBefore = now - lastActivity
        guard !isInPlannedPause else { return }
        facts.longestSilence = max(facts.longestSilence, silenceBefore)
    }

    /// Notes that something came that a conversation may wait for.
    mutating func noteAnswer(_ awaited: Awaited) {
        facts.answerTimes[awaited] = max(facts.answerTimes[awaited] ?? silenceBefore, silenceBefore)
    }

    /// Notes what was missing when the wait was given up.
    mutating func noteGivingUp(_ reason: TranscriptGiveUp, _ now: LinkInstant) {
        facts.gaveUp = reason
        switch reason {
        case .mismatch, .flood: break
        case .wrongPong: facts.missing = .rightPong
        case .tookTooLong: noteSilence(until: now)
        case .deadline:
            noteSilence(until: now)
            facts.missing = awaited
            facts.wasCutShort = silenceBefore < settings.idleTimeout && settings.patience.limits[awaited] != nil
        }
    }

    // MARK: - Pongs

    /// Handles a Pong that matches none of the pending Pings.
    ///
    /// The peer may have sent it unsolicited (RFC 6455, 5.5.3), so that the right one follows. If nothing at all comes
    /// for a time, it was meant as the answer. A Pong like one of ours is never meant so.
    mutating func strayPongArrived(_ payload: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !settings.asksNothing, stage == .talking, !hasSentClose, !hasPeerClosed, doubt == nil else { return }
        var silence = Pacing.silence
        if let lateBarrier {
            // A peer that has to fail the connection may still do so. Only a Pong of the barrier's length cannot be a
            // heartbeat.
            guard payload.count == lateBarrier.count else { return }
        } else {
            if case .peerFails = scenario.conclusion { return }
            guard !counting.pings.isEmpty else { return }
            if !counting.pings.mayBeMeant(by: payload) { silence = Pacing.silenceAfterStrayPong }
        }
        if settings.patience.isConfirming { silence = Pacing.silenceToMakeSure }
        // No round trip has been measured with a client, so the usual answer time of the run is used.
        let doubt = max(silence, Self.silence(of: max(facts.roundTrip, settings.patience.usualAnswer)))
        self.doubt = doubt
        start(Timer.doubt, at: now + doubt, &actions)
    }

    /// Handles a Pong that answers one of our Pings; other Pings may still be pending.
    mutating func noteRightPong(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        noteAnswer(.pong)
        noteAnswer(.rightPong)
        guard doubt != nil, counting.pings.isEmpty else { return }
        doubt = nil
        actions.append(.cancelTimer(Timer.doubt))
    }

    /// Gives up, because nothing came after a Pong with other octets.
    mutating func endDoubt(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let doubt, stage == .talking, !hasSentClose, !hasPeerClosed, !hasGivenUp else { return }
        if now < lastHeard + doubt {
            // As long as something comes, the right Pong may be behind it.
            start(Timer.doubt, at: lastHeard + doubt, &actions)
            return
        }
        if case .barrier = wait {
            // An unanswered barrier is not a failure. Its wait ends by itself; only then may the rest be given up.
            start(Timer.doubt, at: now + Pacing.autobahnWait, &actions)
            return
        }
        giveUp(.wrongPong, now, &actions)
    }

    /// How long a silence has to be to be significant for a peer with this round trip.
    static func silence(of roundTrip: LinkDuration) -> LinkDuration {
        max(Pacing.silence, LinkDuration(nanoseconds: roundTrip.nanoseconds * Pacing.silenceInRoundTrips))
    }

    // MARK: - Autobahn's waits

    /// Sets the timer that follows the script.
    ///
    /// It either sends a late barrier, or ends the conversation at Autobahn's deadline.
    mutating func awaitSilence(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        if settings.asksNothing { return }
        if settings.waitsAsAutobahn, let deadline = scenario.autobahn?.deadline {
            let due = openedAt + .milliseconds(Int64(deadline.milliseconds))
            start(Timer.silence, at: max(now, due), &actions)
        } else if asksAfterSilence, stage == .talking {
            // Much that was sent or has to be inflated keeps a peer busy.
            let least = scenario.phase == .ordinary ? Pacing.silence : Pacing.silenceUnderLoad
            start(Timer.silence, at: now + max(least, Self.silence(of: facts.roundTrip)), &actions)
        }
    }

    /// Whether a late barrier is sent after a silence.
    ///
    /// That is done after violations, where anything may come, and after a scenario's own answer: a client that accepts
    /// the answer need not say anything.
    private var asksAfterSilence: Bool {
        if case .peerFails(lateBarrier: true) = scenario.conclusion { return true }
        return !facts.hasOpened || takesAnything
    }

    /// Handles the end of the silence after the script.
    mutating func endSilence(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        if settings.waitsAsAutobahn {
            guard stage == .talking, !hasSentClose, !hasPeerClosed else { return }
            giveUp(.deadline, now, &actions)
        } else if asksAfterSilence {
            // By now a client may have shown that it took the answer.
            sendLateBarrier(now, &actions)
        }
    }
}
