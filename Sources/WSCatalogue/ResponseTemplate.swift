import WSScenario

/// The answer to a client's opening handshake as lines, from which a scenario changes only what it is about.
struct ResponseTemplate {
    /// The status line.
    var statusLine = "HTTP/1.1 101 Switching Protocols"
    /// The field lines, in order; the line of the subprotocol brings its own end.
    var lines: [[UInt8]] = [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: {accept}", "{subprotocol-field}",
    ].map { Array($0.utf8) }
    /// What ends a line.
    var lineEnd = "\r\n"
    /// What stands before the status line, such as interim responses.
    var prefix: [UInt8] = []
    /// What stands behind the empty line.
    var content: [UInt8] = []
    /// What `{padding}` stands for.
    var padding = Payload.empty

    /// The answer that every other scenario opens with.
    static let ordinary = Self()

    /// The same with another status line.
    static func line(_ statusLine: String) -> Self {
        var template = Self()
        template.statusLine = statusLine
        return template
    }

    /// The same with these lines in place of those of one field.
    static func with(_ name: String, _ lines: String...) -> Self {
        ordinary.with(name, lines.map { Array($0.utf8) })
    }

    /// The same without one field.
    static func without(_ name: String) -> Self {
        ordinary.with(name, [])
    }

    /// The same with lines behind the others.
    static func adding(_ lines: String...) -> Self {
        ordinary.adding(lines.map { Array($0.utf8) })
    }

    /// The same with a choice of subprotocols of its own, one line each.
    static func subprotocols(_ values: [UInt8]...) -> Self {
        var template = Self()
        template.lines.removeAll { $0 == subprotocolField }
        template.lines += values.map { Array("Sec-WebSocket-Protocol: ".utf8) + $0 }
        return template
    }

    /// The same with accepted extensions, one line each.
    static func extensions(_ values: String...) -> Self {
        ordinary.adding(values.map { Array("Sec-WebSocket-Extensions: \($0)".utf8) })
    }

    /// This answer with these lines in place of those of one field.
    func with(_ name: String, _ replacement: [[UInt8]]) -> Self {
        var template = self
        let place = lines.firstIndex { Self.name(of: $0) == name.lowercased() } ?? lines.count
        template.lines.removeAll { Self.name(of: $0) == name.lowercased() }
        template.lines.insert(contentsOf: replacement, at: min(place, template.lines.count))
        return template
    }

    /// This answer with lines behind the others.
    func adding(_ added: [[UInt8]]) -> Self {
        var template = self
        template.lines += added
        return template
    }

    /// This answer with a line before the others.
    func beginning(_ line: String) -> Self {
        var template = self
        template.lines.insert(Array(line.utf8), at: 0)
        return template
    }

    /// This answer with each of its own lines changed.
    func mapLines(_ change: (String) -> String) -> Self {
        var template = self
        template.lines = lines.map {
            $0 == Self.subprotocolField ? $0 : Array(change(String(decoding: $0, as: UTF8.self)).utf8)
        }
        return template
    }

    /// This answer with its lines in another order.
    func reordered(_ order: ([[UInt8]]) -> [[UInt8]]) -> Self {
        var template = self
        template.lines = order(lines)
        return template
    }

    /// This answer with another end of line.
    func ending(lines lineEnd: String) -> Self {
        var template = self
        template.lineEnd = lineEnd
        return template
    }

    /// This answer with octets before its status line.
    func after(_ prefix: String) -> Self {
        var template = self
        template.prefix = Array(prefix.utf8)
        return template
    }

    /// This answer with octets behind its empty line.
    func followed(by content: [UInt8]) -> Self {
        var template = self
        template.content = content
        return template
    }

    /// This answer with something large for `{padding}`.
    func padded(with padding: Payload) -> Self {
        var template = self
        template.padding = padding
        return template
    }

    /// The octets, placeholders included.
    var octets: [UInt8] {
        let end = Array(lineEnd.utf8)
        var octets = prefix + Array(statusLine.utf8) + end
        for line in lines {
            octets += line
            if line != Self.subprotocolField, line != Self.paddingLines { octets += end }
        }
        return octets + end + content
    }

    /// What a scenario sends.
    func response(
        pacing: ResponseToSend.Pacing = .whole,
        ending: ResponseToSend.Ending? = nil
    ) -> ResponseToSend {
        ResponseToSend(template: octets, pacing: pacing, padding: padding, ending: ending)
    }

    private static let subprotocolField = Array("{subprotocol-field}".utf8)
    private static let paddingLines = Array("{padding}".utf8)

    private static func name(of line: [UInt8]) -> String? {
        line.firstIndex(of: UInt8(ascii: ":")).map { String(decoding: line[..<$0], as: UTF8.self).lowercased() }
    }
}
