package import WSModelPeer
package import WSScenario

extension ModelClientSettings {
    /// A client that does what a scenario needs of its driver.
    package init(
        playing scenario: Scenario,
        seed: UInt64 = 1,
        defects: Set<ModelDefect> = [],
        clientDefects: Set<ClientDefect> = []
    ) {
        self.init(
            host: "127.0.0.1:9001",
            target: "/runCase?case=1",
            subprotocols: scenario.driver.subprotocols,
            seed: seed,
            defects: defects,
            clientDefects: clientDefects
        )
        switch scenario.driver.action {
        case .open(let suffix): target += suffix
        case .openWithoutPath: target = "?case=1"
        case .openAs(let user): host = "\(user)@\(host)"
        case .sendText(let text): action = .sendText(Array(text.utf8))
        case .sendBinary(let octets): action = .sendBinary(octets)
        case .close(let code, let reason): action = .close(code: code, reason: Array(reason.utf8))
        case nil: break
        }
    }
}
