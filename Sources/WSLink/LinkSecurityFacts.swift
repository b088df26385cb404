/// What the handshake of a link's security layer agreed on.
///
/// No key, secret or ticket is in it, so that it can stand in a record.
package struct LinkSecurityFacts: Sendable, Hashable {
    /// The protocol and its version, such as `TLS 1.3`.
    package var version: String
    /// The cipher suite by its registered name, or by its number if that is not known here.
    package var cipher: String?
    /// The name of the server that the client asked for (RFC 6066, section 3); nil if it asked for none.
    package var serverName: String?
    /// The application protocols that the client offered, in its order (RFC 7301).
    package var offeredProtocols: [String]
    /// The application protocol that was chosen; nil for none.
    package var applicationProtocol: String?
    /// The names for which the peer's certificate is valid; empty if the peer showed none.
    package var certificateNames: [String]
    /// The SHA-256 digest of the peer's certificate in hexadecimal digits; nil if it showed none.
    package var certificateDigest: String?
    /// The last day on which the peer's certificate is valid, such as `2027-01-31`; nil if it showed none.
    package var certificateEnd: String?

    /// Creates facts.
    package init(
        version: String,
        cipher: String? = nil,
        serverName: String? = nil,
        offeredProtocols: [String] = [],
        applicationProtocol: String? = nil,
        certificateNames: [String] = [],
        certificateDigest: String? = nil,
        certificateEnd: String? = nil
    ) {
        self.version = version
        self.cipher = cipher
        self.serverName = serverName
        self.offeredProtocols = offeredProtocols
        self.applicationProtocol = applicationProtocol
        self.certificateNames = certificateNames
        self.certificateDigest = certificateDigest
        self.certificateEnd = certificateEnd
    }
}
