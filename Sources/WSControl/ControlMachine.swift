import WSLink
import WSProtocol

/// A control connection of Autobahn's interface: a small WebSocket server.
///
/// It sends one answer and closes, or obeys direct commands.
///
/// ```
/// waiting ─► closing ─► lingering ─► over      (an answer goes out, then our Close, then the end of TCP)
/// commanded ─┘                                 (direct command mode, until one side closes)
/// ```
///
/// It may wait for an event elsewhere: then it is woken, or its time limit ends the wait. It carries out requests one
/// after the other, in turns. It produces and reads nothing before earlier octets were sent, so a client that never
/// reads costs no memory, and one that asks for much does not delay the others.
struct ControlMachine: LinkMachine {
    /// The purpose of the connection.
    enum Purpose: Sendable, Hashable {
        /// Send this answer.
        case answer([UInt8])
        /// Send the result of a case once it is known.
        case status(agent: String, scenario: String)
        /// Request the reports.
        case reports(agent: String, endsRun: Bool)
        /// Close at once, because the case is left out for this client.
        case dismissal
        /// End the run.
        case stop
        /// Obey direct commands.
        case commands
        /// Obey direct commands on the root address, where a client that plays one case has no business.
        case commandsAtRoot

        /// Whether the run ends after it.
        var endsRun: Bool {
            switch self {
            case .stop, .reports(_, endsRun: true): true
            default: false
            }
        }
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
        static let turn = LinkTimer(number: 2)
        static let stray = LinkTimer(number: 3)
    }

    /// A request of the client; requests are carried out in order.
    private enum QueuedRequest {
        case message(Message, [UInt8])
        case pong([UInt8])
        case close(CloseBody)
        case failure(UInt16, String)
    }

    private let purpose: Purpose
    private let controlServer: ControlServer
    private let waker: LinkWaker
    private let limit: LinkDuration
    private var stage = Stage.waiting
    private var reader = MessageReader(sender: .client)
    private var pending: PendingRequest?
    private var message: [UInt8] = []
    /// Whether the rest of a message is ignored because it is too long.
    private var isTooLong = false

    private var wanted: [QueuedRequest] = []
    private var feed = CommandFeed([])
    private var turn = CommandFeed.Turn()
    /// Whether the last write is not sent yet, or the next turn has not begun.
    private var isHeldUp = false
    private var isPaused = false
    /// Whether a direct command has come.
    private var wasCommanded = false

    init(_ purpose: Purpose, controlServer: ControlServer, waker: LinkWaker) {
        self.purpose = purpose
        self.controlServer = controlServer
        self.waker = waker
        limit = controlServer.settings.waitLimit
    }

    // MARK: - Link events

