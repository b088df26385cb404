import WSScenario

/// Learns the largest message that the target accepts, for scenarios that depend on it.
extension TestRun {
    /// Learns the limit if a scenario needs it, the user has not given it, and the application echoes text.
    mutating func learnPeerLimit(_ scenarios: [Scenario], control: Scenario) async {
        guard let makers = plan.limitScenarios, scenarios.contains(where: \.isWithoutLimit),
            conversations.peerLimit == .unlearned
        else { return }
        var learning = PeerLimitLearning(plan.settings)
        while let (length, isCompressed) = learning.next, !Task.isCancelled {
            let facts = await conversations.runOne(makers.probe(length, isCompressed), start: 0, sidecar: nil).facts
            if let supervisor, await supervisor.incident(within: .zero) != nil {
                _ = await revive(control)
                let what = "a message of \(length) octets inflated ended the target"
                conversations.peerLimit = .unknown("could not be learned, because \(what)")
                return
            }
            learning.note(facts.outcomeOfProbe)
        }
        conversations.peerLimit = learning.result ?? .unlearned
    }
}
