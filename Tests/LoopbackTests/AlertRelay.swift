import NIOCore
import NIOPosix
import Synchronization
import WSLink

/// A relay between both sides of TLS 1.3 that makes the server complain.
///
/// It puts a record that nobody can decrypt behind the client's first one with data.
///
/// What the server says from then on is held back until its end, so that it reaches the client in one segment.
final class AlertRelay: Sendable {
    private let channel: any Channel
    private let held: Held

    /// Runs a body while a relay listens before a server.
    static func listening<Result>(
        before server: Endpoint,
        _ body: (AlertRelay) async throws -> Result
    ) async throws -> Result {
        let held = Held()
        let channel = try await ServerBootstrap(group: Loopback.group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Near(server.port ?? 0, held))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let relay = AlertRelay(channel: channel, held: held)
        do {
            let result = try await body(relay)
            try await channel.close().get()
            return result
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    private init(channel: any Channel, held: Held) {
        (self.channel, self.held) = (channel, held)
    }

    /// Where it listens.
    var endpoint: Endpoint { .tcp(host: "127.0.0.1", port: channel.localAddress?.port ?? 0) }

    /// The lengths of the records that were held back.
    var heldRecords: [Int] {
        var (lengths, rest): ([Int], ByteBuffer) = ([], held.octets.withLock { $0 ?? ByteBuffer() })
        while let header = rest.readBytes(length: 5) {
            let length = Int(header[3]) << 8 | Int(header[4])
            lengths.append(length)
            rest.moveReaderIndex(forwardBy: min(length, rest.readableBytes))
        }
        return lengths
    }

    /// What the server has said since it was made to complain; nil before that.
    private final class Held: Sendable {
        let octets = Mutex<ByteBuffer?>(nil)
    }

    /// The end at the client.
    private final class Near: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let (port, held): (Int, Held)
        private var server: (any Channel)?
        private var waiting = ByteBuffer()
        private var records = 0

        init(_ port: Int, _ held: Held) {
            (self.port, self.held) = (port, held)
        }

        func channelActive(context: ChannelHandlerContext) {
            let (near, held) = (context.channel, held)
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Far(near, held))
                    }
                }
                .connect(host: "127.0.0.1", port: port).assumeIsolated().whenComplete { result in
                    guard case .success(let channel) = result else { return context.close(promise: nil) }
                    self.server = channel
                    self.pass()
                }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var octets = unwrapInboundIn(data)
            waiting.writeBuffer(&octets)
            pass()
        }

        func channelInactive(context: ChannelHandlerContext) {
            server?.close(promise: nil)
        }

        /// Passes whole records on, and ours behind the second one of type 23; the first is the end of the handshake.
        private func pass() {
            guard let server else { return }
            while let header = waiting.getBytes(at: waiting.readerIndex, length: 5),
                var record = waiting.readSlice(length: 5 + Int(header[3]) << 8 + Int(header[4]))
            {
                if header[0] == 23 { records += 1 }
                if header[0] == 23, records == 2 {
                    held.octets.withLock { $0 = ByteBuffer() }
                    record.writeBytes([23, 3, 3, 0, 40] + [UInt8](repeating: 0x55, count: 40))
                }
                server.writeAndFlush(record, promise: nil)
            }
        }
    }

    /// The end at the server.
    private final class Far: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let (near, held): (any Channel, Held)

        init(_ near: any Channel, _ held: Held) {
            (self.near, self.held) = (near, held)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var octets = unwrapInboundIn(data)
            let isHeld = held.octets.withLock { held -> Bool in
                _ = held?.writeBuffer(&octets)
                return held != nil
            }
            if !isHeld { near.writeAndFlush(octets, promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            let octets = held.octets.withLock { $0 ?? ByteBuffer() }
            let near = near
            near.writeAndFlush(octets).whenComplete { _ in near.close(promise: nil) }
        }
    }
}
