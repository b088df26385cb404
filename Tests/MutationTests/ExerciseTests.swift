import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSModelPeer
import WSProtocol
import WSScenario

/// The table of what is known to bite, made by running the model server's defects against the scenarios.
@Suite("Exercised requirements")
struct ExerciseTests {
    @Test("The table is what the defects and the scenarios give")
    func table() async throws {
        let found = try await withThrowingTaskGroup(of: [Exercise].self) { group in
            for defect in ModelDefect.allCases where defect.standing != .allowed {
                group.addTask { try Self.exercises(of: defect) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Golden.difference(Exercise.table(found), fromFile: "Sources/WSCatalogue/exercised.tsv") == nil)
    }

    @Test("The table names requirements, defects and scenarios that exist", arguments: Exercise.recorded)
    func names(exercise: Exercise) throws {
        #expect(RequirementTable.shared.requirement(exercise.requirement) != nil)
        let defect = try #require(ModelDefect(rawValue: exercise.defect))
        #expect(defect.requirements.contains(exercise.requirement))
        #expect(Catalogue.scenario(exercise.scenario) != nil)
    }

    @Test("A defect names requirements of the table", arguments: ModelDefect.allCases)
    func requirements(defect: ModelDefect) {
        for id in defect.requirements { #expect(RequirementTable.shared.requirement(id) != nil, "\(id)") }
    }

    /// What of the requirements that a defect breaks is caught, each with the first scenario that does it.
    private static func exercises(of defect: ModelDefect) throws -> [Exercise] {
        var missing = Set(defect.requirements)
        var found: [Exercise] = []
        // Those that cite what is broken come first; a rule over every conversation may speak in any.
        let (citing, others) = InMemoryRun.scenarios.reduce(into: ([Scenario](), [Scenario]())) { parts, scenario in
            if scenario.citedRequirements.isDisjoint(with: missing) {
                parts.1.append(scenario)
            } else {
                parts.0.append(scenario)
            }
        }
        for scenario in citing + others where !missing.isEmpty {
            let mayShow = scenario.citedRequirements.union(Judge.requirements(testing: .server)).intersection(missing)
            guard !mayShow.isEmpty else { continue }
            let judgement = try InMemoryRun.judge(scenario, defects: [defect])
            for finding in judgement.findings {
                let own = Judge.requirements(ofRule: finding.rule) ?? []
                #expect(
                    own.contains(finding.requirement) || scenario.citedRequirements.contains(finding.requirement),
                    "\(finding.rule) cites \(finding.requirement) in \(scenario.id)"
                )
            }
            let counting = judgement.findings.filter { [.fail, .tolerated].contains($0.verdict) }
            guard !counting.isEmpty else { continue }
            // What was found in passing shows what it cites, and nothing else that the scenario is about.
            let cited = counting.contains { !$0.isPassive } ? scenario.citedRequirements : []
            for id in cited.union(counting.map(\.requirement)).intersection(missing).sorted() {
                missing.remove(id)
                found.append(Exercise(requirement: id, defect: defect.rawValue, scenario: scenario.id))
            }
        }
        return found
    }
}
