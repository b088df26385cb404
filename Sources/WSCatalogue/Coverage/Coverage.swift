package import WSProtocol
package import WSScenario

/// How many requirements the scenarios and the rules over every conversation check, for one role under test.
package struct Coverage: Sendable {
    /// The numbers for a group of requirements.
    package struct Row: Sendable, Hashable {
        /// The specification; nil for the sum of all.
        package var source: String?
        /// The levels of the group.
        package var levels: [Requirement.Level]
        /// How many requirements are counted.
        package var counted: Int
        /// How many of them have a scenario, or a rule over every conversation.
        package var covered: Int
        /// How many of those are exercised: a defect of the model peer violates them and is found for that.
        package var exercised: Int
    }

    /// The role under test.
    package let role: Role
    /// A row for each specification and level, then the sums.
    package let rows: [Row]
    /// The counted requirements without a scenario or a rule.
    package let uncovered: [Requirement]
    /// The covered requirements whose violation was never found in a test.
    package let unexercised: [Requirement]
    /// The requirements that are not counted although a test of that role could observe them, with the reasons.
    package let leftOut: [(requirement: Requirement, reason: String)]
    /// The cases that no defect of the model peer makes fail for their subject.
    package let unreached: [UnreachedCases]
    /// How many cases have no outcome that counts against a peer of that role, so that no defect can fail them.
    package let leftOpen: Int

    /// Cases that no defect reaches, with a common reason.
    package struct UnreachedCases: Sendable, Hashable {
        /// The ids, in which `*` matches any characters.
        package var cases: [String]
        /// The number of these cases.
        package var count: Int
        /// Why no defect reaches them.
        package var reason: String
    }

    /// Measures the coverage.
    ///
    /// - Parameters:
    ///   - table: The requirements.
    ///   - role: The role under test.
    ///   - scenarios: The scenarios; those for the other role only are ignored.
    ///   - rules: The ids that rules over every conversation can cite.
    ///   - exercises: The violations that were found in tests.
    package init(
        of table: RequirementTable,
        testing role: Role,
        by scenarios: [Scenario],
        rules: Set<String>,
        exercises: [Exercise]
    ) {
        self.role = role
        let cited = scenarios.filter { $0.targets.contains(role) }.reduce(into: rules) {
            $0.formUnion($1.testing(role).citedRequirements)
        }
        let caught = Set(exercises.map(\.requirement))
        let scope = CoverageScope(testing: role)
        let counted = table.all.filter(scope.holds)
        func row(_ source: String?, _ levels: [Requirement.Level]) -> Row? {
            let group = counted.filter { levels.contains($0.level) && source.map($0.source.elementsEqual) ?? true }
            guard !group.isEmpty else { return nil }
            return Row(
                source: source,
                levels: levels,
                counted: group.count,
                covered: group.count { cited.contains($0.id) },
                exercised: group.count { cited.contains($0.id) && caught.contains($0.id) }
            )
        }
        var sources: [String] = []
        for requirement in counted where !sources.contains(requirement.source) { sources.append(requirement.source) }
        let levels = Requirement.Level.allCases
        rows =
            sources.flatMap { source in levels.compactMap { row(source, [$0]) } }
            + [row(nil, [.must, .mustNot]), row(nil, [.should, .shouldNot]), row(nil, [.may]), row(nil, levels)]
            .compactMap(\.self)
        uncovered = counted.filter { !cited.contains($0.id) }
        unexercised = counted.filter { cited.contains($0.id) && !caught.contains($0.id) }
        leftOut = table.all.compactMap { requirement in
            scope.leftOut[requirement.id].map { (requirement, $0) }
        }
        unreached = Unreached.entries(testing: role).map { entry in
            UnreachedCases(cases: entry.cases, count: scenarios.count(where: entry.holds), reason: entry.reason)
        }
        leftOpen = scenarios.count { $0.targets.contains(role) && $0.isLeftOpen(testing: role) }
    }
}
