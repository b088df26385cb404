package import WSProtocol

/// The settings of a model client.
package struct ModelClientSettings: Sendable, Hashable {
    /// The value of Host.
    package var host: String
    /// The request target: path and query.
    package var target: String
    /// The version in the User-Agent field of its request.
    package var version: String
    /// The subprotocols that it offers.
    package var subprotocols: [String]
    /// The offers of permessage-deflate, in its order of preference.
    package var compression: [DeflateOffer]
    /// What its application does unasked once the connection is open; nil for nothing.
    package var action: Action?
    /// The longest message it echoes; a longer one gets Close 1009 (RFC 6455 section 7.4.1).
    package var maximumMessageLength: Int
    /// The most octets that may wait for a server that does not read; with more, the connection is dropped.
    package var maximumBacklog: Int
    /// Whether its link is a stream of HTTP/2, so that it opens the WebSocket with Extended CONNECT (RFC 8441).
    package var isOnStream = false
    /// Whether it speaks to its server over TLS.
    package var isSecure = false
    /// The seed of keys and nonces; nil for the system's randomness, which RFC 6455 section 5.3 requires.
    package var seed: UInt64?
    /// Its defects among those of either role.
    package var defects: Set<ModelDefect>
    /// Its defects among those of clients.
    package var clientDefects: Set<ClientDefect>

    /// An action that a client's application starts.
    package enum Action: Sendable, Hashable {
        /// Send a text message.
        case sendText([UInt8])
        /// Send a binary message.
        case sendBinary([UInt8])
        /// Start the closing handshake with this code and reason.
        case close(code: UInt16?, reason: [UInt8])
    }

    /// What is offered of permessage-deflate, with the defects.
    var compressionOffers: [DeflateOffer] {
        ClientDefect.allCases.lazy.filter(clientDefects.contains).compactMap(\.offers).first ?? compression
    }

    /// Takes host, port and target from an address.
    ///
    /// A fragment is not allowed in a WebSocket address (RFC 6455 section 3), so a client does not open such an
    /// address.
    ///
    /// - Returns: Whether the address is valid; if not, nothing is to be opened.
    package mutating func take(address: String) -> Bool {
        let scheme = address.hasPrefix("wss://") ? "wss://" : "ws://"
        guard address.hasPrefix(scheme), clientDefects.contains(.sendsFragment) || !address.contains("#") else {
            return false
        }
        isSecure = scheme == "wss://"
        let rest = address.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        // A user name is not sent (RFC 9112 section 3.2).
        let authority = rest[..<end]
        host = String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
        let path = rest[end...]
        if clientDefects.contains(.writesAddressAsGiven) {
            host = String(authority)
            target = String(path)
            return true
        }
        target = (path.hasPrefix("/") ? "" : "/") + Self.escaped(path)
        if clientDefects.contains(.dropsQuery) { target = String(target.prefix { $0 != "?" }) }
        if clientDefects.contains(.undoesEscapes) { target = target.replacing("%23", with: "x") }
        return !host.isEmpty
    }

    /// A text in which octets that are not allowed in a target are escaped (RFC 3986 section 2.1).
    private static func escaped(_ text: Substring) -> String {
        text.utf8.map { octet in
            guard octet <= 0x20 || octet >= 0x7F else { return String(UnicodeScalar(octet)) }
            let hex = String(octet, radix: 16, uppercase: true)
            return hex.count == 1 ? "%0\(hex)" : "%\(hex)"
        }.joined()
    }

    /// Creates settings; the defaults are those of the command line.
    package init(
        host: String,
        target: String = "/",
        version: String = "0.1.0",
        subprotocols: [String] = [],
        compression: [DeflateOffer] = [DeflateOffer(clientMaxWindowBits: .any)],
        action: Action? = nil,
        maximumMessageLength: Int = 32 * 1024 * 1024,
        maximumBacklog: Int = 128 * 1024 * 1024,
        seed: UInt64? = nil,
        defects: Set<ModelDefect> = [],
        clientDefects: Set<ClientDefect> = []
    ) {
        self.host = host
        self.target = target
        self.version = version
        self.subprotocols = subprotocols
        self.compression = compression
        self.action = action
        self.maximumMessageLength = maximumMessageLength
        self.maximumBacklog = maximumBacklog
        self.seed = seed
        self.defects = defects
        self.clientDefects = clientDefects
    }
}
