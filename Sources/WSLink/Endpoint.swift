/// The address at which links are opened or accepted.
package enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host's name or address, IPv6 without its brackets, and a TCP port; accepting on port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// The path of a stream socket of the Unix domain.
    case unixSocket(path: String)

    /// The endpoint in the form that users write, such as `127.0.0.1:9001`, `[::1]:9001` or `unix:/run/app.sock`.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): "unix:\(path)"
        }
    }

    /// The name or address of the host; nil for other endpoints.
    package var host: String? {
        switch self {
        case .tcp(let host, _): host
        case .unixSocket: nil
        }
    }

    /// The TCP port; nil for other endpoints.
    package var port: Int? {
        switch self {
        case .tcp(_, let port): port
        case .unixSocket: nil
        }
    }
}
