import NIOCore
package import WSLink

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Converts paths into addresses of Unix sockets.
enum UnixSocket {
    /// The longest path of an address, in octets.
    static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Creates the address of a path.
    ///
    /// - Throws: ``PathProblem`` if a socket cannot have this path.
    static func address(_ path: String) throws(PathProblem) -> SocketAddress {
        let length = path.utf8.count
        // An empty path, or one that begins with NUL, would name a socket without a file.
        guard length > 0 else { throw PathProblem("its path is empty") }
        guard !path.utf8.contains(0) else { throw PathProblem("its path has a NUL character") }
        guard length <= longestPath else {
            throw PathProblem("its path has \(length) octets, and that of a socket at most \(longestPath); shorten it")
        }
        // SwiftNIO's own conversion accepts only 103 octets, the least that any system allows.
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        return SocketAddress(address)
    }

    /// Binds a new socket to a path without a file.
    ///
    /// - Throws: ``PathProblem``, or `IOError` with the system's reason.
    /// - Returns: The socket, which does not listen yet, and its file.
    static func bind(to path: String) throws -> (socket: CInt, file: SocketFile) {
        let address = try address(path)
        let socket = try open()
        guard unsafe address.withSockAddr({ unsafe systemBind(socket, $0, socklen_t($1)) }) == 0 else {
            let error = IOError(errnoCode: errno, reason: "bind")
            _ = close(socket)
            throw error
        }
        return (socket, SocketFile(path: path))
    }

    /// Calls listen on a bound socket, with the number of connections that may wait to be accepted.
    static func listen(on socket: CInt, backlog: Int32) {
        _ = systemListen(socket, backlog)
    }

    /// The kind of a file.
    enum File {
        case socket
        case folder
        case other
    }

    /// Determines the kind of the file at a path, behind links; nil if there is none.
    static func file(at path: String) -> File? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFSOCK: .socket
        case S_IFDIR: .folder
        default: .other
        }
    }

    /// Whether a program accepts connections at a path; it sees one that ends at once.
    static func isListenedOn(_ path: String) -> Bool {
        guard let address = try? address(path), let socket = try? open() else { return false }
        defer { _ = close(socket) }
        // If connections wait to be accepted, the call would wait, too.
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        let result = unsafe address.withSockAddr { unsafe systemConnect(socket, $0, socklen_t($1)) }
        return result == 0 || errno == EAGAIN
    }

    private static func open() throws -> CInt {
        #if canImport(Darwin)
        let socket = socket(AF_UNIX, SOCK_STREAM, 0)
        if socket >= 0 { _ = fcntl(socket, F_SETFD, FD_CLOEXEC) }
        #elseif canImport(Musl)
        let socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
        #else
        let socket = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        #endif
        guard socket >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        return socket
    }
}

/// The file of a socket that was just bound.
///
/// When SwiftNIO closes a socket that it has bound, it removes any socket at the path. This type removes only the file
/// of the socket that was bound, and leaves a file that has replaced it.
struct SocketFile: Sendable {
    private let path: String
    private let identity: Identity?

    private struct Identity: Equatable {
        var device: UInt64
        var number: UInt64
    }

    init(path: String) {
        self.path = path
        identity = Self.identity(at: path)
    }

    /// Removes the file if it still belongs to the socket, which has to be open.
    func remove() {
        guard let identity, Self.identity(at: path) == identity else { return }
        _ = unsafe unlink(path)
    }

    private static func identity(at path: String) -> Identity? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
    }
}

extension Endpoint {
    /// Why no socket can have this address, in a few words that follow its name; nil if one can.
    package var problem: String? {
        guard case .unixSocket(let path) = self else { return nil }
        do throws(PathProblem) {
            _ = try UnixSocket.address(path)
            return nil
        } catch {
            return error.description
        }
    }
}

/// Why a socket cannot have this path, in a few words that follow the endpoint's name.
struct PathProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The system's bind, because ``UnixSocket`` has a function of the same name.
private func systemBind(_ socket: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
    unsafe bind(socket, address, length)
}

/// The system's connect, under a name like those beside it.
private func systemConnect(_ socket: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
    unsafe connect(socket, address, length)
}

/// The system's listen, because ``UnixSocket`` has a function of the same name.
private func systemListen(_ socket: CInt, _ backlog: Int32) -> CInt {
    listen(socket, backlog)
}
