/// How a scenario wants TLS to be spoken; such a scenario makes sense only on ``Transport/tls``.
///
/// Its values without arguments are those of every other conversation.
package struct SecurityToSpeak: Sendable, Hashable, Codable {
    /// Whether no TLS is spoken: octets go directly to the port on which the peer expects it.
    package var isInTheClear: Bool
    /// The versions that are spoken.
    package var versions: Versions
    /// The application protocols that we offer to a server, or choose from for a client; nil for those of every
    /// conversation, empty for none.
    package var applicationProtocols: [String]?
    /// The name of the server that we ask for.
    package var serverName: ServerName
    /// The octet at which each record is cut into two TCP segments; nil if records are not cut.
    ///
    /// A record has a header of five octets (RFC 8446, 5.1).
    package var recordCut: Int?
    /// Whether our closing message is left out, so that FIN alone ends what we send (RFC 8446, 6.1).
    package var truncates: Bool
    /// What other connections send in the clear, and then stay, while the conversation goes on; nil if there are none.
    package var beside: Bystanders?
    /// The certificate that a client gets to see.
    package var certificate: Certificate
    /// What a client gets instead of an answer to its ClientHello; nil if it gets one.
    package var insteadOfAnswer: [UInt8]?

    /// The certificate of a server.
    package enum Certificate: String, Sendable, Hashable, Codable, CaseIterable {
        /// One that is valid for every address of ours, signed by the authority that clients trust.
        case usual
        /// One that no authority has signed.
        case untrusted
        /// One that is not valid any more.
        case expired
        /// One for the name of another server.
        case ofOther = "of-other"
        /// One for the name of this machine, and for no address of it.
        case ofName = "of-name"
    }

    /// The versions of TLS that are spoken.
    package enum Versions: String, Sendable, Hashable, Codable, CaseIterable {
        /// Those of every conversation.
        case usual
        /// TLS 1.2 alone (RFC 5246).
        case tls12 = "1.2"
        /// TLS 1.3 alone (RFC 8446).
        case tls13 = "1.3"
    }

    /// The name of the server in our ClientHello (RFC 6066, section 3).
    package enum ServerName: Sendable, Hashable, Codable {
        /// The host of the address, if it is a name.
        case ofTarget
        /// None.
        case none
        /// Another name.
        case other(String)
    }

    /// Connections that begin no handshake, or never end one.
    package struct Bystanders: Sendable, Hashable, Codable {
        /// How many there are.
        package var count: Int
        /// The octets that each sends.
        package var octets: [UInt8]

        /// Creates connections that send the same octets.
        package init(count: Int, octets: [UInt8]) {
            self.count = count
            self.octets = octets
        }
    }

    /// Creates a way to speak TLS.
    package init(
        isInTheClear: Bool = false,
        versions: Versions = .usual,
        applicationProtocols: [String]? = nil,
        serverName: ServerName = .ofTarget,
        recordCut: Int? = nil,
        truncates: Bool = false,
        beside: Bystanders? = nil,
        certificate: Certificate = .usual,
        insteadOfAnswer: [UInt8]? = nil
    ) {
        self.isInTheClear = isInTheClear
        self.versions = versions
        self.applicationProtocols = applicationProtocols
        self.serverName = serverName
        self.recordCut = recordCut
        self.truncates = truncates
        self.beside = beside
        self.certificate = certificate
        self.insteadOfAnswer = insteadOfAnswer
    }

    /// The handshake and the records of every conversation.
    package static let usual = Self()
}
