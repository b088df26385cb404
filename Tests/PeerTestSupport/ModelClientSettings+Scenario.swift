package import WSModelPeer
package import WSScenario

extension ModelClientSettings {
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
            seed: seed,
            defects: defects,
            clientDefects: clientDefects
        )
        let address = ClientAction.address(
            authority: scenario.driver.action == .openOverIPv6 ? "[::1]:9001" : "127.0.0.1:9001",
            path: "/runCase",
            query: "case=1",
            for: scenario.driver.action
        )
        guard take(address: address) else { return nil }
        switch scenario.driver.action {
        case .sendText(let text): action = .sendText(Array(text.utf8))
        case .sendBinary(let octets): action = .sendBinary(octets)
        case .close(let code, let reason): action = .close(code: code, reason: Array(reason.utf8))
        case .open, .openAs, .openOverIPv6, .openWithoutPath, nil: break
        }
    }
}
