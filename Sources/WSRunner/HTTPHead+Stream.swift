package import WSProtocol

extension HTTPHead {
    /// The request of HTTP/1.1 that asks for the same as one on a stream of HTTP/2.
    ///
    /// Extended CONNECT for WebSocket becomes an opening handshake with a key of zeros, which HTTP/2 has not
    /// (RFC 8441, 5). Nothing of a request on a stream makes any other one look like an opening handshake.
    ///
    /// - Parameter fields: The field lines, with those of control data.
    package init(ofStream fields: [HTTPField]) {
        let asksForWebSocket = fields.asksForWebSocket
        let authority = fields.value(of: ":authority") ?? fields.value(of: "host") ?? ""
        var lines = [HTTPField("Host", authority.withoutControls)]
        if asksForWebSocket {
            lines += [
                HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
                HTTPField("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ]
        }
        let left: Set = ["host", "sec-websocket-key", "upgrade", "connection", "transfer-encoding"]
        for field in fields where !field.name.hasPrefix(":") && !left.contains(field.name.lowercased()) {
            lines.append(HTTPField(field.name.withoutControls, field.value.withoutControls))
        }
        let path = fields.value(of: ":path") ?? ""
        let method = asksForWebSocket ? "GET" : fields.value(of: ":method") ?? ""
        let line = "\(method.withoutControls) \(path.isEmpty ? "/" : path.withoutControls) HTTP/1.1"
        self.init(kind: .request, raw: lines.encodedHead(startLine: line))
    }
}

extension [HTTPField] {
    /// Whether the field lines are those of Extended CONNECT for WebSocket (RFC 8441, 5), however malformed they are.
    var asksForWebSocket: Bool {
        value(of: ":method") == "CONNECT" && value(of: ":protocol")?.lowercased() == "websocket"
    }

    /// The value of the first line with a name; nil if there is none.
    func value(of name: String) -> String? { first { $0.name == name }?.value }
}

extension String {
    /// The text without what could end a line of a head.
    fileprivate var withoutControls: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\t" }))
    }
}
