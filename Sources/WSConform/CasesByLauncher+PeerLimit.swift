import WSCatalogue
import WSControl
import WSRunFolder
import WSRunner
import WSScenario

/// Learns the largest message that a client accepts, and plays the cases around it.
extension CasesByLauncher {
    /// Learns the limit if a case needs it and the user has not given it.
    ///
    /// The client is started for the first such case, again and again, and gets messages of chosen lengths.
    func learnPeerLimit(_ scenarios: [Scenario]) async {
        let makers = Catalogue.PeerLimits.forRuns
        guard let first = scenarios.first(where: \.isWithoutLimit), controlServer.peerLimit == .unlearned else {
            return
        }
        var learning = PeerLimitLearning(controlServer.settings.conversation)
        while let (length, isCompressed) = learning.next, !Task.isCancelled, !asksForCases {
            var probe = makers.probe(length, isCompressed)
            probe.id = first.id
            controlServer.setMade(probe, for: first.id)
            let played = await playOnce(first)?.result
            played?.discardRecording()
            learning.note(played?.facts.outcomeOfProbe ?? .nothing)
        }
        controlServer.setMade(nil, for: first.id)
        controlServer.setPeerLimit(learning.result ?? .unlearned, makers)
    }

    /// Plays a case: of a sweep around the client's limit, the first result that falls short counts, else the last.
    ///
    /// - Returns: Nil if no connection was made, which was recorded.
    func played(_ scenario: Scenario) async -> Played? {
        guard scenario.limitSweep != nil, let limit = controlServer.peerLimit.octets else {
            return await playedAsItIs(scenario)
        }
        let effort = controlServer.settings.conversation.effort
        var last: Played?
        for make in Catalogue.PeerLimits.forRuns.trials(of: scenario, limit: limit, effort: effort) {
            let made = make()
            controlServer.setMade(made, for: scenario.id)
            let latest = await playedAsItIs(made)
            controlServer.setMade(nil, for: scenario.id)
            last?.discardRecording()
            last = latest
            guard let latest, latest.facts.hasOpened, !latest.facts.lacksCompression,
                !Judging.fallsShort(latest.result)
            else { break }
        }
        return last
    }
}
