import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why an address cannot be listened on, in a few words that follow its name.
package struct ListenFailure: Error, Hashable, CustomStringConvertible {
    /// The cause.
    package let description: String

    init(_ error: any Error) {
        description =
            switch (error as? IOError)?.errnoCode {
            case EADDRINUSE: "another program listens there"
            case EADDRNOTAVAIL: "it is no address of this machine"
            case EACCES, EPERM: "this user may not listen there"
            case EMFILE, ENFILE: "this machine is out of file descriptors"
            case nil where error is SocketAddressError.UnknownHost: "it is no known host"
            default: "\(error)"
            }
    }
}
