package import WSProtocol

extension Scenario {
    /// The scenario as it is judged where that side is under test: without what is about the other one.
    ///
    /// Most of RFC 6455 binds both sides in the same words. Where it does not, an outcome says whom it is for
    /// (``Outcome/role``), and a requirement of servers gives way to its counterpart for clients.
    package func testing(_ role: Role) -> Scenario {
        var scenario = self
        scenario.behaviour = behaviour.compactMap { $0.testing(role) }
        scenario.closing = closing.compactMap { $0.testing(role) }
        guard role == .client else { return scenario }
        scenario.requirements = []
        for id in requirements.compactMap(Counterparts.ofClient) where !scenario.requirements.contains(id) {
            scenario.requirements.append(id)
        }
        return scenario
    }

    /// The scenario as it stands with a client under test.
    package var testingClients: Scenario { testing(.client) }
}

extension Outcome {
    /// The outcome where that side is under test; nil where it is for the other one.
    fileprivate func testing(_ role: Role) -> Self? {
        guard self.role == nil || self.role == role else { return nil }
        guard role == .client else { return self }
        var outcome = self
        outcome.requirement = requirement.flatMap(Counterparts.ofClient)
        return outcome
    }
}

/// What binds a client where a scenario for both sides cites what binds a server.
private enum Counterparts {
    /// The requirement to cite with a client under test; nil where clients have none of the kind.
    static func ofClient(_ id: String) -> String? {
        table.keys.contains(id) ? table[id] ?? nil : id
    }

    private static let table: [String: String?] = [
        // Who fails a connection closes it.
        "RFC6455-7.1.7-02": "RFC6455-7.1.7-01",
        // The server ends TCP first, and the client waits for that.
        "RFC6455-5.5.1-12": "RFC6455-5.5.1-13",
        "RFC6455-7.1.1-03": "RFC6455-5.5.1-13",
        "RFC6455-7.1.1-05": "RFC6455-7.1.1-06",
        // A server may end a connection at any time, a client should not.
        "RFC6455-7.3-01": "RFC6455-7.3-02",
        // Frames of the wrong masking.
        "RFC6455-5.1-03": "RFC6455-5.1-06",
        "RFC6455-5.1-04": "RFC6455-5.1-07",
        "RFC6455-5.1-05": "RFC6455-5.1-01",
        // Only servers unmask.
        "RFC6455-6.2-06": nil,
        "RFC6455-5.3-07": nil,
        // Codes that are for one side alone say nothing about who receives them.
        "RFC6455-7.4.1-11": nil,
        "RFC6455-7.4.1-12": nil,
    ]
}
