import WSScenario

extension Scenario {
    /// A closing handshake that our side starts, whatever comes around it.
    ///
    /// - Parameters:
    ///   - slug: the id behind `closing/`.
    ///   - title: one line that says what is tried.
    ///   - requirements: the requirements behind the verdict, the decisive one first.
    ///   - script: what is sent, our Close frame included.
    ///   - autobahn: Autobahn's case of the same stimulus, if there is one.
    ///   - chapter: the entry of the list of ideas, if it has one.
    ///   - behaviour: what the peer may do besides answering the Close frame.
    ///   - closing: how the connection may end.
    /// - Returns: the scenario, for both sides.
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
