import ArgumentParser
import WSLimits
import WSProtocol
import WSRunFolder
import WSScenario

/// The option that names files with scenarios.
struct ScenarioOptions: ParsableArguments {
    @Option(
        name: .customLong("scenario"),
        help: ArgumentHelp(
            "Run the scenario of this file, such as wsconform fuzz writes, and no other case; may be repeated.",
            valueName: "file"
        ),
        completion: .json
    )
    var files: [String] = []
}

/// The scenarios of the files that the option `--scenario` names.
enum ScenarioFiles {
    /// Reads files.
    ///
    /// - Parameters:
    ///   - paths: The files, as the user named them.
    ///   - role: The role under test.
    ///   - transport: The transport of the connections.
    /// - Throws: `FileError` or `ValidationError` with one line if a file cannot be played.
    /// - Returns: The scenarios, with ids that are different.
    static func read(_ paths: [String], for role: Role, over transport: Transport) throws -> [Scenario] {
        guard paths.count <= Limits.scenarioFiles.value else {
            throw ValidationError("\(Limits.scenarioFiles) is reached; name fewer with --scenario")
        }
        var scenarios: [Scenario] = []
        for path in paths {
            let scenario = try ScenarioFile.read(path)
            guard scenario.targets.contains(role) else {
                throw ValidationError("\(path) is not for a \(role.rawValue) under test; name another scenario")
            }
            guard scenario.transports.contains(transport) else {
                throw ValidationError("\(path) means nothing over \(transport.rawValue); test it over plain TCP")
            }
            guard !scenarios.contains(where: { $0.id == scenario.id }) else {
                throw ValidationError("\(path) has the id of another file, \(scenario.id); name one of them")
            }
            scenarios.append(scenario)
        }
        return scenarios
    }
}
