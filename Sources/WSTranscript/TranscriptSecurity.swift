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
    /// The SHA-256 digest of the peer's certificate in hexadecimal digits.
    package var certificateDigest: String?

    /// The most names and protocols that are kept; a peer can send thousands.
    private static let mostEntries = 32
    /// The most characters of a name that are kept.
    private static let longestEntry = 255

    /// Creates an observation; what a peer has sent too much of is cut.
    package init(
        version: String,
        cipher: String? = nil,
        serverName: String? = nil,
        offeredProtocols: [String] = [],
        applicationProtocol: String? = nil,
        certificateNames: [String] = [],
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
        self.certificateDigest = certificateDigest
    }

    /// Writes the members into a line of a transcript.
    func encode(to line: inout JSONLineWriter) {
        line.member("version", text: version)
        if let cipher { line.member("cipher", text: cipher) }
        if let serverName { line.member("serverName", text: serverName) }
        line.member("offeredProtocols", texts: offeredProtocols)
        if let applicationProtocol { line.member("applicationProtocol", text: applicationProtocol) }
        line.member("certificateNames", texts: certificateNames)
        if let certificateDigest { line.member("certificateDigest", text: certificateDigest) }
    }
}
