package import WSCatalogue
import WSJudge
import WSProtocol

extension Coverage {
    /// What this build looks at when a server is under test.
    package static let ofServers = Coverage(
        of: .shared,
        testing: .server,
        by: Catalogue.all,
        rules: Judge.requirements(testing: .server),
        exercises: Exercise.recorded
    )

    /// What this build looks at when a client is under test.
    package static let ofClients = Coverage(
        of: .shared,
        testing: .client,
        by: Catalogue.all,
        rules: Judge.requirements(testing: .client),
        exercises: Exercise.recordedOfClients
    )
}
