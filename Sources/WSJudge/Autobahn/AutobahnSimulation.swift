import WSProtocol
import WSScenario
import WSTranscript

/// Computes the verdict of Autobahn|Testsuite by playing the recorded octets to a model of its endpoint.
///
/// The model has Autobahn's states, checks and timers. Of what our runner did, only the steps of the script count,
/// because Autobahn's case has the same ones; the model decides whether the tester closed, whether the close was clean
/// and which code came. The model takes its times from the transcript with two corrections: a wait that our runner cut
/// short with a barrier lasts the full second, and where our runner stopped because nothing more could matter, the
/// clock jumps to Autobahn's deadline.
struct AutobahnSimulation {
    private let test: AutobahnCase
    private let subject: Case
    private let comparison: EventComparison
    private let barriers: [[UInt8]]
    /// Whether the endpoint fails a connection by dropping TCP, without a Close frame.
    private let failByDrop: Bool

    private var state = State.open
    private var verdict: AutobahnVerdict
    private var behavior = "FAILED"
    private var received: [ObservedEvent] = []
    private var echoes = 0
    /// Nanoseconds to add to the transcript's time, because of waits and jumps.
    private var shift: Int64 = 0
    private var now: Int64 = 0
    private var deadline: Int64?
    private var closeReply: Int64?
    private var serverDrop: Int64?

    private enum State {
        case open
        case closing
        case closed
    }

    private static let second: Int64 = 1_000_000_000

    /// Autobahn's verdict on a case.
    ///
    /// - Parameters:
    ///   - test: Autobahn's case.
    ///   - subject: What was recorded.
    ///   - failByDrop: Whether the endpoint fails a connection by dropping TCP. Autobahn|Testsuite's default is that it
    ///     sends a Close frame.
    /// - Returns: The verdict.
    static func run(_ test: AutobahnCase, on subject: Case, failByDrop: Bool = false) -> AutobahnVerdict {
        var simulation = AutobahnSimulation(test, subject, failByDrop: failByDrop)
        simulation.play()
        return simulation.finish()
    }

    private init(_ test: AutobahnCase, _ subject: Case, failByDrop: Bool) {
        self.test = test
        self.failByDrop = failByDrop
        self.subject = subject
        comparison = EventComparison(
            subject.scenario,
            effort: subject.effort,
            ignoresContent: test.comparesWhileReceiving && subject.scenario.comparesEchoesByLength
        )
        barriers = subject.timeline.entries.compactMap { entry in
            switch entry.kind {
            case .mark(.barrierSent(_, let payload)), .mark(.lateBarrierSent(let payload)): payload
            default: nil
            }
        }
        verdict = AutobahnVerdict(
            number: test.number,
            behavior: "",
            behaviorClose: "",
            expectedClose: AutobahnVerdict.ExpectedClose(
                closedByMe: test.closedByTester,
                closeCode: test.closeCodes,
                requireClean: test.requiresCleanClose
            )
        )
    }

    // MARK: - Playing the transcript

    private mutating func play() {
        guard let opened = subject.timeline.openedAt, handshakeIsAccepted else { return }
        shift = -opened
        deadline = Int64(test.deadline.milliseconds) * 1_000_000
        if subject.lackOfCompression == .compression {
            behavior = "UNIMPLEMENTED"
            sendClose(CloseBody(code: CloseCode.normal), isReply: false)
        }
        for entry in subject.timeline.entries where entry.time >= opened {
            if case .mark(.waited(let tag, _)) = entry.kind { endWait(tag, at: entry.time) }
            if entry.kind.isEndOfTime { endPatience(at: entry.time) }
            advance(to: entry.time + shift)
            take(entry)
        }
        // Lets the pending timers run out: that our runner closed the connection is no event for Autobahn.
        advance(to: .max)
    }

    /// Ends a wait: in Autobahn it lasts a full second, even if a barrier ended it sooner here.
    private mutating func endWait(_ tag: String, at time: Int64) {
        let index = Int64(waitsDone)
        waitsDone += 1
        shift = max(shift, (index + 1) * Self.second - time)
    }

    private var waitsDone = 0

    /// Moves the clock back to Autobahn's deadline, where our runner has waited in silence for longer.
    ///
    /// Autobahn's Close frame leaves at that deadline; the peer then has as long to answer it as it had for ours.
    private mutating func endPatience(at time: Int64) {
        guard state == .open, let deadline else { return }
        shift = min(shift, deadline - time)
    }

