/// Where clients under test find us.
package struct ServedAddress: Sendable, Hashable {
    /// Our host and port.
    package var authority: String
    /// Whether TLS is spoken.
    package var isSecure: Bool
    /// The file with the authority that clients have to trust; nil if it is not ours to say.
    package var authorities: String?

    /// The scheme of the addresses for clients.
    package var scheme: String { isSecure ? "wss" : "ws" }

    /// The address without a path.
    package var url: String { "\(scheme)://\(authority)" }

    /// The address of the page for browsers.
    package var page: String { "\(isSecure ? "https" : "http")://\(authority)/" }

    /// Variables that make common clients trust the authority.
    var environment: [String: String] {
        guard let authorities else { return [:] }
        return [
            "WSCONFORM_CA_FILE": authorities, "SSL_CERT_FILE": authorities, "NODE_EXTRA_CA_CERTS": authorities,
        ]
    }
}
