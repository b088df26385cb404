import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// The opening where we are the server: the client's request, and our answer to it.
extension ConversationMachine {
    /// Whether the scenario answers a client's request in its own way, so that a refusal may be what is right.
    var answersOnItsOwn: Bool {
        if case .response = scenario.opening { true } else { false }
    }

    /// Reads the request up to its end, and answers it.
    mutating func readRequest(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !facts.hasRequest else { return keep(bytes, now, &actions) }
        switch requestHead.feed(bytes) {
        case .needMore:
            recorder.received([recorder.part(bytes)], at: now.nanoseconds)
        case .tooLarge, .notHTTP:
            recorder.received([recorder.part(bytes)], at: now.nanoseconds)
            facts.failure = .notHTTP
            finish(&actions)
        case .complete(let request, let consumed):
            recorder.received([recorder.part(bytes.extracting(0..<consumed))], at: now.nanoseconds)
            facts.hasRequest = true
            if earlierUsesOfKey > 0 {
                recorder.mark(.repeatedKey(connections: earlierUsesOfKey), at: now.nanoseconds)
            }
            facts.userAgent = request.values(of: "User-Agent").first
            inbox = Inbox(
                sender: .client,
                scenario: scenario,
                negotiation: Negotiation(),
                streamOffset: recorder.receivedCount
            )
            if consumed < bytes.count { keep(bytes.extracting(consumed..<bytes.count), now, &actions) }
            answer(request, now, &actions)
        }
    }

    /// Keeps what comes before our answer is out; the record has it where it came.
    private mutating func keep(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        recorder.received([recorder.part(bytes)], at: now.nanoseconds)
        guard earlyOctets.count + bytes.count <= Pacing.mostEarlyOctets else { return giveUp(.flood, now, &actions) }
        for index in bytes.indices { earlyOctets.append(bytes[index]) }
        if answersOnItsOwn, requestRest.count > 0 { takeAsFrames(earlyOctets.first, now) }
    }

    /// Answers the request: in the scenario's own way, with an ordinary 101, or with the status that refuses it.
    ///
    /// A request whose flaws do not keep it from being an opening handshake is accepted all the same: rules over every
    /// conversation tell the flaws, and what the client does then is worth seeing.
    private mutating func answer(_ request: HTTPHead, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        let assessment = HandshakeRules.checkRequest(request)
        let spoken = settings.subprotocols + scenario.driver.subprotocols
        let subprotocol = assessment.subprotocols.first { spoken.contains($0) }
        if case .response(let response) = scenario.opening {
            let octets = response.octets(answering: request, subprotocol: subprotocol)
            if let final = Self.finalResponse(among: octets), StatusLine(final)?.code == 101 {
                accept(with: Negotiation(final))
            }
            requestRest = octets[...]
        } else if let key = assessment.key, assessment.asksForWebSocket {
            let response = HandshakeResponse.accepting(
                key: key,
                subprotocol: subprotocol,
                extensions: [],
                extraFields: settings.headerFields
            )
            accept(with: Negotiation(subprotocol: subprotocol))
            requestRest = response.encode()[...]
        } else {
            let status = assessment.isAcceptable ? 400 : assessment.status
            let fields = [HTTPField("Connection", "close"), HTTPField("Content-Length", "0")]
            let refusal = HandshakeResponse(status: status, reason: "Not An Opening Handshake", fields: fields)
            facts.failure = .refused
            recorder.sent(.octets(refusal.encode()), at: now.nanoseconds)
            recorder.mark(.answered, at: now.nanoseconds)
            actions.append(.write(refusal.encode()))
            return finish(&actions)
        }
        sendAnswer(now, &actions)
    }

    /// Sends what is due of our answer; behind its end the script begins.
    mutating func sendAnswer(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        let pause = sendPiece(scenario.opening.pacing, now)
        if scenario.opening != .framesWithHandshake { flush(&actions) }
        if let pause, !requestRest.isEmpty {
            wait = .request
            actions.append(.setTimer(Timer.wait, at: now + pause))
            return
        }
        recorder.mark(.answered, at: now.nanoseconds)
        stage = .talking
        if !answersOnItsOwn { markOpened(now) }
        if let ending = scenario.opening.ending {
            wait = .requestEnding
            actions.append(.setTimer(Timer.wait, at: now + ending.delay))
        }
        let early = earlyOctets
        earlyOctets = []
        if !early.isEmpty {
            takeAsFrames(early.first, now)
            guard facts.hasOpened else { return finish(&actions) }
        }
        // What is to be sent first does not hang on whether the client's first frames came before.
        if wait == nil, !scriptIsDone { advanceScript(now, &actions) }
        if !early.isEmpty {
            // They are in the record already; only what they call for is due.
            var ignored = TranscriptRecorder(header: transcript.header)
            let notices = inbox?.read(early.span, recorder: &ignored).notices ?? []
            act(on: notices, now, &actions)
        }
        flush(&actions)
        guard stage == .talking, !hasGivenUp else { return }
        review(now, &actions)
    }

    /// Reads the first octets behind an answer of the scenario's own, which show what the client takes it for.
    mutating func readFirstOctets(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        takeAsFrames(bytes[0], now)
        guard facts.hasOpened else {
            recorder.received([recorder.part(bytes)], at: now.nanoseconds)
            return finish(&actions)
        }
        readFrames(bytes, now, &actions)
    }

    /// Notes that the client has taken our answer for an acceptance, unless what it sends is another request.
    private mutating func takeAsFrames(_ first: UInt8?, _ now: LinkInstant) {
        guard !facts.hasOpened, let first, hasAccepted || !HTTPHead.canBeginRequest(first) else { return }
        markOpened(now)
    }

    private mutating func markOpened(_ now: LinkInstant) {
        openedAt = now
        facts.hasOpened = true
        recorder.mark(.opened, at: now.nanoseconds)
    }

    /// Notes that our answer accepts the request, and what it settles.
    private mutating func accept(with negotiation: Negotiation) {
        hasAccepted = true
        inbox?.negotiation = negotiation
    }

    /// The final response among the octets of an answer; nil where they hold none.
    private static func finalResponse(among octets: [UInt8]) -> HTTPHead? {
        var reader = ResponseReader()
        var position = 0
        while let event = reader.next(in: octets.span, at: &position) {
            if case .final(let response) = event { return response }
        }
        return nil
    }
}

extension RequestAssessment {
    /// Whether the request, whatever is wrong with it, wants a WebSocket connection.
    var asksForWebSocket: Bool {
        !problems.contains { [.requestLine, .requestMethod, .requestUpgrade].contains($0.rule) }
    }
}
