import WSLink
import WSScenario
import WSTranscript

/// Runs scenarios again, alone, whose result a time limit decided.
extension TestRun {
    /// Whether only a time limit decided the result of a conversation that falls short.
    ///
    /// Something came late or not at all, and nothing that came was wrong in itself.
    func isLate(_ attempt: ConversationAttempt) -> Bool {
        attempt.result.status == .recorded && attempt.facts.mayBeDecidedByTime(plan.settings)
            && (attempt.facts.gaveUp == .tookTooLong || fallsShort(attempt.result))
    }

    /// Repeats the results that a time limit decided, one at a time, and reports them.
    ///
    /// - Parameter together: How many conversations may run at a time if very many results lack the same thing.
    /// - Returns: Nil if the run can go on.
    mutating func confirmLate(_ together: Int) async -> RunEnding? {
        guard !late.isEmpty else { return nil }
        await handle(.quiet)
        var confirmation = LateConfirmation(late, confirmed: memory.confirmed)
        while let step = confirmation.next(patience) {
            if Task.isCancelled { return .cancelled }
            switch step {
            case .playAgain(let one, let patience):
                let again = await confirm(one.result.result.scenario, patience)
                if Task.isCancelled { return .cancelled }
                await tell(again.result)
                confirmation.note(missing: again.facts.missing, isLate: isLate(again))
            case .stand(let results):
                for one in results { await tell(one.result.result) }
            case .playTogether(let results):
                await confirmTogether(results.map(\.result.result.scenario), together)
                if Task.isCancelled { return .cancelled }
            }
        }
        memory.confirmed = confirmation.confirmed
        late = LateResults(room: plan.waitingLines)
        return nil
    }

    /// Runs a scenario again whose result a time limit decided.
    private mutating func confirm(_ scenario: Scenario, _ patience: Patience) async -> ConversationAttempt {
        let start = ledger.started()
        var again = await attemptAlone(scenario, patience: patience)
        again.start = start
        if !again.isVictim {
            ledger.finished(again)
            self.patience.note(again.facts, isLoad: scenario.isLoad)
        }
        return again
    }

    /// Repeats very many scenarios in parallel that lack what several lacked alone, and reports them.
    ///
    /// A result that fails twice is final, because several of the group failed alone with full time limits.
    private mutating func confirmTogether(_ scenarios: [Scenario], _ together: Int) async {
        let kept = late
        late = LateResults(room: plan.waitingLines)
        jobs = together
        let round = await runWindow(scenarios)
        jobs = 1
        guard !Task.isCancelled else {
            late = kept
            return
        }
        for result in round.doubtful { await tell(result) }
        for group in late.groups {
            for again in group where again.isWhole { await tell(again.result.result) }
        }
        let unkept = late.groups.joined().filter { !$0.isWhole }.map(\.result.result.scenario)
        for scenario in round.victims + round.notStarted + unkept { await tell(await runAlone(scenario)) }
        late = kept
    }

    /// The reason for a result that could not be confirmed.
    func unconfirmed(_ ending: RunEnding) -> String {
        let what = "an answer did not come in time, and "
        switch ending {
        case .cancelled: return what + "the run was ended before this was tried again alone"
        case .broken, .unreachable, .complete:
            let target = plan.settings.target.authority
            return what + "\(target) stopped serving WebSockets before this was tried again alone"
        }
    }
}
