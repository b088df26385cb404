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
        let found = try await InMemoryRun.matrix.exercises(Golden.isRecording ? nil : Exercise.recorded)
        #expect(Golden.difference(Exercise.table(found), fromFile: "Sources/WSCatalogue/exercised.tsv") == nil)
    }

    @Test("The table names requirements, defects and scenarios that exist")
    func names() async {
        await Sweep.each(of: Exercise.recorded) { exercise in
            #expect(RequirementTable.shared.requirement(exercise.requirement) != nil)
            let defect = try #require(ModelDefect(rawValue: exercise.defect))
            #expect(defect.requirements.contains(exercise.requirement))
            #expect(Catalogue.scenario(exercise.scenario)?.targets.contains(.server) == true)
        }
    }

    @Test("A defect names requirements of the table")
    func requirements() async {
        await Sweep.each(of: ModelDefect.allCases) { defect in
            for id in defect.requirements {
                // A defect that clients can have, too, names what binds them.
                let requirement = try #require(RequirementTable.shared.requirement(id), "\(id)")
                // One that is tolerated may name what a client must not send, and a server need not refuse.
                let mayBindClients = defect.showsInClients || defect.standing == .tolerated
                #expect(requirement.binds(.server) || mayBindClients && requirement.binds(.client), "\(id)")
            }
        }
    }
}
