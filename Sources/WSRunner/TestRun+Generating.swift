package import WSScenario
package import WSTranscript

/// Gives the scenarios of a run that has no list of them, one batch after the other.
package protocol ScenarioSource: Sendable {
    /// The next scenarios, made from what came of those before, which were all reported.
    ///
    /// - Parameter application: What the application of the target does with messages.
    /// - Returns: Scenarios with ids of their own; none to end the run.
    func next(_ application: ObservedApplication) async -> ScenarioBatch

    /// Receives what the target's process used for the latest scenarios, after their results; only if it is supervised.
    func used(_ usage: TargetObservation.Usage) async
}

extension ScenarioSource {
    /// Does nothing.
    package func used(_ usage: TargetObservation.Usage) async {}
}

/// Scenarios that are played together.
package struct ScenarioBatch: Sendable {
    /// The scenarios; a single one has the target to itself.
    package var scenarios: [Scenario]
    /// Whether waits for what never came are cut short, because nothing is told that is not played once more.
    package var isProbe: Bool

    /// Creates a batch.
    package init(_ scenarios: [Scenario], isProbe: Bool = false) {
        self.scenarios = scenarios
        self.isProbe = isProbe
    }
}

/// Runs scenarios from a source, with the same controls, the same search for who ended the target, and the same
/// confirmation of what a time limit decided as those of a plan.
extension TestRun {
    /// How many batches go by between two controls.
    private static let batchesBetweenControls = 4

    /// Runs batches of a source until it has no more.
    ///
    /// - Returns: How the run ended; results come as events, each of a batch before the next one begins.
    package func run(from source: any ScenarioSource) async -> RunEnding {
        var run = self
        return await run.runAll(from: source)
    }

    private mutating func runAll(from source: any ScenarioSource) async -> RunEnding {
        let first = await firstControl()
        guard case .ready(var application) = first else {
            if case .failed(let ending) = first { return ending }
            return .cancelled
        }
        let together = jobs
        var batch = await source.next(application)
        var count = 0
        while !batch.scenarios.isEmpty {
            conversations.settings.application = application
            conversations.settings.ignoresMessages = application.sendsUnrelatedMessages
            let control = control(for: application)
            let ending: RunEnding?
            if !batch.isProbe { await supervisor?.beginObservation() }
            // The first batch shows whether conversations hear each other.
            if count == 0, jobs > 1, control.needs == .echo {
                ending = await runBesideListener(batch.scenarios, control: control)
                if ending == nil, await forgetsOverheard(&application) {
                    batch = await source.next(application)
                    continue
                }
            } else if batch.isProbe, let scenario = batch.scenarios.first {
                ending = await runProbe(scenario, control: control)
            } else if batch.scenarios.count == 1 {
                // A single one shows something only if it had the target to itself, and all the time that there is.
                ending = await clear(batch.scenarios, control: control, isLast: true)
            } else {
                ending = await runPhase(batch.scenarios, control: control)
            }
            if let ending { return ending }
            if let ending = await endBatch(control: control, jobs: application.broadcasts ? 1 : together) {
                return ending
            }
            // What a restart took has nothing to do with the scenarios.
            if !batch.isProbe, let usage = await supervisor?.endObservation().usage, usage.processor >= 0 {
                await source.used(usage)
            }
            count += 1
            if count.isMultiple(of: Self.batchesBetweenControls), await !survives(control),
                let ending = await clearSuspects(control: control)
            {
                return ending
            }
            batch = await source.next(application)
        }
        return await lastControl(control(for: application))
    }

    /// Runs a scenario alone, with the patience that the run has learned.
    private mutating func runProbe(_ scenario: Scenario, control: Scenario) async -> RunEnding? {
        let attempt = await attemptAlone(scenario, patience: patience.learned)
        if Task.isCancelled { return .cancelled }
        let hasEnded = await supervisor?.incident(within: .zero) != nil
        if hasEnded || attempt.isVictim || attempt.facts.wasCutOff, await !survives(control) {
            // It has ended the target, which is looked into as in any run.
            return await clear([scenario], control: control, isLast: true)
        }
        await tell(attempt.result)
        return nil
    }

    /// Runs what was put off, confirms what was late, and forgets the scenarios, of which there can be any number.
    private mutating func endBatch(control: Scenario, jobs count: Int) async -> RunEnding? {
        jobs = 1
        defer { jobs = count }
        if let ending = await runPostponed(control: control) { return ending }
        if let ending = await confirmLate(count) { return ending }
        if Task.isCancelled { return .cancelled }
        lethal = LethalKinds()
        forgetResults()
        return nil
    }

    /// Drops the results of a batch in which conversations heard each other, and goes on one at a time.
    ///
    /// - Returns: Whether there was anything to drop.
    private mutating func forgetsOverheard(_ application: inout ObservedApplication) async -> Bool {
        guard takesBackOverhearing() else { return false }
        if await hearsMessagesAlone() {
            await handle(.note("\(plan.settings.target) sends messages of its own: echoes are not compared"))
            application.speaks = true
        } else {
            await handle(.note("this server broadcasts: messages reach other connections; going on one at a time"))
            application.broadcasts = true
        }
        jobs = 1
        return true
    }

    /// Drops everything of conversations that could hear each other, of whose results none counts.
    ///
    /// - Returns: Whether they could.
    mutating func takesBackOverhearing() -> Bool {
        guard isOverheard else { return false }
        isOverheard = false
        ledger = BlameLedger()
        late = LateResults(room: plan.waitingLines)
        postponed = []
        return true
    }

    /// Forgets which scenarios have results, for a run of any number of them.
    mutating func forgetResults() {
        told = []
        standing = []
        unanswered = []
    }
}