    private mutating func take(_ entry: Timeline.Entry) {
        guard state != .closed else { return }
        switch entry.kind {
        case .script(let reference):
            guard subject.scenario.script.indices.contains(reference.step),
                case .startClosingHandshake(let body, _) = subject.scenario.script[reference.step]
            else { break }
            sendClose(CloseBody.decode(body.octets), isReply: false)
        case .message(let message): messageArrived(message)
        case .control(let frame) where frame.opcode == .pong && !barriers.contains(frame.payload):
            receive(.pong(frame.payload))
        case .close(let body): closeArrived(body)
        case .violation(let violation): violationSeen(violation.rule)
        case .mark(.waited(let tag, _)):
            if state == .open { received.append(.stillOpen(tag: tag)) }
        case .mark(.gaveUp(.mismatch)), .mark(.gaveUp(.wrongPong)), .mark(.gaveUp(.deadline)),
            .mark(.gaveUp(.tookTooLong)), .mark(.lateBarrierAnswered), .extra(.close, _):
            // This covers our runner's own Close frame, too: Autobahn might have seen no reason to send one, and waits
            // on.
            jumpToDeadline(from: entry.time)
        case .ended(.finished), .ended(.truncated), .ended(.reset):
            state = .closed
        default:
            break
        }
    }

    /// Jumps to Autobahn's deadline, because nothing that happens before it matters.
    private mutating func jumpToDeadline(from time: Int64) {
        guard state == .open, let deadline else { return }
        shift = max(shift, deadline - time)
        advance(to: time + shift)
    }

    // MARK: - Events

    private mutating func messageArrived(_ message: Timeline.ReceivedMessage) {
        guard !verdict.failedByMe else { return }
        receive(.message(message.opcode, length: message.length, payload: message.payload))
    }

    private mutating func receive(_ event: ObservedEvent) {
        received.append(event)
        if test.comparesWhileReceiving {
            compareEcho(event)
        } else if test.closesWhenComplete, test.expected.allSatisfy({ matches($0.events) }) {
            sendClose(CloseBody(code: CloseCode.normal), isReply: false)
        }
    }

    private mutating func compareEcho(_ event: ObservedEvent) {
        guard state == .open else { return }
        guard let wanted = wantedEcho, comparison.isEqual(event, wanted) else {
            sendClose(CloseBody(code: CloseCode.normal), isReply: false)
            return
        }
        echoes += 1
        guard echoes >= echoCount else { return }
        behavior = "OK"
        sendClose(CloseBody(code: CloseCode.normal), isReply: false)
    }

    private var echoCount: Int { subject.scenario.echoLoop?.count(at: subject.effort) ?? 1 }

    /// The echo that has to come next.
    private var wantedEcho: ExpectedEvent? {
        guard let loop = subject.scenario.echoLoop else { return subject.scenario.expectedEvents.first }
        return .message(loop.opcode, loop.payload(ofMessage: echoes))
    }

    private func matches(_ expected: [ExpectedEvent]) -> Bool {
        received.count == expected.count && zip(received, expected).allSatisfy { comparison.isEqual($0, $1) }
    }

    private mutating func closeArrived(_ body: CloseBody) {
        verdict.remoteCloseCode = body.code
        verdict.remoteCloseReason = body.code == nil || body.reason.isEmpty ? nil : body.reasonText
        if body.isOneByte { fail(CloseCode.protocolError) }
        if let code = body.code, !Self.accepts(code) { fail(CloseCode.protocolError) }
        if !body.reason.isEmpty, !body.isOneByte, body.reasonText == nil { fail(CloseCode.invalidData) }
        switch state {
        case .closing:
            closeReply = nil
            verdict.wasClean = true
            endTransport()
        case .open:
            verdict.wasClean = true
            sendClose(CloseBody(code: CloseCode.normal), isReply: true)
            endTransport()
        case .closed:
            break
        }
    }

