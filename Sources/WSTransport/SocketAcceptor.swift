import NIOCore
import NIOPosix
import Synchronization
import WSLink

/// Listens on one endpoint and runs a machine on each connection.
final class SocketAcceptor: Acceptor {
    let endpoint: Endpoint
    private let channel: any Channel
    private let accepted: AcceptedChannels
    /// The file to remove before the channel is closed; nil if there is none, or it was removed.
    private let file: Mutex<SocketFile?>

    private init(endpoint: Endpoint, channel: any Channel, accepted: AcceptedChannels, file: SocketFile?) {
        self.endpoint = endpoint
        self.channel = channel
        self.accepted = accepted
        self.file = Mutex(file)
    }

    /// Begins to listen; each connection gets a machine of its own.
    static func listen(
        at endpoint: Endpoint,
        connectTimeout: LinkDuration,
        security: (any ChannelSecurity)?,
        group: any EventLoopGroup,
        makeMachine: @escaping @Sendable (LinkWaker) -> any LinkMachine
    ) async throws(ListenFailure) -> SocketAcceptor {
        let accepted = AcceptedChannels()
        let isTCP = endpoint.port != nil
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: backlog)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let security = try LinkSecurity(security, in: channel, peer: "the client", limit: connectTimeout)
                    let waker = LinkWaker { channel.pipeline.fireUserInboundEventTriggered(WakeUp()) }
                    try add(makeMachine(waker), to: channel, isTCP: isTCP, security)
                    accepted.add(channel)
                }
            }
        do {
            switch endpoint {
            case .tcp(let host, let port):
                let channel = try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .bind(host: host, port: port).get()
                let found = Endpoint.tcp(
                    host: channel.localAddress?.ipAddress ?? host,
                    port: channel.localAddress?.port ?? port
                )
                return SocketAcceptor(endpoint: found, channel: channel, accepted: accepted, file: nil)
            case .unixSocket(let path):
                let (socket, file) = try UnixSocket.bind(to: path)
                do {
                    let channel = try await bootstrap.withBoundSocket(socket).get()
                    // SwiftNIO listens on a bound socket with its own backlog, whatever the option says.
                    UnixSocket.listen(on: socket, backlog: backlog)
                    return SocketAcceptor(endpoint: endpoint, channel: channel, accepted: accepted, file: file)
                } catch {
                    file.remove()
                    throw error
                }
            }
        } catch {
            throw ListenFailure(error, at: endpoint)
        }
    }

    /// Stops accepting; open connections go on.
    func close() async {
        // While the socket is open, no other file can be mistaken for its own.
        file.withLock { file in
            file?.remove()
            file = nil
        }
        try? await channel.close().get()
    }

    /// Stops accepting, and ends every open connection as if its machine had closed it.
    ///
    /// - Returns: After all machines have received the end of their link.
    func closeAll() async {
        await close()
        await accepted.closeAll()
    }

    private static let backlog: Int32 = 1024

    private static func add(
        _ machine: some LinkMachine,
        to channel: any Channel,
        isTCP: Bool,
        _ security: LinkSecurity?
    ) throws {
        try channel.pipeline.syncOperations.addHandler(
            MachineHandler(
                machine: machine,
                start: NIODeadline.now(),
                // No task waits for the machine of an accepted connection.
                finished: nil,
                probe: nil,
                isTCP: isTCP,
                security: security
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
