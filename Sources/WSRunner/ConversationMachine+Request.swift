import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// The opening: which request goes out, and in which writes.
extension ConversationMachine {
    /// Whether the scenario sends a request of its own, so that a refusal is an answer and no failure.
    var opensOnItsOwn: Bool {
        if case .request = scenario.opening { true } else { false }
    }

    /// The request that the scenario sends in place of the ordinary one, if it does.
    private var ownRequest: RequestToSend? {
        if case .request(let custom) = scenario.opening { custom } else { nil }
    }

    /// The octets of the request.
    var requestOctets: [UInt8] {
        ownRequest?.octets(placeholderValues) ?? request.encode()
    }

    private var placeholderValues: [RequestToSend.Placeholder: [UInt8]] {
        var plain = request
        plain.subprotocols = []
        var anonymous = request
        anonymous.origin = nil
        return [
            .target: Array(request.target.utf8),
            .targetAndMore: Array((request.target + (request.target.contains("?") ? "&" : "?")).utf8),
            .host: Array(request.host.utf8),
            .key: Array(request.key.utf8),
            .fields: Self.lines(request.fields),
            .fieldsWithoutSubprotocol: Self.lines(plain.fields),
            .fieldsWithoutOrigin: Self.lines(anonymous.fields.filter { $0.name.lowercased() != "origin" }),
        ]
    }

    /// Sends what is due of the request.
    mutating func sendRequest(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        let pause = sendPiece(hasFollowedUp ? .whole : scenario.opening.pacing, now)
        requestSent = now
        if let pause, !requestRest.isEmpty {
            wait = .request
            actions.append(.setTimer(Timer.wait, at: now + pause))
        } else if let ending = scenario.opening.ending {
            wait = .requestEnding
            actions.append(.setTimer(Timer.wait, at: now + ending.delay))
        }
        if scenario.opening != .framesWithHandshake { flush(&actions) }
    }

    /// Hands over what is due of our octets, and says how long to wait before the next ones.
    mutating func sendPiece(_ pacing: RequestToSend.Pacing, _ now: LinkInstant) -> LinkDuration? {
        var count = requestRest.count
        var pause: LinkDuration?
        switch pacing {
        case .whole: break
        case .pieces(let length):
            count = min(max(1, length), count)
            pause = Pacing.betweenPieces
        case .holdingBack(let last, let milliseconds) where !hasHeldBack:
            hasHeldBack = true
            count -= min(last, count)
            pause = .milliseconds(Int64(milliseconds))
        case .awaitingContinue(let last) where !hasHeldBack:
            hasHeldBack = true
            count -= min(last, count)
        case .holdingBack, .awaitingContinue: break
        }
        let piece = Array(requestRest.prefix(count))
        requestRest = requestRest.dropFirst(count)
        if !piece.isEmpty { recorder.sent(.octets(piece), at: now.nanoseconds) }
        outbox += piece
        return pause
    }

    /// Ends a connection on which no answer has come, as the scenario wants it.
    mutating func endRequest(_ actions: inout [LinkAction]) {
        guard stage == .handshaking || settings.role == .server else { return }
        switch scenario.opening.ending {
        case .endOutput:
            hasEndedOutput = true
            actions.append(.closeOutput)
        case .reset: actions.append(.reset)
        case nil: break
        }
    }

    /// Forgets what has not left of the request, and how the scenario would have ended the connection.
    mutating func dropRestOfRequest(_ actions: inout [LinkAction]) {
        requestRest = []
        switch wait {
        case .request, .requestEnding:
            wait = nil
            actions.append(.cancelTimer(Timer.wait))
        default: break
        }
    }

    // MARK: - Refusals

    /// The answer that refused a request, while its content is read.
    struct Refusal: Sendable {
        var content: HTTPContentDecoder
        /// Whether the peer has said, or has to make good, that the connection ends behind it.
        var endsConnection: Bool
    }

    /// Reads on behind the head of an answer other than 101: a judge wants to know whether and how it ends.
    ///
    /// Where the ordinary handshake is refused there is nothing to find out, and the run wants to know soon.
    mutating func beginRefusal(
        _ response: HTTPHead,
        _ rest: Span<UInt8>,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        guard opensOnItsOwn else {
            if rest.count > 0 { recorder.received([recorder.part(rest)], at: now.nanoseconds) }
            return finish(&actions)
        }
        stage = .refused
        let method = String(decoding: requestOctets.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        let content = HTTPContentDecoder(after: response, method: method)
        let mustClose = scenario.behaviour.contains { outcome in
            if case .refusedAndClosed = outcome.pattern { true } else { false }
        }
        let saysClose = response.tokens(of: "Connection").contains { $0.lowercased() == "close" }
        refusal = Refusal(content: content, endsConnection: mustClose || saysClose)
        readRefusal(rest, now, &actions)
    }

    /// Reads the content of a refusal; behind its end comes the second request, or our end of the connection.
    mutating func readRefusal(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        if bytes.count > 0 { recorder.received([recorder.part(bytes)], at: now.nanoseconds) }
        _ = refusal?.content.feed(bytes)
        guard let refusal, refusal.content.isComplete, !refusal.endsConnection else { return }
        guard !hasFollowedUp, let second = ownRequest?.followUpOctets(placeholderValues) else {
            return finish(&actions)
        }
        hasFollowedUp = true
        self.refusal = nil
        stage = .handshaking
        answer = ResponseReader()
        requestRest = second[...]
        sendRequest(now, &actions)
    }

    /// The lines of the fields that are no part of every handshake.
    private static func lines(_ fields: [HTTPField]) -> [UInt8] {
        let own: Set = ["host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version"]
        return fields.filter { !own.contains($0.name.lowercased()) }
            .flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    }
}

extension RequestToSend.Ending {
    /// How long the answer is awaited before.
    var delay: LinkDuration {
        switch self {
        case .endOutput(let milliseconds), .reset(let milliseconds): .milliseconds(Int64(milliseconds))
        }
    }
}