    /// Whether Autobahn accepts this close code; it rejects the codes that were registered later.
    private static func accepts(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1011, 3000...4999: true
        default: false
        }
    }

    private mutating func violationSeen(_ rule: ViolationRule) {
        switch rule {
        case .invalidUTF8, .truncatedUTF8:
            if !verdict.failedByMe { fail(CloseCode.invalidData) }
        case .maskedServerFrame, .unmaskedClientFrame, .reservedBits, .reservedOpcode, .fragmentedControl,
            .oversizedControl, .continuationWithoutStart, .dataFrameInsideMessage, .nonMinimalLength, .lengthTopBit,
            .invalidDeflate:
            fail(CloseCode.protocolError)
        case .closeBodyOneByte, .closeCodeUnused, .closeCodeReserved, .closeCodeNoStatus, .closeCodeAbnormal,
            .closeCodeTLSHandshake, .closeCodeForClientsOnly, .closeCodeUndefined, .closeCodeOutOfRange,
            .closeReasonNotUTF8, .dataAfterClose:
            // The check happens when the Close frame comes; data after it is ignored.
            break
        }
    }

    // MARK: - The endpoint

    private mutating func sendClose(_ body: CloseBody, isReply: Bool) {
        guard state == .open else { return }
        state = .closing
        verdict.closedByMe = !isReply
        verdict.localCloseCode = body.code
        verdict.localCloseReason = body.reason.isEmpty ? nil : String(decoding: body.reason, as: UTF8.self)
        if !isReply { closeReply = now + Self.second }
    }

    /// Fails the connection: sends a Close frame if it is open, drops TCP if it is closing or that is the option.
    ///
    /// An endpoint that drops TCP instead of sending a Close frame has not closed, in Autobahn's eyes.
    private mutating func fail(_ code: UInt16) {
        guard state != .closed else { return }
        verdict.failedByMe = true
        if failByDrop {
            verdict.wasClean = false
            verdict.wasNotCleanReason = "the tester failed the connection by dropping TCP"
            drop()
        } else if state == .open {
            sendClose(CloseBody(code: code), isReply: false)
        } else {
            drop()
        }
    }

    /// Ends TCP after both Close frames: a server drops TCP at once, a client waits a second for the server.
    private mutating func endTransport() {
        if subject.roleUnderTest == .client { drop() } else { serverDrop = now + Self.second }
    }

    private mutating func drop() {
        verdict.droppedByMe = true
        state = .closed
    }

    /// Fires the timers that are due at this moment, the earliest first.
    private mutating func advance(to moment: Int64) {
        while state != .closed {
            let due = [deadline, closeReply, serverDrop].compactMap(\.self).min()
            guard let due, due <= moment else { break }
            now = due
            if closeReply == due {
                closeReply = nil
                verdict.wasClean = false
                verdict.wasCloseHandshakeTimeout = true
                verdict.wasNotCleanReason = "the peer did not answer the Close in time"
                drop()
            } else if serverDrop == due {
                serverDrop = nil
                verdict.wasClean = false
                verdict.wasServerConnectionDropTimeout = true
                verdict.wasNotCleanReason = "the server did not drop TCP in time"
                drop()
            } else {
                deadline = nil
                deadlinePassed()
            }
        }
        if moment != .max { now = max(now, moment) }
    }

    private mutating func deadlinePassed() {
        switch test.deadline {
        case .kill:
            fail(CloseCode.goingAway)
        case .close:
            sendClose(CloseBody(), isReply: false)
        }
    }

    // MARK: - Verdicts

    private var handshakeIsAccepted: Bool {
        guard subject.roleUnderTest == .server else {
            let request = HTTPHead(kind: .request, raw: subject.timeline.request)
            return HandshakeRules.checkRequest(request).isAcceptable && AutobahnHandshake.acceptsOffers(of: request)
        }
        return AutobahnHandshake.accepts(subject)
    }

    private mutating func finish() -> AutobahnVerdict {
        let isOpened = subject.timeline.openedAt != nil && handshakeIsAccepted
        if isOpened, !test.comparesWhileReceiving {
            for expectation in test.expected where matches(expectation.events) { behavior = expectation.outcome }
        }
        verdict.behavior = behavior
        verdict.behaviorClose = isOpened ? closeVerdict : "FAILED"
        if isOpened { correct() }
        if test.isInformational {
            verdict.behavior = "INFORMATIONAL"
            verdict.behaviorClose = "INFORMATIONAL"
        }
        if !verdict.wasClean, verdict.wasNotCleanReason == nil, isOpened {
            verdict.wasNotCleanReason = "TCP ended without a complete closing handshake"
        }
        describe()
        return verdict
    }

    private var closeVerdict: String {
        if verdict.closedByMe != test.closedByTester { return "FAILED" }
        if test.requiresCleanClose, !verdict.wasClean { return "UNCLEAN" }
        if let code = verdict.remoteCloseCode, !test.closeCodes.contains(code) { return "WRONG CODE" }
        // Autobahn blames the peer for a drop by the tester only when the tester is the client.
        return verdict.droppedByMe && subject.roleUnderTest == .server ? "FAILED BY CLIENT" : "OK"
    }

    /// Applies the extra conditions that some Autobahn cases add to the comparison of events.
    private mutating func correct() {
        if test.wrongCloserFailsBehaviour, verdict.closedByMe != test.closedByTester { verdict.behavior = "FAILED" }
        if test.wrongCodeFailsBehaviour, verdict.behaviorClose == "WRONG CODE" { verdict.behavior = "FAILED" }
        // This case counts the frames that the tester sends; 10.1.1 is the only one that does.
        for case .sendMessage(let message) in subject.scenario.script where !test.comparesWhileReceiving {
            let sent = subject.timeline.sentFrames[Opcode.continuation.rawValue, default: 0]
            if test.number == "10.1.1", sent != message.frameCount - 1 { verdict.behavior = "FAILED" }
        }
    }

    private mutating func describe() {
        let timeline = subject.timeline
        verdict.received = received.prefix(AutobahnText.mostEvents).map { AutobahnText.event($0, in: subject) }
        if !test.comparesWhileReceiving {
            for expectation in test.expected {
                verdict.expected[expectation.outcome] = expectation.events.map { AutobahnText.event($0) }
            }
        }
        if !timeline.request.isEmpty { verdict.httpRequest = String(decoding: timeline.request, as: UTF8.self) }
        if let response = timeline.response { verdict.httpResponse = String(decoding: response.raw, as: UTF8.self) }
        verdict.rxOctetStats = timeline.receivedChunks
        verdict.txOctetStats = timeline.sentChunks
        for (opcode, count) in timeline.receivedFrames { verdict.rxFrameStats[Int(opcode)] = count }
        for (opcode, count) in timeline.sentFrames { verdict.txFrameStats[Int(opcode)] = count }
    }
}
