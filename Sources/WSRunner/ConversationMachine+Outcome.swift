import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// Decides when the outcome is known, and ends the conversation.
extension ConversationMachine {
    /// Checks whether anything that matters can still come, and closes if not.
    mutating func review(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage == .talking, facts.hasOpened, !hasGivenUp, let events = inbox?.events else { return }
        if case .echo = wait { return }
        if hasSentClose {
            // We have sent our Close frame: only the peer's Close frame and the end of TCP can follow.
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
            if takesAnything, lateBarrier == nil { awaitSilence(now, &actions) }
        }
    }

    /// Whether nothing is left to wait for: of the acceptable outcomes only one that takes anything is possible.
    ///
    /// What the peer still sends changes nothing then, and the Pong to a late barrier ends the conversation.
    var takesAnything: Bool {
        scriptIsDone && scenario.conclusion == .closeWhenComplete && scenario.phase == .ordinary
            && acceptableOutcomes.contains { $0.outcome.pattern == .anything }
            && acceptableOutcomes.allSatisfy { $0.outcome.pattern == .anything || $0.tracker.progress == .impossible }
    }

    /// How far the events match the best of the acceptable outcomes.
    ///
    /// An outcome without events is complete from the start. It is no reason to stop waiting for one that conforms.
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
        // What a server does with the stream or the connection over a violation is no event, and may still come.
        return best == .impossible && awaitsStreamReaction ? .partial : best
    }

    /// Whether the peer has to fail the stream, or may end the connection over it.
    private var awaitsStreamReaction: Bool {
        isViolating
            && acceptableOutcomes.contains { acceptable in
                switch acceptable.outcome.pattern {
                case .resetsStream, .endsConnection: true
                default: false
                }
            }
    }

    /// Sends a Ping after a silence, whose Pong shows that the peer accepted what it should reject.
    mutating func sendLateBarrier(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !settings.asksNothing, stage == .talking, !hasSentClose, !hasPeerClosed, !hasEndedOutput,
            !encoder.isInsideFrame
        else { return }
        let payload = Self.octets(16, of: &tokens)
        lateBarrier = payload
        recorder.mark(.lateBarrierSent(payload: payload), at: now.nanoseconds)
        sendExtra(.ping, payload, now, &actions)
    }

    /// Starts the closing handshake.
    mutating func startClosing(body: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !hasSentClose else { return }
        // The peer has as long to answer as for anything else.
        if !hasGivenUp { lastProgress = now }
        hasSentClose = true
        owedPongs.removeAll()
        stage = .closing
        sendExtra(.close, body, now, &actions)
    }

    /// Gives up the expected events, and waits for how the peer closes.
    mutating func giveUp(_ reason: TranscriptGiveUp, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        noteFirstReplies(now)
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
        start(Timer.reply, at: now + replyLimit, &actions)
        if scriptHasClosed {
            stage = .closing
        } else {
            startClosing(body: givingUpBody, now, &actions)
        }
    }

    /// Whether the script has sent a Close frame as one of its frames.
    ///
    /// Nothing is sent after it, not even another Close frame (RFC 6455, 5.5.1). A malformed one does not count,
    /// because the peer may not recognise it.
    var scriptHasClosed: Bool {
        scenario.script.prefix(stepIndex).contains { step in
            if case .send(let frame) = step { frame.isWellFormedClose(sentBy: settings.role) } else { false }
        }
    }

    /// As a server, sends FIN after both Close frames, and reads on until the client ends its side.
    ///
    /// The server closes TCP first (RFC 6455, 7.1.1). If the client did so before, the link has already ended.
    mutating func endTransport(_ actions: inout [LinkAction]) {
        guard settings.role == .server, hasPeerClosed, hasSentClose || scriptHasClosed, !hasEndedOutput else { return }
        flush(&actions)
        hasEndedOutput = true
        actions.append(.closeOutput)
    }

    /// Closes our side, which ends the link.
    mutating func finish(_ actions: inout [LinkAction]) {
        outbox.removeAll()
        if !isUnanswered { stage = .closing }
        actions.append(.close)
    }

    /// The Close body that Autobahn sends when it gives up, so that the peer's answers are comparable.
    var givingUpBody: [UInt8] {
        if scenario.isLoad { return CloseBody(code: CloseCode.normal).encoded }
        return scenario.autobahn?.deadline.closeBody.octets ?? CloseBody(code: CloseCode.goingAway).encoded
    }
}

extension BehaviourPattern {
    /// Whether fewer events than the pattern lists may suffice, so that completeness is never certain.
    fileprivate var takesLess: Bool { if case .someOf = self { true } else { false } }
}
