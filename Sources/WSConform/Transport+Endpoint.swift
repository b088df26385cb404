package import WSLink
package import WSScenario
package import WSTransport

extension Transport {
    /// The transport of connections that come to an address.
    package init(over address: ListeningAddress) {
        self = address.isSecure ? .tls : Transport(over: address.endpoint)
    }

    /// The transport of connections to or from an endpoint, with or without a security layer.
    package init(over endpoint: Endpoint, security: (any ChannelSecurity)? = nil) {
        switch endpoint {
        case _ where security != nil: self = .tls
        case .tcp: self = .tcp
        case .unixSocket: self = .unixSocket
        }
    }
}
