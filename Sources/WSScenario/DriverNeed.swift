/// What a driver has to make the client under test do, in addition to ``Scenario/needs``.
///
/// A client does not act by itself: a program calls it, the driver, which the user wrote. The ordinary driver connects
/// once and echoes every message.
package struct DriverNeed: Sendable, Hashable, Codable {
    /// The subprotocols to offer, in order; empty for a request without the field.
    package var subprotocols: [String]
    /// What else the driver has to do; nil for only connecting and echoing.
    package var action: ClientAction?
    /// How many connections the driver has to make, one after the other.
    package var connections: Int

    /// Creates a need; the defaults are those of the ordinary driver.
    package init(subprotocols: [String] = [], action: ClientAction? = nil, connections: Int = 1) {
        self.subprotocols = subprotocols
        self.action = action
        self.connections = connections
    }

    /// Connect once, as every driver does.
    package static let connect = Self()

    /// Offer these subprotocols.
    package static func subprotocols(_ names: [String]) -> Self { Self(subprotocols: names) }

    /// Perform this action.
    package static func action(_ action: ClientAction) -> Self { Self(action: action) }

    /// Make this many connections, one after the other.
    package static func reconnect(_ times: Int) -> Self { Self(connections: times) }
}

/// An action that only the application of a client can start.
package enum ClientAction: Sendable, Hashable, Codable {
    /// Open the address of the case with this suffix, such as `#fragment`.
    case open(suffix: String)
    /// Open the address of the case without a path: the query follows directly after host and port.
    case openWithoutPath
    /// Open the address of the case with this user name before the host.
    case openAs(user: String)
    /// Open the address of the case over IPv6, at the host and port for that.
    case openOverIPv6
    /// Open the address of the case at a port of its own, where TLS is spoken as the case wants.
    ///
    /// Its host is the name `localhost` if that is asked for, so that the client can name the server.
    case openSecured(byName: Bool)
    /// Open the address of the case at a port of its own, where HTTP/2 is spoken as the case wants.
    case openOverHTTP2
    /// Send a text message once the connection is open.
    case sendText(String)
    /// Send a binary message once the connection is open.
    case sendBinary([UInt8])
    /// Start the closing handshake once the connection is open; without a code if that is nil.
    case close(code: UInt16?, reason: String)
}

extension ClientAction {
    /// The address that a driver has to open for a case, with everything that the action changes in it.
    ///
    /// A driver that gets this address need not know the action.
    ///
    /// - Parameters:
    ///   - base: The part of our addresses before the path, such as `ws://127.0.0.1:9001`.
    ///   - path: The path of the case, with its leading slash.
    ///   - query: The query that names the case, without the question mark.
    ///   - action: What the driver has to do; nil for nothing special.
    /// - Returns: The address.
    package static func address(base: String, path: String, query: String, for action: ClientAction?) -> String {
        switch action {
        case .open(let suffix): "\(base)\(path)?\(query)\(suffix)"
        case .openWithoutPath: "\(base)?\(query)"
        case .openAs(let user): "\(adding(user, to: base))\(path)?\(query)"
        case .openOverIPv6, .openSecured, .openOverHTTP2, .sendText, .sendBinary, .close, nil: "\(base)\(path)?\(query)"
        }
    }

    /// An address whose path names the case, for clients that drop queries.
    ///
    /// It still contains a query if the action requires one.
    package static func plainAddress(base: String, path: String, query: String, for action: Self?) -> String {
        switch action {
        case .open(let suffix) where suffix.hasPrefix("&"): "\(base)\(path)?plain\(suffix)"
        case .open(let suffix): "\(base)\(path)\(suffix)"
        // In an address without a path, only a query can name the case.
        case .openWithoutPath: "\(base)?\(query)"
        case .openAs(let user): "\(adding(user, to: base))\(path)"
        case .openOverIPv6, .openSecured, .openOverHTTP2, .sendText, .sendBinary, .close, nil: "\(base)\(path)"
        }
    }

    /// An address with a user name in front of its host.
    private static func adding(_ user: String, to base: String) -> String {
        guard let scheme = base.firstRange(of: "://") else { return base }
        return "\(base[..<scheme.upperBound])\(user)@\(base[scheme.upperBound...])"
    }

    /// Whether the address is at a port of its own, where TLS or HTTP/2 is spoken as the case wants.
    package var hasOwnPort: Bool {
        switch self {
        case .openSecured, .openOverHTTP2: true
        case .open, .openWithoutPath, .openAs, .openOverIPv6, .sendText, .sendBinary, .close: false
        }
    }

    /// Whether the action only changes the address, so that every driver performs it by opening that.
    package var isAddress: Bool {
        switch self {
        case .open, .openWithoutPath, .openAs, .openOverIPv6, .openSecured, .openOverHTTP2: true
        case .sendText, .sendBinary, .close: false
        }
    }
}
