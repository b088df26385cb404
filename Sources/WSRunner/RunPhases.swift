package import WSScenario

/// The scenarios of a run, parted into the phases in which either role plays them.
///
/// Ordinary scenarios come first, `jobs` at a time, then load on its own, then the regressions of known defects, which
/// may end the peer, then what has the machine to itself, then what is supervised, one at a time.
package struct RunPhases: Sendable {
    /// What is played beside other conversations, the longest wait first.
    package var ordinary: [Scenario]
    /// What puts load on the peer, in the order that leaves neither side idle.
    package var load: [Scenario]
    /// Regressions of known defects, the longest wait first: a peer that dies of one has its other results by then.
    package var regressions: [Scenario]
    /// What has the machine to itself.
    package var alone: [Scenario]
    /// What is measured by the memory and processor time of the peer's process.
    package var supervised: [Scenario]

    /// Parts scenarios.
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
