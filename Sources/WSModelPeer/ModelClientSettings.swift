import WSProtocol

/// What a model client is made to be.
package struct ModelClientSettings: Sendable, Hashable {
    /// The value of Host.
    package var host: String
    /// The request target: path and query.
    package var target: String
    /// The version in the User-Agent field of its request.
    package var version: String
    /// The subprotocols it asks for.
    package var subprotocols: [String]
    /// What its application does of its own accord once the connection is open.
    package var action: Action?
    /// The longest message it echoes; a longer one gets Close 1009 (RFC 6455 section 7.4.1).
    package var maximumMessageLength: Int
    /// How many octets may wait for a server that does not read them before the connection is dropped.
    package var maximumBacklog: Int
    /// The seed of keys and nonces; nil takes what the system has, which is what RFC 6455 section 5.3 wants.
    package var seed: UInt64?
    /// What it does otherwise than a correct endpoint.
    package var defects: Set<ModelDefect>
    /// What it does otherwise than a correct client.
    package var clientDefects: Set<ClientDefect>

    /// Something that a client's application starts.
    package enum Action: Sendable, Hashable {
        /// To send a text message.
        case sendText([UInt8])
        /// To send a binary message.
        case sendBinary([UInt8])
        /// To start the closing handshake with this code and reason.
        case close(code: UInt16?, reason: [UInt8])
    }

    /// Takes host, port and target from an address.
    ///
    /// A fragment is no part of a WebSocket address (RFC 6455 section 3), and who is given one does not connect.
    ///
    /// - Returns: false where the address is none, so that nothing is to be opened.
    package mutating func take(address: String) -> Bool {
        let scheme = "ws://"
        guard address.hasPrefix(scheme), clientDefects.contains(.sendsFragment) || !address.contains("#") else {
            return false
        }
        let rest = address.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        // The name of a user is for the client alone (RFC 9112 section 3.2).
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

    /// A text with octets that stand in no target in their escaped form (RFC 3986 section 2.1).
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
        self.action = action
        self.maximumMessageLength = maximumMessageLength
        self.maximumBacklog = maximumBacklog
        self.seed = seed
        self.defects = defects
        self.clientDefects = clientDefects
    }
}
