import NIOCore
import NIOPosix
import WSLink

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Describes in one line why a connection failed and what to do.
enum ConnectFailure {
    /// Returns the end of a link that was never connected.
    static func end(_ error: any Error, endpoint: Endpoint, proxy: TunnelProxy?) -> LinkEnd {
        switch error {
        case let failure as NIOConnectionError:
            if let single = failure.connectionErrors.first {
                return end(single.error, endpoint: endpoint, proxy: proxy)
            }
            let host = proxy == nil ? failure.host : "the proxy's host \(failure.host)"
            return .notConnected("\(host) is not a known host; check the name")
        case let failure as TunnelFailure:
            return .notConnected(failure.description)
        case let failure as HandshakeFailure:
            return .notSecured(failure.description)
        default:
            return .notConnected(proxy.map { describe(error, $0) } ?? describe(error, endpoint))
        }
    }

    private static func describe(_ error: any Error, _ endpoint: Endpoint) -> String {
        switch error {
        case let failure as IOError:
            return describe(failure, endpoint)
        case is ChannelError:
            return "\(endpoint) did not accept the connection in time; check the address and the firewall"
        case let problem as PathProblem:
            return "\(endpoint) cannot be connected to: \(problem)"
        default:
            return "\(endpoint) could not be connected: \(error)"
        }
    }

    /// Describes why a proxy could not be connected to.
    private static func describe(_ error: any Error, _ proxy: TunnelProxy) -> String {
        switch (error as? IOError)?.errnoCode {
        case ECONNREFUSED: "\(proxy.name) refused the connection; start it, or check --proxy"
        case EHOSTUNREACH, ENETUNREACH: "\(proxy.name) cannot be reached; check --proxy and the network"
        case EMFILE, ENFILE: describe(error, proxy.endpoint)
        case ETIMEDOUT: "\(proxy.name) did not answer; check --proxy and the firewall"
        case nil where error is ChannelError:
            "\(proxy.name) did not accept the connection in time; check --proxy and the firewall"
        default: "\(proxy.name) could not be connected: \(error)"
        }
    }

    private static func describe(_ failure: IOError, _ endpoint: Endpoint) -> String {
        switch (endpoint, failure.errnoCode) {
        case (.tcp, ECONNREFUSED):
            "\(endpoint) refused the connection; start the server or check the port"
        case (.unixSocket(let path), ECONNREFUSED), (.unixSocket(let path), EPROTOTYPE):
            switch UnixSocket.file(at: path) {
            // A program that was killed leaves the file of its socket behind.
            case .socket where failure.errnoCode == ECONNREFUSED:
                "\(endpoint) refused the connection, as nobody listens there; start the server or check the path"
            case .socket: "\(endpoint) is a socket of another type; check the path"
            case .folder: "\(endpoint) is a folder and no socket; check the path"
            case .other, nil: "\(endpoint) is a file and no socket; check the path"
            }
        case (.unixSocket, ENOENT), (.unixSocket, ENOTDIR):
            "\(endpoint) does not exist; start the server or check the path"
        case (.unixSocket, EACCES):
            "\(endpoint) may not be connected to by this user; check its permissions"
        case (.unixSocket, EAGAIN):
            "\(endpoint) has as many connections waiting as it takes; lower --jobs"
        case (_, ETIMEDOUT):
            "\(endpoint) did not answer; check the address and the firewall"
        case (_, EHOSTUNREACH), (_, ENETUNREACH):
            "\(endpoint) cannot be reached; check the address and the network"
        case (_, EMFILE), (_, ENFILE):
            "this machine is out of file descriptors; raise ulimit -n or lower --jobs"
        default:
            "\(endpoint) could not be connected: \(failure)"
        }
    }
}
