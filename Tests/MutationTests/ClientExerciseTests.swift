import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSModelPeer
import WSProtocol
import WSScenario

/// The table of what is known to bite with clients under test, made by running the model client's defects.
@Suite("Exercised requirements of clients")
struct ClientExerciseTests {
    @Test("The table is what the defects and the scenarios give")
    func table() async throws {
        let found = try await withThrowingTaskGroup(of: [Exercise].self) { group in
            for defect in InMemoryClientRun.Defect.all where defect.standing != .allowed {
                group.addTask { try Self.exercises(of: defect) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Golden.difference(Exercise.table(found), fromFile: "Sources/WSCatalogue/exercised-clients.tsv") == nil)
    }

    @Test("The table names requirements, defects and scenarios that exist", arguments: Exercise.recordedOfClients)
    func names(exercise: Exercise) throws {
        #expect(RequirementTable.shared.requirement(exercise.requirement) != nil)
        let defect = try #require(InMemoryClientRun.Defect.all.first { $0.description == exercise.defect })
        #expect(defect.requirements.contains(exercise.requirement))
        #expect(Catalogue.scenario(exercise.scenario)?.targets.contains(.client) == true)
    }

    @Test("A defect of clients names requirements of the table", arguments: ClientDefect.allCases)
    func requirements(defect: ClientDefect) {
        for id in defect.requirements { #expect(RequirementTable.shared.requirement(id) != nil, "\(id)") }
    }

    /// What of the requirements that a defect breaks is caught, each with the first scenario that does it.
    private static func exercises(of defect: InMemoryClientRun.Defect) throws -> [Exercise] {
        var missing = defect.requirements
        var found: [Exercise] = []
        let rules = Judge.requirements(testing: .client)
        let cited = InMemoryClientRun.scenarios.map { ($0, $0.testing(.client).citedRequirements) }
        // Those that cite what is broken come first; a rule over every conversation may speak in any.
        let ordered = cited.filter { !$0.1.isDisjoint(with: missing) } + cited.filter { $0.1.isDisjoint(with: missing) }
        for (scenario, citations) in ordered where !missing.isEmpty {
            guard !citations.union(rules).isDisjoint(with: missing) else { continue }
            let judgement = try InMemoryClientRun.judge(scenario, defect)
            for finding in judgement.findings {
                let own = Judge.requirements(ofRule: finding.rule) ?? []
                #expect(
                    own.contains(finding.requirement) || citations.contains(finding.requirement),
                    "\(finding.rule) cites \(finding.requirement) in \(scenario.id)"
                )
            }
            let counting = judgement.findings.filter { [.fail, .tolerated].contains($0.verdict) }
            guard !counting.isEmpty else { continue }
            // What was found in passing shows what it cites, and nothing else that the scenario is about.
            let shown = counting.contains { !$0.isPassive } ? citations : []
            for id in shown.union(counting.map(\.requirement)).intersection(missing).sorted() {
                missing.remove(id)
                found.append(Exercise(requirement: id, defect: defect.description, scenario: scenario.id))
            }
        }
        return found
    }
}
