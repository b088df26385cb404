import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// The reading half: the answer to the handshake, messages, control frames.
extension ConversationMachine {
    /// Reads the answer to our request up to the end of its last head.
    mutating func readHead(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        // A loop, because a hostile peer can put thousands of interim responses into one segment.
        var start = 0
        while start < bytes.count {
            var end = start
            let event = answer.next(in: bytes, at: &end)
            recorder.received([recorder.part(bytes.extracting(start..<end))], at: now.nanoseconds)
            start = end
            let rest = bytes.extracting(end..<bytes.count)
            switch event {
            case nil: return
            case .final(let response): return take(response, rest, now, &actions)
            case .interim(let response):
                if StatusLine(response)?.code == 100, scenario.opening.pacing.awaitsContinue, !requestRest.isEmpty {
                    sendRequest(now, &actions)
                }
                guard answer.hasTooManyInterim else { continue }
                if rest.count > 0 { recorder.received([recorder.part(rest)], at: now.nanoseconds) }
                return failHandshake(&actions)
            case .notHTTP: return failHandshake(&actions)
            }
        }
    }

    /// Ends a connection on which no answer in HTTP has come.
    private mutating func failHandshake(_ actions: inout [LinkAction]) {
        facts.failure = opensOnItsOwn ? nil : .notHTTP
        finish(&actions)
    }

    /// Takes the final response, and what stands behind it.
    private mutating func take(
        _ response: HTTPHead,
        _ rest: Span<UInt8>,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        facts.roundTrip = now - requestSent
        noteAnswer(.handshake)
        facts.statusCode = StatusLine(response)?.code
        facts.server = response.values(of: "Server").first
        // Who has answered is sent no more of the request.
        dropRestOfRequest(&actions)
        guard HandshakeRules.accepts(response, request: HTTPHead(kind: .request, raw: requestOctets)) else {
            facts.failure = opensOnItsOwn ? nil : .refused
            return beginRefusal(response, rest, now, &actions)
        }
        open(Negotiation(response), rest, now, &actions)
    }

    private mutating func open(
        _ negotiation: Negotiation,
        _ rest: Span<UInt8>,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        stage = .talking
        openedAt = now
        facts.hasOpened = true
        recorder.mark(.opened, at: now.nanoseconds)
        inbox = Inbox(
            sender: .server,
            scenario: scenario,
            negotiation: negotiation,
            streamOffset: recorder.receivedCount
        )
        // What is to be sent first does not hang on whether the peer's first frames came in the segment of its 101.
        if wait == nil, !scriptIsDone { advanceScript(now, &actions) }
        if rest.count > 0 { readFrames(rest, now, &actions) }
        guard stage == .talking, !hasGivenUp else { return }
        review(now, &actions)
    }

    mutating func readFrames(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard var box = inbox else { return }
        inbox = nil
        let (notices, parts) = box.read(bytes, recorder: &recorder)
        recorder.received(parts, at: now.nanoseconds)
        // Given back, not copied: what has come so far must not be copied once per read.
        inbox = consume box
        act(on: notices, now, &actions)
    }

    /// Does what frames of the peer call for.
    mutating func act(on notices: [Inbox.Notice], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        var latestPing: [UInt8]?
        for notice in notices where stage != .over {
            switch notice {
            case .message(let event): messageArrived(event, now, &actions)
            case .pong(let payload): pongArrived(payload, now, &actions)
            case .ping(let payload):
                pingCount += 1
                // Who pings without end is answered once a read, which RFC 6455, 5.5.3 allows.
                if pingCount > Pacing.pingsAnsweredEach {
                    latestPing = payload
                } else {
                    answerPing(payload, now, &actions)
                }
            case .close: closeArrived(now, &actions)
            }
        }
        if let latestPing { answerPing(latestPing, now, &actions) }
        guard stage == .talking else { return }
        review(now, &actions)
    }

    /// Answers a Ping at once, or at the end of the frame that is being sent.
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
        guard counting.counts(event) else { return }
        inbox?.append(event)
        if case .message(let opcode, _, _) = event { noteAnswer(.echo(opcode)) }
        guard case .echo = wait, case .echoLoop(let loop) = scenario.script[stepIndex] else { return }
        guard comparison.isEqual(event, .message(loop.opcode, loop.payload)) else {
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
            startClosing(body: givingUpBody, now, &actions)
            return
        }
        let provesLife = settings.waitsAsAutobahn
        switch counting.take(pong: payload, provesLife: provesLife) {
        case .unasked: return strayPongArrived(payload, now, &actions)
        case .perhapsHeartbeat:
            // A Ping that nobody can have answered by chance tells whether the peer goes on.
            if lateBarrier == nil { sendLateBarrier(now, &actions) }
            return
        case .answer: break
        }
        noteRightPong(now, &actions)
        inbox?.append(.pong(payload))
        if case .pong(let expected) = wait, payload == expected {
            actions.append(.cancelTimer(Timer.wait))
            wait = nil
            advanceScript(now, &actions)
        }
    }

    private mutating func closeArrived(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        // Who has to fail the connection does so behind our Close frame, too.
        let isReply = (hasSentClose || scriptHasClosed) && !isViolating
        noteAnswer(isReply ? awaitedReply : .failure)
        hasPeerClosed = true
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
            // What a paced script has left goes out at once, as Autobahn's queue does; so a record does not depend on
            // how far the pieces had come when the Close arrived.
            wait = nil
            sendRestOfScript(now, &actions)
        case .written:
            // A frame that is half written is completed first, so that our reply is a frame and not its payload.
            encoder.dropRestOfStep()
            return
        default:
            wait = nil
            completeFrame(now, &actions)
        }
        sendOwedReply(now, &actions)
    }

    /// Answers the peer's Close, as Autobahn does: with 1000, whatever code came.
    mutating func sendOwedReply(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard owesCloseReply else { return }
        owesCloseReply = false
        flush(&actions)
        hasSentClose = true
        sendExtra(.close, CloseBody(code: CloseCode.normal).encoded, now, &actions)
        endTransport(&actions)
    }
}
