import WSLink
import WSProtocol

/// What both ends of a connection do once it is open: read frames, echo messages, answer Ping and Close, fail the
/// connection at the first octet that breaks a rule, and end TCP as their role demands.
///
/// What it does otherwise on purpose is named by ``ModelDefect``. What shows in what it sends is applied in
/// ``emit(_:)`` alone; what shows in what it accepts is asked for where the correct endpoint decides.
struct ModelEndpoint: Sendable {
    /// Where the connection stands.
    enum Stage: Sendable {
        case handshaking
        case open
        case closing
        /// FIN is out; or, as a client, the end of TCP is awaited.
        case lingering
        /// A reset is due.
        case resetting
        case over
    }

    /// The timers of a connection; those from 10 on belong to the opening handshake.
    enum Timer {
        static let closing = LinkTimer(number: 1)
        static let reply = LinkTimer(number: 2)
    }

    /// Up to this length an echo is copied, to leave in one write with its header.
    private static let copiedLength = 65_536

    let role: Role
    let defects: Set<ModelDefect>
    var stage = Stage.handshaking
    var outbox = Outbox()
    /// Whether frames use an extension that was offered and not accepted.
    var usesUnlistedExtension = false
    /// Where the keys of a client's frames come from; nil where it masks none.
    var keys: MaskingKeys?
    /// Whether a Close is answered with the end of TCP.
    var dropsAtClose = false
    /// Whether a client ends TCP before the server does.
    var endsFirst = false
    /// Whether a client's frames declare the octets of the masking key as a part of the payload.
    var countsKeyInLength = false
    /// Whether a client's frames without payload have no masking key behind a mask bit that is set.
    var leavesKeyOutOfEmptyFrames = false
    /// Whether messages are echoed behind a Close frame of its own.
    var echoesBehindClose = false

    private let maximumMessageLength: Int
    private let maximumBacklog: Int
    private var reader: MessageReader
    private var message = MessageBuffer()
    private var spoiler: FrameSpoiler
    /// A frame's header that counts once no violation has followed it.
    private var newHeader: FrameHeader?
    /// A Close body that counts once no violation has followed it.
    private var newClose: CloseBody?
    /// Whether the current frame's payload belongs to the message.
    private var isOfMessage = false
    /// A rule broken by the open message that a defect leaves for its end.
    private var deferredRule: ViolationRule?
    /// A failure that a defect leaves for the end of what has come together.
    private var deferredFailure: CloseBody?
    private var hasSentClose = false
    /// Whether a Close has been left for later.
    private var isLate = false
    /// A Close body that a defect leaves for later.
    private var deferredClose: CloseBody?
    /// Whether the last data frame was a continuation.
    private var isContinued = false
    /// Whether a control frame has come since the last frame of the open message.
    private var hasControlInside = false
    /// Whether a defect takes the frame that begins for a continuation.
    private var joinsNext = false
    /// How many octets of the open message had come when each of its fragments ended.
    private var fragmentEnds: [Int] = []
    /// Whether a message has come.
    private var hasHeardMessage = false
    /// Whether a Ping has come since the open message began.
    private var hasPingInside = false
    private let swallowedRules: Set<ViolationRule>

    /// An endpoint before its opening handshake.
    init(
        role: Role,
        defects: Set<ModelDefect>,
        swallowing rules: Set<ViolationRule> = [],
        maximumMessageLength: Int,
        maximumBacklog: Int,
        keys: MaskingKeys? = nil
    ) {
        self.role = role
        self.defects = defects
        self.maximumMessageLength = maximumMessageLength
        self.maximumBacklog = maximumBacklog
        self.keys = keys
        reader = MessageReader(sender: role.opposite)
        spoiler = FrameSpoiler(defects)
        swallowedRules = rules.union(defects.flatMap(\.swallowedRules))
    }

    /// Does what is due when everything that arrived together has been read.
    mutating func endInput(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        for frame in spoiler.framesAtEndOfInput() { append(frame) }
        if let body = deferredFailure.take(), let code = body.code { close(code, body.reason) }
        if deferredClose != nil { actions.append(.setTimer(Timer.reply, at: now + ModelServer.tardiness)) }
        send(now, &actions)
    }

