import WSLink
import WSRunner
import WSScenario

extension ControlServer {
    /// Records a client's statement that it opens no connection for a case.
    ///
    /// The page in a browser says so if the browser does not accept the address. It counts if the case allows that and
    /// the client has connected for another case; otherwise the result is inconclusive. A case that the client has
    /// played keeps its result.
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
