package import WSLink
import WSScenario
package import WSTranscript

/// Runs the scenarios of a plan against one target and tells what came of each.
///
/// Control first, then everything but load, `jobs` conversations at a time, then load on its own, then what has to run
/// alone, one after the other, control again. When the target stops answering, the conversations that may have done it
/// are run again one at a time, so that nothing is held against the wrong one.
package struct TestRun: Sendable {
    private let plan: RunPlan
    private let conversations: ConversationRunner
    private let handle: @Sendable (RunEvent) async -> Void
    private var ledger = BlameLedger()
    private var jobs: Int
    /// The scenarios whose result has been told; a further one replaces it.
    private var told: Set<String> = []
    private let revivalPause: Duration

    /// How often a target that stopped answering is tried again before it counts as dead.
    private static let revivalAttempts = 20
    /// How often a target that turns connections away because it is busy is tried again.
    private static let busyAttempts = 5
    /// How often a scenario that gets no connection is tried again while others get theirs.
    private static let connectAttempts = 3

    /// Prepares a run.
    ///
    /// `makeSidecar` makes the store for a scenario's large octet runs, by its id; `wallClock` gives milliseconds since
    /// 1970-01-01; `handle` is told what happens, one event after the other. `revivalPause` lies between two attempts
    /// to reach a target that stopped answering.
    package init(
        plan: RunPlan,
        dialer: any Dialer,
        makeSidecar: @escaping @Sendable (String) -> (any SidecarStore)?,
        wallClock: @escaping @Sendable () -> Int64,
        revivalPause: Duration = .milliseconds(100),
        handle: @escaping @Sendable (RunEvent) async -> Void
    ) {
        self.plan = plan
        self.handle = handle
        conversations = ConversationRunner(
            settings: plan.settings,
            dialer: dialer,
            makeSidecar: makeSidecar,
            wallClock: wallClock
        )
        jobs = max(1, plan.jobs)
        self.revivalPause = revivalPause
    }

    /// Runs everything.
    ///
    /// - Returns: how the run as a whole ended; results come as events.
    package func run() async -> RunEnding {
        var run = self
        return await run.runAll()
    }

    private mutating func runAll() async -> RunEnding {
        let first = await firstControl()
        guard case .ready(let echoes) = first else {
            if case .failed(let ending) = first { return ending }
            return .cancelled
        }
        await handle(.planned(plan.scenarios.count))
        let ending = await runScenarios(echoes: echoes)
        // Whatever ended the run, each scenario that was planned has its result.
        for scenario in plan.scenarios where !told.contains(scenario.id) {
            await tell(ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(unrun(ending))))
        }
        return ending
    }

    private func unrun(_ ending: RunEnding) -> String {
        switch ending {
        case .cancelled: "the run was ended before this was over"
        case .broken, .unreachable, .complete:
            "\(plan.settings.target.authority) had stopped answering before this could run"
        }
    }

    private mutating func runScenarios(echoes: Bool) async -> RunEnding {
        var runnable: [Scenario] = []
        for scenario in plan.scenarios {
            guard scenario.needs == .echo, !echoes else {
                runnable.append(scenario)
                continue
            }
            let reason = "needs an application that echoes"
            await tell(ConversationResult(scenario: scenario, transcript: nil, status: .skipped(reason)))
        }
        let control = echoes ? plan.control : plan.controlWithoutEcho
        let ordinary = Self.longestWaitFirst(runnable.filter { !$0.isLoad && !$0.runsAlone })
        // A connection that only listens, beside the first conversations: what it hears was meant for others.
        let conversations = self.conversations
        let listens = echoes && jobs > 1
        async let listener = listens ? conversations.run(.listening).facts.heardMessages : 0
        let ending = await runPhase(ordinary, control: control)
        let heard = await listener
        if let ending { return ending }
        if heard > 0 {
            // Others could hear these conversations, and they could hear others: none of their results counts.
            await handle(.note("this server broadcasts: messages reach other connections; going on one at a time"))
            jobs = 1
            ledger = BlameLedger()
            if let ending = await runPhase(ordinary, control: control) { return ending }
        }
        if let ending = await runPhase(runnable.filter(\.isLoad), control: control) { return ending }
        jobs = 1
        if let ending = await runPhase(runnable.filter(\.runsAlone), control: control) { return ending }
        return await lastControl(control)
    }

    /// The scenarios in the order in which the run as a whole waits least; equals stay as they are.
    private static func longestWaitFirst(_ scenarios: [Scenario]) -> [Scenario] {
        scenarios.map { ($0.plannedWait, $0) }.enumerated()
            .sorted { ($1.element.0, $0.offset) < ($0.element.0, $1.offset) }
            .map(\.element.1)
    }

    /// Tells a result: as the first of its scenario, or in place of an earlier one.
    private mutating func tell(_ result: ConversationResult) async {
        let isFirst = told.insert(result.scenario.id).inserted
        await handle(isFirst ? .finished(result) : .replaced(result))
    }

    // MARK: - Control

    private enum FirstControl {
        case ready(echoes: Bool)
        case failed(RunEnding)
    }

    private func firstControl() async -> FirstControl? {
        let url = plan.settings.target
        if plan.application != .none {
            let attempt = await conversations.run(plan.control)
            if Task.isCancelled { return nil }
            if let failure = attempt.facts.failure {
                return .failed(.unreachable(Self.describe(failure, attempt.facts, url: url)))
            }
            await handle(.peer(server: attempt.facts.server))
            if attempt.facts.isFulfilled { return .ready(echoes: true) }
            guard plan.application == .auto else {
                return .failed(
                    .unreachable(
                        "\(url) does not echo a text message; drop --application echo, or test an echo endpoint"
                    )
                )
            }
        }
        let attempt = await conversations.run(plan.controlWithoutEcho)
        if Task.isCancelled { return nil }
        if let failure = attempt.facts.failure {
            return .failed(.unreachable(Self.describe(failure, attempt.facts, url: url)))
        }
        guard attempt.facts.isFulfilled else {
            return .failed(
                .unreachable("\(url) accepts the handshake and then answers neither a text message nor a Ping")
            )
        }
        if plan.application == .none {
            await handle(.peer(server: attempt.facts.server))
        } else {
            await handle(
                .note("\(url) answers Pings but does not echo: scenarios that need an echo are skipped")
            )
        }
        return .ready(echoes: false)
    }

    private mutating func lastControl(_ control: Scenario) async -> RunEnding {
        if Task.isCancelled { return .cancelled }
        if await conversations.run(control).facts.isFulfilled { return .complete }
        // Who was there since the target was last seen to work is a suspect, the very last one included.
        let suspects = ledger.suspects()
        guard await revive(control) else {
            return Task.isCancelled ? .cancelled : await giveUpTarget(suspects: suspects)
        }
        return await clear(suspects, control: control) ?? .complete
    }

    /// Whether the target works, tried until it does or the attempts are used up.
    private func revive(_ control: Scenario) async -> Bool {
        for attempt in 0..<Self.revivalAttempts {
            if attempt > 0 { try? await Task.sleep(for: revivalPause) }
            if Task.isCancelled { return false }
            let result = await conversations.run(control)
            if result.facts.isFulfilled { return true }
            // A target that is silent has used up its time already.
            if result.facts.failure == .silent, attempt > 0 { return false }
        }
        return false
    }

    /// Whether the target still answers right after a suspect; one that is merely busy does.
    private func survives(_ control: Scenario) async -> Bool {
        for attempt in 0..<Self.busyAttempts {
            if attempt > 0 { try? await Task.sleep(for: revivalPause) }
            if Task.isCancelled { return true }
            let facts = await conversations.run(control).facts
            if facts.isFulfilled { return true }
            guard facts.isBusy else { return false }
        }
        return true
    }

    private static func describe(
        _ failure: ConversationFacts.Failure,
        _ facts: ConversationFacts,
        url: TargetURL
    )
        -> String
    {
        switch failure {
        case .notConnected(let reason): return reason
        case .endedInHandshake:
            return "\(url.authority) closed the connection during the handshake; is it a WebSocket server?"
        case .silent:
            return
                "\(url.authority) accepts connections but does not answer the handshake; raise --timeout if it is slow"
        case .notHTTP:
            return "\(url.authority) does not answer in HTTP; is it a WebSocket server without TLS?"
        case .refused:
            let status = facts.statusCode.map(String.init) ?? "no status"
            return "\(url) answered the handshake with \(status) instead of 101; check the path and the subprotocol"
        }
    }

    // MARK: - Phases

    /// Runs scenarios until each has its result; nil when the run can go on.
    private mutating func runPhase(_ scenarios: [Scenario], control: Scenario) async -> RunEnding? {
        var queue = scenarios
        var doubtful: [Scenario] = []
        while !queue.isEmpty {
            let round = await runWindow(queue)
            if Task.isCancelled { return .cancelled }
            doubtful += round.doubtful
            guard !round.victims.isEmpty else { break }
            // Somebody did not get through. Who was there when it happened is a suspect.
            let suspects = ledger.suspects()
            guard await revive(control) else {
                return Task.isCancelled ? .cancelled : await giveUpTarget(suspects: suspects)
            }
            if let ending = await clear(suspects, control: control) { return ending }
            ledger = BlameLedger()
            queue = round.victims + round.notStarted
            guard suspects.isEmpty else { continue }
            // The target never went away; who did not get through is heard again, alone.
            queue = round.notStarted
            for victim in round.victims {
                let result = await runAlone(victim)
                if Task.isCancelled { return .cancelled }
                await tell(result)
            }
        }
        return await clear(doubtful, control: control)
    }

    private struct Round {
        var victims: [Scenario] = []
        /// Those whose connection ended without an answer, which they or somebody beside them may have brought about.
        var doubtful: [Scenario] = []
        var notStarted: [Scenario] = []
    }

    private mutating func runWindow(_ queue: [Scenario]) async -> Round {
        let conversations = self.conversations
        var round = Round()
        var next = 0
        var inFlight = 0
        var untold: ConversationResult?
        await withTaskGroup(of: ConversationAttempt.self) { group in
            while true {
                while inFlight < jobs, next < queue.count, round.victims.isEmpty, !Task.isCancelled {
                    let scenario = queue[next]
                    next += 1
                    inFlight += 1
                    let start = ledger.started()
                    group.addTask { await conversations.run(scenario, start: start) }
                }
                // Told once the next conversation is under way: who listens may judge and write meanwhile.
                if let result = untold { await tell(result) }
                untold = nil
                guard let attempt = await group.next() else { break }
                inFlight -= 1
                if attempt.isVictim {
                    round.victims.append(attempt.result.scenario)
                } else {
                    ledger.finished(attempt)
                    if attempt.isDoubtful, jobs > 1 { round.doubtful.append(attempt.result.scenario) }
                    untold = attempt.result
                }
            }
        }
        round.notStarted = Array(queue[next...])
        return round
    }

    /// Runs a scenario while nothing else runs and the target is known to work.
    private func runAlone(_ scenario: Scenario) async -> ConversationResult {
        var attempt = await conversations.run(scenario)
        for _ in 1..<Self.connectAttempts where attempt.isVictim && !Task.isCancelled {
            try? await Task.sleep(for: revivalPause)
            attempt = await conversations.run(scenario)
        }
        if attempt.isVictim, let failure = attempt.facts.failure {
            // Its handshake is the control's, so that nothing of the scenario can be the reason.
            let why = Self.describe(failure, attempt.facts, url: plan.settings.target)
            attempt.result.transcript = nil
            attempt.result.status = .inconclusive("no connection came about, though others did: \(why)")
        }
        return attempt.result
    }

    /// Runs suspects again, one at a time; names the one after which the target dies once more.
    private mutating func clear(_ suspects: [Scenario], control: Scenario) async -> RunEnding? {
        for (index, suspect) in suspects.enumerated() {
            var result = await runAlone(suspect)
            if Task.isCancelled { return .cancelled }
            if await survives(control) {
                if Task.isCancelled { return .cancelled }
                await tell(result)
                continue
            }
            let isBack = await revive(control)
            if Task.isCancelled { return .cancelled }
            if isBack {
                // Once may be chance, such as a limit on connections; so it has to happen again.
                result = await runAlone(suspect)
                if Task.isCancelled { return .cancelled }
                if await survives(control) {
                    if Task.isCancelled { return .cancelled }
                    await tell(result)
                    continue
                }
            }
            await name(result)
            let canGoOn = isBack ? await revive(control) : false
            guard canGoOn else {
                return Task.isCancelled ? .cancelled : await giveUpTarget(suspects: Array(suspects[(index + 1)...]))
            }
        }
        return nil
    }

    /// Holds the death of the target against a scenario.
    private mutating func name(_ result: ConversationResult) async {
        var named = result
        // A rerun that got no connection at all shows nothing, whoever is dead.
        if var transcript = named.transcript {
            let end = transcript.events.last?.time ?? 0
            transcript.events.append(TranscriptEvent(time: end, kind: .mark(.targetDied)))
            named.transcript = transcript
            named.status = .recorded
            await handle(.note("\(named.scenario.id) made \(plan.settings.target) stop answering"))
        }
        await tell(named)
    }

    private mutating func giveUpTarget(suspects: [Scenario]) async -> RunEnding {
        let target = plan.settings.target.authority
        for scenario in suspects {
            let reason =
                "\(target) stopped answering while this ran, or right after; run it alone with --cases \(scenario.id)"
            await tell(ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason)))
        }
        let names = suspects.map(\.id).joined(separator: ", ")
        return .broken("\(target) stopped answering; suspects: \(names.isEmpty ? "none" : names)")
    }
}
