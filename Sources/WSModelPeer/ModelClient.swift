import WSKernels
package import WSLink
import WSProtocol

/// A correct WebSocket client whose application echoes, as a pure state machine.
///
/// It opens the connection, offers permessage-deflate, checks the answer by all rules of RFC 6455 section 4.1 and of
/// RFC 7692 section 7, echoes messages, answers Ping with Pong and Close with Close, and fails the connection at the
/// first octet that violates a rule.
///
/// ```
///   linkConnected          101 that fits       Close received, or a rule broken       all is out
/// ───────► handshaking ────────────────► open ────────────────────────────────► closing ────────► lingering ─► over
///               │  any other answer                                                                             ▲
///               └───────────────────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// In `lingering` it waits for the server to end TCP (RFC 6455 section 7.1.1), at most for ``patience``.
///
/// Deliberate deviations are listed in ``ModelDefect`` and ``ClientDefect``.
package struct ModelClient: LinkMachine {
    /// The settings that it was created with.
    package let settings: ModelClientSettings

    /// How long the server may take to answer.
    package static let handshakeLimit = LinkDuration.seconds(10)
    /// How long the server may take to end TCP after both Close frames.
    package static let patience = LinkDuration.seconds(2)

    private enum Timer {
        static let handshake = LinkTimer(number: 10)
    }

    private var endpoint: ModelEndpoint
    private var head = HTTPHeadDecoder(expecting: .response)
    let request: HandshakeRequest
    /// How many reads the answer took.
    private var reads = 0

    var defects: Set<ClientDefect> { settings.clientDefects }

    /// Creates a client for one connection.
    package init(_ settings: ModelClientSettings) {
        self.settings = settings
        var keys = MaskingKeys(seed: settings.seed, defects: settings.clientDefects)
        let nonce =
            settings.clientDefects.contains(.reusesKey)
            ? [UInt8](0..<16) : keys.octets(settings.clientDefects.contains(.shortKey) ? 8 : 16)
        request = HandshakeRequest(
            host: settings.host,
            target: settings.target,
            key: Base64.encode(nonce.span),
            version: settings.clientDefects.contains(.asksForVersion8) ? "8" : "13",
            subprotocols: settings.subprotocols,
            extensions: settings.compressionOffers.map(\.element.text),
            extraFields: [HTTPField("User-Agent", "wsconform/\(settings.version)")]
        )
        endpoint = ModelEndpoint(
            role: .client,
            defects: settings.defects,
            // 1010 makes no sense from a server (RFC 6455 section 7.4.1), but does a client no harm.
            swallowing: settings.clientDefects.contains(.swallowsMasked)
                ? [.maskedServerFrame, .closeCodeForClientsOnly] : [.closeCodeForClientsOnly],
            maximumMessageLength: settings.maximumMessageLength,
            maximumBacklog: settings.maximumBacklog,
            keys: keys
        )
        if settings.clientDefects.contains(.takesLargeAnswers) {
            head = HTTPHeadDecoder(expecting: .response, limit: settings.maximumMessageLength)
        }
        endpoint.dropsAtClose = settings.clientDefects.contains(.dropsAtClose)
        endpoint.leavesKeyOutOfEmptyFrames = settings.clientDefects.contains(.leavesKeyOutOfEmptyFrames)
        endpoint.countsKeyInLength = settings.clientDefects.contains(.countsKeyInLength)
        endpoint.endsFirst = settings.clientDefects.contains(.endsBeforeServer)
        endpoint.echoesBehindClose = settings.clientDefects.contains(.echoesBehindItsClose)
    }

    // MARK: - Link events

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.setTimer(Timer.handshake, at: now + Self.handshakeLimit))
        if defects.contains(.saysNothing) { return }
        guard !settings.isOnStream else {
            return actions.append(.sendFields(streamRequest, ends: defects.contains(.endsStreamWithRequest)))
        }
        endpoint.outbox.append(octets: requestOctets)
        if defects.contains(.sendsBeforeAnswer) { endpoint.sendOwn(.ping, Array("early".utf8)) }
        if defects.contains(.sendsMessageBeforeAnswer) { sendMessage() }
        endpoint.send(now, &actions)
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        switch endpoint.stage {
        // Octets before the answer belong to nothing.
        case .handshaking where settings.isOnStream: return
        case .handshaking where defects.contains(.readsAnyProtocol) && reads == 0:
            let octets = bytes.withAnotherStatusLine
            readHead(octets.span, &actions)
        case .handshaking: readHead(bytes, &actions)
        case .open:
            endpoint.readFrames(bytes)
            let hasAnswered = endpoint.stage == .open && !endpoint.hasSentClose && !endpoint.outbox.isEmpty
            if hasAnswered, defects.contains(.closesBehindAnswer) {
                endpoint.sendOwn(.close, CloseBody(code: CloseCode.normal).encoded)
            }
        case .closing, .lingering, .resetting, .over: return
        }
        guard endpoint.stage != .over else { return }
        endpoint.endInput(now, &actions)
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        guard endpoint.stage != .over else { return }
        endpoint.outbox.haveWritten()
        endpoint.send(now, &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        if timer == Timer.handshake, endpoint.stage == .handshaking {
            refuse(&actions)
        } else {
            endpoint.timerFired(timer, now, &actions)
        }
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        endpoint.end()
    }

    /// Whether the answer to the request has not come.
    var isHandshaking: Bool { endpoint.stage == .handshaking }

    /// Goes on behind an answer on a stream of HTTP/2.
    mutating func endInput(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard endpoint.stage != .over else { return }
        endpoint.endInput(now, &actions)
    }

    // MARK: - The opening handshake

    private mutating func readHead(_ bytes: Span<UInt8>, _ actions: inout [LinkAction]) {
        reads += 1
        var start = 0
        while start < bytes.count, endpoint.stage == .handshaking {
            switch head.feed(bytes.extracting(start..<bytes.count)) {
            case .needMore: return
            case .notHTTP where defects.contains(.ignoresOtherProblems): return open(&actions)
            case .tooLarge, .notHTTP: return refuse(&actions)
            case .complete(let response, let consumed):
                start += consumed
                if isInterim(response) { continue }
                let answer = misreading(response)
                guard take(answer, &actions) else { return }
                if start < bytes.count, !defects.contains(.losesFramesBehindAnswer) {
                    endpoint.readFrames(bytes.extracting(start..<bytes.count))
                }
                return
            }
        }
    }

    /// Opens the connection if the answer is accepted, and refuses it if not.
    ///
    /// - Returns: Whether frames that follow the answer are to be read.
    mutating func take(_ answer: HTTPHead, _ actions: inout [LinkAction]) -> Bool {
        guard accepts(answer) else {
            refuse(&actions)
            return false
        }
        let agreed = Negotiation(answer).compression
        endpoint.use(agreed)
        endpoint.refusesCompressed =
            defects.contains(.cannotInflateSmallestWindow) && agreed?.windowBits(of: .server) == 8
        open(&actions)
        guard defects.contains(.closesOverSmallestWindow), agreed?.windowBits(of: .client) == 8 else { return true }
        endpoint.sendOwn(.close, CloseBody(code: CloseCode.protocolError, reason: []).encoded)
        return false
    }

    /// Whether the response is interim, so that a final one follows (RFC 9110 section 15.2).
    private func isInterim(_ response: HTTPHead) -> Bool {
        guard let status = StatusLine(response)?.code, !defects.contains(.refusesInterimResponses) else { return false }
        if defects.contains(.expectsContentOfInterim), !response.fields.isEmpty { return false }
        return (100..<200).contains(status) && status != 101
    }

    /// Whether the answer is accepted (RFC 6455 section 4.1), considering the defects.
    private func accepts(_ response: HTTPHead) -> Bool {
        var problems = HandshakeRules.checkResponse(response, to: request)
        let values = response.values(of: "Sec-WebSocket-Accept")
        let taken = defects.contains(.takesFirstAccept) ? values.first : values.last
        if !defects.isDisjoint(with: [.takesFirstAccept, .takesLastAccept]),
            taken == AcceptKey.accept(forKey: request.key)
        {
            problems.removeAll { [.responseAcceptRepeated, .responseAcceptWrong].contains($0.rule) }
        }
        guard problems.allSatisfy({ problem in defects.contains { $0.overlooks(problem.rule) } }) else { return false }
        guard acceptsCompression(of: response) else { return false }
        guard !defects.isEmpty else { return true }
        if defects.contains(.refusesPieces), reads > 1 { return false }
        if minds(response) { return false }
        if defects.contains(.requiresCanonicalNames) {
            let names = response.fields.map { response.name(of: $0) }
            guard ["Upgrade", "Connection", "Sec-WebSocket-Accept"].allSatisfy(names.contains) else { return false }
        }
        let options = response.tokens(of: "Connection")
        if defects.contains(.caseSensitiveValues) {
            guard response.values(of: "Upgrade") == ["websocket"], options.contains("Upgrade") else { return false }
        }
        return !defects.contains(.refusesConnectionList) || !response.values(of: "Connection").joined().contains(",")
    }

    private mutating func open(_ actions: inout [LinkAction]) {
        endpoint.stage = .open
        actions.append(.cancelTimer(Timer.handshake))
        if case .close = settings.action, defects.contains(.dropsInsteadOfClosing) {
            actions.append(.close)
            return endpoint.end()
        }
        if case .close(let code, let reason) = settings.action {
            let code = defects.contains(.closesWithOtherCode) ? CloseCode.goingAway : code
            let reason = defects.contains(.closesWithOtherReason) && code != nil ? Array("another".utf8) : reason
            endpoint.sendOwn(.close, CloseBody(code: code, reason: reason).encoded)
        } else if !defects.contains(.sendsMessageBeforeAnswer) {
            sendMessage()
        }
    }

    /// Sends the message that the application has, if it has one.
    private mutating func sendMessage() {
        let isChanged = defects.contains(.changesTypeOfOwn)
        switch settings.action {
        case .sendText(let octets): endpoint.sendOwn(isChanged ? .binary : .text, octets)
        case .sendBinary(let octets): endpoint.sendOwn(isChanged ? .text : .binary, octets)
        case .close, nil: break
        }
    }

    /// Fails a connection that was never opened, without a Close frame (RFC 6455 section 7.1.7).
    mutating func refuse(_ actions: inout [LinkAction]) {
        actions.append(.cancelTimer(Timer.handshake))
        guard !defects.contains(.keepsRefusedConnections) else {
            endpoint.stage = .lingering
            return
        }
        actions.append(.close)
        endpoint.end()
    }
}

extension Span<UInt8> {
    /// The octets with a first line that accepts a handshake instead of their own.
    fileprivate var withAnotherStatusLine: [UInt8] {
        var octets: [UInt8] = []
        for index in indices { octets.append(self[index]) }
        guard let end = octets.firstIndex(of: UInt8(ascii: "\n")) else { return octets }
        return Array("HTTP/1.1 101 Switching Protocols\r".utf8) + octets[end...]
    }
}
