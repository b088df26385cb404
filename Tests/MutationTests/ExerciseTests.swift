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
            for (defect, name, breaking) in InMemoryRun.matrix.defects {
                group.addTask { try InMemoryRun.matrix.exercises(of: defect, name, breaking: breaking) }
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
        #expect(Catalogue.scenario(exercise.scenario)?.targets.contains(.server) == true)
    }

    @Test("A defect names requirements of the table", arguments: ModelDefect.allCases)
    func requirements(defect: ModelDefect) {
        for id in defect.requirements {
            #expect(RequirementTable.shared.requirement(id)?.binds(.server) == true, "\(id)")
        }
    }
}
