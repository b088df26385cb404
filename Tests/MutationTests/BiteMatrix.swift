import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario

/// The strict count of what the scenarios find in peers of one role that have a defect.
///
/// A finding counts where it is a failure, or what it misses is below a MUST; and where it rests on what the defect
/// says that it breaks, in its words or in those of a ``Restatement``. The parts of what it rests on
/// (``Elaboration``) and permissions count in scenarios that list them.
struct BiteMatrix<Defect: Sendable & Hashable>: Sendable {
    /// The side under test.
    let role: Role
    /// The scenarios that are run.
    let rows: [Row]
    /// The defects, with their names and what they break.
    let defects: [(defect: Defect, name: String, breaking: Set<String>)]
    /// What comes of a scenario against a peer with a defect.
    let judge: @Sendable (Scenario, Defect) throws -> Judgement

    private let rules: Set<String>

    /// A scenario with what can be found in it.
    struct Row: Sendable {
        let scenario: Scenario
        /// What it is about.
        let listed: Set<String>
        /// What a finding over its own outcomes can rest on.
        let decisive: Set<String>
        let permissions: Set<String>

        init(_ scenario: Scenario, testing role: Role) {
            let tested = scenario.testing(role)
            self.scenario = scenario
            listed = Restatement.closure(of: tested.requirements)
            decisive = Restatement.closure(of: tested.decisiveRequirements)
            permissions = Set(
                tested.requirements.filter { RequirementTable.shared.requirement($0)?.level == .may }
            )
        }
    }

    init(
        testing role: Role,
        _ scenarios: [Scenario],
        _ defects: [(defect: Defect, name: String, breaking: Set<String>)],
        judge: @escaping @Sendable (Scenario, Defect) throws -> Judgement
    ) {
        self.role = role
        rows = scenarios.map { Row($0, testing: role) }
        self.defects = defects
        self.judge = judge
        rules = Restatement.closure(of: Judge.requirements(testing: role))
    }

    /// What of the requirements that each defect breaks is caught, each with the first scenario that does it.
    ///
    /// - Parameter recorded: the rows that are run again; nil to run all scenarios that may show something, which
    ///   takes minutes.
    /// - Returns: the rows that hold, in no order.
    /// - Throws: what the runs throw.
    func exercises(_ recorded: [Exercise]?) async throws -> [Exercise] {
        let rowsOfDefect = recorded.map { Dictionary(grouping: $0, by: \.defect) }
        return try await withThrowingTaskGroup(of: [Exercise].self) { group in
            for (defect, name, breaking) in defects {
                let known = rowsOfDefect.map { $0[name] ?? [] }
                group.addTask { try await exercises(of: defect, name, breaking: breaking, known) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func exercises(
        of defect: Defect,
        _ name: String,
        breaking: Set<String>,
        _ recorded: [Exercise]?
    ) async throws -> [Exercise] {
        var missing = breaking
        var rows = rows
        if let recorded {
            missing.formIntersection(recorded.map(\.requirement))
            let scenarios = Set(recorded.map(\.scenario))
            rows.removeAll { !scenarios.contains($0.scenario.id) }
        }
        var found: [Exercise] = []
        // Those whose own outcomes may speak of it come first; a rule over every conversation may speak in any.
        let (own, others) = rows.reduce(into: ([Row](), [Row]())) { parts, row in
            if row.decisive.isDisjoint(with: breaking) { parts.1.append(row) } else { parts.0.append(row) }
        }
        for row in own + others {
            guard !missing.isEmpty else { break }
            let mayShow = row.decisive.union(rules).intersection(breaking)
            guard !mayShow.isEmpty, !mayShow.union(row.listed).isDisjoint(with: missing) else { continue }
            let judgement = try checked(row.scenario, defect)
            let shown = shown(of: breaking, in: judgement, row)
            for id in shown.intersection(missing).sorted() {
                missing.remove(id)
                found.append(Exercise(requirement: id, defect: name, scenario: row.scenario.id))
            }
            await Task.yield()
        }
        return found
    }

    /// The first defect that fails a scenario for what the scenario is about; nil where none does.
    func defect(reaching scenario: Scenario) throws -> Defect? {
        let row = Row(scenario, testing: role)
        let first = Restatement.closure(of: scenario.testing(role).requirements.prefix(1))
        let candidates = defects.filter { _, _, breaking in
            !row.listed.intersection(breaking).isDisjoint(with: row.decisive.union(rules))
        }
        let ordered =
            candidates.filter { !$0.breaking.isDisjoint(with: first) }
            + candidates.filter { $0.breaking.isDisjoint(with: first) }
        return try ordered.first { defect, _, breaking in
            var judgement = try checked(scenario, defect)
            // What was found in passing says nothing of what the scenario is about.
            judgement.findings.removeAll(where: \.isPassive)
            return !shown(of: breaking.intersection(row.listed), in: judgement, row).isEmpty
        }?.defect
    }

    /// What comes of a scenario against a peer with a defect, and that it is said in the right words.
    private func checked(_ scenario: Scenario, _ defect: Defect) throws -> Judgement {
        let judgement = try judge(scenario, defect)
        for problem in Self.misplacedCitations(in: judgement, of: scenario, testing: role) {
            Issue.record("\(problem)")
        }
        for finding in judgement.findings where !finding.reason.ownWords.isEmpty {
            Issue.record("\(finding.rule) in \(scenario.id): \(finding.reason)")
        }
        return judgement
    }

    /// What of a defect's requirements a judgement shows to be broken.
    private func shown(of breaking: Set<String>, in judgement: Judgement, _ row: Row) -> Set<String> {
        let counting = judgement.findings.filter(Self.counts)
        func broken(_ findings: some Sequence<Finding>) -> Set<String> {
            Restatement.closure(of: findings.map(\.requirement)).intersection(breaking)
        }
        func parts(_ wholes: Set<String>) -> Set<String> {
            wholes.reduce(into: []) { $0.formUnion(Elaboration.parts(of: $1)) }
        }
        let shown = broken(counting)
        // What was found in passing shows nothing else that the scenario is about.
        let own = broken(counting.lazy.filter { !$0.isPassive })
        let others = parts(shown).intersection(rules).union(parts(own).intersection(row.listed))
        return shown.union(others.union(own.isEmpty ? [] : row.permissions).intersection(breaking))
    }

    /// Whether a finding is held against a peer: what is only tolerated has to be less than a MUST.
    private static func counts(_ finding: Finding) -> Bool {
        switch finding.verdict {
        case .fail: return true
        case .tolerated:
            let level = RequirementTable.shared.requirement(finding.requirement)?.level
            return level != .must && level != .mustNot
        default: return false
        }
    }

    /// What a judgement holds against a peer that it must not, for a test to report.
    private static func misplacedCitations(
        in judgement: Judgement,
        of scenario: Scenario,
        testing role: Role
    ) -> [String] {
        let cited = scenario.testing(role).citedRequirements
        return judgement.findings.compactMap { finding in
            // That a connection did not come about is told over again with what was found in passing.
            guard finding.rule != Judge.unopenedRule else { return nil }
            let own = Judge.requirements(ofRule: finding.rule, testing: role) ?? []
            guard own.contains(finding.requirement) || cited.contains(finding.requirement) else {
                return "\(finding.rule) cites \(finding.requirement) in \(scenario.id)"
            }
            guard finding.verdict == .fail else { return nil }
            let binds = RequirementTable.shared.requirement(finding.requirement)?.binds(role) ?? false
            return binds ? nil : "\(finding.rule) fails \(scenario.id) over the other side's \(finding.requirement)"
        }
    }
}
