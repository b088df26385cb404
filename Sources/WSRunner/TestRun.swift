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

    /// How often a target that stopped answering is tried again before it counts as dead.
    private static let revivalAttempts = 20
    /// The time between two of these attempts.
    private static let revivalPause = Duration.milliseconds(100)

    /// Prepares a run.
    ///
    /// `makeSidecar` makes the store for a scenario's large octet runs, by its id; `wallClock` gives milliseconds since
    /// 1970-01-01; `handle` is told what happens, one event after the other.
    package init(
        plan: RunPlan,
        dialer: any Dialer,
        makeSidecar: @escaping @Sendable (String) -> (any SidecarStore)?,
        wallClock: @escaping @Sendable () -> Int64,
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
        var runnable: [Scenario] = []
        await handle(.planned(plan.scenarios.count))
        for scenario in plan.scenarios {
            if scenario.needs == .echo, !echoes {
                await handle(
                    .finished(
                        ConversationResult(
                            scenario: scenario,
                            transcript: nil,
                            status: .skipped("needs an application that echoes")
                        )
                    )
                )
            } else {
                runnable.append(scenario)
            }
        }
        let control = echoes ? plan.control : plan.controlWithoutEcho
        let ordinary = runnable.filter { !$0.isLoad && !$0.runsAlone }
        // A connection that only listens, beside the first conversations: what it hears was meant for others.
        let conversations = self.conversations
        let listens = echoes && jobs > 1
        async let listener = listens ? conversations.run(.listening).facts.heardMessages : 0
        let ending = await runPhase(ordinary, control: control)
        let heard = await listener
        if let ending { return ending }
        if heard > 0, let ending = await repeatAlone(ordinary.filter { $0.needs == .echo }) { return ending }
        if let ending = await runPhase(runnable.filter(\.isLoad), control: control) { return ending }
        jobs = 1
        if let ending = await runPhase(runnable.filter(\.runsAlone), control: control) { return ending }
        return await lastControl(control)
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

    private func lastControl(_ control: Scenario) async -> RunEnding {
        if Task.isCancelled { return .cancelled }
        if await revive(control) { return .complete }
        return Task.isCancelled
            ? .cancelled
            : .broken("the control scenario failed after the run: \(plan.settings.target) has stopped working")
    }

    /// Whether the target works, tried until it does or the attempts are used up.
    private func revive(_ control: Scenario) async -> Bool {
        for attempt in 0..<Self.revivalAttempts {
            if attempt > 0 { try? await Task.sleep(for: Self.revivalPause) }
            if Task.isCancelled { return false }
            let result = await conversations.run(control)
            if result.facts.isFulfilled { return true }
            // A target that is silent has used up its time already.
            if result.facts.failure == .silent, attempt > 0 { return false }
        }
        return false
    }

    /// Throws away the results of scenarios whose echoes others could hear, and runs them one at a time from here on.
    private mutating func repeatAlone(_ scenarios: [Scenario]) async -> RunEnding? {
        await handle(.note("this server broadcasts: messages reach other connections; going on one at a time"))
        jobs = 1
        for scenario in scenarios {
            if Task.isCancelled { return .cancelled }
            await handle(.replaced(await conversations.run(scenario).result))
        }
        return nil
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
        while !queue.isEmpty {
            let round = await runWindow(queue)
            if Task.isCancelled { return .cancelled }
            guard !round.victims.isEmpty else { return nil }
            // Somebody did not get through. Who was there when it happened is a suspect.
            let suspects = ledger.suspects()
            queue = round.victims + round.notStarted
            guard await revive(control) else {
                if Task.isCancelled { return .cancelled }
                return await giveUpTarget(suspects: suspects, notRun: queue)
            }
            for suspect in suspects {
                if let ending = await runSuspect(suspect, control: control, notRun: queue) { return ending }
            }
            if suspects.isEmpty {
                // The target never went away; who did not get through is heard again, alone.
                for victim in round.victims {
                    await handle(.finished(await conversations.run(victim).result))
                    if Task.isCancelled { return .cancelled }
                }
                queue = round.notStarted
            }
            ledger = BlameLedger()
        }
        return nil
    }

    private struct Round {
        var victims: [Scenario] = []
        var notStarted: [Scenario] = []
    }

    private mutating func runWindow(_ queue: [Scenario]) async -> Round {
        let conversations = self.conversations
        var round = Round()
        var next = 0
        var inFlight = 0
        await withTaskGroup(of: ConversationAttempt.self) { group in
            while true {
                while inFlight < jobs, next < queue.count, round.victims.isEmpty, !Task.isCancelled {
                    let scenario = queue[next]
                    next += 1
                    inFlight += 1
                    let start = ledger.started()
                    group.addTask { await conversations.run(scenario, start: start) }
                }
                guard let attempt = await group.next() else { break }
                inFlight -= 1
                if attempt.facts.didNotGetThrough {
                    round.victims.append(attempt.result.scenario)
                } else {
                    ledger.finished(attempt)
                    await handle(.finished(attempt.result))
                }
            }
        }
        round.notStarted = Array(queue[next...])
        return round
    }

    /// Runs a suspect again, alone; names it when the target dies once more.
    private func runSuspect(_ suspect: Scenario, control: Scenario, notRun: [Scenario]) async -> RunEnding? {
        var attempt = await conversations.run(suspect)
        if Task.isCancelled { return .cancelled }
        let check = await conversations.run(control)
        if check.facts.isFulfilled {
            await handle(.replaced(attempt.result))
            return nil
        }
        let end = attempt.result.transcript?.events.last?.time ?? 0
        attempt.result.transcript?.events.append(TranscriptEvent(time: end, kind: .mark(.targetDied)))
        attempt.result.status = .recorded
        await handle(.replaced(attempt.result))
        await handle(.note("\(suspect.id) made \(plan.settings.target) stop answering"))
        guard await revive(control) else {
            return Task.isCancelled ? .cancelled : await giveUpTarget(suspects: [], notRun: notRun)
        }
        return nil
    }

    private func giveUpTarget(suspects: [Scenario], notRun: [Scenario]) async -> RunEnding {
        let target = plan.settings.target.authority
        for scenario in suspects {
            let reason =
                "\(target) stopped answering while this ran, or right after; run it alone with --cases \(scenario.id)"
            await handle(
                .replaced(ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason)))
            )
        }
        for scenario in notRun {
            let reason = "\(target) had stopped answering before this could run"
            await handle(
                .finished(ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason)))
            )
        }
        let names = suspects.map(\.id).joined(separator: ", ")
        return .broken("\(target) stopped answering; suspects: \(names.isEmpty ? "none" : names)")
    }
}
