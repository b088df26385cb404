import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// Runs conversations with a target; several may run at a time.
struct ConversationRunner: Sendable {
    var settings: ConversationSettings
    let dialer: any Dialer
    let makeSidecar: @Sendable (String) -> (any SidecarStore)?
    let wallClock: @Sendable () -> Int64
    /// The trials that check the target's reasons for refusing messages.
    let trials = TrialBook()
    /// Counts the connections that were closed without an answer.
    var tally = ConnectionTally()
    /// Whether a scenario is to be played again with Autobahn's own waits, given its first result.
    var playsTwice: @Sendable (ConversationResult) -> Bool = { _ in false }
    /// Whether Autobahn's verdict is the same for two plays of a scenario.
    var isSameToAutobahn: @Sendable (ConversationResult, ConversationResult) -> Bool = { _, _ in false }

    /// The largest message that the target accepts, as far as it is known.
    var peerLimit = PeerLimit.unlearned
    /// Makes scenarios for that limit; nil if none of the run depends on it.
    var limitScenarios: LimitScenarios?
    /// Whether a result fails or is tolerated, so that a sweep ends with it.
    var fallsShort: @Sendable (ConversationResult) -> Bool = { _ in false }

    /// How often both halves of a comparison are measured.
    private static let measurements = 5

    /// Runs a scenario with everything it asks for: further connections, the comparison with half of it, trials.
    ///
    /// Of a sweep around the target's limit, the first result that falls short counts, else the last.
    func run(_ scenario: Scenario, start: Int = 0) async -> ConversationAttempt {
        guard scenario.limitSweep != nil, let limit = peerLimit.octets, let limitScenarios else {
            return await runAsItIs(scenario, start: start)
        }
        var attempt: ConversationAttempt?
        for made in limitScenarios.trials(of: scenario, limit: limit, effort: settings.effort) {
            let latest = await runAsItIs(made(), start: start)
            attempt = latest
            if Task.isCancelled || !latest.facts.hasOpened || latest.facts.lacksCompression
                || latest.result.status != .recorded || fallsShort(latest.result)
            {
                break
            }
        }
        guard let attempt else { return await runAsItIs(scenario, start: start) }
        return attempt
    }

    private func runAsItIs(_ scenario: Scenario, start: Int) async -> ConversationAttempt {
        var mark: TranscriptMark?
        var attempt: ConversationAttempt
        if scenario.connections > 1 {
            let others = ConcurrentConnections(scenario: scenario, settings: settings, dialer: dialer)
            let (result, open) = await others.runWhileOpen { await runOne(scenario, start: start) }
            attempt = result
            mark = .concurrentConnections(open: open, others: scenario.connections - 1)
        } else if let beside = scenario.security?.beside {
            let others = Bystanders(beside, dialer: dialer)
            let (result, open) = await others.runWhileOpen { await runOne(scenario, start: start) }
            attempt = result
            mark = .concurrentConnections(open: open, others: beside.count)
        } else {
            if let half = scenario.scalingBaseline { mark = await compare(scenario, with: half) }
            attempt = await runOne(scenario, start: start)
            await playAgain(scenario, &attempt)
        }
        await tryAgain(&attempt, start: start)
        if let mark, let time = attempt.result.transcript?.events.last?.time {
            attempt.result.transcript?.events.append(TranscriptEvent(time: time, kind: .mark(mark)))
        }
        await tryExcuse(of: &attempt)
        return attempt
    }

    /// Runs an unanswered scenario again, if the target is known to close connections without an answer.
    private func tryAgain(_ attempt: inout ConversationAttempt, start: Int) async {
        let scenario = attempt.result.scenario
        if scenario.opening == .ordinary { await tally.count(attempt.facts) }
        guard scenario.connections == 1, attempt.isUnanswered, await tally.isFlaky else { return }
        for _ in 1..<ConnectionTally.attempts where attempt.isUnanswered && !Task.isCancelled {
            attempt = await runOne(scenario, start: start)
            if scenario.opening == .ordinary { await tally.count(attempt.facts) }
        }
        guard attempt.isUnanswered, attempt.facts.endedUnanswered, !Task.isCancelled else { return }
        attempt.facts.endedUnanswered = false
        attempt.result.status = .inconclusive(
            "closed without an answer, as \(await tally.share) were; raise what limits them, and run it again"
        )
    }

