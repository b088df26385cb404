package import WSCatalogue
import WSJudge
import WSProtocol

extension Coverage {
    /// The coverage of this build with a server under test.
    package static let ofServers = Coverage(
        of: .shared,
        testing: .server,
        by: Catalogue.all,
        rules: Judge.requirements(testing: .server),
        exercises: Exercise.recorded
    )

    /// The coverage of this build with a client under test.
    package static let ofClients = Coverage(
        of: .shared,
        testing: .client,
        by: Catalogue.all,
        rules: Judge.requirements(testing: .client),
        exercises: Exercise.recordedOfClients
    )
}
