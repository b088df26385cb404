import WSLink
import WSRunner
import WSScenario

extension Reception {
    /// Takes a client's word that it opens no connection for a case, such as that of a browser's page, which sees that
    /// the browser does not take the address.
    ///
    /// It counts where the case lets a client stay away and where the client came for another one; everywhere else
    /// nothing can be said. A case that the client has played stays as it is.
    func stayedAway(from scenario: Scenario, agent: String) {
        let ledger = run
        guard ledger.unplayed(by: agent).contains(where: { $0.id == scenario.id }),
            case .play(let play, _) = begin(scenario, agent: agent)
        else { return }
        let reason = "the client did not connect to this address"
        let cameForOthers = ledger.agents.contains { $0.name == agent && !$0.played.isEmpty }
        var result = ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason))
        if scenario.mayStayAway, cameForOthers {
            var machine = ConversationMachine(scenario: scenario, settings: settings.conversation)
            machine.linkEnded(.notConnected(reason), at: .zero)
            result.transcript = machine.transcript
            result.status = .recorded
        }
        ended(play, result, ConversationFacts())
    }
}