    /// Plays a scenario again with Autobahn's waits, if our Pings may have changed the result.
    ///
    /// First it is played without Pings, with round trips on another connection instead, which takes a tenth of the
    /// time. If Autobahn's verdict is the same, the Pings have changed nothing.
    private func playAgain(_ scenario: Scenario, _ attempt: inout ConversationAttempt) async {
        guard scenario.canBePlayedTwice, attempt.facts.hasOpened, playsTwice(attempt.result) else { return }
        if let quiet = scenario.withoutPings {
            let result = await runOne(quiet, start: attempt.start, sidecar: nil)
            if result.facts.hasOpened, isSameToAutobahn(attempt.result, result.result) { return }
        }
        var second = self
        second.settings.waitsAsAutobahn = true
        let result = await second.runOne(scenario, start: attempt.start, sidecar: nil)
        guard result.facts.hasOpened, result.result.status == .recorded else { return }
        attempt.result.autobahnTranscript = result.result.transcript
    }

    /// Measures alternately how long half of the stimulus and all of it take.
    private func compare(_ scenario: Scenario, with baseline: ScalingBaseline) async -> TranscriptMark {
        var smaller = scenario
        (smaller.opening, smaller.script) = (baseline.opening, baseline.script)
        // Disturbances by other processes favour the target: the longest of one is compared with the shortest of the
        // other.
        var times: (half: Int64, whole: Int64) = (0, .max)
        for _ in 0..<Self.measurements where !Task.isCancelled {
            times.half = max(times.half, await duration(of: smaller))
            times.whole = min(times.whole, await duration(of: scenario))
        }
        return .compared(half: times.half, whole: times.whole)
    }

    private func duration(of scenario: Scenario) async -> Int64 {
        let events = await runOne(scenario, start: 0).result.transcript?.events ?? []
        let connected = events.first { $0.kind == .connected }
        return (events.last?.time ?? 0) - (connected?.time ?? 0)
    }

    /// Runs a scenario on one connection.
    func runOne(_ scenario: Scenario, start: Int) async -> ConversationAttempt {
        await runOne(scenario, start: start, sidecar: makeSidecar(scenario.id))
    }

    /// Runs a scenario on one connection.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - start: The tick of the ledger at which it starts.
    ///   - sidecar: The store for large runs of octets; nil to keep them in memory.
    /// - Returns: What came of it.
    func runOne(
        _ scenario: Scenario,
        start: Int,
        sidecar: (any SidecarStore)?
    ) async -> ConversationAttempt {
        let settings = self.settings
        let startedAt = wallClock()
        let machine = await dialer.run(
            ConversationMachine(scenario: scenario, settings: settings, sidecar: sidecar),
            probe: { ConversationMachine(scenario: .roundTrips($0), settings: settings) }
        )
        var result = ConversationResult(
            scenario: scenario,
            transcript: machine.transcript,
            status: .recorded,
            startedAtMilliseconds: startedAt
        )
        if let status = machine.facts.statusCode, machine.facts.isBusy {
            result.status = .inconclusive("the target answered \(status) in mid-run; try --jobs 1")
        }
        result.skipWithoutLimit(peerLimit, machine.facts)
        if let obstacle = machine.facts.obstacle { result.status = .inconclusive(obstacle) }
        if Task.isCancelled {
            // A cancelled conversation proves nothing, and nobody should judge its record.
            result.transcript = nil
            result.status = .inconclusive("the run was ended before this was over")
        }
        return ConversationAttempt(result: result, facts: machine.facts, start: start)
    }
}

/// A finished conversation.
struct ConversationAttempt: Sendable {
    var result: ConversationResult
    var facts: ConversationFacts
    /// The tick of the ledger at which it started.
    var start: Int

    /// Whether the target closed the connection without an answer, and the scenario does not expect that.
    var isUnanswered: Bool { isDoubtful || facts.failure == .endedInHandshake }

