package import WSCatalogue
package import WSScenario

/// How much of the specifications the scenarios reach.
package enum CoverageText {
    /// A line for each specification and level: the requirements, those that a test can see, those with a scenario.
    package static func table(_ scenarios: [Scenario], _ requirements: RequirementTable) -> String {
        let cited = citations(of: scenarios)
        var sources: [String] = []
        for requirement in requirements.all where !sources.contains(requirement.source) {
            sources.append(requirement.source)
        }
        var rows = [["specification", "level", "requirements", "observable", "with a case"]]
        func add(_ source: String, _ level: String, _ group: [Requirement]) {
            rows.append([
                source, level, "\(group.count)", "\(group.count { $0.observable != .none })",
                "\(group.count { cited.contains($0.id) })",
            ])
        }
        for source in sources {
            for level in Requirement.Level.allCases {
                let group = requirements.all.filter { $0.source == source && $0.level == level }
                if !group.isEmpty { add(source, level.rawValue, group) }
            }
        }
        add("all", "", requirements.all)
        return TextStyle.table(rows, numbers: [2, 3, 4]).joined(separator: "\n") + "\n"
    }

    /// The ids of the requirements that any scenario cites, in its list or in an outcome.
    private static func citations(of scenarios: [Scenario]) -> Set<String> {
        var cited: Set<String> = []
        for scenario in scenarios {
            cited.formUnion(scenario.requirements)
            cited.formUnion(scenario.behaviour.compactMap(\.requirement))
            cited.formUnion(scenario.closing.compactMap(\.requirement))
        }
        return cited
    }
}
