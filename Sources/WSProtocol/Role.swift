/// Which side of a connection an endpoint is.
package enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// The side that opened the connection.
    case client
    /// The side that accepted it.
    case server

    /// The other side.
    package var opposite: Role { self == .client ? .server : .client }
}
