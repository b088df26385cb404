package import NIOCore
import NIOPosix
import Synchronization
package import WSLink

/// Accepts TCP connections and runs a machine on each.
package final class SocketAcceptor: Sendable {
    private let channel: any Channel
    private let accepted: AcceptedChannels

    /// The port that is listened on; of use where 0 was asked for.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// The address that is listened on, with its port.
    package var address: String {
        let host = channel.localAddress?.ipAddress ?? "?"
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private init(channel: any Channel, accepted: AcceptedChannels) {
        self.channel = channel
        self.accepted = accepted
    }

    /// Begins to listen; port 0 takes a free one, and each connection gets a machine of its own.
    ///
    /// - Throws: ``ListenFailure`` when the address cannot be listened on.
    /// - Returns: the listener, until it is closed.
    package static func listen(
        host: String,
        port: Int,
        group: any EventLoopGroup,
        makeMachine: @escaping @Sendable () -> any LinkMachine
    ) async throws(ListenFailure) -> SocketAcceptor {
        try await listen(host: host, port: port, group: group) { (_: LinkWaker) in makeMachine() }
    }

    /// Begins to listen with machines that wait for what happens elsewhere: each is given what wakes it.
    ///
    /// - Throws: ``ListenFailure`` when the address cannot be listened on.
    /// - Returns: the listener, until it is closed.
    package static func listen(
        host: String,
        port: Int,
        group: any EventLoopGroup,
        makeMachine: @escaping @Sendable (LinkWaker) -> any LinkMachine
    ) async throws(ListenFailure) -> SocketAcceptor {
        let accepted = AcceptedChannels()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let waker = LinkWaker { channel.pipeline.fireUserInboundEventTriggered(WakeUp()) }
                    try add(makeMachine(waker), to: channel)
                    accepted.add(channel)
                }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.bind(host: host, port: port).get()
        } catch {
            throw ListenFailure(error)
        }
        return SocketAcceptor(channel: channel, accepted: accepted)
    }

    /// Stops accepting; open connections go on.
    package func close() async {
        try? await channel.close().get()
    }

    /// Stops accepting, and ends every open connection as if its machine had closed it.
    ///
    /// - Returns: once all machines have seen their link end.
    package func closeAll() async {
        await close()
        await accepted.closeAll()
    }

    private static func add(_ machine: some LinkMachine, to channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(
            MachineHandler(
                machine: machine,
                start: NIODeadline.now(),
                // Nobody waits for the machine of an accepted connection.
                finished: nil,
                probe: nil
            )
        )
    }
}

/// The connections that were accepted and are open.
private final class AcceptedChannels: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Keeps a channel for as long as it is open.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in
            self.channels.withLock { $0[id] = nil }
        }
    }

    /// Closes every channel, and waits until all are closed.
    func closeAll() async {
        let open = channels.withLock { Array($0.values) }
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(CloseHere()) }
        for channel in open { try? await channel.closeFuture.get() }
    }
}
