package import WSLink
import WSScenario
package import WSTranscript

/// Runs the scenarios of a plan against one target and reports the results.
///
/// First comes the control, then everything except load with `jobs` conversations at a time, then load, then
/// regressions of known defects, then what has to run alone, and the control again. If the target stops answering, the
/// suspects run again one at a time, to find the scenario that caused it.
package struct TestRun: Sendable {
    var plan: RunPlan
    var conversations: ConversationRunner
    /// Supervises the target's process; nil if somebody else started it.
    let supervisor: (any TargetSupervisor)?
    let handle: @Sendable (RunEvent) async -> Void
    let holdsAgainst: @Sendable (ConversationResult) -> Bool
    let fallsShort: @Sendable (ConversationResult) -> Bool
    let revivalPause: Duration
    var ledger = BlameLedger()
    var jobs: Int
    /// The kinds of scenarios that end the target.
    var lethal = LethalKinds()
    /// Scenarios of a lethal kind, which run last.
    var postponed: [Scenario] = []
    /// Results that wait for the listener; they are dropped if it hears other conversations.
    var heldBack: [ConversationResult]?
    /// Listens beside the first conversations.
    private let listener = Listener()
    /// Whether the listener heard messages for other connections.
    var isOverheard = false
    /// The scenarios whose own request was left unanswered, whether or not others ran beside them.
    var unanswered: Set<String> = []
    /// The name that the server gave itself, once the control has shown it.
    var server: String?
    /// How many streams of HTTP/2 it takes at a time, once the control has shown it; nil if it does not say.
    var mostStreams: Int?
    /// The scenario after which the target was last known to work.
    var lastGood: String?
    /// What the run learned about the target's answer times.
    var patience = PatienceLedger()
    /// Results that a time limit decided; they are reported once they are confirmed.
    var late: LateResults<ConversationAttempt>
    /// The scenarios whose result was reported; a further result replaces it.
    var told: Set<String> = []
    /// The scenarios whose reported result is final.
    var standing: Set<String> = []
    /// Unexpected ends of the target's process that no scenario reproduced alone.
    var unexplained = UnexplainedEndings()
    /// How many scenarios ended the target.
    var deaths = 0
    /// Whether the process was seen to go on behind an ordinary conversation.
    var staysBehindControl = false
    /// What an earlier run has learned, and what a later one can take over.
    var memory = RunMemory()

    /// How often a target that stopped answering is tried before it counts as dead.
    static let revivalAttempts = 40
    /// How often a busy target is tried again.
    static let busyAttempts = 5
    /// How often a scenario without a connection is tried again while others get theirs.
    static let connectAttempts = 3
    /// How many suspects are named when the target is gone.
    static let mostSuspects = 4
    /// How many files may be open besides concurrent connections: probes, transcripts, files of the system.
    static let otherFiles = 64
    /// How many scenarios that end the target get a line while the run goes on; each has its result.
    static let mostToldDeaths = 10
    /// How long to wait for the exit status of a process that is known to be gone.
    static let endingLimit = Duration.seconds(5)

    /// Creates a run.
    ///
    /// - Parameters:
    ///   - plan: What to run.
    ///   - dialer: Connects to the target.
    ///   - supervisor: Supervises the target's process; nil if somebody else started it.
    ///   - makeSidecar: Makes the store for the large runs of octets of a scenario, by its id.
    ///   - wallClock: Gives milliseconds since 1970-01-01.
    ///   - revivalPause: The time between two attempts to reach a target that stopped answering.
    ///   - holdsAgainst: Whether a result counts against the target.
    ///   - fallsShort: Whether a result fails or is tolerated by any verdict, so that it has to be confirmed if a time
    ///     limit decided it. Nil for the same as `holdsAgainst`.
    ///   - playsTwice: Whether a scenario is to be played again with Autobahn's own waits.
    ///   - isSameToAutobahn: Whether Autobahn's verdict is the same for two plays of a scenario.
    ///   - handle: Receives the events one after the other.
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
        conversations.limitScenarios = plan.limitScenarios
        conversations.peerLimit = plan.peerLimit.map { .octets($0) } ?? .unlearned
        conversations.fallsShort = self.fallsShort
        // A control has shown what it is for before it closes.
        conversations.settings.patience = Patience.full.withoutEnding
        jobs = max(1, plan.jobs)
        late = LateResults(room: plan.waitingLines)
        self.revivalPause = revivalPause
    }

    /// Runs everything.
    ///
    /// - Returns: How the run ended; results come as events.
    package func run() async -> RunEnding {
        var run = self
        return await run.runAll()
    }

    mutating func runAll() async -> RunEnding {
        let first = await firstControl()
        guard case .ready(let application) = first else {
            if case .failed(let ending) = first { return ending }
            return .cancelled
        }
        await tryWithoutCredentials()
        if let isLeftOut = plan.isLeftOut { plan.scenarios.removeAll { isLeftOut($0, server) } }
        await handle(.planned(plan.scenarios.count))
        let ending = await runScenarios(application)
        heldBack = nil
        isOverheard = false
        if await conversations.tally.isFlaky, ending != .cancelled {
            let what = "it closed \(await conversations.tally.share) without an answer; what met that was tried again"
            await handle(.note("\(plan.settings.target) is flaky: \(what)"))
        }
        // Each planned scenario gets a result, however the run ended.
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
            "\(plan.settings.target.authority) had stopped serving WebSockets before this could run"
        }
    }

    func control(for application: ObservedApplication) -> Scenario {
        application.text == .echo && !application.speaks ? plan.control : plan.controlWithoutEcho
    }

    private mutating func runScenarios(_ application: ObservedApplication) async -> RunEnding {
        memory.application = application
        conversations.settings.application = application
        conversations.settings.ignoresMessages = application.sendsUnrelatedMessages
        let control = control(for: application)
        let played = await skipping(plan.scenarios, application)
        await learnPeerLimit(played, control: control)
        var phases = RunPhases(played)
        if application.broadcasts, jobs > 1 {
            await handle(.note("this server broadcasts: messages reach other connections; going on one at a time"))
            // Scenarios that send no messages can still run in parallel, because others hear nothing of them.
            let silent = phases.ordinary.filter { !$0.maySendMessages }
            if let ending = await runPhase(silent, control: control) { return ending }
            phases.ordinary.removeAll { !$0.maySendMessages }
            jobs = 1
        }
        if jobs > 1, control.needs == .echo {
            if let ending = await runBesideListener(phases.ordinary, control: control) { return ending }
            if isOverheard {
                _ = takesBackOverhearing()
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

    /// Runs scenarios while a connection that only listens is open beside the first of them.
    ///
    /// If it hears messages for other connections, these may have heard each other, too. So no result is reported
    /// before it has finished listening.
    mutating func runBesideListener(_ scenarios: [Scenario], control: Scenario) async -> RunEnding? {
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

    /// Reports the results that were held back, or drops them if the listener heard other conversations.
    private mutating func releaseHeldBack() async {
        guard let results = heldBack, let heard = await listener.heard, !Task.isCancelled else { return }
        heldBack = nil
        isOverheard = heard > 0
        guard !isOverheard else { return }
        for result in results { await tell(result) }
    }

    /// The scenarios that can run; the others are reported as skipped.
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

    func reasonToSkip(_ scenario: Scenario, _ application: ObservedApplication) -> String? {
        if let reason = application.reasonToSkip(scenario, declared: plan.application) { return reason }
        if plan.settings.firstMessage != nil, let reason = scenario.reasonAgainstFirstMessage { return reason }
        if let limit = plan.openFiles, scenario.connections > 1, limit < scenario.connections + Self.otherFiles {
            return
                "needs \(scenario.connections + Self.otherFiles) open files, and only \(limit) are allowed; raise ulimit -n"
        }
        if scenario.stream?.exceedsLimit == true, let reason = reasonAgainstExceeding { return reason }
        guard let supervision = scenario.supervision else { return nil }
        guard let supervisor else { return "needs --supervise" }
        guard supervision.isBounded, !supervisor.measuresUsage else { return nil }
        return "needs a system on which the memory of a process can be read"
    }

    /// Reports a final result, as the first of its scenario or in place of an earlier one.
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

    /// Revives the target and runs the suspects again, alone.
    ///
    /// - Returns: Nil if the run can go on.
    mutating func clearSuspects(control: Scenario) async -> RunEnding? {
        let suspects = self.suspects
        let incident = await supervisor?.incident(within: Self.endingLimit)
        guard await revive(control) else {
            return Task.isCancelled ? .cancelled : await giveUpTarget(suspects: suspects, control: control)
        }
        ledger = BlameLedger()
        if let line = await exitBehindControl(after: incident, control) {
            return await giveUpTarget(suspects: suspects, because: line)
        }
        return await clear(suspects, control: control, after: incident)
    }

    // MARK: - Phases

    /// Runs scenarios until each has its result; returns nil if the run can go on.
    mutating func runPhase(_ scenarios: [Scenario], control: Scenario) async -> RunEnding? {
        var queue = scenarios
        var doubtful: [ConversationResult] = []
        var cleared: Set<String> = []
        while !queue.isEmpty {
            let round = await runWindow(queue)
            if Task.isCancelled { return .cancelled }
            if isOverheard { return nil }
            doubtful += round.doubtful
            guard !round.victims.isEmpty || round.hasIncident else { break }
            // A scenario got no connection, or the process ended. All scenarios that ran at that time are suspects.
            let suspects = self.suspects
            if let ending = await clearSuspects(control: control) { return ending }
            cleared.formUnion(suspects.map(\.id))
            queue = round.victims + round.notStarted
            guard suspects.isEmpty else { continue }
            // The target never went away, so the scenarios without a connection run again, alone.
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
        /// Results whose connection the target ended, maybe because of another conversation.
        ///
        /// They are reported once the scenarios have run again.
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
                // Reported while the next conversation already runs, because the receiver may judge and write files.
                if let result = untold { await tell(result) }
                untold = nil
                guard let attempt = await group.next() else { break }
                inFlight -= 1
                // This is checked before the conversation can clear any suspect.
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
}
