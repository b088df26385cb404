import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// The waiting half: when the outcome is known, and how the conversation is brought to its end.
extension ConversationMachine {
    /// Looks whether more can come that matters; closes when not.
    mutating func review(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .talking, facts.hasOpened, !hasGivenUp, let events = inbox?.events else { return }
        if case .echo = wait { return }
        if hasSentClose {
            // Our Close is out: only the peer's Close and the end of TCP are left.
            if scriptIsDone { stage = .closing }
            return
        }
        switch progress(upTo: events) {
        case .impossible:
            giveUp(.mismatch, now, &actions)
        case .complete where scriptIsDone && scenario.conclusion == .closeWhenComplete:
            facts.isFulfilled = true
            startClosing(body: CloseBody(code: CloseCode.normal).encoded, now, &actions)
        default:
            break
        }
    }

    /// How far the events have come towards the best of the outcomes that do not violate.
    ///
    /// An outcome that is complete from the start, because it lists no event, is never a reason to stop waiting for one
    /// that conforms.
    private mutating func progress(upTo events: [ObservedEvent]) -> PatternProgress {
        for event in events[followedEvents...] {
            for index in acceptableOutcomes.indices { acceptableOutcomes[index].tracker.take(event) }
        }
        followedEvents = events.count
        var best = PatternProgress.impossible
        for (outcome, tracker) in acceptableOutcomes {
            switch tracker.progress {
            case .complete where outcome.pattern.takesLess:
                best = .partial
            case .complete where outcome.grade == .conforms || outcome.pattern == .accepted,
                .complete where !events.isEmpty && outcome.pattern != .anything:
                return .complete
            case .complete, .partial: best = .partial
            case .impossible: break
            }
        }
        return best
    }

    /// Asks, after a silence, whether the peer swallowed what it should have refused.
    mutating func sendLateBarrier(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .talking, !hasSentClose, !hasPeerClosed, !hasEndedOutput, !encoder.isInsideFrame else { return }
        let payload = Self.octets(16, of: &tokens)
        lateBarrier = payload
        recorder.mark(.lateBarrierSent(payload: payload), at: now.nanoseconds)
        sendExtra(.ping, payload, now, &actions)
    }

    /// Starts the closing handshake.
    mutating func startClosing(body: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !hasSentClose else { return }
        hasSentClose = true
        owedPongs.removeAll()
        stage = .closing
        sendExtra(.close, body, now, &actions)
    }

    /// Stops waiting for what the scenario expects, and sees how the peer closes.
    mutating func giveUp(_ reason: TranscriptGiveUp, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        if !hasGivenUp {
            recorder.mark(.gaveUp(reason), at: now.nanoseconds)
            noteGivingUp(reason, now)
        }
        let wasAgain = hasGivenUp
        hasGivenUp = true
        wait = nil
        let canStillAsk =
            stage == .talking && !hasSentClose && reason != .flood && !wasAgain && !encoder.isInsideFrame
        guard canStillAsk else {
            finish(&actions)
            return
        }
        actions.append(.setTimer(Timer.reply, at: now + replyLimit))
        if scriptHasClosed {
            stage = .closing
        } else {
            startClosing(body: givingUpBody, now, &actions)
        }
    }

    /// Whether a Close frame that the script has among its frames is out.
    ///
    /// Nothing is sent behind it, not even another one (RFC 6455, 5.5.1). One that is malformed may go unheard and does
    /// not count.
    var scriptHasClosed: Bool {
        scenario.script.prefix(stepIndex).contains { step in
            if case .send(let frame) = step { frame.isWellFormedClose(sentBy: settings.role) } else { false }
        }
    }

    /// As a server, sends FIN once Close frames have gone both ways, and reads on until the client ends its side.
    ///
    /// The server closes TCP first (RFC 6455, 7.1.1); a client that has done so before has seen the link end.
    mutating func endTransport(_ actions: inout [LinkAction]) {
        guard settings.role == .server, hasPeerClosed, hasSentClose || scriptHasClosed, !hasEndedOutput else { return }
        flush(&actions)
        hasEndedOutput = true
        actions.append(.closeOutput)
    }

    /// Closes our side; the link ends then.
    mutating func finish(_ actions: inout [LinkAction]) {
        outbox.removeAll()
        if !isUnanswered { stage = .closing }
        actions.append(.close)
    }

    /// The Close body that Autobahn sends when it gives up, so that the peer's answer is comparable.
    var givingUpBody: [UInt8] {
        if scenario.isLoad { return CloseBody(code: CloseCode.normal).encoded }
        return scenario.autobahn?.deadline.closeBody.octets ?? CloseBody(code: CloseCode.goingAway).encoded
    }
}

extension BehaviourPattern {
    /// Whether the pattern is content with fewer events than it lists, so that it never says that all have come.
    fileprivate var takesLess: Bool { if case .someOf = self { true } else { false } }
}
