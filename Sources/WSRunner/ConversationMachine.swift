import WSKernels
import WSLimits
package import WSLink
import WSProtocol
package import WSScenario
package import WSTranscript

/// Conducts one conversation with a server or a client under test.
///
/// This is a pure state machine that receives link events and returns link actions. Its own role is
/// ``ConversationSettings/role``.
///
/// It sends the script with its pacing, waits for what the scenario expects, closes, and records everything. It never
/// judges the peer; it only knows when waiting longer can show nothing new.
///
/// ```
/// dialling ─► opening ─► talking ─► closing ─► over
///     │          │          │  script, then the outcome
///     │          │          │                     (our Close is out)
///     └──────────┴──────────┴───────────────────► over   (the link may end at any time)
/// ```
///
/// The opening handshake is a separate part (``OpeningHandshake``) that returns steps; the rest knows no HTTP. As a
/// server, the machine is in `opening` until it has sent its answer. If a router has already read octets to find out
/// what the client wants, it first calls ``linkConnected(at:actions:)`` with the instant at which the connection was
/// accepted, and then passes on all octets from the first one.
package struct ConversationMachine: LinkMachine {
    /// The scenario that is run.
    package let scenario: Scenario
    /// What all conversations of the run share.
    package let settings: ConversationSettings
    /// The record, complete once the link has ended.
    package var transcript: Transcript { recorder.transcript }
    /// What the run needs to know about the conversation without judging it.
    package internal(set) var facts = ConversationFacts()

    var recorder: TranscriptRecorder
    var encoder: ScriptEncoder
    var inbox: Inbox?
    var stage = Stage.dialling
    var wait: Wait?
    /// The index of the next step.
    var stepIndex = 0
    var hasBegunStep = false
    var scriptIsDone = false
    /// Octets to send in the next write.
    var outbox: [UInt8] = []
    var hasSentClose = false
    var hasPeerClosed = false
    var hasGivenUp = false
    /// Whether our reply to the peer's Close frame is still to be sent.
    var owesCloseReply = false
    var lateBarrier: [UInt8]?
    /// Decides which of the peer's events count.
    var counting: EventCounting
    /// The Pongs that we sent, which a peer may answer with Pongs.
    var sentPongs = SentPongs()
    /// The payloads of Pongs to send after the current frame.
    var owedPongs: [[UInt8]] = []
    var pingCount = 0
    /// How many octets of the script were sent.
    var scriptOctets: UInt64 = 0
    var lastActivity = LinkInstant.zero
    /// When the last octets came.
    var lastHeard = LinkInstant.zero
    /// When the peer last came nearer to what is expected.
    var lastProgress = LinkInstant.zero
    /// When the last octets of our part of the opening handshake were sent.
    var openingSent = LinkInstant.zero
    /// When each timer is due, by its number.
    var dues = [LinkInstant](repeating: .zero, count: Timer.count)
    /// How long nothing of ours ran although a timer was due, since the time of the whole conversation was last set.
    var asleep = LinkDuration.milliseconds(0)
    /// For how long timers were late, and how much more time they got for that.
    var excused = LinkDuration.milliseconds(0)
    var tokens: SplitMix64

    let comparison: EventComparison
    /// The outcomes that are no violation, and how far the peer has come towards each.
    var acceptableOutcomes: [(outcome: Outcome<BehaviourPattern>, tracker: PatternTracker)]
    /// How many of the inbox's events the trackers have seen.
    var followedEvents = 0
    /// The opening handshake.
    var opening: any OpeningHandshake
    /// On how many earlier connections of the same client its Sec-WebSocket-Key came.
    ///
    /// The caller has to set this before the request is read.
    package var earlierUsesOfKey = 0
    /// What the handshake of the security layer agreed on; nil if there is none.
    private var security: TranscriptSecurity?
    /// Whether the record has the connection of HTTP/2 around the stream.
    var recordsCarrier = true
    /// Whether we have sent FIN.
    var hasEndedOutput = false
    /// When the wait for round trips on another connection ends.
    var probeLimit = LinkInstant.zero
    /// Whether a step stopped reading for a while.
    var isReadingPaused = false
    /// Whether a step made us leave Pings unanswered.
    var ignoresPings = false
    /// Whether a step made us leave the peer's Close frame unanswered.
    var ignoresClose = false
    /// How long nothing may follow a Pong that matches no pending Ping; nil if there was none.
    var doubt: LinkDuration?
    /// When the opening handshake ended.
    var openedAt = LinkInstant.zero
    /// How long nothing had moved before the octets that are being read.
    var silenceBefore = LinkDuration.milliseconds(0)

    /// The state of the conversation.
    enum Stage: Sendable {
        case dialling
        case opening
        case talking
        case closing
        case over
    }

    /// What the script waits for.
    enum Wait: Sendable {
        /// All octets handed to the link to be sent.
        case written
        /// The opening handshake, which pauses.
        case opening
        /// The time at which to end a connection without an answer, in this way.
        case ending(RequestToSend.Ending)
        /// The time for the next piece.
        case pace
        /// The end of a pause in the script.
        case pause
        /// What answers the user's first message.
        case firstReplies
        /// The end of a wait of Autobahn's, at its original length.
        case autobahn(tag: String)
        /// The Pong for a barrier's Ping; `left` more Pings follow.
        case barrier(tag: String, payload: [UInt8], left: Int)
        /// Round trips on another connection and a minimum time, inside an unfinished frame.
        case quiesce(tag: String, probed: Bool, timed: Bool)
        /// The answer to a PING on the connection of HTTP/2.
        case carrier
        /// The Pong for a Ping of the script.
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
        static let count = 7
    }

    /// Creates a conversation that has not begun.
    package init(scenario: Scenario, settings: ConversationSettings, sidecar: (any SidecarStore)? = nil) {
        let scenario = scenario.testing(settings.role.opposite).seeded(settings.seed)
        let settings = settings.reading(scenario)
        self.scenario = scenario
        self.settings = settings
        let seed = settings.seed(of: scenario.id)
        // One seed gives three independent streams: for handshake keys, masking keys and barrier payloads.
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
            // Where Autobahn compares only type and length, the wait does so, too; the judge compares the octets.
            ignoresContent: scenario.comparesEchoesByLength
        )
        acceptableOutcomes = scenario.behaviour.filter { $0.grade != .violates }.map { [comparison] in
            ($0, PatternTracker($0.pattern, comparison: comparison, script: scenario.script))
        }
        counting = EventCounting(scenario, ignoresMessages: settings.ignoresMessages)
        opening =
            switch settings.role {
            case .server where settings.isOnStream: HTTP2ServerOpening(scenario, settings)
            case .server: HTTPServerOpening(scenario, settings)
            case .client where settings.isOnStream: HTTP2ClientOpening(scenario, settings)
            case .client: HTTPClientOpening(scenario, settings)
            }
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
                maximumMessage: settings.maximumMessage == Limits.inflatedMessage.value ? nil : settings.maximumMessage,
                peerLimit: scenario.limitSweep?.limit,
                limitTrial: scenario.limitSweep?.limit == nil ? nil : scenario.limitSweep?.trial,
                stimulus: RecordedStimulus(text: StimulusText.encode(scenario.stimulus))
            ),
            sidecar: sidecar
        )
    }

    // MARK: - Link events

    package var securityWish: LinkSecurityWish { scenario.security.map { LinkSecurityWish($0) } ?? .usual }

    package mutating func linkSecured(_ facts: LinkSecurityFacts, at now: LinkInstant) {
        security = TranscriptSecurity(facts)
        self.facts.security = facts
    }

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        recorder.connected(at: now.nanoseconds)
        if let security { recorder.mark(.secured(security), at: now.nanoseconds) }
        stage = .opening
        lastActivity = now
        start(Timer.idle, at: now + shortestLimit, &actions)
        start(Timer.whole, at: now + wholeLimit, &actions)
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
        lastHeard = now
        switch stage {
        case .dialling, .over: break
        case .opening,
            .talking where !facts.hasOpened, .closing where !facts.hasOpened:
            readOpening(bytes, now, &actions)
        case .talking, .closing: readFrames(bytes, now, &actions)
        }
        if recorder.isUnkept { facts.isUnkept = true }
        if isFlooded || recorder.isFull, stage != .over { giveUp(.flood, now, &actions) }
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        lastActivity = now
        guard case .written = wait else { return }
        wait = nil
        advanceScript(now, &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        guard stage != .over, !startsAgain(timer, now, &actions) else { return }
        switch timer {
        case Timer.idle:
            // A pause ends with activity of our own, so the idle limit need not be checked before.
            if case .pause = wait, now >= lastActivity + settings.idleTimeout {
                return start(Timer.idle, at: now + settings.idleTimeout, &actions)
            }
            let limit = idleLimit
            let due = lastActivity + (limit ?? settings.idleTimeout)
            if limit == nil || now < due || isInPlannedPause {
                let next = max(min(due, now + shortestLimit), now + .milliseconds(10))
                start(Timer.idle, at: next, &actions)
            } else {
                giveUp(.deadline, now, &actions)
            }
        case Timer.whole: endWholeTime(now, &actions)
        case Timer.reply: giveUp(.deadline, now, &actions)
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

    package mutating func linkEnded(_ ended: LinkEnd, at now: LinkInstant) {
        let end = asSeen(ended)
        let rest = inbox?.release(to: &recorder) ?? []
        if !rest.isEmpty { recorder.received(rest, at: now.nanoseconds) }
        noteFirstReplies(now)
        switch end {
        case .notConnected(let reason): facts.failure = .notConnected(reason)
        // What a scenario makes of TLS may be refused; the judge says whether it has to be.
        case .notSecured(let reason): facts.failure = scenario.security == nil ? .notConnected(reason) : .refused
        case .finished, .truncated, .reset, .closedHere: break
        }
        recorder.ended(TranscriptEnd(end), at: now.nanoseconds)
        if isUnanswered, facts.failure == nil, !opening.takesAnyAnswer {
            facts.failure = end == .closedHere ? .silent : .endedInHandshake
        }
        facts.endedUnanswered = isUnanswered && opening.takesAnyAnswer && end.isByPeer
        facts.wasCutOff = facts.hasOpened && !hasPeerClosed && end.isByPeer
        if end.isByPeer {
            noteSilence(until: now)
            // A stream that goes down with its connection, or ends before a Close frame, is not one that was ended in time.
            if !settings.isOnStream || end != .truncated && hasPeerClosed { noteAnswer(.end) }
        }
        facts.heardExpected = inbox?.events.contains(where: isExpected) ?? false
        facts.cameBack = expectedTypes
        facts.heardMessages = inbox?.events.count { if case .message = $0 { true } else { false } } ?? 0
        stage = .over
    }

    private func isExpected(_ event: ObservedEvent) -> Bool {
        scenario.expectedEvents.contains { comparison.isEqual(event, $0) }
    }

    /// The types of the expected messages that have come.
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

extension LinkSecurityWish {
    /// Converts what a scenario wants of TLS.
    package init(_ security: SecurityToSpeak) {
        self.init()
        isInTheClear = security.isInTheClear
        version = security.versions == .usual ? nil : security.versions.rawValue
        applicationProtocols = security.applicationProtocols
        recordCut = security.recordCut
        truncates = security.truncates
        serverName =
            switch security.serverName {
            case .ofTarget: .usual
            case .none: .none
            case .other(let name): .other(name)
            }
    }
}

extension TranscriptSecurity {
    /// Takes over what a link tells of its security layer.
    fileprivate init(_ facts: LinkSecurityFacts) {
        self.init(
            version: facts.version,
            cipher: facts.cipher,
            serverName: facts.serverName,
            offeredProtocols: facts.offeredProtocols,
            applicationProtocol: facts.applicationProtocol,
            certificateNames: facts.certificateNames,
            certificateNotAfter: facts.certificateNotAfter,
            certificateDigest: facts.certificateDigest
        )
    }
}
