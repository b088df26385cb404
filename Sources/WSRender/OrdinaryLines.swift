/// Lines of a handshake that are as in every other, and say nothing of the case that they stand in.
enum OrdinaryLines {
    /// What a field's line has to be, or to begin with, to be as in every other.
    private static let fields = [
        "upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13", "sec-websocket-key: ",
        "sec-websocket-accept: ",
    ]

    /// The wire lines with a `…` in place of these, and of Host where it names the target.
    ///
    /// A field that stands there twice may be what the case is about, and stays.
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

    /// The lines in runs of one direction, so that a head is one of them.
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
