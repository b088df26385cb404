import WSControl
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Repeats cases alone whose result a time limit decided.
extension CasesByLauncher {
    /// Whether only a time limit decided a result that falls short.
    func isLate(_ played: Played) -> Bool {
        played.facts.mayBeDecidedByTime(controlServer.settings.conversation)
            && (played.facts.gaveUp == .tookTooLong || plan.fallsShort(played.result))
    }

    /// Starts clients again, one at a time, for results that a time limit decided, and records the new results.
    func confirmLate() async {
        var confirmation = LateConfirmation(late)
        while let step = confirmation.next(controlServer.patience) {
            switch step {
            case .playAgain(let one, let patience):
                guard !Task.isCancelled else {
                    await recordUnconfirmed(one)
                    continue
                }
                controlServer.setPatience(patience)
                let again = await played(one.result.result.scenario)
                controlServer.setPatience(nil)
                guard let again else { continue }
                one.result.discardRecording()
                await deliver(again.result, of: again.play)
                confirmation.note(missing: again.facts.missing, isLate: isLate(again))
            case .stand(let results):
                for one in results { await deliver(one.result.result, of: one.result.play) }
            case .playTogether(let results):
                await confirmTogether(results)
            }
        }
        late = LateResults()
    }

    /// Starts clients again, `jobs` at a time, for very many results that lack what several lacked alone.
    ///
    /// A result that fails twice is final, because several of the group failed alone with full time limits.
    private func confirmTogether(_ results: [LateResults<Played>.Late]) async {
        let notBegun = await each(of: results, jobs: plan.jobs) { one in
            guard let again = await self.played(one.result.result.scenario) else { return }
            one.result.discardRecording()
            await self.deliver(again.result, of: again.play)
        }
        for one in notBegun { await recordUnconfirmed(one) }
    }

    private func recordUnconfirmed(_ one: LateResults<Played>.Late) async {
        let reason = "an answer did not come in time, and the run was ended before this was tried again alone"
        await record(one.result.result.scenario, .inconclusive(reason))
    }
}

extension CasesByLauncher.Played {
    /// Removes the sidecar of a conversation that does not count.
    func discardRecording() {
        (result.transcript?.sidecar as? FileSidecar)?.discard()
    }
}
