import WSLink
import WSScenario
import WSTranscript

/// What time has decided, once more and alone.
extension TestRun {
    /// Whether nothing but time has decided what came of a conversation that falls short.
    ///
    /// Something came late, or not at all; and nothing came that was wrong by itself.
    func isLate(_ attempt: ConversationAttempt) -> Bool {
        attempt.result.status == .recorded && attempt.facts.isByTime(plan.settings) && fallsShort(attempt.result)
    }

    /// Runs again, one at a time, what time alone has decided, and tells what came of it.
    ///
    /// - Parameter together: how many conversations may be in flight where very many lack the same thing.
    /// - Returns: nil when the run can go on.
    mutating func confirmLate(_ together: Int) async -> RunEnding? {
        guard !late.isEmpty else { return nil }
        await handle(.quiet)
        var confirmation = LateConfirmation(late)
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
        late = LateResults(room: plan.waitingLines)
        return nil
    }

    /// Runs a scenario again whose result time has decided.
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

    /// Runs very many scenarios again that lack what several have lacked alone, and tells what came of each.
    ///
    /// What has failed twice, among them a few that failed alone and in full, has failed.
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

    /// Why nothing can be said of a result that was not confirmed.
    func unconfirmed(_ ending: RunEnding) -> String {
        let what = "an answer did not come in time, and "
        switch ending {
        case .cancelled: return what + "the run was ended before this was tried again alone"
        case .broken, .unreachable, .complete:
            return what + "\(plan.settings.target.authority) stopped answering before this was tried again alone"
        }
    }
}
