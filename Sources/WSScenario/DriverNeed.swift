/// What a client under test has to be made to do, besides what ``Scenario/needs`` says.
///
/// A client does not act by itself: a program that its user wrote, the driver, calls it. The ordinary driver connects
/// once and sends every message back.
package struct DriverNeed: Sendable, Hashable, Codable {
    /// The subprotocols to ask for, in order; none for a request without the field.
    package var subprotocols: [String]
    /// What the driver has to call; nil for nothing but to connect and to echo.
    package var action: ClientAction?
    /// How many connections have to be made, one after the other.
    package var connections: Int

    /// Creates a need; everything has the value of the ordinary driver.
    package init(subprotocols: [String] = [], action: ClientAction? = nil, connections: Int = 1) {
        self.subprotocols = subprotocols
        self.action = action
        self.connections = connections
    }

    /// To connect once, which every driver does.
    package static let connect = Self()

    /// To ask for subprotocols.
    package static func subprotocols(_ names: [String]) -> Self { Self(subprotocols: names) }

    /// To do something of its own accord.
    package static func action(_ action: ClientAction) -> Self { Self(action: action) }

    /// To connect so many times in all, one connection after the other.
    package static func reconnect(_ times: Int) -> Self { Self(connections: times) }
}

/// Something that only the application of a client can start.
package enum ClientAction: Sendable, Hashable, Codable {
    /// Open the address of the case with this text behind it, such as `#fragment`.
    case open(suffix: String)
    /// Open the address of the case without a path: its query stands right behind host and port.
    case openWithoutPath
    /// Open the address of the case with this user before its host.
    case openAs(user: String)
    /// Open the address of the case over IPv6: at host and port of the address that is there for it.
    case openOverIPv6
    /// Send a text message once the connection is open.
    case sendText(String)
    /// Send a binary message once the connection is open.
    case sendBinary([UInt8])
    /// Start the closing handshake once the connection is open; without a code where that is nil.
    case close(code: UInt16?, reason: String)
}

extension ClientAction {
    /// The address that a driver is to open for a case: all there is to actions about addresses.
    ///
    /// A driver that gets this address from us need not know that it is a particular one.
    ///
    /// - Parameters:
    ///   - authority: our host and port.
    ///   - path: the path of the case, with the slash that it begins with.
    ///   - query: the query of the case, without the question mark; it names the case.
    ///   - action: what the driver has to do, if anything.
    /// - Returns: the address.
    package static func address(authority: String, path: String, query: String, for action: ClientAction?) -> String {
        switch action {
        case .open(let suffix): "ws://\(authority)\(path)?\(query)\(suffix)"
        case .openWithoutPath: "ws://\(authority)?\(query)"
        case .openAs(let user): "ws://\(user)@\(authority)\(path)?\(query)"
        case .openOverIPv6, .sendText, .sendBinary, .close, nil: "ws://\(authority)\(path)?\(query)"
        }
    }

    /// The same where the path alone names the case, for clients that lose queries.
    ///
    /// What has to stand in the query stands there all the same.
    package static func plainAddress(authority: String, path: String, query: String, for action: Self?) -> String {
        switch action {
        case .open(let suffix) where suffix.hasPrefix("&"): "ws://\(authority)\(path)?plain\(suffix)"
        case .open(let suffix): "ws://\(authority)\(path)\(suffix)"
        // Nothing but a query can name a case in an address without a path.
        case .openWithoutPath: "ws://\(authority)?\(query)"
        case .openAs(let user): "ws://\(user)@\(authority)\(path)"
        case .openOverIPv6, .sendText, .sendBinary, .close, nil: "ws://\(authority)\(path)"
        }
    }

    /// Whether it is about nothing but the address, so that any driver does it that opens what it is given.
    package var isAddress: Bool {
        switch self {
        case .open, .openWithoutPath, .openAs, .openOverIPv6: true
        case .sendText, .sendBinary, .close: false
        }
    }
}
