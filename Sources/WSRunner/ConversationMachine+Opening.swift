package import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// Performs and records the steps of the opening handshake.
extension ConversationMachine {
    /// Reads octets that come before the connection is open, and frames that follow them.
    mutating func readOpening(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        let steps = opening.read(bytes)
        let taken = perform(steps, on: bytes, now, &actions)
        if facts.hasOpened, taken < bytes.count {
            readFrames(bytes.extracting(taken..<bytes.count), now, &actions)
        }
        guard stage == .talking, !hasGivenUp else { return }
        review(now, &actions)
    }

    package mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        guard stage != .dialling, stage != .over else { return }
        noteSilence(until: now)
        lastActivity = now
        lastHeard = now
        let lines = fields.map { (name: $0.name, value: $0.value) }
        recorder.mark(.fieldsReceived(TranscriptFields(lines, endsStream: ends)), at: now.nanoseconds)
        let steps = opening.readFields(fields.map { HTTPField($0.name, $0.value) }, endsStream: ends)
        let none: [UInt8] = []
        perform(steps, on: none.span, now, &actions)
        guard stage == .talking, !hasGivenUp else { return }
        review(now, &actions)
    }

    /// Continues an opening handshake after a pause of its own.
    mutating func resumeOpening(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        let steps = opening.resume()
        let none: [UInt8] = []
        _ = perform(steps, on: none.span, now, &actions)
        guard stage == .talking, !hasGivenUp else { return }
        review(now, &actions)
    }

    /// Performs steps of the opening handshake.
    ///
    /// - Returns: How many of the octets read belong to it.
    @discardableResult
    mutating func perform(
        _ steps: [OpeningStep],
        on bytes: Span<UInt8>,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) -> Int {
        var taken = 0
        for step in steps {
            switch step {
            case .took(0): break
            case .took(let count):
                recorder.received([recorder.part(bytes.extracting(taken..<taken + count))], at: now.nanoseconds)
                taken += count
            case .send(let octets, let withFrames):
                openingSent = now
                if !octets.isEmpty { recorder.sent(.octets(octets), at: now.nanoseconds) }
                outbox += octets
                if !withFrames { flush(&actions) }
            case .sendFields(let fields, let ends):
                openingSent = now
                hasEndedOutput = hasEndedOutput || ends
                let lines = fields.map { (name: $0.name, value: $0.value) }
                recorder.mark(.fieldsSent(TranscriptFields(lines, endsStream: ends)), at: now.nanoseconds)
                actions.append(.sendFields(fields.map { LinkField($0.name, $0.value) }, ends: ends))
            case .sendOnCarrier(let octets):
                openingSent = now
                actions.append(.writeToCarrier(octets))
            case .resume(let pause):
                wait = .opening
                start(Timer.wait, at: now + pause, &actions)
            case .end(let ending):
                wait = .ending(ending)
                start(Timer.wait, at: now + ending.delay, &actions)
            case .cancel: cancelOpening(&actions)
            case .requestRead(let userAgent, let offersCompression):
                facts.offersCompression = offersCompression
                requestArrived(userAgent, now)
            case .answerRead(let status, let server, let place):
                facts.roundTrip = now - openingSent
                noteAnswer(.handshake)
                facts.statusCode = status
                facts.server = server
                facts.place = place
            case .answered:
                recorder.mark(.answered, at: now.nanoseconds)
                stage = .talking
            case .refused:
                recorder.mark(.answered, at: now.nanoseconds)
                facts.failure = .refused
                finish(&actions)
            case .opened(let negotiation): connectionOpened(negotiation, now)
            case .talk(let early): beginTalking(early, now, &actions)
            case .flood: giveUp(.flood, now, &actions)
            case .fail(let failure):
                facts.failure = failure
                finish(&actions)
            case .finish: finish(&actions)
            }
        }
        return taken
    }

    /// Ends a connection without an answer, in the way that the scenario wants.
    mutating func endOpening(_ ending: RequestToSend.Ending, _ actions: inout [LinkAction]) {
        guard isUnanswered || settings.role == .server else { return }
        switch ending {
        case .endOutput:
            hasEndedOutput = true
            actions.append(.closeOutput)
        case .reset: actions.append(.reset)
        }
    }

    /// Whether the opening handshake is still without an answer.
    var isUnanswered: Bool { stage == .opening && !opening.isReadingRefusal }

    // MARK: - Steps

    private mutating func cancelOpening(_ actions: inout [LinkAction]) {
        switch wait {
        case .opening, .ending:
            wait = nil
            actions.append(.cancelTimer(Timer.wait))
        default: break
        }
    }

    private mutating func requestArrived(_ userAgent: String?, _ now: LinkInstant) {
        facts.hasRequest = true
        if earlierUsesOfKey > 0 {
            recorder.mark(.repeatedKey(connections: earlierUsesOfKey), at: now.nanoseconds)
        }
        facts.userAgent = userAgent
        beginInbox(Negotiation())
    }

    private mutating func connectionOpened(_ negotiation: Negotiation, _ now: LinkInstant) {
        openedAt = now
        lastProgress = now
        facts.hasOpened = true
        recorder.mark(.opened, at: now.nanoseconds)
        if let need = scenario.compression {
            facts.lacksCompression = need.lack(in: negotiation.compression, sender: settings.role) != nil
        }
        encoder.compression = negotiation.compression.map { SendingCompression($0, sender: settings.role) }
        if inbox == nil { beginInbox(negotiation) } else { inbox?.negotiation = negotiation }
    }

    /// Starts reading frames at the next octet.
    private mutating func beginInbox(_ negotiation: Negotiation) {
        inbox = Inbox(
            sender: settings.role.opposite,
            scenario: scenario,
            negotiation: negotiation,
            streamOffset: recorder.receivedCount,
            contentLimit: settings.maximumMessage
        )
    }

    private mutating func beginTalking(_ early: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        stage = .talking
        // The script begins first, so that the record does not depend on whether the peer's first frames have already
        // come.
        if facts.lacksCompression {
            scriptIsDone = true
            startClosing(body: CloseBody(code: CloseCode.normal).encoded, now, &actions)
        } else if wait == nil, !scriptIsDone {
            sendFirstMessage(now, &actions)
            advanceScript(now, &actions)
        }
        if !early.isEmpty {
            // They are already recorded, so only their actions are performed.
            var ignored = TranscriptRecorder(header: transcript.header)
            let notices = inbox?.read(early.span, recorder: &ignored).notices ?? []
            act(on: notices, now, &actions)
        }
        flush(&actions)
    }
}

extension RequestToSend.Ending {
    /// The time to wait for the answer before ending the connection.
    var delay: LinkDuration {
        switch self {
        case .endOutput(let milliseconds), .reset(let milliseconds): .milliseconds(Int64(milliseconds))
        }
    }
}
