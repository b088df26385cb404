package import WSLink
import WSProtocol

/// A WebSocket echo server that does everything right, as a pure state machine.
///
/// It answers the handshake, sends every message back as one frame of the same type, answers Ping with Pong and Close
/// with Close, and fails the connection at the first octet that breaks a rule, UTF-8 within a frame included.
///
/// ```
///   linkConnected        101           Close received, or a rule broken         all is out, FIN
/// ───────► handshaking ──────► open ──────────────────────────────► closing ─────────────────► lingering ──► over
///               │                                                      ▲
///               └──────────────────────────────────────────────────────┘ any other status
/// ```
///
/// In `closing` everything still to be sent is sent, then FIN. Input is read and thrown away until the client ends the
/// connection or ``lingeringLimit`` has passed, because closing a socket with unread input would turn our FIN into a
/// reset that can overtake our Close frame (RFC 6455 section 7.1.1). The link may end at any time.
///
/// What it does otherwise on purpose is named by ``ModelDefect``.
/// What shows in what it sends is applied in ``emit(_:)``
/// alone; what shows in what it accepts is asked for where the correct server decides.
package struct ModelServer: LinkMachine {
    /// What the server is made to be.
    package let settings: ModelServerSettings

    /// How long the client may take for its request.
    package static let handshakeLimit = LinkDuration.seconds(10)
    /// How long the client may take to read a piece of what was left to send when the server began to close.
    package static let closingLimit = LinkDuration.seconds(10)
    /// How long the client may take to end the connection after our FIN.
    package static let lingeringLimit = LinkDuration.seconds(1)
    /// How long a server that resets after both Close frames leaves the client to read its own.
    package static let timeBeforeReset = LinkDuration.milliseconds(50)
    /// How long a server that is late with its Close frame, or with the end of TCP, takes for it.
    package static let tardiness = LinkDuration.milliseconds(1500)
    /// Up to this length an echo is copied, to leave in one write with its header.
    private static let copiedLength = 65_536

    private enum Stage: Sendable {
        case handshaking
        case open
        case closing
        /// FIN is out.
        case lingering
        /// A reset is due.
        case resetting
        case over
    }

    private enum Timer {
        static let handshake = LinkTimer(number: 0)
        static let closing = LinkTimer(number: 1)
        static let reply = LinkTimer(number: 2)
    }

    private var stage = Stage.handshaking
    private var head = HTTPHeadDecoder(expecting: .request)
    private var decoder = StreamDecoder(sender: .client)
    private var message = MessageBuffer()
    private var outbox = Outbox()
    private var spoiler: FrameSpoiler
    /// A frame's header that counts once no violation has followed it.
    private var newHeader: FrameHeader?
    /// A Close body that counts once no violation has followed it.
    private var newClose: CloseBody?
    /// Whether the current frame's payload belongs to the message.
    private var isOfMessage = false
    /// A rule broken by the open message that a defect leaves for its end.
    private var deferredRule: ViolationRule?
    private var hasSentClose = false
    /// Whether a Close has been left for later.
    private var isLate = false
    /// A Close body that a defect leaves for later.
    private var deferredClose: CloseBody?
    /// Whether the last data frame was a continuation.
    private var isContinued = false
    /// How many octets of the open message had come when each of its fragments ended.
    private var fragmentEnds: [Int] = []
    /// Whether a message has come.
    private var hasHeardMessage = false
    /// Whether frames use an extension that was offered and not accepted.
    private var usesUnlistedExtension = false
    /// Whether a head did not come in one read.
    private var cameInPieces = false
    private let swallowedRules: Set<ViolationRule>

    private var defects: Set<ModelDefect> { settings.defects }

    /// Creates a server for one connection.
    package init(_ settings: ModelServerSettings = ModelServerSettings()) {
        self.settings = settings
        spoiler = FrameSpoiler(settings.defects)
        swallowedRules = Set(settings.defects.flatMap(\.swallowedRules))
    }

    // MARK: - Link events

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.setTimer(Timer.handshake, at: now + Self.handshakeLimit))
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        switch stage {
        case .handshaking where defects.contains(.readsCRAsLineEnd):
            let octets = bytes.withLineEndsForCarriageReturns
            readHead(octets.span, &actions)
        case .handshaking: readHead(bytes, &actions)
        case .open: readFrames(bytes)
        case .closing, .lingering, .resetting, .over: return
        }
        outbox.append(spoiler.framesAtEndOfInput())
        if deferredClose != nil { actions.append(.setTimer(Timer.reply, at: now + Self.tardiness)) }
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
            refuse(status: 408, &actions)
            send(now, &actions)
        case (Timer.reply, .open):
            if let body = deferredClose.take() { answerClose(body) }
            send(now, &actions)
        case (Timer.closing, .closing), (Timer.closing, .lingering):
            actions.append(defects.contains(.resetsAfterClose) ? .reset : .close)
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
        case .needMore:
            cameInPieces = true
            guard defects.contains(.answersTooEarly), let early = earlyAnswer(to: head.received) else { return }
            outbox.append(octets: early)
            stage = .open
            actions.append(.cancelTimer(Timer.handshake))
        // RFC 9112 section 3 has 414 for a target that is too long, RFC 6585 section 5 has 431 for fields.
        case .tooLarge:
            let isTarget = !head.received.contains(UInt8(ascii: "\n"))
            let fields: Int = defects.contains(.refusesLargeFieldsWith500) ? 500 : 431
            refuse(status: isTarget ? defects.contains(.refusesLongTargetsWith400) ? 400 : 414 : fields, &actions)
        case .notHTTP: refuse(status: 400, &actions)
        case .complete(let request, let consumed):
            guard !dropsSilently(request) else {
                stage = .closing
                return
            }
            usesUnlistedExtension = defects.contains(.usesUnlistedExtension) && request.offersCompression
            let answer = answer(to: defects.isEmpty ? request : request.misread(by: defects), inPieces: cameInPieces)
            guard answer.isAccepted else { return refuse(answer.octets, &actions) }
            outbox.append(octets: answer.octets)
            stage = .open
            actions.append(.cancelTimer(Timer.handshake))
            readFrames(bytes.extracting(consumed..<bytes.count))
        }
    }

    private mutating func refuse(status: Int, _ actions: inout [LinkAction]) {
        refuse(encode(refusal(status: status), to: nil), &actions)
    }

    private mutating func refuse(_ octets: [UInt8], _ actions: inout [LinkAction]) {
        if defects.isDisjoint(with: [.dropsInsteadOfRefusing, .neverRefuses]) { outbox.append(octets: octets) }
        guard !defects.contains(.keepsRefusedConnections) else { return }
        stage = .closing
        if !defects.isDisjoint(with: [.neverRefuses, .endlessRefusal, .leavesOpenAfterClose]) {
            actions.append(.cancelTimer(Timer.handshake))
            stage = .lingering
        }
    }

    private mutating func readFrames(_ bytes: Span<UInt8>) {
        var position = 0
        while stage == .open {
            let event = decoder.next(in: bytes, at: &position)
            if case .violation(let violation) = event {
                judge(violation.rule)
                continue
            }
            // Violations follow the header or the Close that they are about; only now is it one to act on.
            if let header = newHeader.take() { begin(header) }
            if let body = newClose.take() { answerClose(body) }
            guard stage == .open, let event else { return }
            switch event {
            case .frame(let header, _): newHeader = header
            case .payload(let chunk, let payloadOffset, _): take(bytes.extracting(chunk), at: payloadOffset)
            case .frameEnd: endFrame()
            case .messageEnd: endMessage()
            case .control(let frame): answer(frame)
            case .close(let body, _, _): newClose = body
            case .violation: break
            }
        }
    }

    private mutating func judge(_ rule: ViolationRule) {
        guard !swallowedRules.contains(rule) else { return }
        if rule == .invalidUTF8, defects.contains(.lateUTF8Check) {
            deferredRule = rule
        } else {
            fail(rule.closeCode, rule.summary)
        }
    }

    private mutating func begin(_ header: FrameHeader) {
        if let reason = defects.refusal(of: header, insideMessage: message.opcode != nil) {
            fail(CloseCode.protocolError, reason)
            return
        }
        isOfMessage = false
        guard !header.opcode.isControl, !header.opcode.isReserved else { return }
        if header.opcode != .continuation {
            message.start(header.opcode)
            fragmentEnds.removeAll()
        }
        isContinued = header.opcode == .continuation
        guard message.opcode != nil else { return }
        isOfMessage = true
        if defects.contains(.pingsInsideFrames) { emit(OutgoingFrame(.surplus, .ping, Array("inside".utf8))) }
        if defects.contains(.refusesBinary), header.opcode == .binary {
            fail(CloseCode.unsupportedData, "binary messages are not taken")
            return
        }
        if defects.contains(.resetsOnBinary), header.opcode == .binary { stage = .resetting }
        if defects.contains(.swallowsLengthTopBit), header.payloadLength >> 63 != 0 { return }
        // RFC 6455 section 10.4: a limit is checked before the octets are taken in.
        if header.payloadLength > UInt64(max(0, limit - message.count)) { failTooBig() }
    }

    private mutating func take(_ bytes: Span<UInt8>, at payloadOffset: UInt64) {
        guard isOfMessage else { return }
        // Only a length that a defect has overlooked can exceed the limit here.
        guard bytes.count <= limit - message.count else { return failTooBig() }
        let key = defects.contains(.echoesMasked) ? 0 : decoder.currentHeader?.maskingKey?.rawValue ?? 0
        let offset = defects.contains(.restartsKeyPerRead) ? 0 : payloadOffset
        message.append(bytes, key: key, payloadOffset: offset)
    }

    private mutating func endFrame() {
        if isOfMessage, defects.contains(.reversesFragments) { fragmentEnds.append(message.count) }
        if isOfMessage, defects.contains(.echoesFragments), decoder.isInsideMessage, let opcode = message.opcode {
            emit(OutgoingFrame(.echo, opcode, message.octets))
            message.start(opcode)
        }
        guard isOfMessage, message.opcode == .text, defects.judgesTexts else { return }
        if let reason = defects.refusal(ofText: message.octets, isComplete: !decoder.isInsideMessage) {
            fail(CloseCode.invalidData, reason)
        }
    }

    private var limit: Int {
        defects.isDisjoint(with: [.closesAbove64K, .wrongLimitCode]) ? settings.maximumMessageLength : 65_536
    }

    // MARK: - Answers

    private mutating func endMessage() {
        guard let opcode = message.opcode else { return }
        if let rule = deferredRule.take() {
            message.finish()
            fail(rule.closeCode, rule.summary)
        } else if withholdsEcho {
            message.finish()
        } else if message.count > Self.copiedLength, defects.isEmpty {
            let length = UInt64(message.count)
            outbox.append(FrameHeader(opcode: opcode, payloadLength: length), chunks: message.take())
        } else {
            var echo = OutgoingFrame(.echo, opcode, message.octets.reversed(fragmentsEndingAt: fragmentEnds))
            if usesUnlistedExtension { echo.rsv = 4 }
            emit(echo)
            message.finish()
        }
        hasHeardMessage = true
    }

    /// Whether a defect leaves the message that has ended without an echo.
    private var withholdsEcho: Bool {
        defects.contains(.waitsForContinuation) && !isContinued
            || defects.contains(.dropsMessagesWhileSending) && !outbox.isEmpty
    }

    private mutating func answer(_ frame: ControlFrame) {
        if frame.opcode == .ping, defects.contains(.ignoresEarlyPings), !hasHeardMessage { return }
        if frame.opcode == .ping || defects.contains(.answersPong) {
            emit(OutgoingFrame(.pong, .pong, frame.payload))
        } else if defects.contains(.rejectsPong) {
            fail(CloseCode.protocolError, "nobody sent a Ping")
        }
    }

    private mutating func answerClose(_ body: CloseBody) {
        guard !defects.contains(.ignoresClose) else { return }
        if defects.contains(.answersCloseLate), !hasSentClose, deferredClose == nil, !isLate {
            deferredClose = body
            isLate = true
            return
        }
        if let reason = defects.refusal(of: body) { return fail(CloseCode.protocolError, reason) }
        // RFC 6455 section 5.5.1: the received code is echoed; 1010 is one that no server sends (section 7.4.1).
        let echoesAll = defects.contains(.acceptsInvalidCloseCode)
        let code = body.code.map {
            echoesAll || CloseCode.mayAppearOnWire($0, sentBy: .server) ? $0 : CloseCode.normal
        }
        var reply = CloseBody(code: code)
        if defects.contains(.echoesCloseReason), reply.code != nil { reply.reason = body.reason }
        if !hasSentClose { emit(OutgoingFrame(.closeReply, .close, reply.encoded)) }
        hasSentClose = true
        stage = .closing
    }

    private mutating func failTooBig() {
        let code = defects.contains(.wrongLimitCode) ? CloseCode.protocolError : CloseCode.messageTooBig
        fail(code, "a message has more than \(limit) octets")
    }

    /// Fails the connection: a Close frame, then the end; nothing further is processed (RFC 6455 section 7.1.7).
    private mutating func fail(_ code: UInt16, _ reason: String) {
        if !hasSentClose, !defects.contains(.dropsWithoutClose) {
            emit(OutgoingFrame(.failure, .close, CloseBody(code: code, reason: Array(reason.utf8)).encoded))
            hasSentClose = true
        }
        if !defects.contains(.processesAfterFailure) { stage = .closing }
    }

    // MARK: - Sending

    private mutating func emit(_ frame: OutgoingFrame) {
        if defects.isEmpty { outbox.append(frame) } else { outbox.append(spoiler.frames(insteadOf: frame)) }
    }

    /// Hands over what the link takes, and ends our side once all is out.
    private mutating func send(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        // RFC 6455 section 7.1.1 allows any means against a client that only writes and never reads.
        if outbox.backlog > settings.maximumBacklog { stage = .resetting }
        guard stage != .resetting else {
            actions.append(.reset)
            return end()
        }
        outbox.flush(into: &actions)
        guard stage == .closing else { return }
        message.forget()
        guard outbox.isEmpty else {
            actions.append(.setTimer(Timer.closing, at: now + Self.closingLimit))
            return
        }
        stage = .lingering
        if defects.contains(.neverClosesTCP) {
            actions.append(.cancelTimer(Timer.closing))
        } else if defects.contains(.resetsAfterClose) {
            actions.append(.setTimer(Timer.closing, at: now + Self.timeBeforeReset))
        } else if defects.contains(.closesTCPLate) {
            actions.append(.setTimer(Timer.closing, at: now + Self.tardiness))
        } else {
            actions.append(.closeOutput)
            actions.append(.setTimer(Timer.closing, at: now + Self.lingeringLimit))
        }
    }

    private mutating func end() {
        stage = .over
        message.forget()
        outbox.forget()
    }
}
