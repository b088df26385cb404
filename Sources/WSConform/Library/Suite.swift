import WSCatalogue
import WSProtocol
import WSScenario

/// The conformance suite: its cases as values, and a whole run as one call.
///
/// ```swift
/// @Test(arguments: try Suite.cases(testing: .server, "closing/*", "utf8/*"))
/// func conforms(_ test: ConformanceCase) async throws {
///     let result = try await test.run(against: .server("ws://127.0.0.1:\(port)/"))
///     #expect(result.verdict != .fail, "\(result.explanation)")
/// }
/// ```
public enum Suite {
    /// The side of a connection that is under test.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// The server is under test; the suite connects to it.
        case server
        /// The client is under test; the suite listens.
        case client
    }

    /// What carries the connections of a test.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// TCP: the scheme `ws` (RFC 6455, section 3).
        case tcp
        /// TLS over TCP: the scheme `wss`, which the cases `tls/*` need.
        case tls
        /// A stream socket of the Unix domain: the scheme `ws+unix`.
        case unixSocket
    }

    /// The cases that patterns select, in the order of the catalogue.
    ///
    /// A pattern is an id, in which `*` stands for any characters, a number of Autobahn|Testsuite such as `7.3.*`, the
    /// word `tag:` and a tag, or the id of a requirement such as `RFC6455-5.5.1-02`. Cases with the tags `slow` and
    /// `capacity` are selected only by name or tag.
    ///
    /// - Parameters:
    ///   - role: The side that is under test.
    ///   - patterns: What to select; without any pattern, everything that need not be named.
    ///   - excluded: The patterns of cases to leave out.
    ///   - transport: What carries the connections; cases that make no sense on it are left out.
    /// - Returns: At least one case.
    /// - Throws: ``ConformanceError`` of the kind `selection`, if a pattern matches nothing, or nothing is left.
    public static func cases(
        testing role: Role,
        _ patterns: String...,
        excluding excluded: [String] = [],
        over transport: Transport = .tcp
    ) throws(ConformanceError) -> [ConformanceCase] {
        try cases(testing: role, matching: patterns, excluding: excluded, over: transport)
    }

    /// The cases that a list of patterns selects, in the order of the catalogue.
    ///
    /// - Parameters:
    ///   - role: The side that is under test.
    ///   - patterns: What to select; if empty, everything that need not be named.
    ///   - excluded: The patterns of cases to leave out.
    ///   - transport: What carries the connections; cases that make no sense on it are left out.
    /// - Returns: At least one case.
    /// - Throws: ``ConformanceError`` of the kind `selection`, if a pattern matches nothing, or nothing is left.
    public static func cases(
        testing role: Role,
        matching patterns: [String],
        excluding excluded: [String] = [],
        over transport: Transport = .tcp
    ) throws(ConformanceError) -> [ConformanceCase] {
        let selection = CaseSelection(cases: patterns, exclude: excluded)
        do throws(RunTrouble) {
            return try selection.scenarios(for: role.scenarioRole, over: transport.scenarioTransport).map {
                ConformanceCase($0, testing: role)
            }
        } catch {
            throw ConformanceError(.selection, error.description)
        }
    }

    /// The case with an id.
    ///
    /// - Parameters:
    ///   - id: The id, such as `closing/one-byte-payload`.
    ///   - role: The side that is under test.
    /// - Returns: The case; nil if there is none of this id for this role.
    public static func `case`(_ id: String, testing role: Role) -> ConformanceCase? {
        guard let scenario = Catalogue.scenario(id), scenario.targets.contains(role.scenarioRole) else { return nil }
        return ConformanceCase(scenario, testing: role)
    }

    /// Plays everything that patterns select, as the command `wsconform` does, and collects the results.
    ///
    /// Nothing else of this process plays a case meanwhile. If the task is cancelled, the report has what was played
    /// until then, and ``ConformanceReport/isComplete`` is false.
    ///
    /// - Parameters:
    ///   - target: The server or the client under test.
    ///   - patterns: What to play, as for ``cases(testing:_:excluding:over:)``; by default everything.
    ///   - excluded: The patterns of cases to leave out.
    ///   - options: How cases are played.
    ///   - folder: The path of a folder for `report.json` and the transcripts of all octets, which is created and in
    ///     which those of an earlier run are replaced; nil to keep them in memory only.
    /// - Returns: The report.
    /// - Throws: ``ConformanceError``, if nothing can be played: a pattern matches nothing, the target is not valid, it
    ///   cannot be reached, or a file cannot be written.
    public static func run(
        against target: ConformanceTarget,
        _ patterns: String...,
        excluding excluded: [String] = [],
        options: ConformanceOptions = ConformanceOptions(),
        folder: String? = nil
    ) async throws(ConformanceError) -> ConformanceReport {
        let run = WholeRun(
            target: target,
            options: options,
            selection: CaseSelection(cases: patterns, exclude: excluded),
            folder: folder
        )
        return try await run.run()
    }
}

extension Suite.Role {
    /// The role in the words of scenarios.
    var scenarioRole: Role {
        switch self {
        case .server: .server
        case .client: .client
        }
    }
}

extension Suite.Transport {
    /// The transport in the words of scenarios.
    var scenarioTransport: Transport {
        switch self {
        case .tcp: .tcp
        case .tls: .tls
        case .unixSocket: .unixSocket
        }
    }
}
