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

    init(_ error: any Error, at endpoint: Endpoint) {
        description =
            switch (error as? IOError)?.errnoCode {
            // A program that was killed leaves the file of its socket behind; it is not ours to remove.
            case EADDRINUSE where endpoint.isFile: "there is a file already; remove it if no program listens there"
            case EADDRINUSE: "another program listens there"
            case ENOENT where endpoint.isFile: "there is no such folder"
            case EADDRNOTAVAIL: "it is no address of this machine"
            case EACCES, EPERM: "this user may not listen there"
            case EMFILE, ENFILE: "this machine is out of file descriptors"
            case nil where error is SocketAddressError.UnknownHost: "it is no known host"
            default: "\(error)"
            }
    }
}

extension Endpoint {
    /// Whether the endpoint is a path in a file system.
    fileprivate var isFile: Bool {
        if case .unixSocket = self { true } else { false }
    }
}
