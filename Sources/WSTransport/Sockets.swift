package import NIOCore
import NIOPosix
package import WSLink

/// The one place that makes dialers and acceptors; what they are made of stays inside the module.
package enum Sockets {
    /// Makes a dialer; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - endpoint: where it connects to.
    ///   - connectTimeout: how long a connection may take to come about.
    ///   - group: the event loops that connections live on.
    /// - Returns: the dialer, which any number of tasks may use at a time.
    package static func dialer(
        to endpoint: Endpoint,
        connectTimeout: LinkDuration,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) -> any Dialer {
        SocketDialer(endpoint: endpoint, connectTimeout: connectTimeout, group: group)
    }

    /// Begins to accept links; each gets a machine of its own.
    ///
    /// - Parameters:
    ///   - endpoint: where to listen.
    ///   - group: the event loops that connections live on.
    ///   - makeMachine: makes the machine of a link.
    /// - Throws: ``ListenFailure`` when the endpoint cannot be listened on.
    /// - Returns: the acceptor, until it is closed.
    package static func accept(
        at endpoint: Endpoint,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        makeMachine: @escaping @Sendable () -> any LinkMachine
    ) async throws(ListenFailure) -> any Acceptor {
        try await accept(at: endpoint, group: group) { (_: LinkWaker) in makeMachine() }
    }

    /// Begins to accept links with machines that wait for what happens elsewhere: each is given what wakes it.
    ///
    /// - Throws: ``ListenFailure`` when the endpoint cannot be listened on.
    /// - Returns: the acceptor, until it is closed.
    package static func accept(
        at endpoint: Endpoint,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        makeMachine: @escaping @Sendable (LinkWaker) -> any LinkMachine
    ) async throws(ListenFailure) -> any Acceptor {
        try await SocketAcceptor.listen(at: endpoint, group: group, makeMachine: makeMachine)
    }
}
