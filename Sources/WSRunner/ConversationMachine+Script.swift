import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// Performs the steps of the script: sending, pacing and waits.
extension ConversationMachine {
    /// Performs steps until one has to wait or none is left.
    mutating func advanceScript(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        while wait == nil, !scriptIsDone, stage != .over {
            if owesCloseReply, !encoder.isInsideFrame {
                sendOwedReply(now, &actions)
                return
            }
            if !owedPongs.isEmpty, !encoder.isInsideFrame { sendOwedPongs(now, &actions) }
            guard !hasGivenUp || encoder.isInsideFrame, stepIndex < scenario.script.count else {
                endScript(now, &actions)
                return
            }
            let step = scenario.script[stepIndex]
            switch step {
            case .send(let frame):
                if frame.opcode == .ping, !hasBegunStep { counting.pings.add(frame.payload.octets) }
                if frame.opcode == .pong, !hasBegunStep { sentPongs.add(frame.payload.octets) }
                pump(frame.pacing, now, &actions)
            case .sendMessage, .beginFrame, .continueFrame, .sendOctets: pump(.together, now, &actions)
            case .sendRun(let run):
                if !hasBegunStep {
                    counting.pings.add(run, frames: 0..<run.count)
                    sentPongs.add(run, frames: 0..<run.count)
                }
                pump(.together, now, &actions)
            case .pauseReading(let milliseconds):
                flush(&actions)
                stepIndex += 1
                isReadingPaused = true
                actions.append(.pauseReading)
                start(Timer.reading, at: now + .milliseconds(Int64(milliseconds)), &actions)
            case .ignorePings:
                stepIndex += 1
                ignoresPings = true
            case .ignoreClose:
                stepIndex += 1
                ignoresClose = true
            case .pause(let milliseconds):
                flush(&actions)
                stepIndex += 1
                wait = .pause
                start(Timer.wait, at: now + .milliseconds(Int64(milliseconds)), &actions)
            case .endOutput:
                flush(&actions)
                stepIndex += 1
                hasEndedOutput = true
                actions.append(.closeOutput)
            case .reset:
                flush(&actions)
                stepIndex += 1
                actions.append(.reset)
                return
            case .sendOnConnection(let frames):
                flush(&actions)
                stepIndex += 1
                actions.append(.writeToCarrier(frames))
            case .pingConnection: pingCarrier(now, &actions)
            case .startClosingHandshake(_, let pacing):
                hasSentClose = true
                pump(pacing, now, &actions)
            case .echoLoop: sendLoopMessage(now, &actions)
            case .barrier(let tag, let pings):
                flush(&actions)
                sendBarrier(tag: tag, pings: pings, now, &actions)
            case .quiesce(let tag): quiesce(tag, now, &actions)
            case .awaitPong(let payload):
                flush(&actions)
                stepIndex += 1
                let octets = payload.octets
                guard inbox?.events.contains(.pong(octets)) != true else { break }
                wait = .pong(octets)
                if !settings.asksNothing { start(Timer.wait, at: now + Pacing.autobahnWait, &actions) }
            case .awaitClose:
                flush(&actions)
                stepIndex += 1
                if !hasPeerClosed { wait = .close }
            }
        }
    }

    private mutating func endScript(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        flush(&actions)
        scriptIsDone = true
        recorder.mark(.scriptDone, at: now.nanoseconds)
        awaitSilence(now, &actions)
        if facts.hasOpened { review(now, &actions) }
        if !ignoresClose { endTransport(&actions) }
    }

    // MARK: - Frames

    /// Sends octets of the current step until it is done or has to wait.
    private mutating func pump(_ pacing: WritePacing, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        if !hasBegunStep {
            encoder.begin(step: stepIndex)
            hasBegunStep = true
            if pacing != .together { flush(&actions) }
        }
        switch pacing {
        case .together: pumpTogether(now, &actions)
        case .separately: pumpSeparately(now, &actions)
        case .pieces(let length) where scenario.isLoad: pumpLoadPieces(length, now, &actions)
        case .pieces(let length): pumpPiece(length, now, &actions)
        case .split(let place): pumpSplit(at: place, now, &actions)
        case .firstOctets(let count) where stepOctets < count: pumpPiece(1, now, &actions)
        case .firstOctets: pumpSeparately(now, &actions)
        }
        if encoder.isAtEndOfStep {
            hasBegunStep = false
            stepIndex += 1
        }
    }

