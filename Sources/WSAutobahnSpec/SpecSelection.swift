/// Which cases a spec file selects, and for whom.
package struct SpecSelection: Sendable, Hashable {
    /// The patterns of cases to play.
    package var cases: [SpecPattern] = []
    /// The patterns of cases to leave out.
    package var excluded: [SpecPattern] = []
    /// The patterns of cases to leave out for some agents.
    package var excludedForAgents: [AgentExclusion] = []

    /// The cases to leave out for the agents that a pattern means.
    package struct AgentExclusion: Sendable, Hashable {
        /// The agents.
        package var agents: SpecPattern
        /// The cases.
        package var cases: [SpecPattern]

        /// Creates an exclusion.
        package init(agents: SpecPattern, cases: [SpecPattern]) {
            self.agents = agents
            self.cases = cases
        }
    }

    /// Creates an empty selection.
    package init() {}

    /// The selected numbers, whoever is tested, in the given order.
    ///
    /// - Parameter numbers: The numbers of all cases.
    /// - Throws: ``SpecError`` if none is left.
    /// - Returns: At least one number.
    package func numbers(of numbers: [String]) throws(SpecError) -> [String] {
        let selected = numbers.filter { number in
            cases.contains { $0.selects(number) } && !excluded.contains { $0.selects(number) }
        }
        guard selected.isEmpty else { return selected }
        let taken = cases.isEmpty ? "an empty list" : cases.map(\.text).joined(separator: ", ")
        let left = excluded.isEmpty ? "" : " without " + excluded.map(\.text).joined(separator: ", ")
        throw SpecError("nothing to run: 'cases' is \(taken)\(left), which leaves no case; [\"*\"] is all of them")
    }

    /// Whether a case is left out for an agent.
    package func excludes(_ number: String, for agent: String) -> Bool {
        excludedForAgents.contains { exclusion in
            exclusion.agents.matchesWhole(agent) && exclusion.cases.contains { $0.matchesWhole(number) }
        }
    }

    /// A note about patterns of agents that mean none of those that were tested, one line each.
    package func notes(aboutAgents agents: [String]) -> [String] {
        let idle = excludedForAgents.filter { exclusion in
            !exclusion.cases.isEmpty && !agents.contains { exclusion.agents.matchesWhole($0) }
        }
        return idle.map { exclusion in
            "'\(exclusion.agents.text)' of 'exclude-agent-cases' means no agent that was tested, and leaves nothing out; "
                + "write one of \(agents.joined(separator: ", ")), or a pattern with stars"
        }
    }

    /// Notes about patterns that mean no case, one line each.
    package func notes(about numbers: [String]) -> [String] {
        let selecting = (cases + excluded).filter { pattern in !numbers.contains { pattern.selects($0) } }
        let agents = excludedForAgents.flatMap(\.cases)
            .filter { pattern in !numbers.contains { pattern.matchesWhole($0) } }
        return (selecting + agents).map { pattern in
            // Releases before 0.8.2 had cases that are gone.
            pattern.hasStar
                ? "'\(pattern.text)' matches no case of Autobahn's" : "Autobahn has no case '\(pattern.text)'"
        }
    }
}
