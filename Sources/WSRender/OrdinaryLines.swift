/// Removes lines of a handshake that are the same in every handshake and say nothing about the case.
enum OrdinaryLines {
    /// The fields, or their beginnings, that are the same in every handshake.
    private static let fields = [
        "upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13", "sec-websocket-key: ",
        "sec-websocket-accept: ",
    ]

    /// The wire lines with a `…` instead of ordinary fields, and of Host if it names the target.
    ///
    /// A repeated field stays, because the case may be about it.
    static func left(out wire: [String], host: String) -> [String] {
        var left: [String] = []
        for head in heads(wire) {
            let names = head.map { name(of: $0) }
            for (line, name) in zip(head, names) {
                let isLeftOut = names.count { $0 == name } == 1 && isOrdinary(line.dropFirst(2).lowercased(), host)
                let gap = "\(line.prefix(1)) …"
                if !isLeftOut { left.append(line) } else if left.last != gap { left.append(gap) }
            }
        }
        return left
    }

    /// The lines, divided into runs of one direction; a head is one run.
    private static func heads(_ wire: [String]) -> [[String]] {
        var heads: [[String]] = []
        for line in wire {
            if line.prefix(1) == heads.last?.last?.prefix(1), !line.dropFirst(2).hasPrefix("HTTP/") {
                heads[heads.count - 1].append(line)
            } else {
                heads.append([line])
            }
        }
        return heads
    }

    private static func name(of line: String) -> String {
        String(line.dropFirst(2).prefix { $0 != ":" }).lowercased()
    }

    private static func isOrdinary(_ line: String, _ host: String) -> Bool {
        line == "host: \(host.lowercased())" || fields.contains { $0.hasSuffix(" ") ? line.hasPrefix($0) : line == $0 }
    }
}
