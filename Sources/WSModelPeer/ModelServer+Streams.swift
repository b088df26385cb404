package import WSLink
import WSProtocol

/// The opening handshake on a stream of HTTP/2 (RFC 8441).
extension ModelServer {
    package mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        guard isHandshaking else { return }
        let status = Self.status(for: fields, ends: ends)
        guard status == 200 else {
            actions.append(.sendFields([LinkField(":status", "\(status)")] + serverFields, ends: true))
            return end(accepting: nil, now, &actions)
        }
        // Beyond the control data the handshake is that of HTTP/1.1, so the same code answers it.
        let answer = answer(to: HTTPHead(kind: .request, raw: Self.upgrade(fields)), inPieces: false)
        let head = HTTPHead(kind: .response, raw: answer.octets)
        let code = answer.isAccepted ? 200 : StatusLine(head)?.code ?? 400
        let left: Set = ["upgrade", "connection", "sec-websocket-accept", "content-length"]
        let others = head.fields.map { LinkField(head.name(of: $0).lowercased(), head.value(of: $0)) }
            .filter { !left.contains($0.name) }
        actions.append(.sendFields([LinkField(":status", "\(code)")] + others, ends: !answer.isAccepted))
        end(accepting: answer.isAccepted ? answer : nil, now, &actions)
    }

    /// The status for the control data of a request.
    private static func status(for fields: [LinkField], ends: Bool) -> Int {
        guard fields.first(":method") == "CONNECT" else { return 405 }
        // A server that does not know the protocol says that it is not implemented (RFC 9220 section 3).
        guard fields.first(":protocol") == "websocket" else { return 501 }
        return ends ? 400 : 200
    }

    /// The request that opens the same WebSocket over HTTP/1.1.
    private static func upgrade(_ fields: [LinkField]) -> [UInt8] {
        var lines = [
            HTTPField("Host", fields.first(":authority") ?? fields.first("host") ?? ""),
            HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
            // HTTP/2 has no key (RFC 8441 section 5), and the answer to it is not sent.
            HTTPField("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ]
        let left: Set = ["host", "sec-websocket-key", "upgrade", "connection"]
        for field in fields where !field.name.hasPrefix(":") && !left.contains(field.name) {
            lines.append(HTTPField(field.name, field.value))
        }
        return lines.encodedHead(startLine: "GET \(fields.first(":path") ?? "") HTTP/1.1")
    }

    private var serverFields: [LinkField] { [LinkField("server", "wsconform/\(settings.version)")] }
}