    private mutating func produce(limit: Int, pieces: Int? = nil, _ now: LinkInstant) {
        guard var reference = encoder.produce(limit: limit, into: &outbox) else { return }
        reference.pieceLength = pieces
        scriptOctets += reference.length
        recorder.sent(.script(reference), at: now.nanoseconds)
    }

    /// Sends the rest of the script without pauses, up to a step that waits.
    mutating func sendRestOfScript(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        while stepIndex < scenario.script.count {
            switch scenario.script[stepIndex] {
            case .send, .sendMessage, .sendRun, .beginFrame, .continueFrame, .sendOctets: break
            case .startClosingHandshake, .barrier, .quiesce, .awaitPong, .awaitClose, .echoLoop, .pause, .pauseReading,
                .ignorePings, .ignoreClose, .endOutput, .reset, .sendOnConnection, .pingConnection:
                return flush(&actions)
            }
            if !hasBegunStep { encoder.begin(step: stepIndex) }
            while !encoder.isAtEndOfStep { produce(limit: Pacing.chunkLength, now) }
            hasBegunStep = false
            stepIndex += 1
        }
        flush(&actions)
    }

    /// Completes a frame that was sent in part, even if later steps have the rest.
    mutating func completeFrame(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        while encoder.isInsideFrame {
            if encoder.isAtEndOfStep {
                let next = scenario.script[stepIndex...].firstIndex { step in
                    if case .continueFrame = step { true } else { false }
                }
                guard let next else { break }
                stepIndex = next
                encoder.begin(step: next)
            }
            produce(limit: Pacing.chunkLength, now)
            if encoder.isAtEndOfStep {
                hasBegunStep = false
                stepIndex += 1
            }
        }
        flush(&actions)
    }

    private mutating func sendOwedPongs(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        let owed = owedPongs
        owedPongs.removeAll()
        for payload in owed { sendExtra(.pong, payload, now, &actions) }
    }

    private mutating func pumpTogether(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        while !encoder.isAtEndOfStep {
            produce(limit: max(1, Pacing.chunkLength - outbox.count), now)
            if outbox.count >= Pacing.chunkLength {
                flush(&actions)
                awaitWritten(&actions)
                return
            }
        }
    }

    /// Sends one piece now and the next after a pause.
    private mutating func pumpPiece(_ length: Int, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        produce(limit: length, now)
        flush(&actions)
        wait = .pace
        start(Timer.wait, at: now + Pacing.betweenPieces, &actions)
    }

    /// Sends many pieces back to back, each as its own write, and bounds how many are pending at a time.
    private mutating func pumpLoadPieces(_ length: Int, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        let sentOfStep = stepOctets
        let whole = max(length, Pacing.chunkLength / length * length)
        if settings.effort == .quick, sentOfStep >= Pacing.quickPieces {
            produce(limit: Pacing.chunkLength, now)
            flush(&actions)
        } else {
            produce(limit: whole, pieces: length, now)
            actions.append(.writePieces(outbox, size: length))
            outbox.removeAll(keepingCapacity: true)
        }
        awaitWritten(&actions)
    }

    private mutating func pumpSplit(at place: Int, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        if stepOctets == 0, place > 0 {
            pumpPiece(place, now, &actions)
        } else {
            pumpSeparately(now, &actions)
        }
    }

    private mutating func pumpSeparately(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        pumpTogether(now, &actions)
        if wait == nil { flush(&actions) }
    }

    /// How many octets of the current step were sent.
    private var stepOctets: Int {
        var count: UInt64 = 0
        for event in recorder.transcript.events.reversed() {
            guard case .sent(_, let content) = event.kind else { continue }
            guard case .script(let reference) = content, reference.step == stepIndex else { break }
            count += reference.length
        }
        return Int(clamping: count)
    }

