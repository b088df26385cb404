package import WSProtocol
package import WSScenario

/// How much of what a test of one side can see the scenarios and the rules of every conversation look at.
package struct Coverage: Sendable {
    /// How many of a group of requirements are looked at.
    package struct Row: Sendable, Hashable {
        /// The specification; nil for the sum of all.
        package var source: String?
        /// The levels of the group.
        package var levels: [Requirement.Level]
        /// How many requirements count.
        package var counted: Int
        /// How many of them have a scenario, or a rule that looks at every conversation.
        package var covered: Int
        /// How many of those are known to bite: a defect of the model peer that breaks them is caught over them.
        package var exercised: Int
    }

    /// The side under test.
    package let role: Role
    /// A row for each specification and level, then the sums.
    package let rows: [Row]
    /// What counts and has neither scenario nor rule.
    package let uncovered: [Requirement]
    /// What has one and has never been seen to be broken.
    package let unexercised: [Requirement]
    /// What does not count although a test of that side could see it, with the reason.
    package let leftOut: [(requirement: Requirement, reason: String)]
    /// The cases that no defect of the model peer makes fail for what they are about.
    package let unreached: [UnreachedCases]
    /// How many cases hold nothing against a peer of that side, so that no defect can reach them.
    package let leftOpen: Int

    /// Cases that nothing reaches, for one reason.
    package struct UnreachedCases: Sendable, Hashable {
        /// The ids, in which `*` stands for any run of characters.
        package var cases: [String]
        /// How many cases these are.
        package var count: Int
        /// Why nothing reaches them.
        package var reason: String
    }

    /// Measures.
    ///
    /// - Parameters:
    ///   - table: the requirements.
    ///   - role: the side under test.
    ///   - scenarios: the scenarios; those for the other side alone cover nothing here.
    ///   - rules: the ids that rules over every conversation can cite.
    ///   - exercises: what has been seen to be caught.
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
