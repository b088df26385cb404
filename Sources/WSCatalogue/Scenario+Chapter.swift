import WSScenario

extension Scenario {
    /// The scenario as one of this line of the project's own list.
    func `in`(_ chapter: String) -> Scenario {
        var scenario = self
        scenario.chapter = chapter
        return scenario
    }
}
