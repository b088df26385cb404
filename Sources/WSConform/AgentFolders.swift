import WSRunFolder

/// The folders of a run's clients: the first client gets the run's folder, each further one a folder below it.
///
/// Clients choose their names, which become parts of paths, so only harmless characters are kept.
struct AgentFolders {
    private let out: String
    private var names: [String: String] = [:]
    private var taken: Set<String> = AgentFolders.reserved

    /// Entries of a run folder, which cannot be the name of a client's folder.
    private static let reserved: Set<String> = [
        "transcripts", "logs", "recording", "target.log", "report.json", "report.json.partial", "report.json.earlier",
    ]
    private static let longest = 80

    init(out: String) {
        self.out = out
    }

    /// The folder of a client below the run's folder.
    mutating func folder(of agent: String) -> RunFolder {
        RunFolder(path: FileSystem.join(out, name(of: agent)))
    }

    /// The name of a client's folder, different for each client.
    mutating func name(of agent: String) -> String {
        if let name = names[agent] { return name }
        let plain = Self.harmless(agent)
        var name = plain
        var number = 2
        // Some disks do not distinguish upper and lower case.
        while !taken.insert(name.lowercased()).inserted {
            name = "\(plain)-\(number)"
            number += 1
        }
        names[agent] = name
        return name
    }

    static func harmless(_ agent: String) -> String {
        let kept = agent.unicodeScalars.prefix(longest).map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": Character(scalar)
            default: "_"
            }
        }
        // The name must not be hidden, "." or "..".
        let text = String(kept.drop { $0 == "." })
        return text.isEmpty ? "client" : text
    }
}
