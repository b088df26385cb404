import WSCatalogue
import WSModelPeer
import WSProtocol
import WSScenario

/// Which defects each scenario catches for what it is about, of one role under test.
struct Sensitivity: Sendable {
    /// The role under test.
    let role: Role
    /// The names of the defects by the ids of the scenarios that can fail.
    var caught: [String: [String]] = [:]

    /// What a role under test brings: its scenarios, and ways of running them.
    struct Source: Sendable {
        let role: Role
        /// The scenarios that are run against every defect that may fail them.
        let scenarios: [Scenario]
        /// Those that are run against one.
        let long: [Scenario]
        /// A name and a sentence for each defect.
        let defects: [(name: String, summary: String, standing: String)]
        /// The names of the defects that show in every conversation.
        let everywhere: Set<String>
        /// The recorded proofs.
        let exercises: [Exercise]
        /// All defects that a scenario catches.
        let names: @Sendable (Scenario) throws -> [String]
        /// One defect for each long scenario; nil where there is none.
        let nameOfLong: @Sendable ([Scenario]) throws -> [(id: String, name: String?)]
    }

    /// The sources of both roles.
    static let sources = [
        Source(
            role: .server,
            scenarios: InMemoryRun.scenarios.filter { !$0.isLeftOpen(testing: .server) },
            long: InMemoryRun.long(for: .server),
            defects: InMemoryRun.defects,
            everywhere: Set(SeenEverywhere.inServers.map(\.rawValue)),
            exercises: Exercise.recorded,
            names: { try InMemoryRun.specific.names(reaching: $0).sorted() },
            nameOfLong: { scenarios in
                let others = scenarios.filter { !MutationMatrixTests.isTriedAlone($0) }
                let found = try InMemoryRun.specific.defects(reachingLong: others)
                return found.map { ($0.scenario.id, $0.defect) }
                    + MutationMatrixTests.foundWanting.map { ($0.key, $0.value.rawValue) }
            }
        ),
        Source(
            role: .client,
            scenarios: InMemoryClientRun.scenarios.filter { !$0.isLeftOpen(testing: .client) },
            long: InMemoryRun.long(for: .client),
            defects: InMemoryClientRun.Defect.all.map { ($0.description, $0.summary, $0.standing.rawValue) },
            everywhere: Set(SeenEverywhere.inClients.map(\.description)),
            exercises: Exercise.recordedOfClients,
            names: { try InMemoryClientRun.specific.names(reaching: $0).sorted() },
            nameOfLong: { scenarios in
                try InMemoryClientRun.specific.defects(reachingLong: scenarios).map { ($0.scenario.id, $0.defect) }
            }
        ),
    ]

    /// Runs scenarios against the defects that may fail them.
    ///
    /// - Parameters:
    ///   - source: The role's scenarios and defects.
    ///   - earlier: What is known already; it stays where `isTaken` leaves a scenario out.
    ///   - isTaken: Whether a scenario is run.
    /// - Returns: what they catch.
    /// - Throws: what the runs throw.
    static func measure(
        _ source: Source,
        keeping earlier: Sensitivity,
        where isTaken: @escaping @Sendable (String) -> Bool
    ) async throws -> Sensitivity {
        var measured = Sensitivity(role: source.role)
        for scenario in source.scenarios + source.long { measured.caught[scenario.id] = earlier.caught[scenario.id] }
        // A task for each core of the machine: each takes every so-manieth scenario.
        let taken = source.scenarios.filter { isTaken($0.id) || earlier.caught[$0.id] == nil }
        let strands = 4
        let found = try await withThrowingTaskGroup(of: [(String, [String])].self) { group in
            for strand in 0..<strands {
                group.addTask {
                    try stride(from: strand, to: taken.count, by: strands).map { index in
                        (taken[index].id, try source.names(taken[index]))
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        for (id, names) in found { measured.caught[id] = names }
        let long = source.long.filter { isTaken($0.id) || earlier.caught[$0.id] == nil }
        for (id, name) in try source.nameOfLong(long) where long.contains(where: { $0.id == id }) {
            measured.caught[id] = name.map { [$0] } ?? []
        }
        return measured
    }

    /// The names of the scenarios that a defect is caught by, in order.
    func scenarios(catching name: String) -> [String] {
        caught.filter { $0.value.contains(name) }.map(\.key).sorted()
    }
}
