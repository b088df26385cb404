/// A file in PEM form: its path for messages, and its octets.
package struct PEMFile: Sendable, Hashable {
    /// The path as the user wrote it.
    package var path: String
    /// What it holds.
    package var octets: [UInt8]

    /// Creates a file.
    package init(path: String, octets: [UInt8]) {
        self.path = path
        self.octets = octets
    }

    /// Whether a private key in it is encrypted, so that it needs a password.
    var isEncrypted: Bool { String(decoding: octets, as: UTF8.self).contains("ENCRYPTED") }
}

/// A certificate with the chain above it, and its private key.
package struct TLSIdentity: Sendable, Hashable {
    /// The certificate, followed by those that signed it.
    package var certificate: PEMFile
    /// The private key of the certificate.
    package var key: PEMFile

    /// Creates an identity.
    package init(certificate: PEMFile, key: PEMFile) {
        self.certificate = certificate
        self.key = key
    }
}

/// The oldest version of TLS that is spoken.
package enum TLSMinimum: String, Sendable, Hashable, CaseIterable {
    /// TLS 1.2 (RFC 5246).
    case tls12 = "1.2"
    /// TLS 1.3 (RFC 8446).
    case tls13 = "1.3"
}

/// How a server's certificate is verified.
package enum TLSTrust: Sendable, Hashable {
    /// By the authorities that this system trusts.
    case system
    /// By the authorities in a file, instead of those of the system.
    case authorities(PEMFile)
    /// Not at all.
    case anything
}

/// How TLS is spoken with a server.
package struct TLSClientSettings: Sendable, Hashable {
    /// How the server's certificate is verified.
    package var trust = TLSTrust.system
    /// The name that is asked for and that the certificate has to have; nil for the host of the address.
    package var serverName: String?
    /// The certificate to show if the server asks for one; nil for none.
    package var identity: TLSIdentity?
    /// The oldest version that is spoken.
    package var minimum = TLSMinimum.tls12
    /// The application protocols to offer, the best first.
    package var applicationProtocols = ["http/1.1"]

    /// Creates settings that trust what the system trusts.
    package init() {}
}

/// Why TLS cannot be spoken with these settings, in one line that names the culprit and the mend.
package struct TLSTrouble: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line.
    package var description: String

    /// Creates a trouble.
    package init(_ description: String) {
        self.description = description
    }
}
