import WSKernels
import WSLink
import WSProtocol

/// The part of a model peer that starts when the connection is open; it is the same for both roles.
///
/// It reads frames, echoes messages, answers Ping and Close, fails the connection at the first octet that violates a
/// rule, and ends TCP as its role requires. Deliberate deviations are listed in ``ModelDefect``. Those in what it sends
/// are applied only in ``emit(_:)``; those in what it accepts, where the correct endpoint decides.
struct ModelEndpoint: Sendable {
    /// The state of the connection.
    enum Stage: Sendable {
        case handshaking
        case open
        case closing
        /// FIN was sent; a client waits for the end of TCP.
        case lingering
        /// A reset is to be sent.
        case resetting
        case over
    }

    /// The timers of a connection; numbers from 10 on belong to the opening handshake.
    enum Timer {
        static let closing = LinkTimer(number: 1)
        static let reply = LinkTimer(number: 2)
    }

    /// The longest echo that is copied, so that it is sent in one write with its header.
    private static let copiedLength = 65_536

    let role: Role
    let defects: Set<ModelDefect>
    var stage = Stage.handshaking
    var outbox = Outbox()
    /// Whether frames use an extension that was offered but not accepted.
    var usesUnlistedExtension = false
    /// Generates a client's masking keys; nil if it does not mask.
    var keys: MaskingKeys?
    /// Whether a Close frame is answered with the end of TCP.
    var dropsAtClose = false
    /// Whether a client ends TCP before the server does.
    var endsFirst = false
    /// Whether the length in a client's frames includes the octets of the masking key.
    var countsKeyInLength = false
    /// Whether a client's empty frames lack the masking key although the mask bit is set.
    var leavesKeyOutOfEmptyFrames = false
    /// Whether messages are echoed after its own Close frame.
    var echoesBehindClose = false

    let maximumBacklog: Int
    /// Compresses messages; nil if the handshake did not agree to that.
    var compression: MessageCompression?

    /// Inflates with defects; nil where the reader inflates.
    var inflater: DefectiveInflater?
    /// Whether a defect keeps it from ever doing anything again.
    var isHung = false
    /// How many octets came behind the opening handshake, and how many of them in earlier reads.
    private var received: UInt64 = 0
    private var readStart: UInt64 = 0
    /// Whether a Pong came behind the last data frame.
    var isBehindPong = false

    let maximumMessageLength: Int
    var reader: MessageReader
    var message = MessageBuffer()
    var spoiler: FrameSpoiler
    /// Whether a defect drops the rest of the last frame.
    var isSkipping = false
    /// The header of the last frame.
    var lastHeader: FrameHeader?
    /// Whether compressed messages are refused although the handshake agreed to them.
    var refusesCompressed = false
    /// The last frame's header, which counts unless a violation follows.
    var newHeader: FrameHeader?
    private var newHeaderOffset: UInt64 = 0
    /// The last Close body, which counts unless a violation follows.
    private var newClose: CloseBody?
    /// Whether the current payload belongs to the message.
    var isOfMessage = false
    /// Whether the open message is compressed.
    var isCompressed = false
    /// A violation in the open message that a defect reports only at its end.
    private var deferredRule: ViolationRule?
    /// A failure that a defect delays to the end of the read.
    private var deferredFailure: CloseBody?
    var hasSentClose = false
    /// Whether the answer to a Close frame was delayed.
    private var isLate = false
    /// A Close body whose answer a defect delays.
    private var deferredClose: CloseBody?
    /// Whether the last data frame was a continuation.
    private var isContinued = false
    /// Whether a control frame came after the last frame of the open message.
    private var hasControlInside = false
    /// Whether a control frame came inside the message.
    var hadControlInside = false
    /// Whether a defect takes the current frame for a continuation.
    private var joinsNext = false
    /// The message's length in octets at the end of each of its fragments.
    var fragmentEnds: [Int] = []
    /// Whether a message has come.
    private var hasHeardMessage = false
    /// Whether a Ping came during the open message.
    private var hasPingInside = false
    private let swallowedRules: Set<ViolationRule>

    /// Creates an endpoint before its opening handshake.
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

    /// Does what has to be done when all octets of a read were processed.
    mutating func endInput(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        for frame in spoiler.framesAtEndOfInput(&compression) { append(frame) }
        if let body = deferredFailure.take(), let code = body.code { close(code, body.reason) }
        if deferredClose != nil { actions.append(.setTimer(Timer.reply, at: now + ModelServer.tardiness)) }
        send(now, &actions)
    }

