import WSLimits
import WSRunner
import WSScenario

/// Plays single cases that many tasks ask for at the same time.
///
/// Cases with the same target and the same options wait in one lane. When its turn comes, all that waits there is
/// played as one run, whose rules then hold: what disturbs others is played alone, a result that only a time limit
/// decided is confirmed alone, and a target that stops answering is blamed on the case that did it. No result is given
/// away before the run is over, because until then another case may turn out to be the reason for it.
actor CaseQueue {
    static let shared = CaseQueue()

    /// What cases have to have in common to be played as one run.
    private struct Key: Hashable {
        var target: TargetKind
        var options: ConformanceOptions
    }

    private typealias Answer = Result<ConformanceResult, ConformanceError>

    /// A task that waits for a result.
    private struct Ticket {
        var number: Int
        var scenario: Scenario
        var answer: CheckedContinuation<Answer, Never>
    }

    private struct Lane {
        var target: ConformanceTarget
        /// The tasks whose case is not played yet, the first one first.
        var waiting: [Ticket] = []
        /// The tasks whose case is being played, by its id.
        var playing: [String: Ticket] = [:]
        var isServed = false
        /// The run that is under way.
        var run: Task<CaseBatch.Outcome, Never>?
        /// What is known about the target.
        var knowledge: RunKnowledge?
        var lastUse = ContinuousClock.now
    }

    private var lanes: [Key: Lane] = [:]
    private var lastNumber = 0

    /// Plays a case as soon as its turn comes.
    func play(
        _ scenario: Scenario,
        against target: ConformanceTarget,
        _ options: ConformanceOptions
    ) async throws(ConformanceError) -> ConformanceResult {
        lastNumber += 1
        let number = lastNumber
        let key = Key(target: target.kind, options: options)
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ticket = Ticket(number: number, scenario: scenario, answer: continuation)
                guard !Task.isCancelled else { return continuation.resume(returning: .failure(.cancelled)) }
                lanes[key, default: Lane(target: target)].waiting.append(ticket)
                serve(key)
            }
        } onCancel: {
            Task { await self.cancel(number, key) }
        }
        return try answer.get()
    }

    /// Begins to play what waits in a lane, unless that is under way.
    private func serve(_ key: Key) {
        guard lanes[key]?.isServed == false else { return }
        lanes[key]?.isServed = true
        Task {
            while await playWaiting(key) {}
        }
    }

    /// Plays everything that waits in a lane once its turn comes.
    ///
    /// - Returns: Whether there was something.
    private func playWaiting(_ key: Key) async -> Bool {
        guard lanes[key]?.waiting.isEmpty == false else {
            retire(key)
            return false
        }
        await PlayingTurn.shared.begin()
        if let batch = begin(key) {
            let run = Task { await batch.run() }
            lanes[key]?.run = run
            finish(key, await run.value)
        }
        await PlayingTurn.shared.end()
        return true
    }

    /// Takes the cases for the next run of a lane; nil if nobody waits any more.
    private func begin(_ key: Key) -> CaseBatch? {
        guard var lane = lanes[key] else { return nil }
        var later: [Ticket] = []
        for ticket in lane.waiting {
            // A case has one result in a run; whoever wants a second one gets that of a run of its own.
            if lane.playing[ticket.scenario.id] == nil {
                lane.playing[ticket.scenario.id] = ticket
            } else {
                later.append(ticket)
            }
        }
        let scenarios = lane.waiting.map(\.scenario)
        lane.waiting = later
        let isFresh = lane.lastUse.duration(to: .now) < .milliseconds(Limits.memory.value)
        if !isFresh { lane.knowledge = nil }
        lanes[key] = lane
        guard !lane.playing.isEmpty else { return nil }
        var seen: Set<String> = []
        return CaseBatch(
            target: lane.target,
            options: key.options,
            scenarios: scenarios.filter { seen.insert($0.id).inserted },
            knowledge: lane.knowledge
        )
    }

    /// Gives the results of a run to those who wait for them.
    private func finish(_ key: Key, _ outcome: CaseBatch.Outcome) {
        let tickets = lanes[key]?.playing ?? [:]
        lanes[key]?.playing = [:]
        lanes[key]?.run = nil
        lanes[key]?.knowledge = outcome.knowledge
        lanes[key]?.lastUse = .now
        for (id, ticket) in tickets { ticket.answer.resume(returning: outcome.answer(to: id)) }
    }

    /// Ends the wait of a task that was cancelled; a run for which nobody waits any more ends.
    private func cancel(_ number: Int, _ key: Key) {
        guard var lane = lanes[key] else { return }
        if let index = lane.waiting.firstIndex(where: { $0.number == number }) {
            lane.waiting.remove(at: index).answer.resume(returning: .failure(.cancelled))
        } else if let ticket = lane.playing.values.first(where: { $0.number == number }) {
            lane.playing[ticket.scenario.id] = nil
            ticket.answer.resume(returning: .failure(.cancelled))
            if lane.playing.isEmpty { lane.run?.cancel() }
        }
        lanes[key] = lane
    }

    /// Keeps what is known about a target that nobody needs at the moment, and forgets the oldest of too many.
    private func retire(_ key: Key) {
        lanes[key]?.isServed = false
        let idle = lanes.filter { !$0.value.isServed }
        guard idle.count > Limits.rememberedTargets.value else { return }
        let oldest = idle.min { $0.value.lastUse < $1.value.lastUse }
        if let oldest { lanes[oldest.key] = nil }
    }
}
