import WSScenario

/// Kinds of scenarios that end the target: told once, and run last.
extension TestRun {
    /// Puts a scenario off where it is of a kind that ends the target.
    mutating func postpones(_ scenario: Scenario) -> Bool {
        guard lethal.contains(scenario, conversations.settings) else { return false }
        postponed.append(scenario)
        return true
    }

    /// Learns that a scenario has ended the target, and tells of its kind once a second member has.
    mutating func learnDeath(of scenario: Scenario) async {
        guard let (kind, members) = lethal.died(of: scenario, conversations.settings) else { return }
        let names = members.joined(separator: " and ")
        let consequence = "the rest of the kind runs last, one at a time"
        await handle(.note("the target dies of \(kind.description), as of \(names); \(consequence)"))
    }

    /// Runs what was put off, one at a time.
    mutating func runPostponed(control: Scenario) async -> RunEnding? {
        let scenarios = postponed
        postponed = []
        guard !scenarios.isEmpty else { return nil }
        // Who ran last may have ended the target, too.
        if await !survives(control, attempts: 1), let ending = await clearSuspects(control: control) { return ending }
        return await clear(scenarios, control: control, isLast: true)
    }
}