    /// Whether the conversation did not reach the target's WebSocket layer, through no fault of its own.
    ///
    /// A scenario that sends frames with the request may be cut off for that. It is a suspect then, but no victim.
    var isVictim: Bool {
        guard facts.didNotGetThrough else { return false }
        guard facts.failure == .endedInHandshake else { return true }
        return result.scenario.opening == .ordinary
    }

    /// Whether the target ended the connection instead of answering a scenario's own request.
    ///
    /// It may have done so on purpose. Or another conversation made it crash and somebody restarted it; therefore the
    /// scenario has to run again alone.
    var isDoubtful: Bool {
        let isFine = result.scenario.behaviour.contains { outcome in
            outcome.grade == .conforms && (outcome.pattern == .unanswered || outcome.pattern == .anything)
        }
        return facts.endedUnanswered && !isFine
    }
}

/// Remembers which conversations may have made a target stop answering.
///
/// A conversation is cleared once another one that started after its end was answered.
struct BlameLedger: Sendable {
    private var tick = 0
    private var open: [(scenario: Scenario, end: Int, weight: Int)] = []

    /// Counts a start and returns its tick.
    mutating func started() -> Int {
        tick += 1
        return tick
    }

    /// Notes the end of a conversation, and clears those that ended before it started, if it was answered.
    mutating func finished(_ attempt: ConversationAttempt) {
        tick += 1
        if attempt.facts.hasOpened { open.removeAll { $0.end < attempt.start } }
        // An unanswered request is more suspicious than a connection that was cut off, perhaps by another conversation.
        let weight = attempt.facts.endedUnanswered ? 2 : attempt.facts.wasCutOff ? 1 : 0
        open.append((attempt.result.scenario, tick, weight))
    }

    /// The likeliest suspects: those that got no answer, else those that were cut off, else all.
    func likeliest(among suspects: [Scenario]) -> [Scenario] {
        let weights = open.reduce(into: [:]) { $0[$1.scenario.id] = $1.weight }
        let heaviest = suspects.compactMap { weights[$0.id] }.max() ?? 0
        return suspects.filter { weights[$0.id] ?? 0 == heaviest }
    }

    /// The conversations that were not cleared.
    func suspects() -> [Scenario] {
        open.map(\.scenario)
    }
}

extension ConversationAttempt {
    /// Whether a scenario's own request was answered with a status that means overload.
    ///
    /// Such a scenario runs again alone; without any load, the status refuses the request itself.
    var claimsToBeBusy: Bool {
        guard case .request = result.scenario.opening, !facts.hasOpened else { return false }
        return facts.hasBusyStatus
    }
}

extension ConversationFacts {
    /// Whether the status means overload of the target or of a proxy.
    fileprivate var hasBusyStatus: Bool { statusCode.map { [429, 502, 503, 504].contains($0) } ?? false }

    /// Whether the target, or a proxy, refused the connection because of overload.
    var isBusy: Bool { failure == .refused && hasBusyStatus }

    /// Whether the conversation never reached the target's WebSocket layer.
    var didNotGetThrough: Bool {
        switch failure {
        case .notConnected, .endedInHandshake, .silent: true
        case .notHTTP, .refused, nil: false
        }
    }
}

extension Scenario {
    /// A scenario that makes round trips on a connection of its own.
    static func roundTrips(_ count: Int) -> Scenario {
        Scenario(
            id: "control/round-trips",
            title: "Ping round trips beside another conversation",
            requirements: [],
            needs: .nothing,
            script: [.barrier(tag: "round-trips", pings: count), .startClosingHandshake(body: .octets([0x03, 0xE8]))],
            conclusion: .awaitEnd,
            behaviour: [.conforms(.anything)],
            closing: [.conforms(.anything)]
        )
    }

    /// A scenario that only listens, for as long as a few Ping round trips and a pause take.
    static var listening: Scenario {
        Scenario(
            id: "control/listener",
            title: "A connection that only listens",
            requirements: [],
            needs: .nothing,
            script: [
                .quiesce(tag: "listening"), .barrier(tag: "last", pings: 1),
                .startClosingHandshake(body: .octets([0x03, 0xE8])),
            ],
            conclusion: .awaitEnd,
            behaviour: [.conforms(.anything)],
            closing: [.conforms(.anything)]
        )
    }
}
