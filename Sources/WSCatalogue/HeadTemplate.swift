import WSScenario

/// The head of an opening handshake as lines, of which a scenario changes only those that it is about.
///
/// ``HandshakeTemplate`` is the head that a client sends, ``ResponseTemplate`` the one that a server answers with.
protocol HeadTemplate {
    /// The request line or the status line.
    var firstLine: String { get set }
    /// The field lines, in order, without line ends; a placeholder for several lines has its own line ends.
    var lines: [[UInt8]] { get set }
    /// The end of each line.
    var lineEnd: String { get set }
    /// The octets before the first line.
    var prefix: [UInt8] { get set }
    /// The octets after the empty line.
    var content: [UInt8] { get set }
    /// The value of `{padding}`.
    var padding: Payload { get set }

    /// Creates the ordinary head, with which every other scenario opens.
    init()

    /// Whether a line is a placeholder for lines that the run makes, with their ends.
    static func isPlaceholder(_ line: [UInt8]) -> Bool
}

extension HeadTemplate {
    /// The ordinary head, with which every other scenario opens.
    static var ordinary: Self { Self() }

    /// The ordinary head with another first line.
    static func line(_ firstLine: String) -> Self {
        var template = ordinary
        template.firstLine = firstLine
        return template
    }

    /// The ordinary head with other lines for one field.
    static func with(_ name: String, _ lines: String...) -> Self {
        ordinary.with(name, lines.map { Array($0.utf8) })
    }

    /// The ordinary head without one field.
    static func without(_ name: String) -> Self {
        ordinary.without(name)
    }

    /// The ordinary head with additional lines at the end.
    static func adding(_ lines: String...) -> Self {
        ordinary.adding(lines.map { Array($0.utf8) })
    }

    /// The ordinary head with `Sec-WebSocket-Extensions`, one line for each value.
    static func extensions(_ values: String...) -> Self {
        ordinary.adding(values.map { Array("Sec-WebSocket-Extensions: \($0)".utf8) })
    }

    /// This head without one field.
    func without(_ name: String) -> Self {
        with(name, [[UInt8]]())
    }

    /// This head with other lines for one field.
    func with(_ name: String, _ replacement: [String]) -> Self {
        with(name, replacement.map { Array($0.utf8) })
    }

    /// This head with other lines for one field.
    func with(_ name: String, _ replacement: [[UInt8]]) -> Self {
        var template = self
        let place = lines.firstIndex { Self.name(of: $0) == name.lowercased() } ?? lines.count
        template.lines.removeAll { Self.name(of: $0) == name.lowercased() }
        template.lines.insert(contentsOf: replacement, at: min(place, template.lines.count))
        return template
    }

    /// This head with additional lines at the end.
    func adding(_ added: [[UInt8]]) -> Self {
        var template = self
        template.lines += added
        return template
    }

    /// This head with an additional line at the beginning.
    func beginning(_ line: String) -> Self {
        var template = self
        template.lines.insert(Array(line.utf8), at: 0)
        return template
    }

    /// This head with each line changed, except for placeholders.
    func mapLines(_ change: (String) -> String) -> Self {
        var template = self
        template.lines = lines.map {
            Self.isPlaceholder($0) ? $0 : Array(change(String(decoding: $0, as: UTF8.self)).utf8)
        }
        return template
    }

    /// This head with its lines in another order.
    func reordered(_ order: ([[UInt8]]) -> [[UInt8]]) -> Self {
        var template = self
        template.lines = order(lines)
        return template
    }

    /// This head with another end of each line.
    func ending(lines lineEnd: String) -> Self {
        var template = self
        template.lineEnd = lineEnd
        return template
    }

    /// This head with octets before its first line.
    func after(_ prefix: String) -> Self {
        var template = self
        template.prefix = Array(prefix.utf8)
        return template
    }

    /// This head with octets after its empty line.
    func followed(by content: [UInt8]) -> Self {
        var template = self
        template.content = content
        return template
    }

    /// This head with large content for `{padding}`.
    func padded(with padding: Payload) -> Self {
        var template = self
        template.padding = padding
        return template
    }

    /// The octets, with placeholders.
    var octets: [UInt8] {
        let end = Array(lineEnd.utf8)
        var octets = prefix + Array(firstLine.utf8) + end
        for line in lines {
            octets += line
            if !Self.isPlaceholder(line), line != Array("{padding}".utf8) { octets += end }
        }
        return octets + end + content
    }

    private static func name(of line: [UInt8]) -> String? {
        line.firstIndex(of: UInt8(ascii: ":")).map { String(decoding: line[..<$0], as: UTF8.self).lowercased() }
    }
}