    /// Does what a timer of the open connection is for.
    mutating func timerFired(_ timer: LinkTimer, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        switch (timer, stage) {
        case (Timer.reply, .open):
            if let body = deferredClose.take() { answerClose(body) }
            send(now, &actions)
        case (Timer.closing, .closing), (Timer.closing, .lingering):
            actions.append(defects.contains(.resetsAfterClose) ? .reset : .close)
            end()
        default: break
        }
    }

    // MARK: - Reading

    mutating func readFrames(_ bytes: Span<UInt8>) {
        var position = 0
        while stage == .open {
            let event = reader.next(in: bytes, at: &position)
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
            case .content(let content): take(content, in: bytes)
            case .frameEnd: endFrame()
            case .message: endMessage()
            case .control(let frame): answer(frame)
            case .close(let body, _, _): newClose = body
            case .violation: break
            }
        }
    }

    private mutating func judge(_ rule: ViolationRule) {
        guard !swallowedRules.contains(rule) else { return }
        let isLate = defects.contains(.lateUTF8Check) || defects.contains(.lateUTF8CheckAfterPing) && hasPingInside
        if rule == .dataFrameInsideMessage, hasControlInside, defects.contains(.joinsMessagesBehindControl) {
            joinsNext = true
        } else if rule == .invalidUTF8, isLate {
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
        hasControlInside = false
        if joinsNext {
            joinsNext = false
        } else if header.opcode != .continuation {
            message.start(header.opcode)
            fragmentEnds.removeAll()
            hasPingInside = false
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

    private mutating func take(_ content: MessageContent, in bytes: Span<UInt8>) {
        guard isOfMessage else { return }
        // Only a length that a defect has overlooked can exceed the limit here.
        guard content.count <= limit - message.count else { return failTooBig() }
        let key = defects.contains(.echoesMasked) ? 0 : content.maskingKey?.rawValue ?? 0
        let offset = defects.contains(.restartsKeyPerRead) ? 0 : content.payloadOffset
        message.append(bytes.extracting(content.chunk), key: key, payloadOffset: offset)
    }

    private mutating func endFrame() {
        if isOfMessage, defects.contains(.reversesFragments) { fragmentEnds.append(message.count) }
        if isOfMessage, defects.contains(.echoesFragments), reader.isInsideMessage, let opcode = message.opcode {
            emit(OutgoingFrame(.echo, opcode, message.octets))
            message.start(opcode)
        }
        guard isOfMessage, message.opcode == .text, defects.judgesTexts else { return }
        if let reason = defects.refusal(ofText: message.octets, isComplete: !reader.isInsideMessage) {
            fail(CloseCode.invalidData, reason)
        }
    }

    private var limit: Int {
        defects.isDisjoint(with: [.closesAbove64K, .wrongLimitCode]) ? maximumMessageLength : 65_536
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
            echoWithoutCopy(opcode)
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
            // Behind its own Close frame an endpoint sends no data frame (RFC 6455 section 5.5.1).
            || hasSentClose && !echoesBehindClose && !defects.contains(.processesAfterFailure)
    }

    private mutating func answer(_ frame: ControlFrame) {
        hasControlInside = reader.isInsideMessage
        if frame.opcode == .ping, defects.contains(.ignoresEarlyPings), !hasHeardMessage { return }
        hasPingInside = hasPingInside || frame.opcode == .ping
        if frame.opcode == .ping || defects.contains(.answersPong) {
            let isGlued = defects.contains(.gluesMessageIntoPong) && message.opcode != nil
            let payload =
                isGlued ? (message.octets + frame.payload).prefix(ControlFrame.maximumPayload) : frame.payload[...]
            emit(OutgoingFrame(.pong, .pong, Array(payload)))
        } else if defects.contains(.rejectsPong) {
            fail(CloseCode.protocolError, "nobody sent a Ping")
        }
    }

    private mutating func answerClose(_ body: CloseBody) {
        guard !defects.contains(.ignoresClose) else { return }
        guard !dropsAtClose else {
            hasSentClose = true
            endsFirst = true
            stage = .closing
            return
        }
        if defects.contains(.answersCloseLate), !hasSentClose, deferredClose == nil, !isLate {
            deferredClose = body
            isLate = true
            return
        }
        if let reason = defects.refusal(of: body) { return fail(CloseCode.protocolError, reason) }
        // RFC 6455 section 5.5.1: the received code is echoed; 1010 is one that no server sends (section 7.4.1).
        let echoesAll = defects.contains(.acceptsInvalidCloseCode)
        let code = body.code.map {
            echoesAll || CloseCode.mayAppearOnWire($0, sentBy: role) ? $0 : CloseCode.normal
        }
        var reply = CloseBody(code: code)
        if defects.contains(.echoesCloseReason), reply.code != nil { reply.reason = body.reason }
        if defects.contains(.mendsCloseReasons), reply.code != nil {
            reply.reason = Array(String(decoding: body.reason, as: UTF8.self).utf8)
        }
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
        if defects.contains(.answersBehindViolation) {
            deferredFailure = deferredFailure ?? CloseBody(code: code, reason: Array(reason.utf8))
        } else {
            close(code, Array(reason.utf8))
        }
    }

    private mutating func close(_ code: UInt16, _ reason: [UInt8]) {
        if !hasSentClose, !defects.contains(.dropsWithoutClose) {
            emit(OutgoingFrame(.failure, .close, CloseBody(code: code, reason: reason).encoded))
            hasSentClose = true
        }
        if !defects.contains(.processesAfterFailure) { stage = .closing }
    }

    // MARK: - Sending

    /// Sends a frame of the application's own.
    mutating func sendOwn(_ opcode: Opcode, _ payload: [UInt8]) {
        append(OutgoingFrame(.surplus, opcode, payload))
        if opcode == .close { hasSentClose = true }
    }

    private mutating func emit(_ frame: OutgoingFrame) {
        guard !defects.isEmpty else { return append(frame) }
        for frame in spoiler.frames(insteadOf: frame) { append(frame) }
    }

    /// Puts a frame behind the others, masked as the role demands (RFC 6455 section 5.3).
    private mutating func append(_ frame: OutgoingFrame) {
        if leavesKeyOutOfEmptyFrames, frame.payload.isEmpty {
            return outbox.append(octets: [0x80 | frame.opcode.rawValue, 0x80])
        }
        var frame = frame
        if let key = keys?.next(payloadLength: frame.payload.count) {
            frame.maskingKey = key
            if countsKeyInLength { frame.lengthExcess += 4 }
        }
        outbox.append(frame)
    }

    private mutating func echoWithoutCopy(_ opcode: Opcode) {
        let key = keys?.next(payloadLength: message.count)
        let header = FrameHeader(opcode: opcode, maskingKey: key, payloadLength: UInt64(message.count))
        var chunks = message.take()
        if let key {
            var offset: UInt64 = 0
            for index in chunks.indices {
                key.apply(to: &chunks[index], payloadOffset: offset)
                offset += UInt64(chunks[index].count)
            }
        }
        outbox.append(header, chunks: chunks)
    }

    /// Hands over what the link takes, and ends our side once all is out.
    mutating func send(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        // RFC 6455 section 7.1.1 allows any means against a client that only writes and never reads.
        if outbox.backlog > maximumBacklog { stage = .resetting }
        guard stage != .resetting else {
            actions.append(.reset)
            return end()
        }
        outbox.flush(into: &actions)
        guard stage == .closing else { return }
        message.forget()
        guard outbox.isEmpty else {
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.closingLimit))
            return
        }
        stage = .lingering
        if role == .client {
            awaitEnd(now, &actions)
        } else if defects.contains(.neverClosesTCP) {
            actions.append(.cancelTimer(Timer.closing))
        } else if defects.contains(.resetsAfterClose) {
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.timeBeforeReset))
        } else if defects.contains(.closesTCPLate) {
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.tardiness))
        } else {
            actions.append(.closeOutput)
            actions.append(.setTimer(Timer.closing, at: now + ModelServer.lingeringLimit))
        }
    }

    /// A client waits for the server to end TCP, though not for ever (RFC 6455 section 7.1.1).
    private mutating func awaitEnd(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        if defects.contains(.neverClosesTCP) {
            actions.append(.cancelTimer(Timer.closing))
        } else if defects.contains(.resetsAfterClose) || endsFirst {
            actions.append(.setTimer(Timer.closing, at: now))
        } else {
            actions.append(.setTimer(Timer.closing, at: now + ModelClient.patience))
        }
    }

    mutating func end() {
        stage = .over
        message.forget()
        outbox.forget()
    }
}
