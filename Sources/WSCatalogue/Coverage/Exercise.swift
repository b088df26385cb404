/// The proof that a scenario finds a violation: a server that violates a requirement, and the scenario that finds it.
package struct Exercise: Sendable, Hashable {
    /// The id of the requirement; the defect names it, and the scenario or its finding cites it.
    package var requirement: String
    /// The name of a defect of the model server.
    package var defect: String
    /// The id of the first scenario in which a server with the defect fails, or has a finding.
    package var scenario: String

    /// Creates a proof.
    package init(requirement: String, defect: String, scenario: String) {
        self.requirement = requirement
        self.defect = defect
        self.scenario = scenario
    }

    /// The recorded proofs, from the last run of all defects against the scenarios.
    package static let recorded = parse(String(decoding: PackageResources.exercised_tsv, as: UTF8.self))

    /// The recorded proofs for clients under test, with defects of the model client.
    package static let recordedOfClients = parse(
        String(decoding: PackageResources.exercised_clients_tsv, as: UTF8.self)
    )

    /// Parses a table of three columns; other lines are ignored.
    package static func parse(_ text: String) -> [Self] {
        text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return cells.count == 3 ? Self(requirement: cells[0], defect: cells[1], scenario: cells[2]) : nil
        }
    }

    /// Writes the table, sorted, one proof a line.
    package static func table(_ exercises: some Sequence<Self>) -> String {
        exercises.map { "\($0.requirement)\t\($0.defect)\t\($0.scenario)\n" }.sorted().joined()
    }
}
