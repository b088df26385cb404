package import NIOCore
import NIOPosix
package import WSLink

/// Accepts TCP connections and runs a machine on each.
package final class TCPListener: Sendable {
    private let channel: any Channel

    /// The port that is listened on; of use where 0 was asked for.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// The address that is listened on, with its port.
    package var address: String {
        let host = channel.localAddress?.ipAddress ?? "?"
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private init(channel: any Channel) {
        self.channel = channel
    }

    /// Begins to listen; port 0 takes a free one, and each connection gets a machine of its own.
    ///
    /// - Throws: what the system says when the address cannot be listened on.
    /// - Returns: the listener, until it is closed.
    package static func listen(
        host: String,
        port: Int,
        group: any EventLoopGroup,
        makeMachine: @escaping @Sendable () -> any LinkMachine
    ) async throws -> TCPListener {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try add(makeMachine(), to: channel)
                }
            }
            .bind(host: host, port: port)
            .get()
        return TCPListener(channel: channel)
    }

    /// Stops accepting; open connections go on.
    package func close() async {
        try? await channel.close().get()
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
