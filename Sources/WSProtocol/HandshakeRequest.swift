/// A client's opening handshake (RFC 6455 section 4.1).
public struct HandshakeRequest: Sendable, Hashable, Codable {
    /// The value of Host, with the port where it is not the scheme's own.
    public var host: String
    /// The request target: path and query.
    public var target: String
    /// The value of Sec-WebSocket-Key.
    public var key: String
    /// The value of Sec-WebSocket-Version (RFC 6455 section 4.1, item 9).
    public var version: String
    /// The subprotocols, in order of preference.
    public var subprotocols: [String]
    /// The extension offers, each with its parameters, in order of preference.
    public var extensions: [String]
    /// The value of Origin, if it is sent.
    public var origin: String?
    /// Fields written after the others.
    public var extraFields: [HTTPField]

    /// A handshake with the given values.
    public init(
        host: String,
        target: String = "/",
        key: String,
        version: String = "13",
        subprotocols: [String] = [],
        extensions: [String] = [],
        origin: String? = nil,
        extraFields: [HTTPField] = []
    ) {
        self.host = host
        self.target = target
        self.key = key
        self.version = version
        self.subprotocols = subprotocols
        self.extensions = extensions
        self.origin = origin
        self.extraFields = extraFields
    }

    /// The header fields in the order they are written.
    public var fields: [HTTPField] {
        var fields = [
            HTTPField("Host", host),
            HTTPField("Upgrade", "websocket"),
            HTTPField("Connection", "Upgrade"),
            HTTPField("Sec-WebSocket-Key", key),
            HTTPField("Sec-WebSocket-Version", version),
        ]
        if let origin { fields.append(HTTPField("Origin", origin)) }
        if !subprotocols.isEmpty {
            fields.append(HTTPField("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", ")))
        }
        if !extensions.isEmpty {
            fields.append(HTTPField("Sec-WebSocket-Extensions", extensions.joined(separator: ", ")))
        }
        return fields + extraFields
    }

    /// The octets of the request.
    public func encode() -> [UInt8] {
        fields.encodedHead(startLine: "GET \(target) HTTP/1.1")
    }
}
