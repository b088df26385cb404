import NIOCore
import WSLink

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why it is not possible to listen on an address, in a few words that follow its name.
package struct ListenFailure: Error, Hashable, CustomStringConvertible {
    /// The reason.
    package let description: String
    /// What to do about it besides choosing another address; nil for nothing.
    package let mend: String?

    init(_ error: any Error, at endpoint: Endpoint) {
        let code = (error as? IOError)?.errnoCode
        if case .unixSocket(let path) = endpoint, code == EADDRINUSE {
            (description, mend) = Self.occupied(path)
            return
        }
        mend = nil
        description =
            switch code {
            case EADDRINUSE: "another program listens there"
            case ENOENT where endpoint.isFile, ENOTDIR where endpoint.isFile: "there is no such folder"
            case EACCES where endpoint.isFile, EPERM where endpoint.isFile: "this user may not create a file there"
            case EADDRNOTAVAIL: "it is no address of this machine"
            case EACCES, EPERM: "this user may not listen there"
            case EMFILE, ENFILE: "this machine is out of file descriptors"
            case nil where error is SocketAddressError.UnknownHost: "it is no known host"
            default: "\(error)"
            }
    }

    /// Describes what is at the path of a socket that cannot be created.
    private static func occupied(_ path: String) -> (reason: String, mend: String?) {
        switch UnixSocket.file(at: path) {
        case .socket where UnixSocket.isListenedOn(path): ("another program listens there", nil)
        // It is not ours to remove.
        case .socket: ("a program that has ended left its socket there", "remove it")
        case .folder: ("there is a folder of that name", nil)
        case .other, nil: ("there is a file already, which is no socket", nil)
        }
    }
}

extension Endpoint {
    /// Whether the endpoint is a path in a file system.
    fileprivate var isFile: Bool {
        if case .unixSocket = self { true } else { false }
    }
}
