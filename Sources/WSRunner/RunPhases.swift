package import WSScenario

/// The scenarios of a run, divided into the phases in which either role plays them.
///
/// Ordinary scenarios come first, `jobs` at a time. Then come load scenarios on their own, the regressions of known
/// defects, which may end the peer, scenarios that run alone, and supervised scenarios, one at a time.
package struct RunPhases: Sendable {
    /// Scenarios that run beside others, those with the longest waits first.
    package var ordinary: [Scenario]
    /// Load scenarios, in an order that leaves neither side idle.
    package var load: [Scenario]
    /// Regressions of known defects; if one of them ends the peer, the other scenarios already have results.
    package var regressions: [Scenario]
    /// Scenarios that must run alone.
    package var alone: [Scenario]
    /// Scenarios that measure the memory and processor time of the peer's process.
    package var supervised: [Scenario]

    /// Divides scenarios into phases.
    package init(_ scenarios: [Scenario]) {
        let unsupervised = scenarios.filter { $0.supervision == nil }
        let shared = unsupervised.filter { !$0.isLoad && !$0.runsAlone }
        ordinary = Scenario.longestWaitFirst(shared.filter { !$0.isRegression })
        load = Scenario.takingTurns(unsupervised.filter { $0.isLoad && !$0.runsAlone })
        regressions = Scenario.longestWaitFirst(shared.filter(\.isRegression))
        alone = unsupervised.filter(\.runsAlone)
        supervised = scenarios.filter { $0.supervision != nil }
    }
}
