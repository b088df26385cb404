package import WSProtocol

/// The optional content of an opening handshake request, and what is sent right behind it.
package struct HandshakeContent: Sendable {
    /// The subprotocols to offer, the preferred one first.
    package var subprotocols: [String]
    /// Further header fields.
    package var headerFields: [HTTPField]
    /// Cookies, each as `NAME=VALUE`.
    package var cookies: [String]
    /// The Origin; nil for none.
    package var origin: String?
    /// A text message to send behind the handshake, before a case begins; nil for none.
    package var firstMessage: String?

    /// Creates content; empty by default.
    package init(
        subprotocols: [String] = [],
        headerFields: [HTTPField] = [],
        cookies: [String] = [],
        origin: String? = nil,
        firstMessage: String? = nil
    ) {
        self.subprotocols = subprotocols
        self.headerFields = headerFields
        self.cookies = cookies
        self.origin = origin
        self.firstMessage = firstMessage
    }

    /// All additional fields; the cookies share one field (RFC 6265, 5.4).
    package var fields: [HTTPField] {
        cookies.isEmpty ? headerFields : headerFields + [HTTPField("Cookie", cookies.joined(separator: "; "))]
    }

    /// The fields that each handshake writes itself, in lower case, with the option that sets them.
    package static let ownFields = [
        "host": "the address sets it",
        "upgrade": "every case sets it",
        "connection": "every case sets it",
        "origin": "use --origin",
        "sec-websocket-key": "every case sets it",
        "sec-websocket-version": "every case sets it",
        "sec-websocket-protocol": "use --subprotocol",
        "sec-websocket-extensions": "every case sets it",
    ]

    /// Whether each handshake writes this field itself, so that it contains no credential.
    package static func isOwnField(_ name: String) -> Bool { ownFields[name.lowercased()] != nil }
}
