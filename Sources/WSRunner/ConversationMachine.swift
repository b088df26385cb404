import WSKernels
package import WSLink
import WSProtocol
package import WSScenario
package import WSTranscript

/// Holds one conversation with a server under test: a pure state machine that eats link events and gives link actions.
///
/// It sends the script, paces it, waits for what the scenario expects, closes, and records everything. It never
/// decides whether the peer is right; it only knows when waiting longer can show nothing new.
///
/// ```
/// dialling ─► handshaking ─► talking ─► closing ─► over
///     │            │            │  script, then the outcome     (our Close is out)
///     └────────────┴────────────┴─────────────────────────► over   (the link may end at any time)
/// ```
package struct ConversationMachine: LinkMachine {
    /// The scenario that is run.
    package let scenario: Scenario
    /// What all conversations of the run share.
    package let settings: ConversationSettings
    /// What happened, complete once the link has ended.
    package var transcript: Transcript { recorder.transcript }
    /// What the run has to know about the conversation without judging it.
    package internal(set) var facts = ConversationFacts()

    var recorder: TranscriptRecorder
    var encoder: ScriptEncoder
    var inbox: Inbox?
    var stage = Stage.dialling
    var wait: Wait?
    /// The step to do next.
    var stepIndex = 0
    var hasBegunStep = false
    var scriptIsDone = false
    /// Octets that leave in the next write.
    var outbox: [UInt8] = []
    var hasSentClose = false
    var hasPeerClosed = false
    var hasGivenUp = false
    /// Whether our reply to the peer's Close is still to be sent.
    var owesCloseReply = false
    /// The peer's latest Ping that waits for the end of a frame of ours.
    var owedPong: [UInt8]?
    var lateBarrier: [UInt8]?
    var lastActivity = LinkInstant.zero
    var requestSent = LinkInstant.zero
    var tokens: SplitMix64

    let comparison: EventComparison
    private var head = HTTPHeadDecoder(expecting: .response)
    /// The octets of our request that have not left yet.
    var requestRest: ArraySlice<UInt8> = []
    /// Whether the last octets of our request have been held back once.
    var hasHeldBack = false
    /// Whether we have sent FIN.
    var hasEndedOutput = false
    /// When round trips on another connection are given up.
    var probeLimit = LinkInstant.zero
    /// Whether a step has us read nothing for a while.
    var isReadingPaused = false
    /// Whether a step has us leave Pings unanswered.
    var ignoresPings = false
    /// The payloads of the script's Pings.
    let scriptPings: Set<[UInt8]>
    let request: HandshakeRequest

    /// Where the conversation stands.
    enum Stage: Sendable {
        case dialling
        case handshaking
        case talking
        case closing
        case over
    }

    /// What the script waits for.
    enum Wait: Sendable {
        /// The octets handed over have left.
        case written
        /// The next piece of the request is due.
        case request
        /// The next piece is due.
        case pace
        /// A pause of the script.
        case pause
        /// The answer to a barrier Ping; `left` more follow.
        case barrier(tag: String, payload: [UInt8], left: Int)
        /// Round trips elsewhere and a least time, inside an unfinished frame.
        case settle(tag: String, probed: Bool, timed: Bool)
        /// The answer to a Ping of the script.
        case pong([UInt8])
        /// The echo of an echo loop's message.
        case echo
    }

    /// The timers of a conversation.
    enum Timer {
        static let idle = LinkTimer(number: 0)
        static let wait = LinkTimer(number: 1)
        static let silence = LinkTimer(number: 2)
        static let whole = LinkTimer(number: 3)
        static let reply = LinkTimer(number: 4)
        static let reading = LinkTimer(number: 5)
    }

    /// Creates a conversation that has not begun.
    package init(scenario: Scenario, settings: ConversationSettings, sidecar: (any SidecarStore)? = nil) {
        self.scenario = scenario
        self.settings = settings
        let seed = settings.seed(of: scenario.id)
        // Three independent streams of one seed: the key of the handshake, the masking keys, the barrier payloads.
        var streams = SplitMix64(seed: seed)
        var nonce = SplitMix64(seed: streams.next())
        encoder = ScriptEncoder(
            script: scenario.script,
            role: .client,
            effort: settings.effort,
            keys: MaskingKeySequence(seed: streams.next())
        )
        tokens = SplitMix64(seed: streams.next())
        scriptPings = scenario.pingPayloads
        comparison = EventComparison(
            scenario,
            effort: settings.effort,
            // Where Autobahn looks at type and length only, waiting stops there too; the judge looks at the octets.
            ignoresContent: scenario.isLoad
        )
        let key = Self.octets(16, of: &nonce)
        request = HandshakeRequest(
            host: settings.target.hostField,
            target: settings.target.resourceName,
            key: Base64.encode(key.span),
            subprotocols: settings.subprotocols,
            origin: settings.origin,
            extraFields: settings.headerFields
        )
        recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: Role.server.rawValue,
                url: settings.target.text,
                seed: settings.seed,
                effort: settings.effort.rawValue,
                subprotocols: settings.subprotocols
            ),
            sidecar: sidecar
        )
    }

    // MARK: - Link events

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        recorder.connected(at: now.nanoseconds)
        stage = .handshaking
        lastActivity = now
        requestSent = now
        actions.append(.setTimer(Timer.idle, at: now + settings.idleTimeout))
        actions.append(.setTimer(Timer.whole, at: now + wholeLimit))
        requestRest = requestOctets[...]
        sendRequest(now, &actions)
        if scenario.opening == .framesWithHandshake { advanceScript(now, &actions) }
        flush(&actions)
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        lastActivity = now
        switch stage {
        case .dialling, .over: break
        case .handshaking: readHead(bytes, now, &actions)
        case .talking, .closing: readFrames(bytes, now, &actions)
        }
        if recorder.receivedCount > floodLimit, stage != .over { giveUp(.flood, now, &actions) }
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        lastActivity = now
        guard case .written = wait else { return }
        wait = nil
        advanceScript(now, &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        guard stage != .over else { return }
        switch timer {
        case Timer.idle:
            let due = lastActivity + settings.idleTimeout
            // Load goes by Autobahn's own deadlines, and those count from the start.
            if now < due || (scenario.isLoad && stage == .talking) || isInPlannedPause {
                actions.append(.setTimer(Timer.idle, at: max(due, now + .milliseconds(10))))
            } else {
                giveUp(.deadline, now, &actions)
            }
        case Timer.whole, Timer.reply: giveUp(.deadline, now, &actions)
        case Timer.wait: waitTimerFired(now, &actions)
        case Timer.silence: sendLateBarrier(now, &actions)
        case Timer.reading:
            isReadingPaused = false
            lastActivity = now
            actions.append(.resumeReading)
        default: break
        }
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        guard case .settle(let tag, _, let timed) = wait else { return }
        endSettling(tag, probed: true, timed: timed, now, &actions)
    }

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        switch end {
        case .notConnected(let reason):
            facts.failure = .notConnected(reason)
            recorder.ended(.notConnected(reason), at: now.nanoseconds)
        case .finished: recorder.ended(.finished, at: now.nanoseconds)
        case .reset: recorder.ended(.reset, at: now.nanoseconds)
        case .closedHere: recorder.ended(.closedHere, at: now.nanoseconds)
        }
        if stage == .handshaking, facts.failure == nil, !opensOnItsOwn {
            facts.failure = end == .closedHere ? .silent : .endedInHandshake
        }
        facts.heardMessages = inbox?.events.count { if case .message = $0 { true } else { false } } ?? 0
        stage = .over
    }

    // MARK: - Reading

    private mutating func readHead(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        switch head.feed(bytes) {
        case .needMore:
            recorder.received([recorder.part(bytes)], at: now.nanoseconds)
        case .tooLarge, .notHTTP:
            recorder.received([recorder.part(bytes)], at: now.nanoseconds)
            facts.failure = opensOnItsOwn ? nil : .notHTTP
            finish(&actions)
        case .complete(let response, let consumed):
            recorder.received([recorder.part(bytes.extracting(0..<consumed))], at: now.nanoseconds)
            let rest = bytes.extracting(consumed..<bytes.count)
            let status = StatusLine(response)?.code
            if let status, (100..<200).contains(status), status != 101 {
                // An interim response; the final one follows (RFC 9110, 15.2).
                if rest.count > 0 { readHead(rest, now, &actions) }
                return
            }
            facts.roundTrip = now - requestSent
            facts.statusCode = status
            facts.server = response.values(of: "Server").first
            guard status == 101 else {
                facts.failure = opensOnItsOwn ? nil : .refused
                if rest.count > 0 { recorder.received([recorder.part(rest)], at: now.nanoseconds) }
                finish(&actions)
                return
            }
            open(rest, now, &actions)
        }
    }

    private mutating func open(_ rest: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        stage = .talking
        facts.hasOpened = true
        recorder.mark(.opened, at: now.nanoseconds)
        inbox = Inbox(sender: .server, scenario: scenario, streamOffset: recorder.receivedCount)
        if rest.count > 0 { readFrames(rest, now, &actions) }
        guard stage == .talking, !hasGivenUp else { return }
        if case .request = wait { return }
        if wait == nil, !scriptIsDone { advanceScript(now, &actions) } else { review(now, &actions) }
    }

    private mutating func readFrames(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard var box = inbox else { return }
        inbox = nil
        let (notices, parts) = box.read(bytes, recorder: &recorder)
        recorder.received(parts, at: now.nanoseconds)
        inbox = box
        for notice in notices where stage != .over {
            switch notice {
            case .message: messageArrived(now, &actions)
            case .pong(let payload): pongArrived(payload, now, &actions)
            case .ping(let payload):
                guard !hasSentClose, !ignoresPings else { break }
                owedPong = payload
                sendOwedPong(now, &actions)
            case .close: closeArrived(now, &actions)
            }
        }
        guard stage == .talking else { return }
        review(now, &actions)
    }

    private mutating func messageArrived(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard case .echo = wait, case .echoLoop(let loop) = scenario.script[stepIndex] else { return }
        guard let event = inbox?.events.last,
            comparison.isEqual(event, .message(loop.opcode, loop.payload))
        else {
            wait = nil
            giveUp(.mismatch, now, &actions)
            return
        }
        wait = nil
        advanceScript(now, &actions)
    }

    private mutating func pongArrived(_ payload: [UInt8], _ now: LinkInstant, _ actions: inout [LinkAction]) {
        switch wait {
        case .barrier(let tag, let expected, let left) where payload == expected:
            actions.append(.cancelTimer(Timer.wait))
            wait = nil
            if left > 0 {
                sendBarrier(tag: tag, pings: left, now, &actions)
            } else {
                endWait(tag: tag, answered: true, now, &actions)
            }
            return
        case .pong(let expected) where payload == expected:
            inbox?.append(.pong(payload))
            actions.append(.cancelTimer(Timer.wait))
            wait = nil
            advanceScript(now, &actions)
            return
        default: break
        }
        if let lateBarrier, payload == lateBarrier {
            recorder.mark(.lateBarrierAnswered, at: now.nanoseconds)
            self.lateBarrier = nil
            startClosing(body: givingUpBody, now, &actions)
            return
        }
        // A Pong that answers no Ping of ours is allowed (RFC 6455, 5.5.3) and tells nothing.
        guard scriptPings.contains(payload) else { return }
        if payload.isEmpty, case .peerFails = scenario.conclusion {
            // An empty Pong may be a heartbeat that has nothing to do with our empty Ping. A Ping that nobody can have
            // answered by chance tells whether the peer goes on.
            if lateBarrier == nil { sendLateBarrier(now, &actions) }
            return
        }
        inbox?.append(.pong(payload))
    }

    private mutating func closeArrived(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        hasPeerClosed = true
        actions.append(.cancelTimer(Timer.silence))
        actions.append(.cancelTimer(Timer.wait))
        stage = .closing
        guard !hasSentClose else { return }
        owesCloseReply = true
        switch wait {
        case .pace:
            // What a paced script has left goes out at once, as Autobahn's queue does; so a record does not depend on
            // how far the pieces had come when the Close arrived.
            wait = nil
            sendRestOfScript(now, &actions)
        case .written:
            // A frame that is half written is completed first, so that our reply is a frame and not its payload.
            encoder.dropRestOfStep()
            return
        default:
            wait = nil
        }
        sendOwedReply(now, &actions)
    }

    /// Answers the peer's Close, as Autobahn does: with 1000, whatever code came.
    mutating func sendOwedReply(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard owesCloseReply else { return }
        owesCloseReply = false
        flush(&actions)
        hasSentClose = true
        sendExtra(.close, CloseBody(code: CloseCode.normal).encoded, now, &actions)
    }

    static func octets(_ count: Int, of generator: inout SplitMix64) -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < count {
            let word = generator.next()
            for shift in stride(from: 56, through: 0, by: -8) where octets.count < count {
                octets.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return octets
    }
}
