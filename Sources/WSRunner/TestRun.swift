package import WSLink
import WSScenario
package import WSTranscript

/// Runs the scenarios of a plan against one target and tells what came of each.
///
/// Control first, then everything but load, `jobs` conversations at a time, then load on its own, then the regressions
/// of known defects, then what has to run alone, one after the other, control again. When the target stops answering,
/// the conversations that may have done it are run again one at a time, so that nothing is held against the wrong one.
package struct TestRun: Sendable {
    let plan: RunPlan
    var conversations: ConversationRunner
    /// Watches over the target's process; nil where somebody else started it.
    let supervisor: (any TargetSupervisor)?
    let handle: @Sendable (RunEvent) async -> Void
    let holdsAgainst: @Sendable (ConversationResult) -> Bool
    let revivalPause: Duration
    private var ledger = BlameLedger()
    private var jobs: Int
    /// The scenarios whose result has been told; a further one replaces it.
    private var told: Set<String> = []
    /// Those of them whose result stands.
    private var standing: Set<String> = []
    /// Ends of the target's process that happened in mid-run and to no scenario that ran alone.
    var unexplained: [String] = []

    /// How often a target that stopped answering is tried again before it counts as dead.
    static let revivalAttempts = 20
    /// How often a target that turns connections away because it is busy is tried again.
    static let busyAttempts = 5
    /// How often a scenario that gets no connection is tried again while others get theirs.
    static let connectAttempts = 3
    /// How many files may be open besides the connections of a crowd: probes, transcripts, what the system needs.
    static let otherFiles = 64
    /// How long the system may take to say how a process ended that is known to be gone.
    static let endingLimit = Duration.seconds(5)

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - plan: what is run.
    ///   - dialer: connects to the target.
    ///   - supervisor: watches over the target's process, which it has started; nil where somebody else did.
    ///   - makeSidecar: makes the store for a scenario's large octet runs, by its id.
    ///   - wallClock: gives milliseconds since 1970-01-01.
    ///   - revivalPause: lies between two attempts to reach a target that stopped answering.
    ///   - holdsAgainst: says whether a result would be held against the target.
    ///   - handle: is told what happens, one event after the other.
    package init(
        plan: RunPlan,
        dialer: any Dialer,
        supervisor: (any TargetSupervisor)? = nil,
        makeSidecar: @escaping @Sendable (String) -> (any SidecarStore)?,
        wallClock: @escaping @Sendable () -> Int64,
        revivalPause: Duration = .milliseconds(100),
        holdsAgainst: @escaping @Sendable (ConversationResult) -> Bool = { _ in false },
        handle: @escaping @Sendable (RunEvent) async -> Void
    ) {
        self.plan = plan
        self.supervisor = supervisor
        self.handle = handle
        self.holdsAgainst = holdsAgainst
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
        for scenario in plan.scenarios where !standing.contains(scenario.id) {
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
        let runnable = await skipping(plan.scenarios, echoes: echoes)
        let control = echoes ? plan.control : plan.controlWithoutEcho
        conversations.settings.ignoresMessages = !echoes
        // What needs supervision has the target to itself.
        let unsupervised = runnable.filter { $0.supervision == nil }
        let shared = unsupervised.filter { !$0.isLoad && !$0.runsAlone }
        let ordinary = Scenario.longestWaitFirst(shared.filter { !$0.isRegression })
        // A connection that only listens, beside the first conversations: what it hears was meant for others.
        let conversations = self.conversations
        let listens = echoes && jobs > 1
        async let listener = listens ? conversations.run(.listening).facts.heardMessages : 0
        let ending = await runPhase(ordinary, control: control)
        let heard = await listener
        if let ending { return ending }
        if heard > 0 {
            // Others could hear these conversations, and they could hear others: none of their results counts.
            standing.subtract(ordinary.map(\.id))
            jobs = 1
            ledger = BlameLedger()
            if await hearsMessagesAlone() {
                await handle(.note("\(plan.settings.target) sends messages of its own: \(Self.skipsEchoes)"))
                return await runScenarios(echoes: false)
            }
            await handle(.note("this server broadcasts: messages reach other connections; going on one at a time"))
            if let ending = await runPhase(ordinary, control: control) { return ending }
        }
        if let ending = await runPhase(Scenario.takingTurns(unsupervised.filter(\.isLoad)), control: control) {
            return ending
        }
        // What has ended servers before comes late: when it ends this one for good, the rest has its results.
        let regressions = Scenario.longestWaitFirst(shared.filter(\.isRegression))
        if let ending = await runPhase(regressions, control: control) { return ending }
        jobs = 1
        let alone = unsupervised.filter(\.runsAlone)
        let supervised = runnable.filter { $0.supervision != nil }
        if !alone.isEmpty || !supervised.isEmpty { await handle(.quiet) }
        if let ending = await runPhase(alone, control: control) { return ending }
        for scenario in supervised {
            if Task.isCancelled { return .cancelled }
            if let ending = await clear([scenario], control: control) { return ending }
        }
        return await lastControl(control)
    }

    /// Whether the application says something of its own accord: what is heard, twice, while nobody else is there.
    private func hearsMessagesAlone() async -> Bool {
        for _ in 0..<2 where await conversations.run(.listening).facts.heardMessages == 0 { return false }
        return true
    }

    /// The scenarios that can be run; the others are told as skipped.
    private mutating func skipping(_ scenarios: [Scenario], echoes: Bool) async -> [Scenario] {
        var runnable: [Scenario] = []
        for scenario in scenarios {
            if let reason = reasonToSkip(scenario, echoes: echoes) {
                await tell(ConversationResult(scenario: scenario, transcript: nil, status: .skipped(reason)))
            } else {
                runnable.append(scenario)
            }
        }
        return runnable
    }

    private func reasonToSkip(_ scenario: Scenario, echoes: Bool) -> String? {
        if scenario.needs == .echo, !echoes { return "needs an application that echoes" }
        if let limit = plan.openFiles, scenario.connections > 1, limit < scenario.connections + Self.otherFiles {
            return
                "needs \(scenario.connections + Self.otherFiles) open files, and only \(limit) are allowed; raise ulimit -n"
        }
        guard let supervision = scenario.supervision else { return nil }
        guard let supervisor else { return "needs --supervise" }
        guard supervision.isBounded, !supervisor.measuresUsage else { return nil }
        return "needs a system on which the memory of a process can be read"
    }

    /// Tells a result that stands: as the first of its scenario, or in place of an earlier one.
    mutating func tell(_ result: ConversationResult) async {
        let isFirst = told.insert(result.scenario.id).inserted
        standing.insert(result.scenario.id)
        await handle(isFirst ? .finished(result) : .replaced(result))
    }

    /// The conversations that may have made the target stop answering.
    private var suspects: [Scenario] { ledger.suspects() }

    /// Brings the target back and runs those again, alone, that may have made it stop answering.
    ///
    /// - Returns: nil when the run can go on.
    mutating func clearSuspects(control: Scenario) async -> RunEnding? {
        let suspects = self.suspects
        let incident = await supervisor?.incident(within: Self.endingLimit)
        guard await revive(control) else {
            return Task.isCancelled ? .cancelled : await giveUpTarget(suspects: suspects)
        }
        ledger = BlameLedger()
        return await clear(suspects, control: control, after: incident)
    }

    // MARK: - Phases

    /// Runs scenarios until each has its result; nil when the run can go on.
    private mutating func runPhase(_ scenarios: [Scenario], control: Scenario) async -> RunEnding? {
        var queue = scenarios
        var doubtful: [ConversationResult] = []
        var cleared: Set<String> = []
        while !queue.isEmpty {
            let round = await runWindow(queue)
            if Task.isCancelled { return .cancelled }
            doubtful += round.doubtful
            guard !round.victims.isEmpty || round.hasIncident else { break }
            // Somebody did not get through, or the process ended. Who was there when it happened is a suspect.
            let suspects = self.suspects
            if let ending = await clearSuspects(control: control) { return ending }
            cleared.formUnion(suspects.map(\.id))
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
        var left = doubtful.filter { !cleared.contains($0.scenario.id) }
        if left.isEmpty { return nil }
        if await !survives(control, attempts: 1) {
            let suspects = Set(self.suspects.map(\.id))
            if let ending = await clearSuspects(control: control) { return ending }
            left.removeAll { suspects.contains($0.scenario.id) }
        }
        return await clear(left.map(\.scenario), control: control, first: left)
    }

    private struct Round {
        var victims: [Scenario] = []
        /// Those whose connection the target ended in a way that somebody beside them may have brought about; they are
        /// told once they have been heard again.
        var doubtful: [ConversationResult] = []
        var notStarted: [Scenario] = []
        /// Whether the target's process ended, or its sanitizer spoke up.
        var hasIncident = false
    }

    private mutating func runWindow(_ queue: [Scenario]) async -> Round {
        let conversations = self.conversations
        var round = Round()
        var next = 0
        var inFlight = 0
        var untold: ConversationResult?
        await withTaskGroup(of: ConversationAttempt.self) { group in
            while true {
                while inFlight < jobs, next < queue.count, round.victims.isEmpty, !round.hasIncident, !Task.isCancelled
                {
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
                // Before anyone can be cleared of it.
                if let supervisor, await supervisor.incident(within: .zero) != nil { round.hasIncident = true }
                if attempt.isVictim {
                    round.victims.append(attempt.result.scenario)
                } else {
                    ledger.finished(attempt)
                    if isDoubtful(attempt) { round.doubtful.append(attempt.result) } else { untold = attempt.result }
                }
            }
        }
        round.notStarted = Array(queue[next...])
        return round
    }

    /// Whether a result may be the doing of another conversation, so that it has to be heard again on its own.
    private func isDoubtful(_ attempt: ConversationAttempt) -> Bool {
        if attempt.isDoubtful, jobs > 1 { return true }
        return attempt.facts.wasCutOff && holdsAgainst(attempt.result)
    }
}
