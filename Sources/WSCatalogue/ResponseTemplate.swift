import WSScenario

/// The answer to a client's opening handshake.
struct ResponseTemplate: HeadTemplate {
    var firstLine = "HTTP/1.1 101 Switching Protocols"
    /// The field lines; the line of the subprotocol is one of them.
    var lines: [[UInt8]] = [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: {accept}", "{subprotocol-field}",
    ].map { Array($0.utf8) }
    var lineEnd = "\r\n"
    /// The octets before the status line, such as interim responses.
    var prefix: [UInt8] = []
    var content: [UInt8] = []
    var padding = Payload.empty

    /// The ordinary answer with its own choice of subprotocols, one line for each.
    static func subprotocols(_ values: [UInt8]...) -> Self {
        var template = ordinary
        template.lines.removeAll(where: isPlaceholder)
        return template.adding(values.map { Array("Sec-WebSocket-Protocol: ".utf8) + $0 })
    }

    /// The response for a scenario.
    func response(
        pacing: ResponseToSend.Pacing = .whole,
        ending: ResponseToSend.Ending? = nil
    ) -> ResponseToSend {
        ResponseToSend(template: octets, pacing: pacing, padding: padding, ending: ending)
    }

    static func isPlaceholder(_ line: [UInt8]) -> Bool { line == Array("{subprotocol-field}".utf8) }
}
