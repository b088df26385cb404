package import WSProtocol

extension Scenario {
    /// The scenario as it applies with this role under test, without what is about the other role.
    ///
    /// Most of RFC 6455 applies equally to both roles. Where it does not, an outcome names its role (``Outcome/role``),
    /// and a requirement for servers is replaced by its counterpart for clients.
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

    /// The scenario as it applies with a client under test.
    package var testingClients: Scenario { testing(.client) }
}

extension Outcome {
    /// The outcome with this role under test; nil if it does not apply.
    fileprivate func testing(_ role: Role) -> Self? {
        guard self.role == nil || self.role == role else { return nil }
        guard role == .client else { return self }
        var outcome = self
        outcome.requirement = requirement.flatMap(Counterparts.ofClient)
        return outcome
    }
}

/// The requirements for clients that correspond to those for servers.
private enum Counterparts {
    /// The requirement to cite with a client under test; nil if clients have none.
    static func ofClient(_ id: String) -> String? {
        table.keys.contains(id) ? table[id] ?? nil : id
    }

    private static let table: [String: String?] = [
        // An endpoint that fails a connection closes it.
        "RFC6455-7.1.7-02": "RFC6455-7.1.7-01",
        // The server ends TCP first, and the client waits for that.
        "RFC6455-5.5.1-12": "RFC6455-5.5.1-13",
        "RFC6455-7.1.1-03": "RFC6455-5.5.1-13",
        "RFC6455-7.1.1-05": "RFC6455-7.1.1-06",
        // A server may end a connection at any time; a client should not.
        "RFC6455-7.3-01": "RFC6455-7.3-02",
        // Both send the alert that ends TLS.
        "RFC9112-9.8-02": "RFC9112-9.8-01",
        // The masking of a frame is wrong.
        "RFC6455-5.1-03": "RFC6455-5.1-06",
        "RFC6455-5.1-04": "RFC6455-5.1-07",
        "RFC6455-5.1-05": "RFC6455-5.1-01",
        // Only servers unmask.
        "RFC6455-6.2-06": nil,
        "RFC6455-5.3-07": nil,
        // What a receiver of compressed messages keeps follows from the sender's parameters.
        "RFC7692-7.2.2-05": "RFC7692-7.2.2-03",
        "RFC7692-7.2.2-09": "RFC7692-7.2.2-07",
        "RFC7692-7.1.2.2-08": "RFC7692-7.1.2.1-08",
        "RFC7692-7.1.1.2-04": "RFC7692-7.1.1.1-07",
        "RFC7692-7.2.1-11": "RFC7692-7.2.1-13",
        "RFC7692-7.2.1-15": nil,
        // The server alone says what it supports.
        "RFC7692-5-07": nil,
        // A rule about who may send a code does not apply to its receiver.
        "RFC6455-7.4.1-11": nil,
        "RFC6455-7.4.1-12": nil,
    ]
}
