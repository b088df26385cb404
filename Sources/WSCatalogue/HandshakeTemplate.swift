import WSScenario

/// An opening handshake as lines, from which a scenario changes only what it is about.
struct HandshakeTemplate {
    /// The request line.
    var requestLine = "GET {target} HTTP/1.1"
    /// The field lines, in order; the user's own fields are one of them, without a line end.
    var lines: [[UInt8]] = [
        "Host: {host}", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13", "{fields}",
    ].map { Array($0.utf8) }
    /// What ends a line.
    var lineEnd = "\r\n"
    /// What stands before the request line.
    var prefix: [UInt8] = []
    /// What stands behind the empty line.
    var content: [UInt8] = []
    /// What `{padding}` stands for.
    var padding = Payload.empty

    /// The handshake that every other scenario opens with.
    static let ordinary = Self()

    /// The same with another request line.
    static func line(_ requestLine: String) -> Self {
        var template = Self()
        template.requestLine = requestLine
        return template
    }

    /// The same with these lines in place of those of one field.
    static func with(_ name: String, _ lines: String...) -> Self {
        ordinary.with(name, lines)
    }

    /// The same without one field.
    static func without(_ name: String) -> Self {
        ordinary.with(name, [])
    }

    /// The same with lines behind the others.
    static func adding(_ lines: String...) -> Self {
        ordinary.adding(lines.map { Array($0.utf8) })
    }

    /// The same with a list of subprotocols of its own instead of the user's.
    static func subprotocols(_ lines: String...) -> Self {
        var template = ordinary.adding(lines.map { Array("Sec-WebSocket-Protocol: \($0)".utf8) })
        template.lines = template.lines.map { $0 == userFields ? Array("{fields-without-subprotocol}".utf8) : $0 }
        return template
    }

    /// The same with an offer of extensions, one line each.
    static func extensions(_ lines: String...) -> Self {
        ordinary.adding(lines.map { Array("Sec-WebSocket-Extensions: \($0)".utf8) })
    }

    /// The same with an origin of its own instead of the user's.
    static func origin(_ origin: String) -> Self {
        var template = adding("Origin: \(origin)")
        template.lines = template.lines.map { $0 == userFields ? Array("{fields-without-origin}".utf8) : $0 }
        return template
    }

    /// This handshake with these lines in place of those of one field.
    func with(_ name: String, _ replacement: [String]) -> Self {
        var template = self
        let place = lines.firstIndex { Self.name(of: $0) == name.lowercased() } ?? lines.count
        template.lines.removeAll { Self.name(of: $0) == name.lowercased() }
        template.lines.insert(contentsOf: replacement.map { Array($0.utf8) }, at: min(place, template.lines.count))
        return template
    }

    /// This handshake with lines behind the others.
    func adding(_ added: [[UInt8]]) -> Self {
        var template = self
        template.lines += added
        return template
    }

    /// This handshake with a line before the others.
    func beginning(_ line: String) -> Self {
        var template = self
        template.lines.insert(Array(line.utf8), at: 0)
        return template
    }

    /// This handshake with each of its own lines changed.
    func mapLines(_ change: (String) -> String) -> Self {
        var template = self
        template.lines = lines.map {
            $0 == Self.userFields ? $0 : Array(change(String(decoding: $0, as: UTF8.self)).utf8)
        }
        return template
    }

    /// This handshake with its lines in another order.
    func reordered(_ order: ([[UInt8]]) -> [[UInt8]]) -> Self {
        var template = self
        template.lines = order(lines)
        return template
    }

    /// This handshake with another end of line.
    func ending(lines lineEnd: String) -> Self {
        var template = self
        template.lineEnd = lineEnd
        return template
    }

    /// This handshake with octets before its request line.
    func after(_ prefix: String) -> Self {
        var template = self
        template.prefix = Array(prefix.utf8)
        return template
    }

    /// This handshake with octets behind its empty line.
    func followed(by content: [UInt8]) -> Self {
        var template = self
        template.content = content
        return template
    }

    /// This handshake with something large for `{padding}`.
    func padded(with padding: Payload) -> Self {
        var template = self
        template.padding = padding
        return template
    }

    /// The octets, placeholders included.
    var octets: [UInt8] {
        let end = Array(lineEnd.utf8)
        var octets = prefix + Array(requestLine.utf8) + end
        for line in lines {
            octets += line
            if !line.starts(with: Array("{fields".utf8)), line != Self.paddingLines { octets += end }
        }
        return octets + end + content
    }

    /// What a scenario sends.
    func request(
        pacing: RequestToSend.Pacing = .whole,
        ending: RequestToSend.Ending? = nil,
        followUp: [UInt8]? = nil
    ) -> RequestToSend {
        RequestToSend(template: octets, pacing: pacing, padding: padding, ending: ending, followUp: followUp)
    }

    private static let userFields = Array("{fields}".utf8)
    private static let paddingLines = Array("{padding}".utf8)

    private static func name(of line: [UInt8]) -> String? {
        line.firstIndex(of: UInt8(ascii: ":")).map { String(decoding: line[..<$0], as: UTF8.self).lowercased() }
    }
}
