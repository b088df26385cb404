package import WSHTTP2Link
package import WSLink
import WSProtocol

/// The opening handshake of a model client on a stream of HTTP/2 (RFC 8441).
extension ModelClient {
    /// The field lines of the request; beyond the control data they are those of HTTP/1.1.
    var streamRequest: [LinkField] {
        var left: Set = ["host", "upgrade", "connection", "sec-websocket-key"]
        if defects.contains(.hostForAuthority) { left.remove("host") }
        if defects.contains(.connectionFieldsOnStreams) { left.subtract(["upgrade", "connection"]) }
        if defects.contains(.sendsKeyOnStreams) { left.remove("sec-websocket-key") }
        let head = HTTPHead(kind: .request, raw: requestOctets)
        let others = head.fields.map { (name: head.name(of: $0), value: head.value(of: $0)) }
            .filter { !left.contains($0.name.lowercased()) }
            .map { field in
                let name = defects.contains(.upperCaseNamesOnStreams) ? field.name : field.name.lowercased()
                return LinkField(name, field.value)
            }
        let scheme = settings.isSecure ? "https" : "http"
        let control = [
            LinkField(":method", "CONNECT"), LinkField(":protocol", "websocket"),
            LinkField(":scheme", defects.contains(.asksWithSchemeWS) ? "ws" : scheme),
            LinkField(":path", request.target), LinkField(":authority", request.host),
        ]
        let omitted = [
            (ClientDefect.omitsPathOnStreams, ":path"), (.hostForAuthority, ":authority"),
        ].filter { defects.contains($0.0) }.map(\.1)
        return control.filter { !omitted.contains($0.name) } + others
    }

    package mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        let usual = defects.contains(.takesMalformedResponses) ? 200 : 0
        let status = fields.first(":status").flatMap { Int($0) } ?? usual
        // An interim answer is followed by another one, and what follows the final one is none. HTTP/2 has no 101.
        guard isHandshaking, !(100...199).contains(status) || status == 101 else { return }
        guard accepts(status, fields), !ends else { return refuse(&actions) }
        _ = take(upgrade(fields), &actions)
        endInput(now, &actions)
    }

    /// Whether a status accepts the request, considering the defects.
    private func accepts(_ status: Int, _ fields: [LinkField]) -> Bool {
        if defects.contains(.acceptsAnyStatus) { return true }
        if defects.contains(.takesOnly200), status != 200 { return false }
        if defects.contains(.readsContentLengthOnStreams), fields.first("content-length") != nil { return false }
        let fits = fields.first("sec-websocket-accept").map { $0 == AcceptKey.accept(forKey: request.key) } ?? true
        if defects.contains(.requiresAcceptOnStreams), !fits { return false }
        return (200...299).contains(status)
    }

    /// The answer of HTTP/1.1 that says the same.
    private func upgrade(_ fields: [LinkField]) -> HTTPHead {
        // A length of content means nothing here (RFC 9110, 9.3.6).
        let left: Set = ["sec-websocket-accept", "upgrade", "connection", "content-length"]
        let others = fields.filter { !$0.name.hasPrefix(":") && !left.contains($0.name) }
        let answer = HandshakeResponse.accepting(
            key: request.key,
            extraFields: others.map { HTTPField($0.name, $0.value) }
        )
        return HTTPHead(kind: .response, raw: answer.encode())
    }
}

extension HTTP2LinkSettings {
    /// The settings of a connection whose streams have model clients.
    package static func client(_ settings: ModelClientSettings) -> Self {
        var link = client(settingsLimit: ModelClient.handshakeLimit)
        link.isStrict = true
        link.flaws = Set(settings.defects.compactMap(\.flaw) + settings.clientDefects.compactMap(\.flaw))
        return link
    }
}
