/// Where links are dialled or accepted.
package enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host's name or address, IPv6 without its brackets, and a TCP port; accepting on port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// The path of a stream socket of the Unix domain.
    case unixSocket(path: String)

    /// As a user reads it: `127.0.0.1:9001`, `[::1]:9001`, `unix:/run/app.sock`.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): "unix:\(path)"
        }
    }

    /// The TCP port; nil where there is none.
    package var port: Int? {
        switch self {
        case .tcp(_, let port): port
        case .unixSocket: nil
        }
    }
}
