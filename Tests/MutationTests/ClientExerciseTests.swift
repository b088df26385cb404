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
        let found = try await InMemoryClientRun.matrix.exercises(Golden.isRecording ? nil : Exercise.recordedOfClients)
        #expect(Golden.difference(Exercise.table(found), fromFile: "Sources/WSCatalogue/exercised-clients.tsv") == nil)
    }

    @Test("The table names requirements, defects and scenarios that exist")
    func names() async {
        await Sweep.each(of: Exercise.recordedOfClients) { exercise in
            #expect(RequirementTable.shared.requirement(exercise.requirement) != nil)
            let defect = try #require(InMemoryClientRun.Defect.all.first { $0.description == exercise.defect })
            #expect(defect.requirements.contains(exercise.requirement))
            #expect(Catalogue.scenario(exercise.scenario)?.targets.contains(.client) == true)
        }
    }

    @Test("A defect of clients names requirements of the table")
    func requirements() async {
        await Sweep.each(of: ClientDefect.allCases) { defect in
            for id in defect.requirements {
                #expect(RequirementTable.shared.requirement(id)?.binds(.client) == true, "\(id)")
            }
        }
    }
}
