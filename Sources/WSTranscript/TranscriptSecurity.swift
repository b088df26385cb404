/// What the handshake of a security layer such as TLS agreed on; no secret is in it.
package struct TranscriptSecurity: Sendable, Hashable, Codable {
    /// The protocol and its version, such as `TLS 1.3`.
    package var version: String
    /// The cipher suite by its registered name, or by its number.
    package var cipher: String?
    /// The name of the server that the client asked for; nil if it asked for none.
    package var serverName: String?
    /// The application protocols that the client offered, in its order.
    package var offeredProtocols: [String]
    /// The application protocol that was chosen; nil for none.
    package var applicationProtocol: String?
    /// The names for which the peer's certificate is valid.
    package var certificateNames: [String]
    /// When the peer's certificate ends to be valid, in seconds since 1970-01-01 and before the year 10000; nil if it
    /// showed none.
    package var certificateNotAfter: Int64?
    /// The SHA-256 digest of the peer's own certificate, without those that signed it, in hexadecimal digits.
    package var certificateDigest: String?

    /// The most names and protocols that are kept; a peer can send thousands.
    private static let mostEntries = 32
    /// The most characters of a name that are kept.
    private static let longestEntry = 255
    /// The last second of the year 9999, after which no certificate can say to be valid (RFC 5280, 4.1.2.5).
    private static let lastSecond: Int64 = 253_402_300_799

    /// Creates an observation; what a peer has sent too much of is cut.
    package init(
        version: String,
        cipher: String? = nil,
        serverName: String? = nil,
        offeredProtocols: [String] = [],
        applicationProtocol: String? = nil,
        certificateNames: [String] = [],
        certificateNotAfter: Int64? = nil,
        certificateDigest: String? = nil
    ) {
        func cut(_ text: String) -> String { String(text.prefix(Self.longestEntry)) }
        func cut(_ texts: [String]) -> [String] { texts.prefix(Self.mostEntries).map(cut) }
        self.version = version
        self.cipher = cipher
        self.serverName = serverName.map(cut)
        self.offeredProtocols = cut(offeredProtocols)
        self.applicationProtocol = applicationProtocol.map(cut)
        self.certificateNames = cut(certificateNames)
        self.certificateNotAfter = certificateNotAfter.map { min(max($0, -Self.lastSecond), Self.lastSecond) }
        self.certificateDigest = certificateDigest.map(cut)
    }

    /// Writes the members into a line of a transcript.
    func encode(to line: inout JSONLineWriter) {
        line.member("version", text: version)
        if let cipher { line.member("cipher", text: cipher) }
        if let serverName { line.member("serverName", text: serverName) }
        line.member("offeredProtocols", texts: offeredProtocols)
        if let applicationProtocol { line.member("applicationProtocol", text: applicationProtocol) }
        line.member("certificateNames", texts: certificateNames)
        if let certificateNotAfter { line.member("certificateNotAfter", certificateNotAfter) }
        if let certificateDigest { line.member("certificateDigest", text: certificateDigest) }
    }
}
