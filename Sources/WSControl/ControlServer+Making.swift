import Synchronization
package import WSRunner
package import WSScenario

/// Scenarios that a run makes anew for what it knows of the client.
extension ControlServer {
    /// What scenarios are made for.
    struct Making: Sendable {
        /// The scenarios to be played next in place of the plan's, by id.
        var made: [String: Scenario] = [:]
        /// The largest message that the client accepts, as far as it is known.
        var peerLimit = PeerLimit.unlearned
        /// Makes scenarios for that limit; nil if none of the run depends on it.
        var limitScenarios: LimitScenarios?
    }

    /// Sets the scenario that the next connections for a case play in place of the plan's; nil for that one again.
    package func setMade(_ scenario: Scenario?, for id: String) {
        state.withLock { $0.making.made[id] = scenario }
    }

    /// The largest message that the client accepts, as far as it is known.
    package var peerLimit: PeerLimit { state.withLock { $0.making.peerLimit } }

    /// Sets the largest message that the client accepts, and what makes scenarios for it.
    package func setPeerLimit(_ limit: PeerLimit, _ scenarios: LimitScenarios) {
        state.withLock { state in
            state.making.peerLimit = limit
            state.making.limitScenarios = scenarios
        }
    }

    /// The scenario that a connection for this one of the plan plays.
    ///
    /// A client that asks for cases itself comes once for each, so that it plays one trial of a sweep.
    func made(_ scenario: Scenario) -> Scenario {
        state.withLock { state in
            if let made = state.making.made[scenario.id] { return made }
            guard scenario.isWithoutLimit, let sweep = scenario.limitSweep, let limit = state.making.peerLimit.octets
            else { return scenario }
            return state.making.limitScenarios?.make(scenario, limit, sweep.trial) ?? scenario
        }
    }
}
