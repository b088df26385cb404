import WSScenario

/// The opening handshake that a client sends.
struct HandshakeTemplate: HeadTemplate {
    var firstLine = "GET {target} HTTP/1.1"
    /// The field lines; the user's own fields are one of them.
    var lines: [[UInt8]] = [
        "Host: {host}", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13", "{fields}",
    ].map { Array($0.utf8) }
    var lineEnd = "\r\n"
    var prefix: [UInt8] = []
    var content: [UInt8] = []
    var padding = Payload.empty

    /// The ordinary handshake with its own list of subprotocols instead of the user's.
    static func subprotocols(_ lines: String...) -> Self {
        ordinary.adding(lines.map { Array("Sec-WebSocket-Protocol: \($0)".utf8) })
            .replacingUserFields(by: "{fields-without-subprotocol}")
    }

    /// The ordinary handshake with its own origin instead of the user's, as from a web page.
    static func origin(_ origin: String) -> Self {
        ordinary.adding([Array("Origin: \(origin)".utf8)]).replacingUserFields(by: "{fields-without-origin}")
    }

    /// The request for a scenario.
    func request(
        pacing: RequestToSend.Pacing = .whole,
        ending: RequestToSend.Ending? = nil,
        followUp: [UInt8]? = nil
    ) -> RequestToSend {
        RequestToSend(template: octets, pacing: pacing, padding: padding, ending: ending, followUp: followUp)
    }

    static func isPlaceholder(_ line: [UInt8]) -> Bool { line.starts(with: "{fields".utf8) }

    private func replacingUserFields(by placeholder: String) -> Self {
        var template = self
        template.lines = lines.map { $0 == Array("{fields}".utf8) ? Array(placeholder.utf8) : $0 }
        return template
    }
}
