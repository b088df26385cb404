import NIOCore
import NIOSSL
import NIOTLS

/// The name or address of a server, which its certificate has to have (RFC 9525).
///
/// SwiftNIO takes a certificate for the address of the connection, whatever name was asked for. Here a name has to be
/// among the DNS names, and an address among the addresses.
struct ServerIdentity: Sendable, Hashable {
    /// The name, or nil for an address.
    let name: String?
    /// The address without brackets, or nil for a name.
    private let address: String?

    /// Creates the identity of a host.
    init(host: String) {
        address = (try? SocketAddress(ipAddress: host, port: 0))?.ipAddress
        // A trailing dot is no part of the name in TLS (RFC 6066, 3).
        name = address != nil ? nil : host.hasSuffix(".") ? String(host.dropLast()) : host
    }

    /// Whether a certificate with these names is the server's.
    func isAmong(_ names: [CertificateName]) -> Bool {
        names.contains { candidate in
            switch candidate {
            case .address(let text): text == address
            case .dns(let pattern): name.map { Self.matches($0.lowercased(), pattern.lowercased()) } ?? false
            }
        }
    }

    /// Whether a name is that of a pattern, whose first label may be `*` for exactly one label (RFC 9525, 6.3).
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        guard pattern.hasPrefix("*.") else { return name == pattern }
        let (rest, suffix) = (name.split(separator: ".", maxSplits: 1).last ?? "", pattern.dropFirst(2))
        return name.contains(".") && rest == suffix && suffix.contains(".") && !suffix.contains("*")
    }
}

/// A name for which a certificate is valid.
enum CertificateName: Sendable, Hashable, CustomStringConvertible {
    /// A DNS name, perhaps with `*` as its first label.
    case dns(String)
    /// An IPv4 or IPv6 address.
    case address(String)

    var description: String {
        switch self {
        case .dns(let name): name
        case .address(let address): address
        }
    }
}

/// The certificate is that of another server.
struct NameMismatch: Error {}

/// Holds the end of the handshake back if the certificate is that of another server, and fails the connection instead.
final class NameCheck: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let identity: ServerIdentity

    /// Creates a check that belongs directly behind the handler of BoringSSL.
    init(_ identity: ServerIdentity) {
        self.identity = identity
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            guard let certificate = handler?.peerCertificate, identity.isAmong(certificate.names) else {
                return context.fireErrorCaught(NameMismatch())
            }
        }
        context.fireUserInboundEventTriggered(event)
    }
}
