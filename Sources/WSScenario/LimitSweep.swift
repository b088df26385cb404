/// How a scenario's messages depend on the largest message that the peer accepts.
///
/// What the catalogue has is an example for ``example`` octets. A run makes the scenario anew for the peer's own limit:
/// once for each trial, which has a connection of its own because a right peer ends it.
package struct LimitSweep: Sendable, Hashable, Codable {
    /// How many trials there are with quick effort.
    package var quickTrials: Int
    /// How many trials there are with full effort.
    package var fullTrials: Int
    /// The limit that the scenario was made for; nil in the catalogue.
    package var limit: Int?
    /// The trial that the scenario was made for.
    package var trial: Int

    /// The limit of the example in the catalogue.
    package static let example = 65_536

    /// Creates what the catalogue has.
    ///
    /// - Parameters:
    ///   - quickTrials: How many trials there are with quick effort.
    ///   - fullTrials: How many trials there are with full effort.
    ///   - trial: The trial of the example.
    package init(quickTrials: Int, fullTrials: Int, trial: Int) {
        self.quickTrials = quickTrials
        self.fullTrials = fullTrials
        self.trial = trial
    }

    /// How many trials a run makes of a peer with this limit; fewer of larger messages.
    package func trialCount(limit: Int, effort: Effort) -> Int {
        let (most, budget) =
            switch effort {
            case .quick: (quickTrials, Self.quickBudget)
            case .full: (fullTrials, Self.fullBudget)
            }
        return min(most, max(Self.fewestTrials, budget / max(1, limit)))
    }

    /// How many octets all messages of a sweep have inflated, with each effort.
    private static let quickBudget = 64 << 20
    private static let fullBudget = 4 << 30
    private static let fewestTrials = 2
}

/// The scenarios that a run needs around a peer's limit.
package struct LimitScenarios: Sendable {
    /// Makes the scenario that shows whether a text of this many octets comes back, compressed or not.
    package var probe: @Sendable (_ length: Int, _ isCompressed: Bool) -> Scenario
    /// Makes a scenario with a sweep for a limit and a trial.
    package var make: @Sendable (_ scenario: Scenario, _ limit: Int, _ trial: Int) -> Scenario

    /// Creates it from the two functions that make scenarios.
    package init(
        probe: @escaping @Sendable (_ length: Int, _ isCompressed: Bool) -> Scenario,
        make: @escaping @Sendable (_ scenario: Scenario, _ limit: Int, _ trial: Int) -> Scenario
    ) {
        self.probe = probe
        self.make = make
    }

    /// The scenarios to play for one with a sweep, in order; the first result that falls short counts, else the last.
    package func trials(of scenario: Scenario, limit: Int, effort: Effort) -> [@Sendable () -> Scenario] {
        guard let sweep = scenario.limitSweep else { return [{ scenario }] }
        return (0..<sweep.trialCount(limit: limit, effort: effort)).map { trial in
            { make(scenario, limit, trial) }
        }
    }
}
