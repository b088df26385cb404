import WSCatalogue
import WSLimits
package import WSScenario

/// The scenarios of a run that are not in the catalogue, each in a file of its own.
extension RunFolder {
    /// The path of a scenario's file as the report has it.
    package static func scenarioPath(of id: String) -> String { "scenarios/\(id).json" }

    /// Writes the file of a scenario.
    func writeScenario(_ octets: [UInt8], of id: String) throws(FileError) {
        let file = FileSystem.join(path, Self.scenarioPath(of: id))
        try FileSystem.createFolder(FileSystem.folder(of: file))
        try FileSystem.replace(file, with: octets)
    }

    /// The scenario of a case: that of the catalogue, else that of its file; nil if there is neither.
    ///
    /// Links are not followed, and an id that is none leads nowhere.
    package func scenario(of id: String) -> Scenario? {
        if let scenario = Catalogue.scenario(id) { return scenario }
        guard ScenarioFile.isId(id) else { return nil }
        let entry = Self.scenarioPath(of: id)
        guard let octets = try? FileSystem.read(entry, in: path, limit: Limits.scenarioFile),
            let scenario = try? ScenarioFile.decode(octets, path: entry), scenario.id == id
        else { return nil }
        return scenario
    }
}
