import FoundationEssentials
import NIOCore
import NIOSSL
import WSKernels
import WSLink

/// Describes a certificate that does not fit: whose it is, why it does not fit, until when it is valid, and the mend.
struct CertificateText: Sendable {
    /// The name or address that the certificate has to have.
    let host: String
    /// How certificates are verified.
    let trust: TLSTrust

    /// What is wrong with the server's certificate; nil if the error is about something else.
    func describe(_ error: any Error, _ certificate: NIOSSLCertificate?) -> String? {
        if error is NameMismatch {
            guard let certificate else { return "it shows no certificate; use --insecure" }
            let names = certificate.names.isEmpty ? "no name" : certificate.nameTexts.joined(separator: ", ")
            let end = Day(Int(certificate.notValidAfter))
            return "its certificate is for \(names) and not for \(host) (valid until \(end)); give another address, "
                + "--server-name NAME, or --insecure"
        }
        guard HandshakeText.words(of: error).contains("CERTIFICATE_VERIFY_FAILED") else { return nil }
        guard let certificate else { return "its certificate is not trusted; give its authority with --ca FILE" }
        let whose = "its certificate for \(certificate.nameTexts.first ?? "no name")"
        let (begin, end, now) = (Int(certificate.notValidBefore), Int(certificate.notValidAfter), Day.now)
        if now > end {
            return "\(whose) has expired on \(Day(end)); let the server show a new one, or use --insecure"
        }
        if now < begin {
            return "\(whose) is not valid before \(Day(begin)); check the clocks, or use --insecure"
        }
        let until = "(valid until \(Day(end)))"
        switch trust {
        case .authorities(let file) where file.holds(certificate):
            return "\(whose) \(until) is the one in \(file.path), which is no authority; give that of who signed it "
                + "with --ca"
        case .authorities(let file):
            return "\(whose) \(until) is not signed by an authority in \(file.path); give the right one with --ca, or "
                + "let the server show the certificates between them"
        case .system, .anything:
            return "\(whose) \(until) is not signed by an authority that this system trusts; give its authority with "
                + "--ca FILE, or use --insecure"
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
    /// The most names that are told.
    private static let mostNames = 8

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

    /// The first of these names, for messages.
    var nameTexts: [String] { names.prefix(Self.mostNames).map(\.description) }

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
            certificateDigest: (try? certificate?.toDERBytes()).map { Hex.encode(SHA256.digest($0.span)) },
            certificateEnd: certificate.map { Day(Int($0.notValidAfter)).description }
        )
    }
}
