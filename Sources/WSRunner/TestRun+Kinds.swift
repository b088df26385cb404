import WSScenario

/// Kinds of scenarios that end the target; each is reported once, and runs last.
extension TestRun {
    /// Puts a scenario off if it is of a lethal kind, and returns whether it did.
    mutating func postpones(_ scenario: Scenario) -> Bool {
        guard lethal.contains(scenario, conversations.settings) else { return false }
        postponed.append(scenario)
        return true
    }

    /// Learns that a scenario ended the target, and reports its kind after the second one.
    mutating func learnDeath(of scenario: Scenario) async {
        guard let (kind, members) = lethal.died(of: scenario, conversations.settings) else { return }
        let names = members.joined(separator: " and ")
        let consequence = "the rest of the kind runs last, one at a time"
        await handle(.note("the target dies of \(kind.description), as of \(names); \(consequence)"))
    }

    /// Runs the scenarios that were put off, one at a time.
    mutating func runPostponed(control: Scenario) async -> RunEnding? {
        let scenarios = postponed
        postponed = []
        guard !scenarios.isEmpty else { return nil }
        // The scenario that ran last may have ended the target, too.
        if await !survives(control, attempts: 1), let ending = await clearSuspects(control: control) { return ending }
        return await clear(scenarios, control: control, isLast: true)
    }
}