    /// Handles a timer of the open connection.
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
        readStart = received
        received += UInt64(bytes.count)
        if defects.contains(.oneFramePerRead) {
            readAsOneFrame(bytes)
        } else if defects.contains(.narrowsLengths), let octets = withNarrowLength(bytes) {
            readEvents(octets.span)
        } else {
            readEvents(bytes)
        }
    }

    private mutating func readEvents(_ bytes: Span<UInt8>) {
        var position = 0
        while stage == .open, !isHung {
            let event = reader.next(in: bytes, at: &position)
            if case .violation(let violation) = event {
                judge(violation.rule)
                if isSkipping { (newHeader, newClose) = (nil, nil) }
                continue
            }
            // A violation follows the header or Close frame that it concerns; if none came, these are now processed.
            if let header = newHeader.take() { begin(header) }
            if let body = newClose.take() { answerClose(body) }
            guard stage == .open, let event else { return }
            switch event {
            case .frame(let header, let offset):
                newHeader = header
                newHeaderOffset = offset
                lastHeader = header
                isSkipping = false
            case .content(let content): take(content, in: bytes)
            case .frameEnd: endFrame()
            case .message:
                endMessage()
                if isCompressed, defects.contains(.writesTailIntoBuffer), position < bytes.count {
                    var rest = Array(copying: bytes.extracting(position..<bytes.count))
                    rest.replaceSubrange(0..<min(4, rest.count), with: [0x00, 0x00, 0xFF, 0xFF].prefix(rest.count))
                    return readEvents(rest.span)
                }
            case .control(let frame) where !isSkipping: answer(frame)
            case .control: break
            case .close(let body, _, _): newClose = isSkipping ? nil : body
            case .violation: break
            }
        }
    }

    private mutating func judge(_ rule: ViolationRule) {
        guard !swallowedRules.contains(rule), !overlooks(rule) else { return }
        let isLate = defects.contains(.lateUTF8Check) || defects.contains(.lateUTF8CheckAfterPing) && hasPingInside
        if rule == .dataFrameInsideMessage, hasControlInside, defects.contains(.joinsMessagesBehindControl) {
            joinsNext = true
        } else if rule == .invalidUTF8, isLate {
            deferredRule = rule
        } else if defects.contains(.skipsBrokenFrames) {
            skipBrokenFrame()
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
        if let reason = refusalOfCompressed(header) { return fail(CloseCode.protocolError, reason) }
        guard !header.opcode.isControl, !header.opcode.isReserved else { return }
        if defects.contains(.dropsCutHeaders), header.rsv == 4, newHeaderOffset < readStart { return }
        isBehindPong = false
        hasControlInside = false
        if joinsNext {
            joinsNext = false
        } else if header.opcode != .continuation {
            message.start(header.opcode)
            isCompressed =
                header.rsv & 4 != 0 && (compression != nil || defects.contains(.inflatesUnagreed))
            fragmentEnds.removeAll()
            hasPingInside = false
            hadControlInside = false
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
        // The limit is checked before the octets are read (RFC 6455 section 10.4); inflated ones count as they come.
        if !isCompressed, header.payloadLength > UInt64(max(0, limit - message.count)) { failTooBig() }
    }

    private mutating func take(_ content: MessageContent, in bytes: Span<UInt8>) {
        guard isOfMessage else { return }
        // Compressed messages exceed the limit here, others only if a defect ignored the length in the header.
        guard content.count <= limit - message.count else { return failTooBig() }
        guard !content.isDecoded else {
            return reader.read(content, in: bytes, into: &message) { message, octets in
                message.append(octets, key: 0, payloadOffset: 0)
            }
        }
        let key = defects.contains(.echoesMasked) ? 0 : content.maskingKey?.rawValue ?? 0
        let offset = defects.contains(.restartsKeyPerRead) ? 0 : content.payloadOffset
        message.append(bytes.extracting(content.chunk), key: key, payloadOffset: offset)
    }

    private mutating func endFrame() {
        if isOfMessage, inflater != nil || defects.contains(.reversesFragments) { fragmentEnds.append(message.count) }
        if isOfMessage, defects.contains(.echoesFragments), reader.isInsideMessage, let opcode = message.opcode {
            emit(OutgoingFrame(.echo, opcode, message.octets))
            message.start(opcode)
        }
        guard isOfMessage, message.opcode == .text, defects.judgesTexts else { return }
        if let reason = defects.refusal(ofText: message.octets, isComplete: !reader.isInsideMessage) {
            fail(CloseCode.invalidData, reason)
        }
    }

    var limit: Int {
        defects.isDisjoint(with: Self.limiting) ? maximumMessageLength : 65_536
    }

    /// Defects with a limit of 65,536 octets.
    private static let limiting: Set<ModelDefect> = [
        .closesAbove64K, .wrongLimitCode, .cutsAboveLimit, .limitsPayloadAlone, .limitsEachFragment, .roundsLimitUp,
    ]

    // MARK: - Answers

    private mutating func endMessage() {
        guard let opcode = message.opcode, inflateWithDefects(opcode) else { return }
        if let rule = deferredRule.take() {
            message.finish()
            fail(rule.closeCode, rule.summary)
        } else if withholdsEcho {
            message.finish()
        } else if message.count > Self.copiedLength, defects.isEmpty, compression == nil {
            echoWithoutCopy(opcode)
        } else {
            let ends = defects.contains(.reversesFragments) ? fragmentEnds : []
            var echo = OutgoingFrame(.echo, opcode, message.octets.reversed(fragmentsEndingAt: ends))
            echo.answersCompressed = isCompressed
            if usesUnlistedExtension { echo.rsv = 4 }
            emit(echo)
            message.finish()
        }
        hasHeardMessage = true
    }

    /// Whether a defect suppresses the echo of the finished message.
    private var withholdsEcho: Bool {
        defects.contains(.waitsForContinuation) && !isContinued
            || defects.contains(.dropsMessagesWhileSending) && !outbox.isEmpty
            // No data frame follows the endpoint's own Close frame (RFC 6455 section 5.5.1).
            || hasSentClose && !echoesBehindClose && !defects.contains(.processesAfterFailure)
    }

    private mutating func answer(_ frame: ControlFrame) {
        hasControlInside = reader.isInsideMessage
        hadControlInside = hadControlInside || hasControlInside
        isBehindPong = frame.opcode == .pong && !hasControlInside
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

    mutating func answerClose(_ body: CloseBody) {
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
        // The received code is echoed (RFC 6455 section 5.5.1), except 1010, which no server sends (section 7.4.1).
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

    mutating func failTooBig() {
        let code = defects.contains(.wrongLimitCode) ? CloseCode.protocolError : CloseCode.messageTooBig
        fail(code, "a message has more than \(limit) octets")
    }

    /// Fails the connection: sends a Close frame and ends; later octets are ignored (RFC 6455 section 7.1.7).
    mutating func fail(_ code: UInt16, _ reason: String) {
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
}
