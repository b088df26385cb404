import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Says in one line why a connection could not be made, and what to do.
enum ConnectFailure {
    static func describe(_ error: any Error, host: String, port: Int) -> String {
        let target = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        switch error {
        case let failure as NIOConnectionError:
            if let single = failure.connectionErrors.first {
                return describe(single.error, host: host, port: port)
            }
            return "\(host) is not a known host; check the name"
        case let failure as IOError:
            switch failure.errnoCode {
            case ECONNREFUSED: return "\(target) refused the connection; start the server or check the port"
            case ETIMEDOUT: return "\(target) did not answer; check the address and the firewall"
            case EHOSTUNREACH, ENETUNREACH: return "\(target) cannot be reached; check the address and the network"
            case EMFILE, ENFILE: return "this machine is out of file descriptors; raise ulimit -n or lower --jobs"
            default: return "\(target) could not be connected: \(failure)"
            }
        case is ChannelError:
            return "\(target) did not accept the connection in time; check the address and the firewall"
        default:
            return "\(target) could not be connected: \(error)"
        }
    }
}
