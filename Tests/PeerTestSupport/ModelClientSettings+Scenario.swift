import WSCatalogue
package import WSModelPeer
package import WSScenario

extension ModelServerSettings {
    /// A server whose limit is that for which a scenario was made.
    package init(playing scenario: Scenario, defects: Set<ModelDefect> = []) {
        self.init(defects: defects)
        if let limit = scenario.limitSweep?.limit { maximumMessageLength = limit }
    }
}

extension Scenario {
    /// The scenarios of a sweep around the peer's limit as the catalogue's example has it; none for other scenarios.
    package var trialsOfExample: [Scenario] {
        guard isWithoutLimit else { return [] }
        return Catalogue.PeerLimits.forRuns.trials(of: self, limit: LimitSweep.example, effort: .quick).map { $0() }
    }
}

extension ModelClientSettings {
    private static let usualLimit = ModelClientSettings(host: "").maximumMessageLength

    /// A client that does what a scenario needs of its driver; nil where it does not take the address.
    package init?(
        playing scenario: Scenario,
        seed: UInt64 = 1,
        defects: Set<ModelDefect> = [],
        clientDefects: Set<ClientDefect> = []
    ) {
        self.init(
            host: "",
            subprotocols: scenario.driver.subprotocols,
            maximumMessageLength: scenario.limitSweep?.limit ?? Self.usualLimit,
            seed: seed,
            defects: defects,
            clientDefects: clientDefects
        )
        let address = ClientAction.address(
            base: scenario.driver.action == .openOverIPv6 ? "ws://[::1]:9001" : "ws://127.0.0.1:9001",
            path: "/runCase",
            query: "case=1",
            for: scenario.driver.action
        )
        guard take(address: address) else { return nil }
        switch scenario.driver.action {
        case .sendText(let text): action = .sendText(Array(text.utf8))
        case .sendBinary(let octets): action = .sendBinary(octets)
        case .close(let code, let reason): action = .close(code: code, reason: Array(reason.utf8))
        case .open, .openAs, .openOverIPv6, .openSecured, .openOverHTTP2, .openWithoutPath, nil: break
        }
    }
}
