package import WSProtocol

/// What a request for a handshake says beyond what it has to.
package struct HandshakeContent: Sendable {
    /// The subprotocols to offer, the preferred one first.
    package var subprotocols: [String]
    /// Further header fields.
    package var headerFields: [HTTPField]
    /// Cookies, `NAME=VALUE` each.
    package var cookies: [String]
    /// The Origin; nil for none.
    package var origin: String?

    /// Adds nothing unless it is told to.
    package init(
        subprotocols: [String] = [],
        headerFields: [HTTPField] = [],
        cookies: [String] = [],
        origin: String? = nil
    ) {
        self.subprotocols = subprotocols
        self.headerFields = headerFields
        self.cookies = cookies
        self.origin = origin
    }

    /// All further fields: the cookies are in one of their own (RFC 6265, 5.4).
    package var fields: [HTTPField] {
        cookies.isEmpty ? headerFields : headerFields + [HTTPField("Cookie", cookies.joined(separator: "; "))]
    }

    /// What sets a field that each handshake writes itself, by its name in small letters.
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

    /// Whether each handshake writes a field itself, so that it holds nobody's secret.
    package static func isOwnField(_ name: String) -> Bool { ownFields[name.lowercased()] != nil }
}
