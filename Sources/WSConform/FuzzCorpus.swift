import WSKernels
import WSLimits
import WSLiveFuzzing
import WSRunFolder
import WSScenario

/// A folder with conversations that led a peer somewhere new, each in a scenario file.
///
/// Many machines can share one: a name comes from the conversation, so that the same one is written once.
struct FuzzCorpus: Sendable {
    private let path: String
    private var names: Set<String>

    /// Opens a folder, which is created if there is none.
    ///
    /// - Throws: `FileError` if it cannot be created.
    init(path: String) throws(FileError) {
        self.path = path
        try FileSystem.createFolder(path)
        names = Set(FileSystem.names(in: path, endingIn: ".json").prefix(Limits.corpusFiles.value))
    }

    /// Reads the conversations.
    ///
    /// - Parameter tell: Receives a line about files that are left out, of which only the first is named.
    /// - Returns: The conversations, in the order of the names.
    func read(_ tell: (String) -> Void) -> [FuzzConversation] {
        var conversations: [FuzzConversation] = []
        var leftOut = 0
        var first: String?
        for name in names.sorted() {
            do throws(FileError) {
                let octets = try FileSystem.read(name, in: path, limit: Limits.scenarioFile)
                let scenario = try ScenarioFile.decode(octets, path: FileSystem.join(path, name))
                guard let conversation = FuzzConversation(scenario) else {
                    throw FileError(path: FileSystem.join(path, name), problem: "is no conversation of a fuzzing run")
                }
                conversations.append(conversation)
            } catch {
                leftOut += 1
                first = first ?? "\(error)"
            }
        }
        if let first {
            let others = leftOut > 1 ? ", and \(leftOut - 1) more" : ""
            tell("left out of the corpus: \(first)\(others); remove what does not belong there")
        }
        return conversations
    }

    /// Adds the conversation of a scenario, unless it is there or there is no room.
    ///
    /// - Throws: `FileError` if it cannot be written.
    mutating func add(_ scenario: Scenario) throws(FileError) {
        guard names.count < Limits.corpusFiles.value, FuzzConversation(scenario) != nil else { return }
        var named = scenario
        named.id = "fuzz/corpus"
        guard let content = ScenarioFile.encode(named) else { return }
        let digest = Hex.encode(SHA256.digest(content.span).prefix(8).map(\.self))
        named.id = "fuzz/corpus-\(digest)"
        let name = "\(digest).json"
        guard names.insert(name).inserted, let octets = ScenarioFile.encode(named) else { return }
        try FileSystem.replace(FileSystem.join(path, name), with: octets)
    }
}
