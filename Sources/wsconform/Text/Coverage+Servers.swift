package import WSCatalogue
import WSJudge
import WSProtocol

extension Coverage {
    /// What this build looks at when a server is under test.
    package static let ofServers = Coverage(
        of: .shared,
        by: Catalogue.all,
        rules: Judge.requirements(testing: .server),
        exercises: Exercise.recorded
    )
}
