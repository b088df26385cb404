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
    let fallsShort: @Sendable (ConversationResult) -> Bool
    let revivalPause: Duration
    var ledger = BlameLedger()
    var jobs: Int
    /// What ends the target, as far as it has shown.
    var lethal = LethalKinds()
    /// Scenarios of a kind that ends the target, which run last.
    var postponed: [Scenario] = []
    /// Results that wait for the one who listens beside them: what others could hear is never told.
    var heldBack: [ConversationResult]?
    /// Who listens beside the first conversations.
    private let listener = Listener()
    /// Whether it has heard what was meant for others.
    private var isOverheard = false
    /// The scenarios whose own request was left unanswered, beside others or not.
    var unanswered: Set<String> = []
    /// The scenario after which the target was last known to work.
    var lastGood: String?
    /// What the run has learned about how long its target takes.
    var patience = PatienceLedger()
    /// Results that time alone has decided; they are told once they have been confirmed.
    var late: LateResults<ConversationAttempt>
    /// The scenarios whose result has been told; a further one replaces it.
    private var told: Set<String> = []
    /// Those of them whose result stands.
    private var standing: Set<String> = []
    /// Ends of the target's process that happened in mid-run and to no scenario that ran alone.
    var unexplained: [String] = []

    /// How often a target that stopped answering is tried again before it counts as dead.
    static let revivalAttempts = 40
    /// How often a target that turns connections away because it is busy is tried again.
    static let busyAttempts = 5
    /// How often a scenario that gets no connection is tried again while others get theirs.
    static let connectAttempts = 3
    /// How many suspects are told by name when the target is gone.
    static let mostSuspects = 4
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
    ///   - fallsShort: says whether a result is less than the target would like, in anybody's judgement; where time
    ///     has decided it, it has to be confirmed. The same as `holdsAgainst` when nil.
    ///   - playsTwice: says whether a scenario is to be played once more with Autobahn's own waits.
    ///   - isSameToAutobahn: says whether two plays of a scenario are the same to Autobahn.
    ///   - handle: is told what happens, one event after the other.
    package init(
        plan: RunPlan,
        dialer: any Dialer,
        supervisor: (any TargetSupervisor)? = nil,
        makeSidecar: @escaping @Sendable (String) -> (any SidecarStore)?,
        wallClock: @escaping @Sendable () -> Int64,
        revivalPause: Duration = .milliseconds(100),
        holdsAgainst: @escaping @Sendable (ConversationResult) -> Bool = { _ in false },
        fallsShort: (@Sendable (ConversationResult) -> Bool)? = nil,
        playsTwice: @escaping @Sendable (ConversationResult) -> Bool = { _ in false },
        isSameToAutobahn: @escaping @Sendable (ConversationResult, ConversationResult) -> Bool = { _, _ in false },
        handle: @escaping @Sendable (RunEvent) async -> Void
    ) {
        self.plan = plan
        self.supervisor = supervisor
        self.handle = handle
        self.holdsAgainst = holdsAgainst
        self.fallsShort = fallsShort ?? holdsAgainst
        conversations = ConversationRunner(
            settings: plan.settings,
            dialer: dialer,
            makeSidecar: makeSidecar,
            wallClock: wallClock,
            playsTwice: playsTwice,
            isSameToAutobahn: isSameToAutobahn
        )
        // Controls have shown what they are for before they close.
        conversations.settings.patience = Patience.full.withoutEnding
        jobs = max(1, plan.jobs)
        late = LateResults(room: plan.waitingLines)
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
        guard case .ready(let application) = first else {
            if case .failed(let ending) = first { return ending }
            return .cancelled
        }
        await handle(.planned(plan.scenarios.count))
        let ending = await runScenarios(application)
        heldBack = nil
        isOverheard = false
        if await conversations.tally.isFlaky, ending != .cancelled {
            let what = "it closed \(await conversations.tally.share) without an answer; what met that was tried again"
            await handle(.note("\(plan.settings.target) is flaky: \(what)"))
        }
        // Whatever ended the run, each scenario that was planned has its result.
        for scenario in plan.scenarios where !standing.contains(scenario.id) {
            let reason = late.has(scenario.id) ? unconfirmed(ending) : unrun(ending)
            await tell(ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason)))
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

    private func control(for application: ObservedApplication) -> Scenario {
        application.text == .echo && !application.speaks ? plan.control : plan.controlWithoutEcho
    }

    private mutating func runScenarios(_ application: ObservedApplication) async -> RunEnding {
        conversations.settings.application = application
        conversations.settings.ignoresMessages = application.saysWhatItLikes
        let control = control(for: application)
        var phases = RunPhases(await skipping(plan.scenarios, application))
        if application.broadcasts, jobs > 1 {
            await handle(.note("this server broadcasts: messages reach other connections; going on one at a time"))
            // But for those that say nothing which others could hear.
            let silent = phases.ordinary.filter { !$0.maySendMessages }
            if let ending = await runPhase(silent, control: control) { return ending }
            phases.ordinary.removeAll { !$0.maySendMessages }
            jobs = 1
        }
        if jobs > 1, control.needs == .echo {
            if let ending = await runBesideListener(phases.ordinary, control: control) { return ending }
            if isOverheard {
                // Others could hear these conversations, and they could hear others: none of their results counts.
                isOverheard = false
                ledger = BlameLedger()
                late = LateResults(room: plan.waitingLines)
                postponed = []
                var application = application
                if await hearsMessagesAlone() {
                    await handle(.note("\(plan.settings.target) sends messages of its own: \(Self.skipsEchoes)"))
                    application.speaks = true
                } else {
                    application.broadcasts = true
                }
                return await runScenarios(application)
            }
        } else if let ending = await runPhase(phases.ordinary, control: control) {
            return ending
        }
        for phase in [phases.load, phases.regressions] {
            if let ending = await runPhase(phase, control: control) { return ending }
        }
        let together = jobs
        jobs = 1
        if !phases.alone.isEmpty || !phases.supervised.isEmpty { await handle(.quiet) }
        if let ending = await runPhase(phases.alone, control: control) { return ending }
        for scenario in phases.supervised {
            if Task.isCancelled { return .cancelled }
            if let ending = await clear([scenario], control: control) { return ending }
        }
        if let ending = await runPostponed(control: control) { return ending }
        if let ending = await confirmLate(together) { return ending }
        return await lastControl(control)
    }

    /// Runs scenarios while a connection that only listens stands beside the first of them.
    ///
    /// What it hears was meant for others, who may have heard as much. So nothing is told before it has been heard out.
    private mutating func runBesideListener(_ scenarios: [Scenario], control: Scenario) async -> RunEnding? {
        heldBack = []
        let conversations = self.conversations
        let listener = self.listener
        async let listening: Void = listener.hear(await conversations.run(.listening).facts.heardMessages)
        let ending = await runPhase(scenarios, control: control)
        await listening
        if Task.isCancelled {
            heldBack = nil
            return .cancelled
        }
        await releaseHeldBack()
        return isOverheard ? nil : ending
    }

    /// Tells what was held back once it is known that nobody else could hear it; forgets it where somebody did.
    private mutating func releaseHeldBack() async {
        guard let results = heldBack, let heard = await listener.heard, !Task.isCancelled else { return }
        heldBack = nil
        isOverheard = heard > 0
        guard !isOverheard else { return }
        for result in results { await tell(result) }
    }

    /// The scenarios that can be run; the others are told as skipped.
    private mutating func skipping(_ scenarios: [Scenario], _ application: ObservedApplication) async -> [Scenario] {
        var runnable: [Scenario] = []
        for scenario in scenarios {
            if let reason = reasonToSkip(scenario, application) {
                guard !standing.contains(scenario.id) else { continue }
                await tell(ConversationResult(scenario: scenario, transcript: nil, status: .skipped(reason)))
            } else {
                runnable.append(scenario)
            }
        }
        return runnable
    }

    private func reasonToSkip(_ scenario: Scenario, _ application: ObservedApplication) -> String? {
        if let reason = application.reasonToSkip(scenario, declared: plan.application) { return reason }
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
        guard !isOverheard else { return }
        guard heldBack == nil else {
            heldBack?.append(result)
            return
        }
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
            if isOverheard { return nil }
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

    struct Round {
        var victims: [Scenario] = []
        /// Those whose connection the target ended in a way that somebody beside them may have brought about; they are
        /// told once they have been heard again.
        var doubtful: [ConversationResult] = []
        var notStarted: [Scenario] = []
        /// Whether the target's process ended, or its sanitizer spoke up.
        var hasIncident = false
    }

    mutating func runWindow(_ queue: [Scenario]) async -> Round {
        var conversations = self.conversations
        var round = Round()
        var next = 0
        var inFlight = 0
        var untold: ConversationResult?
        await withTaskGroup(of: ConversationAttempt.self) { group in
            while true {
                while inFlight < jobs, next < queue.count, round.victims.isEmpty, !round.hasIncident, !isOverheard,
                    !Task.isCancelled
                {
                    let scenario = queue[next]
                    next += 1
                    if postpones(scenario) { continue }
                    inFlight += 1
                    let start = ledger.started()
                    conversations.settings.patience = patience.learned
                    group.addTask { [conversations] in await conversations.run(scenario, start: start) }
                }
                // Told once the next conversation is under way: who listens may judge and write meanwhile.
                if let result = untold { await tell(result) }
                untold = nil
                guard let attempt = await group.next() else { break }
                inFlight -= 1
                // Before anyone can be cleared of it.
                if let supervisor, await supervisor.incident(within: .zero) != nil { round.hasIncident = true }
                if heldBack != nil { await releaseHeldBack() }
                if attempt.isVictim {
                    round.victims.append(attempt.result.scenario)
                } else {
                    ledger.finished(attempt)
                    patience.note(attempt.facts, isLoad: attempt.result.scenario.isLoad)
                    if isDoubtful(attempt) {
                        round.doubtful.append(attempt.result)
                        if attempt.isDoubtful { unanswered.insert(attempt.result.scenario.id) }
                    } else if isLate(attempt) {
                        late.add(attempt, of: attempt.result, missing: attempt.facts.missing) { $0.result = $1 }
                    } else {
                        lethal.survived(attempt.result.scenario, conversations.settings)
                        if attempt.facts.isFulfilled { lastGood = attempt.result.scenario.id }
                        untold = attempt.result
                    }
                }
            }
        }
        round.notStarted = Array(queue[next...])
        return round
    }

    /// Whether a result may be the doing of another conversation, so that it has to be heard again on its own.
    private func isDoubtful(_ attempt: ConversationAttempt) -> Bool {
        if attempt.isDoubtful || attempt.claimsToBeBusy { return true }
        return attempt.facts.wasCutOff && holdsAgainst(attempt.result)
    }
}
