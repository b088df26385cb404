package import WSLink
import WSRunner

/// Where clients under test find us.
package struct ServedAddress: Sendable, Hashable {
    /// The endpoint that we listen on.
    package var endpoint: Endpoint
    /// Whether TLS is spoken.
    package var isSecure: Bool
    /// The file with the authority that clients have to trust; nil if it is not ours to say.
    package var authorities: String?
    /// Whether HTTP/2 is spoken with clients that begin it.
    package var isHTTP2 = false

    /// Creates an address.
    package init(endpoint: Endpoint, isSecure: Bool, authorities: String?) {
        self.endpoint = endpoint
        self.isSecure = isSecure
        self.authorities = authorities
    }

    /// The scheme of the addresses for clients.
    package var scheme: String { isSecure ? "wss" : "ws" }

    /// The address without a path of a request.
    package var url: String { isSecure ? "wss://\(endpoint)" : endpoint.addressBase }

    /// The address of the page for browsers; nil on a Unix socket, which browsers do not open.
    package var page: String? {
        endpoint.socketPath == nil ? "\(isSecure ? "https" : "http")://\(endpoint)/" : nil
    }

    /// Variables that make common clients trust the authority, and tell a client to speak HTTP/2.
    var environment: [String: String] {
        var values = isHTTP2 ? ["WSCONFORM_HTTP2": "1"] : [:]
        guard let authorities else { return values }
        for name in ["WSCONFORM_CA_FILE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] { values[name] = authorities }
        return values
    }
}
