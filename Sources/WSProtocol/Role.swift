/// Which side of a connection an endpoint is.
public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// The side that opened the connection.
    case client
    /// The side that accepted it.
    case server

    /// The other side.
    public var opposite: Role { self == .client ? .server : .client }
}
