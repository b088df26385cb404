import NIOCore
import NIOSSL
import WSKernels
import WSLink

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Describes a certificate that does not fit: the mend first, then whose it is, until when it is valid, and why it does
/// not fit.
struct CertificateText: Sendable {
    /// The name or address that the certificate has to have.
    let host: String
    /// How certificates are verified.
    let trust: TLSTrust

    /// What is wrong with the server's certificate; nil if the error is about something else.
    func describe(_ error: any Error, _ certificate: NIOSSLCertificate?) -> String? {
        if error is NameMismatch {
            guard let certificate else { return "use --insecure: it shows no certificate" }
            let end = Day(Int(certificate.notValidAfter))
            return "give another address, --server-name NAME, or --insecure: its certificate (valid until \(end)) "
                + "is not for \(host) but for \(certificate.nameText)"
        }
        guard HandshakeText.words(of: error).contains("CERTIFICATE_VERIFY_FAILED") else { return nil }
        guard let certificate else { return "give its authority with --ca FILE: its certificate is not trusted" }
        let whose = "its certificate for \(certificate.nameText)"
        let (begin, end, now) = (Int(certificate.notValidBefore), Int(certificate.notValidAfter), Day.now)
        if now > end {
            return "let the server show a new certificate, or use --insecure: \(whose) has expired on \(Day(end))"
        }
        if now < begin {
            return "check the clocks, or use --insecure: \(whose) is not valid before \(Day(begin))"
        }
        let until = "(valid until \(Day(end)))"
        switch trust {
        case .authorities(let file) where file.holds(certificate):
            return "give the authority of who signed it with --ca: \(whose) \(until) is the one in \(file.path), "
                + "which is no authority"
        case .authorities(let file):
            return "give the right authority with --ca, or let the server show the certificates between them: \(whose) "
                + "\(until) is not signed by an authority in \(file.path)"
        case .system, .anything:
            return "give its authority with --ca FILE, or use --insecure: \(whose) \(until) is not signed by an "
                + "authority that this system trusts"
        }
    }
}

extension PEMFile {
    /// Whether a certificate is one of those in the file.
    fileprivate func holds(_ certificate: NIOSSLCertificate) -> Bool {
        (try? NIOSSLCertificate.fromPEMBytes(octets))?.contains(certificate) ?? false
    }
}

/// A day of the calendar, in the form of ISO 8601.
private struct Day: CustomStringConvertible {
    private let date: Date

    /// Creates the day of a moment, in seconds since 1970-01-01.
    init(_ seconds: Int) { date = Date(timeIntervalSince1970: Double(seconds)) }

    /// The moment, in seconds since 1970-01-01.
    static var now: Int { Int(Date().timeIntervalSince1970) }

    var description: String { date.formatted(.iso8601.year().month().day()) }
}

extension NIOSSLCertificate {
    /// The most names that are told, and the most characters of each.
    private static let (mostNames, longestName) = (3, 80)

    /// The DNS names and addresses for which the certificate is valid.
    var names: [CertificateName] {
        _subjectAlternativeNames().compactMap { name in
            switch name.nameType {
            case .dnsName: .dns(String(decoding: name.contents, as: UTF8.self))
            case .ipAddress: Self.address(Array(name.contents)).map { .address($0) }
            default: nil
            }
        }
    }

    /// The first of these names and how many more there are, for messages.
    fileprivate var nameText: String {
        let names = self.names
        guard !names.isEmpty else { return "no name" }
        let told = names.prefix(Self.mostNames).map { String($0.description.prefix(Self.longestName)) }
        let more = names.count > told.count ? " and \(names.count - told.count) more" : ""
        return told.joined(separator: ", ") + more
    }

    private static func address(_ octets: [UInt8]) -> String? {
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: octets), port: 0))?.ipAddress
    }
}

extension LinkSecurityFacts {
    /// Creates the facts of a handshake from its Hellos and from the peer's certificate.
    init(_ hellos: HelloTap?, _ certificate: NIOSSLCertificate?, _ applicationProtocol: String?) {
        self.init(
            version: hellos?.server?.versionName ?? "TLS",
            cipher: hellos?.server?.cipherName,
            serverName: hellos?.client?.serverName,
            offeredProtocols: hellos?.client?.applicationProtocols ?? [],
            applicationProtocol: applicationProtocol,
            certificateNames: certificate?.names.map(\.description) ?? [],
            certificateNotAfter: certificate.map { Int64($0.notValidAfter) },
            certificateDigest: (try? certificate?.toDERBytes()).map { Hex.encode(SHA256.digest($0.span)) }
        )
    }
}
