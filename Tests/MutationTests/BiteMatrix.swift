import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario

/// The strict count of what the scenarios find in peers of one role that have a defect.
///
/// A finding counts where it is a failure, or what it misses is below a MUST of the text's own words: a MUST that is
/// our reading of the text (``Requirement/Basis``) is tolerated at most. It has to rest on what the defect says that
/// it breaks, in its words or in those of a ``Restatement``. The parts of what it rests on (``Elaboration``) and
/// permissions count in scenarios that list them.
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
        /// What its outcomes hold against a peer as tolerated, and never as a violation.
        let atMostTolerated: Set<String>

        init(_ scenario: Scenario, testing role: Role) {
            let tested = scenario.testing(role)
            self.scenario = scenario
            listed = Restatement.closure(of: tested.requirements)
            decisive = Restatement.closure(of: tested.decisiveRequirements)
            permissions = Set(
                tested.requirements.filter { RequirementTable.shared.requirement($0)?.level == .may }
            )
            let first = tested.requirements.first
            let outcomes =
                tested.behaviour.map { ($0.grade, $0.requirement ?? first) }
                + tested.closing.map { ($0.grade, $0.requirement) }
            func cited(_ grade: Grade) -> Set<String> {
                Set(outcomes.filter { $0.0 == grade }.compactMap(\.1))
            }
            atMostTolerated = cited(.tolerated).subtracting(cited(.violates))
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

    /// The names of the defects that fail a scenario for what the scenario is about, at most so many.
    ///
    /// What the scenario itself holds to be tolerated at most is enough here, as it notices the defect.
    func names(reaching scenario: Scenario, atMost count: Int = .max) throws -> [String] {
        try candidates(reaching: Row(scenario, testing: role), atMost: count).map(\.name)
    }

    /// A defect with its name and what it breaks.
    private typealias Candidate = (defect: Defect, name: String, breaking: Set<String>)

    /// The defects that may fail a scenario for what it is about, those that break what it cites first before others.
    private func candidates(for row: Row) -> [Candidate] {
        let first = Restatement.closure(of: row.scenario.testing(role).requirements.prefix(1))
        let all = defects.filter { _, _, breaking in
            !row.listed.intersection(breaking).isDisjoint(with: row.decisive.union(rules))
        }
        return all.filter { !$0.breaking.isDisjoint(with: first) } + all.filter { $0.breaking.isDisjoint(with: first) }
    }

    /// Whether a peer with the defect fails the scenario for what the scenario is about.
    private func reaches(_ row: Row, _ candidate: Candidate) throws -> Bool {
        var judgement = try checked(row.scenario, candidate.defect)
        // What was found in passing says nothing of what the scenario is about.
        judgement.findings.removeAll(where: \.isPassive)
        let isNoticed = judgement.findings.contains { finding in
            finding.verdict == .tolerated && row.atMostTolerated.contains(finding.requirement)
                && row.listed.contains(finding.requirement) && candidate.breaking.contains(finding.requirement)
        }
        if isNoticed || !shown(of: candidate.breaking.intersection(row.listed), in: judgement, row).isEmpty {
            return true
        }
        // A part that the scenario lists may belong to a whole that it does not list.
        let others = shown(of: candidate.breaking, in: judgement, row).intersection(row.listed)
        return !others.isSubset(of: row.permissions)
    }

    /// For each scenario that is too long to be run against many defects, one that fails it for what it is about.
    ///
    /// It is looked for among those that fail shorter scenarios of its kind.
    ///
    /// - Parameter scenarios: scenarios that are not among ``rows``.
    /// - Returns: the scenarios with the names of the defects; nil where none was found.
    /// - Throws: what the runs throw.
    func defects(reachingLong scenarios: [Scenario]) throws -> [(scenario: Scenario, defect: String?)] {
        var known: [String: [Candidate]] = [:]
        return try scenarios.map { scenario in
            let row = Row(scenario, testing: role)
            let kin = siblings(of: row).prefix(Self.mostSiblings)
            var tried: Set<String> = []
            // Most often the first defect of the nearest sibling does.
            for count in [1, Int.max] {
                for sibling in kin {
                    let key = "\(count) \(sibling.scenario.id)"
                    let found = try known[key] ?? candidates(reaching: sibling, atMost: count)
                    known[key] = found
                    for candidate in found where tried.insert(candidate.name).inserted {
                        if try reaches(row, candidate) { return (scenario, candidate.name) }
                    }
                }
            }
            return (scenario, nil)
        }
    }

    /// The defects that fail a scenario for what the scenario is about, at most so many.
    private func candidates(reaching row: Row, atMost count: Int) throws -> [Candidate] {
        var found: [Candidate] = []
        for candidate in candidates(for: row) where try reaches(row, candidate) {
            found.append(candidate)
            if found.count == count { break }
        }
        return found
    }

    /// How many shorter scenarios are asked for a defect.
    private static var mostSiblings: Int { 6 }

    /// The scenarios that are about the same, those first whose ids have most in common with this one's.
    private func siblings(of row: Row) -> [Row] {
        func kinship(_ other: Row) -> Int {
            let own = row.scenario.id.split(separator: "/")
            let same = zip(own, other.scenario.id.split(separator: "/")).prefix { $0 == $1 }.count
            return same * 100 + row.listed.intersection(other.listed).count
        }
        let alike = rows.filter { !$0.listed.isDisjoint(with: row.listed) && !$0.scenario.isLeftOpen(testing: role) }
        return alike.map { ($0, kinship($0)) }.enumerated()
            .sorted { ($0.element.1, $1.offset) > ($1.element.1, $0.offset) }
            .map(\.element.0)
    }

    /// What to do about a scenario that is listed as unreached and is not, or the other way round.
    static func mend(_ defect: String?) -> String {
        defect.map { "\($0) reaches it; take it out of Unreached.swift" }
            ?? "no defect reaches it; add one to WSModelPeer that violates what it cites first, or say in "
            + "Sources/WSCatalogue/Coverage/Unreached.swift why there is none"
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
        func broken(_ findings: some Sequence<Finding>) -> Set<String> {
            findings.reduce(into: Set<String>()) { $0.formUnion(Self.held($1)) }.intersection(breaking)
        }
        func parts(_ wholes: Set<String>) -> Set<String> {
            wholes.reduce(into: []) { $0.formUnion(Elaboration.parts(of: $1)) }
        }
        let shown = broken(judgement.findings)
        // What was found in passing shows nothing else that the scenario is about.
        let own = broken(judgement.findings.lazy.filter { !$0.isPassive })
        let others = parts(shown).intersection(rules).union(parts(own).intersection(row.listed))
        return shown.union(others.union(own.isEmpty ? [] : row.permissions).intersection(breaking))
    }

    /// The requirements that a finding holds against a peer, as gravely as their words permit.
    private static func held(_ finding: Finding) -> Set<String> {
        let ids = Restatement.closure(of: finding.requirement)
        return switch finding.verdict {
        case .fail: ids
        case .tolerated: ids.filter { !isAbsolute($0) }
        default: []
        }
    }

    /// Whether the text itself has the word MUST or MUST NOT.
    private static func isAbsolute(_ id: String) -> Bool {
        guard let requirement = RequirementTable.shared.requirement(id) else { return false }
        return [.must, .mustNot].contains(requirement.level) && requirement.basis == .keyword
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
