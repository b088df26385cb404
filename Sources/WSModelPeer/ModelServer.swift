package import WSLink
import WSProtocol

/// A correct WebSocket echo server, as a pure state machine.
///
/// It answers the handshake, echoes each message in one frame of the same type, answers Ping with Pong and Close with
/// Close, and fails the connection at the first octet that violates a rule, also inside a frame. It accepts every valid
/// offer of permessage-deflate and then compresses.
///
/// ```
///   linkConnected        101           Close received, or a rule broken         all is out, FIN
/// ───────► handshaking ──────► open ──────────────────────────────► closing ─────────────────► lingering ──► over
///               │                                                      ▲
///               └──────────────────────────────────────────────────────┘ any other status
/// ```
///
/// In `closing` it sends everything that is still to be sent, then FIN. After that it reads and ignores input until the
/// client ends the connection or ``lingeringLimit`` has passed: closing a socket with unread input would turn the FIN
/// into a reset that can overtake the Close frame (RFC 6455 section 7.1.1). The link may end at any time.
///
/// Deliberate deviations are listed in ``ModelDefect``. Those of the opening handshake are applied here, all others in
/// ``ModelEndpoint``.
package struct ModelServer: LinkMachine {
    /// The settings that it was created with.
    package let settings: ModelServerSettings

    /// How long the client may take to send its request.
    package static let handshakeLimit = LinkDuration.seconds(10)
    /// How long the client may take to read a piece of the rest when the server closes.
    package static let closingLimit = LinkDuration.seconds(10)
    /// How long the client may take to end the connection after the FIN.
    package static let lingeringLimit = LinkDuration.seconds(1)
    /// How long a server that resets after both Close frames lets the client read the last octets.
    package static let timeBeforeReset = LinkDuration.milliseconds(50)
    /// How long a server takes that is late with its Close frame or with the end of TCP.
    package static let tardiness = LinkDuration.milliseconds(1500)

    private enum Timer {
        static let handshake = LinkTimer(number: 0)
    }

    private var endpoint: ModelEndpoint
    private var head = HTTPHeadDecoder(expecting: .request)
    /// Whether a head came in more than one read.
    private var cameInPieces = false

    private var defects: Set<ModelDefect> { settings.defects }

    /// Creates a server for one connection.
    package init(_ settings: ModelServerSettings = ModelServerSettings()) {
        self.settings = settings
        endpoint = ModelEndpoint(
            role: .server,
            defects: settings.defects,
            maximumMessageLength: settings.maximumMessageLength,
            maximumBacklog: settings.maximumBacklog
        )
    }

    // MARK: - Link events

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.setTimer(Timer.handshake, at: now + Self.handshakeLimit))
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        switch endpoint.stage {
        case .handshaking where defects.contains(.readsCRAsLineEnd):
            let octets = bytes.withLineEndsForCarriageReturns
            readHead(octets.span, &actions)
        case .handshaking: readHead(bytes, &actions)
        case .open: endpoint.readFrames(bytes)
        case .closing, .lingering, .resetting, .over: return
        }
        endpoint.endInput(now, &actions)
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        guard endpoint.stage != .over else { return }
        endpoint.outbox.haveWritten()
        endpoint.send(now, &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        if timer == Timer.handshake, endpoint.stage == .handshaking {
            refuse(status: 408, &actions)
            endpoint.send(now, &actions)
        } else {
            endpoint.timerFired(timer, now, &actions)
        }
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        endpoint.end()
    }

    // MARK: - Streams

    /// Whether the request has not been answered.
    var isHandshaking: Bool { endpoint.stage == .handshaking }

    /// Goes on behind the answer to a request on a stream of HTTP/2, which was accepted or refused.
    mutating func end(accepting answer: Answer?, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        actions.append(.cancelTimer(Timer.handshake))
        endpoint.stage = answer == nil ? .closing : .open
        if let answer { endpoint.use(answer.compression) }
        endpoint.endInput(now, &actions)
    }

    // MARK: - Reading

    private mutating func readHead(_ bytes: Span<UInt8>, _ actions: inout [LinkAction]) {
        let outcome = head.feed(bytes)
        if defects.contains(.acceptsAnything) { return acceptAnything(outcome, bytes, &actions) }
        switch outcome {
        case .needMore:
            cameInPieces = true
            guard defects.contains(.answersTooEarly), let early = earlyAnswer(to: head.received) else { return }
            endpoint.outbox.append(octets: early.octets)
            endpoint.use(early.compression)
            endpoint.stage = .open
            actions.append(.cancelTimer(Timer.handshake))
        // Status 414 is for a target that is too long (RFC 9112 section 3), 431 for fields (RFC 6585 section 5).
        case .tooLarge:
            let isTarget = !head.received.contains(UInt8(ascii: "\n"))
            let fields: Int = defects.contains(.refusesLargeFieldsWith500) ? 500 : 431
            refuse(status: isTarget ? defects.contains(.refusesLongTargetsWith400) ? 400 : 414 : fields, &actions)
        case .notHTTP: refuse(status: 400, &actions)
        case .complete(let request, let consumed):
            guard !dropsSilently(request) else {
                endpoint.stage = .closing
                return
            }
            if defects.contains(.neverDecides), isUpToTheServer(request) {
                actions.append(.cancelTimer(Timer.handshake))
                endpoint.stage = .lingering
                return
            }
            endpoint.usesUnlistedExtension = defects.contains(.usesUnlistedExtension) && request.offersCompression
            let answer = answer(to: defects.isEmpty ? request : request.misread(by: defects), inPieces: cameInPieces)
            guard answer.isAccepted else { return refuse(answer.octets, &actions) }
            endpoint.outbox.append(octets: answer.octets)
            endpoint.use(answer.compression)
            endpoint.stage = .open
            actions.append(.cancelTimer(Timer.handshake))
            if defects.contains(.closesOverSubprotocols), !request.fields(named: "Sec-WebSocket-Protocol").isEmpty {
                endpoint.sendOwn(.close, CloseBody(code: 4001, reason: Array("chat.v2 only".utf8)).encoded)
            }
            endpoint.readFrames(bytes.extracting(consumed..<bytes.count))
        }
    }

    /// Accepts whatever has come; what cannot be accepted as it is gets an answer to an empty key.
    private mutating func acceptAnything(
        _ outcome: HTTPHeadDecoder.Outcome,
        _ bytes: Span<UInt8>,
        _ actions: inout [LinkAction]
    ) {
        endpoint.stage = .open
        actions.append(.cancelTimer(Timer.handshake))
        guard case .complete(let request, let consumed) = outcome, request.startLineText.hasPrefix("GET ") else {
            return endpoint.outbox.append(octets: encode(HandshakeResponse.accepting(key: "")))
        }
        let answer = answer(to: request, inPieces: false)
        guard answer.isAccepted else {
            return endpoint.outbox.append(octets: encode(HandshakeResponse.accepting(key: "")))
        }
        endpoint.outbox.append(octets: answer.octets)
        endpoint.use(answer.compression)
        endpoint.readFrames(bytes.extracting(consumed..<bytes.count))
    }

    private mutating func refuse(status: Int, _ actions: inout [LinkAction]) {
        refuse(encode(refusal(status: status)), &actions)
    }

    private mutating func refuse(_ octets: [UInt8], _ actions: inout [LinkAction]) {
        if defects.isDisjoint(with: [.dropsInsteadOfRefusing, .neverRefuses]) {
            endpoint.outbox.append(octets: octets)
        }
        guard !defects.contains(.keepsRefusedConnections) else { return }
        endpoint.stage = .closing
        if !defects.isDisjoint(with: [.neverRefuses, .endlessRefusal, .leavesOpenAfterClose]) {
            actions.append(.cancelTimer(Timer.handshake))
            endpoint.stage = .lingering
        }
    }
}
