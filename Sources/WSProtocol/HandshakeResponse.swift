/// A server's answer to an opening handshake (RFC 6455 section 4.2.2).
public struct HandshakeResponse: Sendable, Hashable, Codable {
    /// The status code.
    public var status: Int
    /// The reason phrase.
    public var reason: String
    /// The header fields in the order they are written.
    public var fields: [HTTPField]

    /// An answer with the given status and fields.
    public init(status: Int, reason: String, fields: [HTTPField] = []) {
        self.status = status
        self.reason = reason
        self.fields = fields
    }

    /// The answer that accepts a handshake with the key (RFC 6455 section 4.2.2, item 5).
    public static func accepting(
        key: String,
        subprotocol: String? = nil,
        extensions: [String] = [],
        extraFields: [HTTPField] = []
    ) -> HandshakeResponse {
        var fields = [
            HTTPField("Upgrade", "websocket"),
            HTTPField("Connection", "Upgrade"),
            HTTPField("Sec-WebSocket-Accept", AcceptKey.accept(forKey: key)),
        ]
        if let subprotocol { fields.append(HTTPField("Sec-WebSocket-Protocol", subprotocol)) }
        if !extensions.isEmpty {
            fields.append(HTTPField("Sec-WebSocket-Extensions", extensions.joined(separator: ", ")))
        }
        return HandshakeResponse(status: 101, reason: "Switching Protocols", fields: fields + extraFields)
    }

    /// The octets of the response.
    public func encode() -> [UInt8] {
        fields.encodedHead(startLine: "HTTP/1.1 \(status) \(reason)")
    }
}