    /// Answers the handshake, and at once does what the connection is for unless it has to wait.
    ///
    /// - Parameters:
    ///   - answer: The answer to a handshake of HTTP/1.1; on a stream of HTTP/2 its fields without those of HTTP/1.1.
    ///   - onStream: Whether the link is a stream of HTTP/2.
    ///   - now: The time.
    ///   - actions: Receives what is to be done.
    mutating func open(
        with answer: HandshakeResponse,
        onStream: Bool = false,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        actions.append(onStream ? .sendFields(answer.streamFields, ends: false) : .write(answer.encode()))
        switch purpose {
        case .answer(let text):
            say(text, &actions)
            close(CloseBody(), now, &actions)
        case .commands, .commandsAtRoot:
            stage = .commanded
            actions.append(.setTimer(Timer.limit, at: now + ControlLimits.commandSilence))
            guard purpose == .commandsAtRoot, controlServer.isDriven else { break }
            actions.append(.setTimer(Timer.stray, at: now + ControlLimits.straySilence))
        case .stop, .dismissal:
            close(CloseBody(), now, &actions)
        case .status, .reports:
            actions.append(.setTimer(Timer.limit, at: now + limit))
            pending = ask()
            look(now, &actions)
        }
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        guard stage != .lingering, stage != .over else { return }
        var position = 0
        while stage != .lingering, let event = reader.next(in: bytes, at: &position) {
            switch event {
            case .frame: isTooLong = false
            case .content(let content): take(content, in: bytes)
            case .message(let ended, _):
                // Messages count only in direct command mode; elsewhere drivers should only listen.
                if stage == .commanded { wanted.append(.message(ended, message)) }
                message = []
            case .control(let frame) where frame.opcode == .ping:
                // If several Pings came, only the last one may be answered (RFC 6455, 5.5.3).
                if case .pong? = wanted.last { wanted.removeLast() }
                wanted.append(.pong(frame.payload))
            case .close(let body, _, _): wanted.append(.close(body))
            case .violation(let violation):
                wanted.append(.failure(violation.rule.closeCode, violation.rule.summary))
            case .frameEnd, .control: break
            }
        }
        if stage == .commanded { actions.append(.setTimer(Timer.limit, at: now + ControlLimits.commandSilence)) }
        work(now, &actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        guard isHeldUp else { return }
        guard !turn.isOver else {
            actions.append(.setTimer(Timer.turn, at: now + ControlLimits.betweenTurns))
            return
        }
        isHeldUp = false
        if stage == .commanded { actions.append(.setTimer(Timer.limit, at: now + ControlLimits.commandSilence)) }
        work(now, &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        switch (timer, stage) {
        case (Timer.limit, .waiting):
            // There is no result after all this time. An answer that says so is better than none.
            if case .status = purpose { say(ControlJSON.caseStatus("MISSING"), &actions) }
            close(CloseBody(), now, &actions)
        case (Timer.limit, .commanded):
            // A client that has not read our answer would not read a Close frame, either.
            guard !isHeldUp, feed.isEmpty else { return actions.append(.close) }
            close(CloseBody(code: CloseCode.goingAway), now, &actions)
        case (Timer.stray, .commanded) where !wasCommanded:
            controlServer.stray(.openedNoCase)
        case (Timer.turn, _):
            turn = CommandFeed.Turn()
            isHeldUp = false
            work(now, &actions)
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
        if let pending { controlServer.withdraw(pending) }
        switch purpose {
        case .stop: controlServer.stop("a client asked for /stopServer")
        case .reports(_, endsRun: true): controlServer.stop(nil)
        case .commandsAtRoot where !wasCommanded: controlServer.stray(.openedNoCase)
        case .reports, .status, .answer, .dismissal, .commands, .commandsAtRoot: break
        }
    }

    // MARK: - What is waited for

    private func ask() -> PendingRequest? {
        switch purpose {
        case .status(let agent, let scenario): controlServer.awaitOutcome(of: scenario, agent: agent, waker)
        case .reports(let agent, _): controlServer.awaitReports(for: agent, waker)
        case .answer, .dismissal, .stop, .commands, .commandsAtRoot: nil
        }
    }

    private mutating func look(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let pending, let answer = controlServer.answer(of: pending) else { return }
        if case .outcome(let outcome) = answer { say(ControlJSON.caseStatus(outcome.behavior), &actions) }
        close(CloseBody(), now, &actions)
    }

    // MARK: - What is wanted

    private mutating func take(_ content: MessageContent, in bytes: Span<UInt8>) {
        guard stage == .commanded, !isTooLong else { return }
        guard message.count + content.count <= ControlLimits.longestCommand else {
            message = []
            isTooLong = true
            let reason = "a command has at most \(ControlLimits.longestCommand) octets"
            return wanted.append(.failure(CloseCode.messageTooBig, reason))
        }
        reader.append(content, in: bytes, to: &message)
    }

    /// Carries out requests one after the other, until the turn is over or octets have to be sent first.
    private mutating func work(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        var done = 0
        while !isHeldUp {
            if !feed.isEmpty {
                while let write = feed.next(&turn) { actions.append(write) }
                isHeldUp = true
                actions.append(.notifyWhenWritten)
            } else if done < wanted.count {
                done += 1
                carryOut(wanted[done - 1], now, &actions)
            } else {
                break
            }
        }
        wanted.removeFirst(min(done, wanted.count))
        let shallPause = (isHeldUp || !wanted.isEmpty) && stage != .lingering
        guard shallPause != isPaused else { return }
        isPaused = shallPause
        actions.append(shallPause ? .pauseReading : .resumeReading)
    }

    private mutating func carryOut(_ next: QueuedRequest, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        switch next {
        case .message(let ended, let octets) where stage == .commanded: command(ended, octets, now, &actions)
        case .pong(let payload) where stage == .waiting || stage == .commanded:
            send(.pong, payload, &actions)
            isHeldUp = true
            actions.append(.notifyWhenWritten)
        case .close(let body): answerClose(body, now, &actions)
        case .failure(let code, let reason): fail(code, reason, now, &actions)
        case .message, .pong: break
        }
    }

    private mutating func command(
        _ ended: Message,
        _ octets: [UInt8],
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        wasCommanded = true
        do throws(DirectCommandError) {
            guard ended.opcode == .text else { throw DirectCommandError("a command is a text message") }
            switch try ControlJSON.command(octets) {
            case .send(let frames): feed = CommandFeed(frames)
            case .close(let body): close(body, now, &actions)
            }
        } catch {
            // This may be the greeting of a client that plays one case. It is handled as such, and is not the client's
            // fault.
            if purpose == .commandsAtRoot, controlServer.isDriven {
                controlServer.stray(.openedNoCase)
                return
            }
            controlServer.note(.command, "direct command: \(error.description)")
            fail(CloseCode.policyViolation, error.description, now, &actions)
        }
    }

    private func say(_ text: [UInt8], _ actions: inout [LinkAction]) {
        send(.text, text, &actions)
    }

    private func send(_ opcode: Opcode, _ payload: [UInt8], _ actions: inout [LinkAction]) {
        var octets: [UInt8] = []
        FrameHeader(opcode: opcode, payloadLength: UInt64(payload.count)).encode(payload: payload.span, into: &octets)
        actions.append(.write(octets))
    }

    // MARK: - The end

    private mutating func answerClose(_ body: CloseBody, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard stage != .lingering, stage != .over else { return }
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
        close(CloseBody(code: code, reason: Self.cut(reason)), now, &actions)
    }

    /// As much of a reason as fits into a Close frame, without cutting a character.
    private static func cut(_ reason: String) -> [UInt8] {
        var octets: [UInt8] = []
        for scalar in reason.unicodeScalars {
            let more = Array(String(scalar).utf8)
            guard octets.count + more.count <= 123 else { break }
            octets += more
        }
        return octets
    }

    private mutating func close(_ body: CloseBody, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        send(.close, body.encoded, &actions)
        stage = .closing
        actions.append(.cancelTimer(Timer.limit))
        actions.append(.setTimer(Timer.reply, at: now + ControlLimits.replyLimit))
    }

    private mutating func endOutput(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        stage = .lingering
        wanted = []
        actions.append(.closeOutput)
        actions.append(.setTimer(Timer.reply, at: now + ControlLimits.replyLimit))
    }
}
