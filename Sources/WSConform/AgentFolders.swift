import WSRunFolder

/// The folders of the clients of a run: the first client's is the run's own, each further one has one below it.
///
/// Names come from clients and become parts of paths, so that only harmless characters stay.
struct AgentFolders {
    private let out: String
    private var names: [String: String] = [:]
    private var taken: Set<String> = AgentFolders.reserved

    /// Entries of a run folder, which no client may be called.
    private static let reserved: Set<String> = [
        "transcripts", "logs", "recording", "target.log", "report.json", "report.json.partial", "report.json.earlier",
    ]
    private static let longest = 80

    init(out: String) {
        self.out = out
    }

    /// The folder of a client below the run's own.
    mutating func folder(of agent: String) -> RunFolder {
        RunFolder(path: FileSystem.join(out, name(of: agent)))
    }

    /// A client's name as the name of a folder, another one for each client.
    mutating func name(of agent: String) -> String {
        if let name = names[agent] { return name }
        let plain = Self.harmless(agent)
        var name = plain
        var number = 2
        // Some disks do not tell large letters from small ones.
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
        // No hidden folder, and neither "." nor "..".
        let text = String(kept.drop { $0 == "." })
        return text.isEmpty ? "client" : text
    }
}
