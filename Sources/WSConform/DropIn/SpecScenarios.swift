package import WSAutobahnSpec
import WSCatalogue
package import WSProtocol
package import WSScenario

/// The scenarios that a spec file selects.
package struct SpecScenarios: Sendable {
    /// The scenarios, in the order of Autobahn's list.
    package let all: [Scenario]
    /// Whether these are all of Autobahn's cases.
    package let isEverything: Bool
    /// Lines about patterns that mean no case.
    package let notes: [String]

    private let selection: SpecSelection

    /// Selects the scenarios.
    ///
    /// - Parameters:
    ///   - spec: The spec file.
    ///   - role: The role under test.
    /// - Throws: `SpecError` if it selects nothing.
    package init(_ spec: AutobahnSpec, testing role: Role) throws(SpecError) {
        let known = Catalogue.autobahnOrder.filter { $0.targets.contains(role) && !$0.transports.isEmpty }
        let numbers = known.compactMap { $0.autobahn?.number }
        let selected = Set(try spec.selection.numbers(of: numbers))
        all = known.filter { $0.autobahn.map { selected.contains($0.number) } ?? false }
        isEverything = all.count == known.count
        notes = spec.selection.notes(about: numbers)
        selection = spec.selection
    }

    /// The patterns that select the same cases with `--cases`.
    var patterns: [String] { isEverything ? [] : all.compactMap { $0.autobahn?.number } }

    /// Lines about patterns of agents that mean none of the tested ones; none if nobody was tested.
    func notes(aboutAgents agents: [String]) -> [String] {
        agents.isEmpty ? [] : selection.notes(aboutAgents: agents)
    }

    /// Whether a scenario is left out for an agent.
    package func excludes(_ scenario: Scenario, for agent: String) -> Bool {
        scenario.autobahn.map { selection.excludes($0.number, for: agent) } ?? false
    }
}
