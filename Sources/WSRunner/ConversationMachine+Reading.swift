import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// Handles the messages and control frames of the peer.
extension ConversationMachine {
    mutating func readFrames(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard var box = inbox else { return }
        inbox = nil
        let (notices, parts) = box.read(bytes, recorder: &recorder)
        if !parts.isEmpty { recorder.received(parts, at: now.nanoseconds) }
        // The inbox is moved back, because a copy would copy everything received with each read.
        let isGettingOn = box.isInsideExpectedMessage
        inbox = consume box
        if isGettingOn { lastProgress = now }
        act(on: notices, now, &actions)
    }

    /// Acts on the peer's frames.
    mutating func act(on notices: [Inbox.Notice], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        var latestPing: [UInt8]?
        for notice in notices where stage != .over {
            switch notice {
            case .message(let event): messageArrived(event, now, &actions)
            case .pong(let payload): pongArrived(payload, now, &actions)
            case .ping(let payload):
                pingCount += 1
                // A flood of Pings is answered once per read, which RFC 6455, 5.5.3 allows.
                if pingCount > Pacing.pingsAnsweredEach {
                    latestPing = payload
                } else {
                    answerPing(payload, now, &actions)
                }
            case .close: closeArrived(now, &actions)
            }
        }
        if let latestPing { answerPing(latestPing, now, &actions) }
        reviewFirstReplies(now, &actions)
        guard stage == .talking else { return }
        review(now, &actions)
    }

    /// Answers a Ping at once, or after the frame that is being sent.
    private mutating func answerPing(_ payload: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !hasSentClose, !hasPeerClosed, !ignoresPings else { return }
        guard encoder.isInsideFrame else {
            sendExtra(.pong, payload, now, &actions)
            return
        }
        if owedPongs.count == Pacing.mostOwedPongs { owedPongs.removeFirst() }
        owedPongs.append(payload)
    }

    private mutating func messageArrived(
        _ event: ObservedEvent,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        if takeFirstReply(now, &actions) { return }
        guard counting.counts(event) else { return }
        lastProgress = now
        inbox?.append(event)
        if case .message(let opcode, _, _) = event { noteAnswer(.echo(opcode)) }
        guard case .echo = wait, case .echoLoop(let loop) = scenario.script[stepIndex] else { return }
        guard comparison.isEqual(event, .message(loop.opcode, loop.payload(ofMessage: encoder.lastFrame))) else {
            wait = nil
            giveUp(.mismatch, now, &actions)
            return
        }
        wait = nil
        advanceScript(now, &actions)
    }

    private mutating func pongArrived(_ payload: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        switch wait {
        case .barrier(let tag, let expected, let left) where payload == expected:
            noteRightPong(now, &actions)
            lastProgress = now
            actions.append(.cancelTimer(Timer.wait))
            wait = nil
            if left > 0 {
                sendBarrier(tag: tag, pings: left, now, &actions)
            } else {
                endWait(tag: tag, answered: true, now, &actions)
            }
            return
        default: break
        }
        if let lateBarrier, payload == lateBarrier, !hasPeerClosed {
            noteRightPong(now, &actions)
            recorder.mark(.lateBarrierAnswered, at: now.nanoseconds)
            self.lateBarrier = nil
            // Where nothing was violated, the echoes of what was sent may still come.
            if isViolating || takesAnything { startClosing(body: givingUpBody, now, &actions) }
            return
        }
        let provesLife = settings.waitsAsAutobahn
        switch counting.take(pong: payload, provesLife: provesLife) {
        case .unasked where sentPongs.comesBack(payload):
            // It shows how far the peer has read.
            lastProgress = now
            return
        case .unasked: return strayPongArrived(payload, now, &actions)
        case .perhapsHeartbeat:
            // A Ping with an unpredictable payload shows whether the peer goes on, once all that it has to fail over is sent.
            if lateBarrier == nil, scriptIsDone { sendLateBarrier(now, &actions) }
            return
        case .answer: break
        }
        noteRightPong(now, &actions)
        lastProgress = now
        inbox?.append(.pong(payload))
        if case .pong(let expected) = wait, payload == expected {
            actions.append(.cancelTimer(Timer.wait))
            wait = nil
            advanceScript(now, &actions)
        }
    }

    private mutating func closeArrived(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        noteFirstReplies(now)
        // A peer that has to fail the connection may do so even after our Close frame.
        let isReply = (hasSentClose || scriptHasClosed) && !isViolating
        noteAnswer(isReply ? awaitedReply : .failure)
        hasPeerClosed = true
        lastProgress = now
        if let body = inbox?.close {
            facts.close = ConversationFacts.Close(
                code: body.code,
                reason: String(decoding: body.reason, as: UTF8.self),
                isFirst: !hasSentClose && !scriptHasClosed
            )
        }
        owedPongs.removeAll()
        actions.append(.cancelTimer(Timer.silence))
        stage = .closing
        if ignoresClose { return }
        if case .close = wait {
            wait = nil
            return advanceScript(now, &actions)
        }
        guard !scenario.script[min(stepIndex, scenario.script.count)...].contains(.awaitClose) else { return }
        actions.append(.cancelTimer(Timer.wait))
        guard !hasSentClose, !scriptHasClosed else { return endTransport(&actions) }
        owesCloseReply = true
        switch wait {
        case .pace:
            // The rest of a paced script goes out at once, as with Autobahn, so that the record does not depend on how
            // many pieces had been sent when the Close frame came.
            wait = nil
            sendRestOfScript(now, &actions)
        case .written:
            // An unfinished frame is completed first, or our reply would be part of its payload.
            encoder.dropRestOfStep()
            return
        default:
            wait = nil
            completeFrame(now, &actions)
        }
        sendOwedReply(now, &actions)
    }

    /// Answers the peer's Close frame with 1000, whatever its code, as Autobahn does.
    mutating func sendOwedReply(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard owesCloseReply else { return }
        owesCloseReply = false
        flush(&actions)
        hasSentClose = true
        sendExtra(.close, CloseBody(code: CloseCode.normal).encoded, now, &actions)
        endTransport(&actions)
    }
}
