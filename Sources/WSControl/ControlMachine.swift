import WSKernels
import WSLimits
import WSLink
import WSProtocol

/// One control connection of Autobahn's interface: a small WebSocket server that says one thing and closes, or does
/// frame by frame what it is told.
///
/// ```
/// waiting ─► closing ─► lingering ─► over      (an answer goes out, then our Close, then the end of TCP)
/// commanded ─┘                                 (direct command mode, until somebody closes)
/// ```
///
/// What it waits for happens elsewhere, so it is woken; it never waits longer than its time limit.
struct ControlMachine: LinkMachine {
    /// What the connection is for.
    enum Purpose: Sendable, Hashable {
        /// Say this.
        case answer([UInt8])
        /// Say what came of a case once it is known.
        case status(agent: String, scenario: String)
        /// Have the reports written.
        case reports(agent: String, endsRun: Bool)
        /// End the run.
        case stop
        /// Do what it is told.
        case commands
    }

    private enum Stage {
        case waiting
        case commanded
        case closing
        case lingering
        case over
    }

    private enum Timer {
        static let limit = LinkTimer(number: 0)
        static let reply = LinkTimer(number: 1)
    }

    private let purpose: Purpose
    private let reception: Reception
    private let waker: LinkWaker
    private let limit: LinkDuration
    private var stage = Stage.waiting
    private var decoder = StreamDecoder(sender: .client)
    private var wish: Wish?
    private var message: [UInt8] = []
    private var isData = false

    /// How long the client may take to answer our Close, and then to end TCP.
    private static let replyLimit = LinkDuration.seconds(1)
    private static let longestMessage = Limits.controlMessage.value
    /// How long nobody may say anything in direct command mode.
    private static let commandLimit = LinkDuration.seconds(60)

    init(_ purpose: Purpose, reception: Reception, waker: LinkWaker) {
        self.purpose = purpose
        self.reception = reception
        self.waker = waker
        limit = reception.settings.waitLimit
    }

    // MARK: - Link events

    /// Answers the handshake; the purpose follows at once where nothing has to be waited for.
    mutating func open(with answer: HandshakeResponse, at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.write(answer.encode()))
        switch purpose {
        case .answer(let text):
            say(text, &actions)
            close(CloseBody(), now, &actions)
        case .commands:
            stage = .commanded
            actions.append(.setTimer(Timer.limit, at: now + Self.commandLimit))
        case .stop:
            close(CloseBody(), now, &actions)
        case .status, .reports:
            actions.append(.setTimer(Timer.limit, at: now + limit))
            wish = ask()
            look(now, &actions)
        }
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        guard stage != .lingering, stage != .over else { return }
        var position = 0
        while stage != .lingering, let event = decoder.next(in: bytes, at: &position) {
            switch event {
            case .frame(let header, _): isData = !header.opcode.isControl && !header.opcode.isReserved
            case .payload(let chunk, let offset, _): take(bytes.extracting(chunk), at: offset, now, &actions)
            case .messageEnd(let message): end(message, now, &actions)
            case .control(let frame) where frame.opcode == .ping: pong(frame, &actions)
            case .close(let body, _, _): answerClose(body, now, &actions)
            case .violation(let violation):
                fail(violation.rule.closeCode, violation.rule.summary, now, &actions)
            case .frameEnd, .control: break
            }
        }
        if stage == .commanded { actions.append(.setTimer(Timer.limit, at: now + Self.commandLimit)) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        switch (timer, stage) {
        case (Timer.limit, .waiting):
            // Nothing has come of it in all this time: better an answer that says so than none.
            if case .status = purpose { say(ControlJSON.caseStatus("MISSING"), &actions) }
            close(CloseBody(), now, &actions)
        case (Timer.limit, .commanded):
            close(CloseBody(code: CloseCode.goingAway), now, &actions)
        case (Timer.reply, .closing): endOutput(now, &actions)
        case (Timer.reply, .lingering): actions.append(.close)
        default: break
        }
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction]) {
        guard stage == .waiting else { return }
        look(now, &actions)
    }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        stage = .over
        if let wish { reception.withdraw(wish) }
        switch purpose {
        case .stop: reception.stop("a client asked for /stopServer")
        case .reports(_, endsRun: true): reception.stop(nil)
        case .reports, .status, .answer, .commands: break
        }
    }

    // MARK: - What is waited for

    private func ask() -> Wish? {
        switch purpose {
        case .status(let agent, let scenario): reception.awaitOutcome(of: scenario, agent: agent, waker)
        case .reports(let agent, _): reception.awaitReports(for: agent, waker)
        case .answer, .stop, .commands: nil
        }
    }

    private mutating func look(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let wish, let fulfilment = reception.fulfilment(of: wish) else { return }
        if case .outcome(let outcome) = fulfilment { say(ControlJSON.caseStatus(outcome.behavior), &actions) }
        close(CloseBody(), now, &actions)
    }

    // MARK: - Frames

    private mutating func take(
        _ bytes: Span<UInt8>,
        at offset: UInt64,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        guard stage == .commanded, isData else { return }
        guard message.count + bytes.count <= Self.longestMessage else {
            return fail(CloseCode.messageTooBig, "a command has at most \(Self.longestMessage) octets", now, &actions)
        }
        let key = decoder.currentHeader?.maskingKey?.rawValue ?? 0
        Masking.append(bytes, key: key, phase: Int(offset & 3), to: &message)
    }

    private mutating func end(_ ended: Message, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        let octets = message
        message = []
        // What drivers say where they only have to listen is no matter of ours.
        guard stage == .commanded else { return }
        do throws(DirectCommandError) {
            guard ended.opcode == .text else { throw DirectCommandError("a command is a text message") }
            switch try ControlJSON.command(octets) {
            case .send(let frames):
                for frame in frames {
                    actions.append(
                        frame.pieceLength.map { .writePieces(frame.octets, size: $0) } ?? .write(frame.octets)
                    )
                }
            case .close(let body): close(body, now, &actions)
            }
        } catch {
            reception.note(.command, "direct command: \(error.description)")
            fail(CloseCode.policyViolation, error.description, now, &actions)
        }
    }

    private func say(_ text: [UInt8], _ actions: inout [LinkAction]) {
        send(.text, text, &actions)
    }

    private func pong(_ ping: ControlFrame, _ actions: inout [LinkAction]) {
        send(.pong, ping.payload, &actions)
    }

    private func send(_ opcode: Opcode, _ payload: [UInt8], _ actions: inout [LinkAction]) {
        var octets: [UInt8] = []
        FrameHeader(opcode: opcode, payloadLength: UInt64(payload.count)).encode(payload: payload.span, into: &octets)
        actions.append(.write(octets))
    }

    // MARK: - The end

    private mutating func answerClose(_ body: CloseBody, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        if stage != .closing { send(.close, CloseBody(code: body.code).encoded, &actions) }
        endOutput(now, &actions)
    }

    private mutating func fail(
        _ code: UInt16,
        _ reason: String,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        guard stage == .waiting || stage == .commanded else { return }
        close(CloseBody(code: code, reason: Array(reason.utf8.prefix(120))), now, &actions)
    }

    private mutating func close(_ body: CloseBody, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        send(.close, body.encoded, &actions)
        stage = .closing
        actions.append(.cancelTimer(Timer.limit))
        actions.append(.setTimer(Timer.reply, at: now + Self.replyLimit))
    }

    private mutating func endOutput(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        stage = .lingering
        actions.append(.closeOutput)
        actions.append(.setTimer(Timer.reply, at: now + Self.replyLimit))
    }
}
