package import NIOCore
import NIOPosix
package import WSLink

/// Creates dialers and acceptors; their types stay inside the module.
package enum Sockets {
    /// Makes a dialer; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - endpoint: The endpoint to connect to.
    ///   - proxy: The proxy whose tunnels lead there; nil to connect directly. Unix sockets are never behind one.
    ///   - connectTimeout: How long a connection attempt may take, including a tunnel and the handshake of the security
    ///     layer.
    ///   - security: The security layer of each connection; nil for none.
    ///   - rate: How many connections may begin in a second, probes included; nil for any number.
    ///   - group: The event loops for the connections.
    /// - Returns: The dialer, which any number of tasks may use at a time.
    package static func dialer(
        to endpoint: Endpoint,
        through proxy: TunnelProxy? = nil,
        connectTimeout: LinkDuration,
        security: (any ChannelSecurity)? = nil,
        rate: Int? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) -> any Dialer {
        SocketDialer(
            endpoint: endpoint,
            proxy: endpoint.port == nil ? nil : proxy,
            connectTimeout: connectTimeout,
            security: security,
            rate: rate.map { ConnectionRate(perSecond: $0) },
            group: group
        )
    }

    /// Looks up the first address of a host; nil if the name is not known.
    package static func address(of host: String) async -> String? {
        let found = try? await NIOThreadPool.singleton.runIfActive {
            try SocketAddress.makeAddressResolvingHost(host, port: 0)
        }
        return found?.ipAddress
    }

    /// Begins to accept links; each gets a machine of its own.
    ///
    /// - Parameters:
    ///   - endpoint: The endpoint to listen on.
    ///   - connectTimeout: How long the handshake of a connection's security layer may take.
    ///   - security: The security layer of each connection; nil for none.
    ///   - group: The event loops for the connections.
    ///   - makeMachine: Creates the machine of a link.
    /// - Throws: ``ListenFailure`` if it is not possible to listen on the endpoint.
    /// - Returns: The acceptor, which listens until it is closed.
    package static func accept(
        at endpoint: Endpoint,
        connectTimeout: LinkDuration,
        security: (any ChannelSecurity)? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        makeMachine: @escaping @Sendable () -> any LinkMachine
    ) async throws(ListenFailure) -> any Acceptor {
        try await accept(at: endpoint, connectTimeout: connectTimeout, security: security, group: group) {
            (_: LinkWaker) in makeMachine()
        }
    }

    /// Begins to accept links with machines that may wait for other events; each gets a waker.
    ///
    /// - Throws: ``ListenFailure`` if it is not possible to listen on the endpoint.
    /// - Returns: The acceptor, which listens until it is closed.
    package static func accept(
        at endpoint: Endpoint,
        connectTimeout: LinkDuration,
        security: (any ChannelSecurity)? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        makeMachine: @escaping @Sendable (LinkWaker) -> any LinkMachine
    ) async throws(ListenFailure) -> any Acceptor {
        try await SocketAcceptor.listen(
            at: endpoint,
            connectTimeout: connectTimeout,
            security: security,
            group: group,
            makeMachine: makeMachine
        )
    }
}
