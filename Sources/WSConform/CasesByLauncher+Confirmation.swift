import WSControl
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// What time has decided, once more and alone.
extension CasesByLauncher {
    /// Whether nothing but time has decided a result that falls short.
    func isLate(_ played: Played) -> Bool {
        played.facts.isByTime(controlServer.settings.conversation) && Judging.fallsShort(played.result)
    }

    /// Starts clients again, one at a time, for what time alone has decided, and tells what came of it.
    func confirmLate() async {
        for group in late.groups {
            var left = group[...]
            var failures = 0
            while let one = left.popFirst() {
                let scenario = one.result.result.scenario
                guard !Task.isCancelled else {
                    let reason =
                        "an answer did not come in time, and the run was ended before this was tried again alone"
                    await record(scenario, .inconclusive(reason))
                    continue
                }
                controlServer.setPatience(controlServer.patience.confirming(after: failures))
                let again = await played(scenario)
                controlServer.setPatience(nil)
                guard let again else { continue }
                one.result.discardRecording()
                await session.record(again.result, of: again.play)
                guard again.facts.missing ?? .other == one.missing, isLate(again) else { continue }
                failures += 1
                guard controlServer.patience.standsForAll(one.missing, among: group.count) else { continue }
                for other in left where other.isWhole {
                    await session.record(other.result.result, of: other.result.play)
                }
                left = left.filter { !$0.isWhole }[...]
            }
        }
        late = LateResults()
    }
}

extension CasesByLauncher.Played {
    /// Takes away what was recorded beside the transcript of a conversation that does not count.
    func discardRecording() {
        (result.transcript?.sidecar as? FileSidecar)?.discard()
    }
}