    private mutating func sendLoopMessage(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        if !hasBegunStep {
            encoder.begin(step: stepIndex)
            hasBegunStep = true
        }
        guard !encoder.isAtEndOfStep else {
            hasBegunStep = false
            stepIndex += 1
            return
        }
        if let reference = encoder.produce(limit: .max, oneFrame: true, into: &outbox) {
            scriptOctets += reference.length
            recorder.sent(.script(reference), at: now.nanoseconds)
        }
        flush(&actions)
        wait = .echo
    }

    /// Sends a frame that is not part of the script.
    mutating func sendExtra(
        _ opcode: Opcode,
        _ payload: [UInt8],
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        flush(&actions)
        guard !hasEndedOutput else { return }
        if opcode == .pong { sentPongs.add(payload) }
        let octets = encoder.extraFrame(opcode, payload: payload)
        recorder.sent(.octets(octets), at: now.nanoseconds)
        actions.append(.write(octets))
        lastActivity = now
    }

    /// Sends the collected octets as one write.
    mutating func flush(_ actions: inout [LinkAction]) {
        guard !outbox.isEmpty else { return }
        actions.append(.write(outbox))
        outbox.removeAll(keepingCapacity: true)
    }

    private mutating func awaitWritten(_ actions: inout [LinkAction]) {
        wait = .written
        actions.append(.notifyWhenWritten)
    }

    // MARK: - Waits

    mutating func sendBarrier(tag: String, pings: Int, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !settings.waitsAsAutobahn, !settings.asksNothing else {
            wait = .autobahn(tag: tag)
            start(Timer.wait, at: now + Pacing.autobahnWait, &actions)
            return
        }
        let payload = Self.octets(16, of: &tokens)
        recorder.mark(.barrierSent(tag: tag, payload: payload), at: now.nanoseconds)
        sendExtra(.ping, payload, now, &actions)
        wait = .barrier(tag: tag, payload: payload, left: pings - 1)
        start(Timer.wait, at: now + Pacing.autobahnWait, &actions)
    }

    private mutating func quiesce(_ tag: String, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        flush(&actions)
        wait = .quiesce(tag: tag, probed: false, timed: false)
        start(Timer.wait, at: now + Pacing.quiesceAtLeast, &actions)
        probeLimit = now + Pacing.autobahnWait
        guard settings.role == .client else {
            // There is no other connection to a client, so a fixed time replaces the round trips.
            wait = .quiesce(tag: tag, probed: true, timed: false)
            return
        }
        actions.append(.probe(roundTrips: Pacing.settleRoundTrips, limit: probeLimit))
    }

    mutating func endSettling(
        _ tag: String,
        probed: Bool,
        timed: Bool,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        wait = .quiesce(tag: tag, probed: probed, timed: timed)
        if probed, timed { endWait(tag: tag, answered: now < probeLimit, now, &actions) }
    }

    /// Ends a wait of Autobahn's and records that the connection is still open, which Autobahn has as an event.
    mutating func endWait(tag: String, answered: Bool, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        wait = nil
        stepIndex += 1
        recorder.mark(.waited(tag: tag, answered: answered), at: now.nanoseconds)
        inbox?.append(.stillOpen(tag: tag))
        advanceScript(now, &actions)
    }

    mutating func waitTimerFired(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        switch wait {
        case .opening:
            wait = nil
            // A wait of the scenario does not count as idleness of the peer.
            lastActivity = now
            resumeOpening(now, &actions)
        case .ending(let ending):
            wait = nil
            endOpening(ending, &actions)
            if settings.role == .server { advanceScript(now, &actions) }
        case .pause:
            wait = nil
            lastActivity = now
            advanceScript(now, &actions)
        case .pace:
            wait = nil
            lastActivity = now
            advanceScript(now, &actions)
        case .pong, .carrier:
            wait = nil
            advanceScript(now, &actions)
        case .barrier(let tag, _, _), .autobahn(let tag):
            endWait(tag: tag, answered: false, now, &actions)
        case .quiesce(let tag, let probed, _):
            endSettling(tag, probed: probed, timed: true, now, &actions)
        case .firstReplies: endFirstReplies(now, &actions)
        case .written, .echo, .close, nil:
            break
        }
    }
}
