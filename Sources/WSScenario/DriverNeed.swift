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
    /// Send a text message once the connection is open.
    case sendText(String)
    /// Send a binary message once the connection is open.
    case sendBinary([UInt8])
    /// Start the closing handshake once the connection is open; without a code where that is nil.
    case close(code: UInt16?, reason: String)
}
