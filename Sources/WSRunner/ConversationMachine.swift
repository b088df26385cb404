import WSKernels
package import WSLink
import WSProtocol
package import WSScenario
package import WSTranscript

/// Holds one conversation with a server or a client under test.
///
/// It is a pure state machine that eats link events and gives link actions. Which side it is itself stands in
/// ``ConversationSettings/role``.
///
/// It sends the script, paces it, waits for what the scenario expects, closes, and records everything. It never
/// decides whether the peer is right; it only knows when waiting longer can show nothing new.
///
/// ```
/// dialling ─► opening ─► talking ─► closing ─► over
///     │          │          │  script, then the outcome
///     │          │          │                     (our Close is out)
///     └──────────┴──────────┴───────────────────► over   (the link may end at any time)
/// ```
///
/// The opening handshake is a part of its own, which says what it does in steps (``OpeningHandshake``); what follows
/// knows no HTTP. As a server the machine is in `opening` until its answer is out. Whoever has read a part of the
/// stream to find out what the client wants hands it on: first ``linkConnected(at:actions:)`` with the instant at which
/// the connection was accepted, then all octets so far from the first one on.
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
    var lateBarrier: [UInt8]?
    /// Which of what comes counts.
    var counting: EventCounting
    /// Pongs that wait for the end of the frame that is being sent.
    var owedPongs: [[UInt8]] = []
    var pingCount = 0
    /// How many octets of the script have been sent.
    var scriptOctets: UInt64 = 0
    var lastActivity = LinkInstant.zero
    /// When the last octets of our part of the opening left.
    var openingSent = LinkInstant.zero
    private var idleDue = LinkInstant.zero
    var tokens: SplitMix64

    let comparison: EventComparison
    /// The outcomes that do not violate, and how far the peer has come towards each.
    var acceptableOutcomes: [(outcome: Outcome<BehaviourPattern>, tracker: PatternTracker)]
    /// How many of the inbox's events the trackers have taken.
    var followedEvents = 0
    /// What comes before the connection is open.
    var opening: any OpeningHandshake
    /// On how many earlier connections of the same client its Sec-WebSocket-Key has come; who has seen them says so
    /// before the request is read.
    package var earlierUsesOfKey = 0
    /// Whether we have sent FIN.
    var hasEndedOutput = false
    /// When round trips on another connection are given up.
    var probeLimit = LinkInstant.zero
    /// Whether a step has us read nothing for a while.
    var isReadingPaused = false
    /// Whether a step has us leave Pings unanswered.
    var ignoresPings = false
    /// Whether a step has us leave the peer's Close frame unanswered.
    var ignoresClose = false
    /// How long nothing may come behind a Pong that answers none of the Pings that are out; nil where none came.
    var doubt: LinkDuration?
    /// When the opening handshake was done.
    var openedAt = LinkInstant.zero
    /// How long nothing had moved when the octets came that are being read.
    var silenceBefore = LinkDuration.milliseconds(0)

    /// Where the conversation stands.
    enum Stage: Sendable {
        case dialling
        case opening
        case talking
        case closing
        case over
    }

    /// What the script waits for.
    enum Wait: Sendable {
        /// The octets handed over have left.
        case written
        /// The opening handshake, which takes its time.
        case opening
        /// The moment to end a connection on which no answer has come, in this way.
        case ending(RequestToSend.Ending)
        /// The next piece is due.
        case pace
        /// A pause of the script.
        case pause
        /// The end of a wait of Autobahn's that takes its time.
        case autobahn(tag: String)
        /// The answer to a barrier Ping; `left` more follow.
        case barrier(tag: String, payload: [UInt8], left: Int)
        /// Round trips elsewhere and a least time, inside an unfinished frame.
        case quiesce(tag: String, probed: Bool, timed: Bool)
        /// The answer to a Ping of the script.
        case pong([UInt8])
        /// The echo of an echo loop's message.
        case echo
        /// The peer's Close frame.
        case close
    }

    /// The timers of a conversation.
    enum Timer {
        static let idle = LinkTimer(number: 0)
        static let wait = LinkTimer(number: 1)
        static let silence = LinkTimer(number: 2)
        static let whole = LinkTimer(number: 3)
        static let reply = LinkTimer(number: 4)
        static let reading = LinkTimer(number: 5)
        static let doubt = LinkTimer(number: 6)
    }

    /// Creates a conversation that has not begun.
    package init(scenario: Scenario, settings: ConversationSettings, sidecar: (any SidecarStore)? = nil) {
        let scenario = scenario.testing(settings.role.opposite)
        self.scenario = scenario
        self.settings = settings
        let seed = settings.seed(of: scenario.id)
        // Three independent streams of one seed: the key of the handshake, the masking keys, the barrier payloads.
        var streams = SplitMix64(seed: seed)
        _ = streams.next()
        encoder = ScriptEncoder(
            script: scenario.script,
            role: settings.role,
            effort: settings.effort,
            keys: MaskingKeySequence(seed: streams.next())
        )
        tokens = SplitMix64(seed: streams.next())
        comparison = EventComparison(
            scenario,
            effort: settings.effort,
            // Where Autobahn looks at type and length only, waiting stops there too; the judge looks at the octets.
            ignoresContent: scenario.isLoad
        )
        acceptableOutcomes = scenario.behaviour.filter { $0.grade != .violates }.map { [comparison] in
            ($0, PatternTracker($0.pattern, comparison: comparison, script: scenario.script))
        }
        counting = EventCounting(scenario, ignoresMessages: settings.ignoresMessages)
        opening =
            settings.role == .client
            ? HTTPClientOpening(scenario, settings) : HTTPServerOpening(scenario, settings)
        recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: settings.role.opposite.rawValue,
                url: settings.target.text,
                seed: settings.seed,
                effort: settings.effort.rawValue,
                subprotocols: settings.subprotocols,
                ignoresMessages: settings.ignoresMessages ? true : nil,
                application: settings.application,
                waitsAsAutobahn: settings.waitsAsAutobahn ? true : nil,
                waitsForever: settings.waitsForever ? true : nil,
                stimulus: RecordedStimulus(text: StimulusText.encode(scenario.stimulus))
            ),
            sidecar: sidecar
        )
    }

    // MARK: - Link events

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        recorder.connected(at: now.nanoseconds)
        stage = .opening
        lastActivity = now
        setIdleTimer(at: now + shortestLimit, &actions)
        actions.append(.setTimer(Timer.whole, at: now + wholeLimit))
        let steps = opening.begin()
        let none: [UInt8] = []
        perform(steps, on: none.span, now, &actions)
        guard settings.role == .client else { return }
        if scenario.opening == .framesWithHandshake { advanceScript(now, &actions) }
        flush(&actions)
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        noteSilence(until: now)
        lastActivity = now
        switch stage {
        case .dialling, .over: break
        case .opening,
            .talking where !facts.hasOpened, .closing where !facts.hasOpened:
            readOpening(bytes, now, &actions)
        case .talking, .closing: readFrames(bytes, now, &actions)
        }
        if recorder.isUnkept { facts.isUnkept = true }
        if recorder.receivedCount > floodLimit || recorder.isFull, stage != .over { giveUp(.flood, now, &actions) }
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
            // A timer that fires late says that this machine was too busy, and that what came may lie unread.
            if now - idleDue > Pacing.lateTimer { lastActivity = now }
            // A pause ends with activity of its own; nobody has to look before.
            if case .pause = wait, now >= lastActivity + settings.idleTimeout {
                return setIdleTimer(at: now + settings.idleTimeout, &actions)
            }
            let limit = idleLimit
            let due = lastActivity + (limit ?? settings.idleTimeout)
            if limit == nil || now < due || isInPlannedPause {
                setIdleTimer(at: max(min(due, now + shortestLimit), now + .milliseconds(10)), &actions)
            } else {
                giveUp(.deadline, now, &actions)
            }
        case Timer.whole, Timer.reply: giveUp(.deadline, now, &actions)
        case Timer.wait: waitTimerFired(now, &actions)
        case Timer.silence: endSilence(now, &actions)
        case Timer.doubt: endDoubt(now, &actions)
        case Timer.reading:
            isReadingPaused = false
            lastActivity = now
            actions.append(.resumeReading)
        default: break
        }
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        guard case .quiesce(let tag, _, let timed) = wait else { return }
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
        if isUnanswered, facts.failure == nil, !opening.takesAnyAnswer {
            facts.failure = end == .closedHere ? .silent : .endedInHandshake
        }
        facts.endedUnanswered = isUnanswered && opening.takesAnyAnswer && (end == .finished || end == .reset)
        facts.wasCutOff = facts.hasOpened && !hasPeerClosed && (end == .finished || end == .reset)
        if end == .finished || end == .reset {
            noteSilence(until: now)
            noteAnswer(.end)
        }
        facts.heardExpected = inbox?.events.contains(where: isExpected) ?? false
        facts.cameBack = expectedTypes
        facts.heardMessages = inbox?.events.count { if case .message = $0 { true } else { false } } ?? 0
        stage = .over
    }

    private func isExpected(_ event: ObservedEvent) -> Bool {
        scenario.expectedEvents.contains { comparison.isEqual(event, $0) }
    }

    /// The types of the messages that were expected and have come.
    private var expectedTypes: Set<Opcode> {
        let expected = scenario.expectedEvents
        var types: Set<Opcode> = []
        for case .message(let opcode, let length, let payload) in inbox?.events ?? [] where !types.contains(opcode) {
            let event = ObservedEvent.message(opcode, length: length, payload: payload)
            if expected.contains(where: { comparison.isEqual(event, $0) }) { types.insert(opcode) }
        }
        return types
    }

    // MARK: - Limits

    private mutating func setIdleTimer(at moment: LinkInstant, _ actions: inout [LinkAction]) {
        idleDue = moment
        actions.append(.setTimer(Timer.idle, at: moment))
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
