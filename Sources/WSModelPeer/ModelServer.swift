package import WSLink
import WSProtocol

/// A WebSocket echo server that does everything right, as a pure state machine.
///
/// It answers the handshake, sends every message back as one frame of the same type, answers Ping with Pong and Close
/// with Close, and fails the connection at the first octet that breaks a rule, UTF-8 within a frame included.
///
/// ```
///   linkConnected        101             Close received, or a rule broken            linkEnded
/// ───────► handshaking ──────► open ──────────────────────────────► closing ──────► over
///               │                                                      ▲
///               └──────────────────────────────────────────────────────┘ any other status
/// ```
///
/// In `closing` everything still to be sent is sent, then FIN. Input is read and thrown away until the client ends the
/// connection or ``lingering`` has passed, because closing a socket with unread input would turn our FIN into a reset
/// that can overtake our Close frame (RFC 6455 section 7.1.1).
package struct ModelServer: LinkMachine {
    /// What the server is made to be.
    package let settings: ModelServerSettings

    /// How long the client may take for its request.
    package static let handshakeLimit = LinkDuration.seconds(10)
    /// How long the client may take to read a piece of what was left to send when the server began to close.
    package static let closingLimit = LinkDuration.seconds(10)
    /// How long the client may take to end the connection after our FIN.
    package static let lingering = LinkDuration.seconds(1)

    private enum Stage: Sendable {
        case handshaking
        case open
        case closing
        /// FIN is out.
        case lingering
        case over
    }

    private enum Timer {
        static let handshake = LinkTimer(number: 0)
        static let closing = LinkTimer(number: 1)
    }

    private var stage = Stage.handshaking
    private var head = HTTPHeadDecoder(expecting: .request)
    private var decoder = StreamDecoder(sender: .client)
    private var message = MessageBuffer()
    private var outbox = Outbox()
    /// A frame's header that counts once it is known to break no rule.
    private var newHeader: FrameHeader?
    /// Whether the current frame's payload belongs to the message.
    private var isOfMessage = false

    /// Creates a server for one connection.
    package init(_ settings: ModelServerSettings = ModelServerSettings()) {
        self.settings = settings
    }

    // MARK: - Link events

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.setTimer(Timer.handshake, at: now + Self.handshakeLimit))
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        switch stage {
        case .handshaking: readHead(bytes, &actions)
        case .open: readFrames(bytes)
        case .closing, .lingering, .over: return
        }
        send(now, &actions)
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        guard stage != .over else { return }
        outbox.haveWritten()
        send(now, &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        switch (timer, stage) {
        case (Timer.handshake, .handshaking):
            refuse(status: 408)
            send(now, &actions)
        case (Timer.closing, .closing), (Timer.closing, .lingering):
            actions.append(.close)
            end()
        default: break
        }
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        self.end()
    }

    // MARK: - Reading

    private mutating func readHead(_ bytes: Span<UInt8>, _ actions: inout [LinkAction]) {
        switch head.feed(bytes) {
        case .needMore: break
        case .tooLarge: refuse(status: 431)
        case .notHTTP: refuse(status: 400)
        case .complete(let request, let consumed):
            let answer = answer(to: request)
            if answer.status == 101, expectsContinue(request) {
                outbox.append(octets: HandshakeResponse(status: 100, reason: "Continue").encode())
            }
            outbox.append(octets: answer.encode())
            stage = answer.status == 101 ? .open : .closing
            guard stage == .open else { return }
            actions.append(.cancelTimer(Timer.handshake))
            readFrames(bytes.extracting(consumed..<bytes.count))
        }
    }

    private mutating func refuse(status: Int) {
        outbox.append(octets: refusal(status: status).encode())
        stage = .closing
    }

    private mutating func readFrames(_ bytes: Span<UInt8>) {
        var position = 0
        while stage == .open {
            let event = decoder.next(in: bytes, at: &position)
            // The violations of a header follow it; only then is its frame one to act on.
            if case .violation(let violation) = event {
                fail(violation.rule.closeCode, violation.rule.summary)
                continue
            }
            if let header = newHeader.take() {
                begin(header)
                guard stage == .open else { return }
            }
            switch event {
            case nil: return
            case .frame(let header, _): newHeader = header
            case .payload(let chunk, let payloadOffset, _):
                guard isOfMessage else { break }
                let key = decoder.currentHeader?.maskingKey?.rawValue ?? 0
                message.append(bytes.extracting(chunk), key: key, payloadOffset: payloadOffset)
            case .messageEnd: echo()
            case .control(let frame):
                if frame.opcode == .ping { reply(.pong, frame.payload) }
            case .close(let body, _, _): closeArrived(body, bytes, &position)
            case .frameEnd, .violation: break
            }
        }
    }

    private mutating func begin(_ header: FrameHeader) {
        isOfMessage = false
        guard !header.opcode.isControl, !header.opcode.isReserved else { return }
        if header.opcode != .continuation { message.start(header.opcode) }
        guard message.opcode != nil else { return }
        isOfMessage = true
        // RFC 6455 section 10.4: a limit is checked before the octets are taken in.
        let room = settings.maximumMessageLength - message.count
        if header.payloadLength > UInt64(max(0, room)) {
            fail(CloseCode.messageTooBig, "a message has more than \(settings.maximumMessageLength) octets")
        }
    }

    // MARK: - Answers

    private mutating func echo() {
        guard let opcode = message.opcode else { return }
        let header = FrameHeader(opcode: opcode, payloadLength: UInt64(message.count))
        if message.count <= MessageBuffer.chunkLength / 4 {
            outbox.append(header, payload: message.onlyChunk.span)
            message.finish()
        } else {
            outbox.append(header, chunks: message.take())
        }
    }

    private mutating func reply(_ opcode: Opcode, _ payload: [UInt8]) {
        let header = FrameHeader(opcode: opcode, payloadLength: UInt64(payload.count))
        outbox.append(header, payload: payload.span)
    }

    private mutating func closeArrived(_ body: CloseBody, _ bytes: Span<UInt8>, _ position: inout Int) {
        // The violations of a Close frame follow it.
        if case .violation(let violation) = decoder.next(in: bytes, at: &position) {
            fail(violation.rule.closeCode, violation.rule.summary)
            return
        }
        // RFC 6455 section 5.5.1: the received code is echoed; 1010 is one that no server sends (section 7.4.1).
        let code = body.code.map { CloseCode.mayAppearOnWire($0, sentBy: .server) ? $0 : CloseCode.normal }
        reply(.close, CloseBody(code: code).encoded)
        stage = .closing
    }

    /// Fails the connection: a Close frame, then the end; nothing further is processed (RFC 6455 section 7.1.7).
    private mutating func fail(_ code: UInt16, _ reason: String) {
        reply(.close, CloseBody(code: code, reason: Array(reason.utf8)).encoded)
        stage = .closing
    }

    // MARK: - Sending

    /// Hands over what the link takes, and ends our side once all is out.
    private mutating func send(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard outbox.backlog <= settings.maximumBacklog else {
            // RFC 6455 section 7.1.1 allows any means against a client that only writes and never reads.
            actions.append(.reset)
            end()
            return
        }
        outbox.flush(into: &actions)
        guard stage == .closing else { return }
        message.forget()
        guard outbox.isEmpty else {
            actions.append(.setTimer(Timer.closing, at: now + Self.closingLimit))
            return
        }
        stage = .lingering
        actions.append(.closeOutput)
        actions.append(.setTimer(Timer.closing, at: now + Self.lingering))
    }

    private mutating func end() {
        stage = .over
        message.forget()
        outbox.forget()
    }
}
