import WSScenario

extension Scenario {
    /// Creates a scenario in which we start the closing handshake.
    ///
    /// - Parameters:
    ///   - slug: The id after `closing/`.
    ///   - title: One line that says what is tried.
    ///   - requirements: The requirements behind the verdict, the decisive one first.
    ///   - script: The steps, including our Close frame.
    ///   - autobahn: Autobahn's case with the same stimulus; nil for none.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - behaviour: What the peer may do besides answering the Close frame.
    ///   - closing: How the connection may end.
    /// - Returns: The scenario, for both roles.
    static func startsClosing(
        _ slug: String,
        _ title: String,
        _ requirements: [String],
        _ script: [Step],
        autobahn: AutobahnCase? = nil,
        chapter: String? = nil,
        behaviour: [Outcome<BehaviourPattern>] = .silence,
        closing: [Outcome<ClosingPattern>] = .answersNormalClose
    ) -> Scenario {
        Scenario(
            id: "closing/\(slug)",
            title: title,
            requirements: requirements,
            needs: .nothing,
            autobahn: autobahn,
            chapter: chapter,
            script: script,
            conclusion: .awaitEnd,
            behaviour: behaviour,
            closing: closing
        )
    }
}
