import WSLink
package import WSScenario

extension ConversationResult {
    /// The result of a client that did not connect to the address of a case.
    ///
    /// - Parameters:
    ///   - scenario: The case.
    ///   - settings: The settings that its conversation would have had.
    ///   - shows: Whether this is the client's answer to the case, not just a missing connection.
    /// - Returns: A recorded result if it is, else an inconclusive one.
    package static func neverConnected(
        from scenario: Scenario,
        _ settings: ConversationSettings,
        shows: Bool
    ) -> ConversationResult {
        let reason = "the client did not connect to this address"
        guard shows else {
            return ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason))
        }
        var machine = ConversationMachine(scenario: scenario, settings: settings)
        machine.linkEnded(.notConnected(reason), at: .zero)
        return ConversationResult(scenario: scenario, transcript: machine.transcript, status: .recorded)
    }
}
