/// The proof that a scenario bites: a server that breaks a requirement, and a scenario that counts against it.
package struct Exercise: Sendable, Hashable {
    /// The id of the requirement, which the defect says that it breaks and the scenario or its finding cites.
    package var requirement: String
    /// The name of a defect of the model server.
    package var defect: String
    /// The id of the first scenario that a server with the defect fails, or is found wanting in.
    package var scenario: String

    /// Creates a proof.
    package init(requirement: String, defect: String, scenario: String) {
        self.requirement = requirement
        self.defect = defect
        self.scenario = scenario
    }

    /// The proofs that this build carries, as the last run of all defects against the scenarios gave them.
    package static let recorded = parse(String(decoding: PackageResources.exercised_tsv, as: UTF8.self))

    /// The same for clients under test, with defects of the model client.
    package static let recordedOfClients = parse(
        String(decoding: PackageResources.exercised_clients_tsv, as: UTF8.self)
    )

    /// Reads a table of three columns; lines of another form are none.
    package static func parse(_ text: String) -> [Self] {
        text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return cells.count == 3 ? Self(requirement: cells[0], defect: cells[1], scenario: cells[2]) : nil
        }
    }

    /// The table, one line each, sorted.
    package static func table(_ exercises: some Sequence<Self>) -> String {
        exercises.map { "\($0.requirement)\t\($0.defect)\t\($0.scenario)\n" }.sorted().joined()
    }
}
