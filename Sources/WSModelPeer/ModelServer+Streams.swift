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
        let status = status(for: fields, ends: ends)
        guard status == 200 else {
            actions.append(.sendFields([LinkField(":status", "\(status)")] + serverFields, ends: true))
            return end(accepting: nil, now, &actions)
        }
        // Beyond the control data the handshake is that of HTTP/1.1, so the same code answers it.
        let answer = answer(to: HTTPHead(kind: .request, raw: Self.upgrade(fields)), inPieces: false)
        let head = HTTPHead(kind: .response, raw: answer.octets)
        let code = answer.isAccepted ? acceptingStatus : StatusLine(head)?.code ?? 400
        let others = head.fields.map { LinkField(name(of: $0, in: head), head.value(of: $0)) }
            .filter { !fieldsLeftOut.contains($0.name.lowercased()) }
        let more = answer.isAccepted && has(.contentLengthOnStreams) ? [LinkField("content-length", "0")] : []
        actions.append(.sendFields([LinkField(":status", "\(code)")] + others + more, ends: !answer.isAccepted))
        end(accepting: answer.isAccepted ? answer : nil, now, &actions)
    }

    private func has(_ defect: ModelDefect) -> Bool { settings.defects.contains(defect) }

    /// The status for the control data of a request.
    private func status(for fields: [LinkField], ends: Bool) -> Int {
        if has(.acceptsMalformedStreams) { return 200 }
        guard fields.first(":method") == "CONNECT" else { return 405 }
        // A server that does not know the protocol says that it is not implemented (RFC 9220 section 3).
        guard fields.first(":protocol") == "websocket" || has(.acceptsAnyProtocol) else { return 501 }
        let isOfWeb = ["http", "https"].contains(fields.first(":scheme"))
        guard isOfWeb || has(.acceptsOtherSchemes), !namesTwoHosts(fields) || has(.acceptsOtherHosts) else {
            return 400
        }
        if has(.refusesKeysOnStreams), fields.first("sec-websocket-key") != nil { return 400 }
        if has(.ordersPseudoFields), fields.prefix(2).map(\.name) != [":method", ":protocol"] { return 400 }
        return ends ? 400 : 200
    }

    /// Whether the field host names another host than the request is for (RFC 9113 section 8.3.1).
    private func namesTwoHosts(_ fields: [LinkField]) -> Bool {
        guard let host = fields.first("host"), let authority = fields.first(":authority") else { return false }
        return host.lowercased() != authority.lowercased()
    }

    /// The status with which a request is accepted.
    private var acceptingStatus: Int { has(.switchesProtocolsOnStreams) ? 101 : 200 }

    /// The fields of an answer over HTTP/1.1 that have no place on a stream.
    private var fieldsLeftOut: Set<String> {
        let always: Set = ["sec-websocket-accept", "content-length"]
        return has(.connectionFieldsOnStreams) ? always : always.union(["upgrade", "connection"])
    }

    private func name(of field: HTTPHead.Field, in head: HTTPHead) -> String {
        has(.upperCaseNamesOnStreams) ? head.name(of: field) : head.name(of: field).lowercased()
    }

    /// The request that opens the same WebSocket over HTTP/1.1.
    ///
    /// What is malformed in one that a defect lets through is left out or completed.
    private static func upgrade(_ fields: [LinkField]) -> [UInt8] {
        var lines = [
            HTTPField("Host", fields.first(":authority") ?? fields.first("host") ?? ""),
            HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
            // HTTP/2 has no key (RFC 8441 section 5), and the answer to it is not sent.
            HTTPField("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ]
        let left: Set = ["host", "sec-websocket-key", "upgrade", "connection", "transfer-encoding"]
        for field in fields where !field.name.hasPrefix(":") && !left.contains(field.name) {
            lines.append(HTTPField(field.name, field.value))
        }
        let path = fields.first(":path") ?? ""
        return lines.encodedHead(startLine: "GET \(path.isEmpty ? "/" : path) HTTP/1.1")
    }

    private var serverFields: [LinkField] { [LinkField("server", "wsconform/\(settings.version)")] }
}
