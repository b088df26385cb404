extension Report {
    /// What the handshakes of TLS with a peer agreed on, in the first case that speaks TLS as usual.
    ///
    /// There is no key, secret or ticket in it.
    package struct Security: Sendable, Hashable, Codable {
        /// The protocol and its version, such as `TLS 1.3`.
        package var version: String
        /// The cipher suite by its registered name, or by its number.
        package var cipher: String?
        /// The application protocol that was chosen (RFC 7301); nil for none.
        package var applicationProtocol: String?
        /// A server's certificate; nil for a client that showed none.
        package var certificate: Certificate?

        /// Creates a description.
        package init(
            version: String,
            cipher: String? = nil,
            applicationProtocol: String? = nil,
            certificate: Certificate? = nil
        ) {
            self.version = version
            self.cipher = cipher
            self.applicationProtocol = applicationProtocol
            self.certificate = certificate
        }
    }

    /// A certificate that a peer has shown.
    package struct Certificate: Sendable, Hashable, Codable {
        /// The names and addresses for which it is valid.
        package var names: [String]
        /// Until when it is valid, in UTC; nil if unknown.
        package var notAfter: String?
        /// The SHA-256 digest of its octets, without the certificates that signed it, in hexadecimal digits.
        package var digest: String
        /// By what it was verified.
        package var verification: Verification

        /// By what a certificate was verified.
        package enum Verification: String, Sendable, Hashable, Codable, CaseIterable {
            /// By the authorities that the system trusts.
            case system
            /// By the authorities that the user gave.
            case authorities
            /// By nothing.
            case nothing = "none"
        }

        /// Creates a description.
        ///
        /// - Parameters:
        ///   - names: The names and addresses for which it is valid.
        ///   - notAfterSeconds: Until when it is valid, in seconds since 1970-01-01, a year of four digits; nil if
        ///     unknown.
        ///   - digest: The SHA-256 digest in hexadecimal digits.
        ///   - verification: By what it was verified.
        package init(names: [String], notAfterSeconds: Int64?, digest: String, verification: Verification) {
            self.names = names
            notAfter = notAfterSeconds.map { Timestamp.utc(milliseconds: $0 * 1_000) }
            self.digest = digest
            self.verification = verification
        }
    }
}

extension Report.TLS {
    /// By what the certificates of servers are verified.
    package var verification: Report.Certificate.Verification {
        insecure == true ? .nothing : ca == nil ? .system : .authorities
    }
}
