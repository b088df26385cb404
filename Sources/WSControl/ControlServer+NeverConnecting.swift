import WSLink
import WSRunner
import WSScenario

extension ControlServer {
    /// Takes a client's word that it opens no connection for a case, such as that of a browser's page, which sees that
    /// the browser does not take the address.
    ///
    /// It counts where the case lets a client stay away and where the client came for another one; everywhere else
    /// nothing can be said. A case that the client has played stays as it is.
    func neverConnected(from scenario: Scenario, agent: String) {
        let ledger = run
        guard ledger.unplayed(by: agent).contains(where: { $0.id == scenario.id }),
            case .play(let play, _) = begin(scenario, agent: agent)
        else { return }
        let cameForOthers = ledger.agents.contains { $0.name == agent && !$0.played.isEmpty }
        let result = ConversationResult.neverConnected(
            from: scenario,
            settings.conversation,
            shows: scenario.mayStayAway && cameForOthers
        )
        ended(play, result, ConversationFacts())
    }
}
