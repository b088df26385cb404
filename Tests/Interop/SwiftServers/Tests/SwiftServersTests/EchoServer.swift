import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// An echo server on SwiftNIO's `NIOWebSocket`, as a test suite of a server has one.
///
/// What NIOWebSocket leaves to its user and most users leave alone, such as reserved bits and UTF-8, is left alone.
enum EchoServer {
    /// Listens on a free port of this machine.
    ///
    /// - Returns: The port.
    static func listen() async throws -> Int {
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: 1 << 26,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let aggregator = NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0,
                        maxAccumulatedFrameCount: 1 << 17,
                        maxAccumulatedFrameSize: 1 << 26
                    )
                    try channel.pipeline.syncOperations.addHandlers([aggregator, EchoHandler()])
                }
            }
        )
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in })
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return channel.localAddress?.port ?? 0
    }
}

/// Echoes whole messages, answers Ping, and answers Close with the code that came.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Whether frames are masked, as those of a client are.
    private let isClient: Bool
    private var isClosing = false

    init(isClient: Bool = false) {
        self.isClient = isClient
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let frame = Self.unwrapInboundIn(data)
        var body = frame.unmaskedData
        switch frame.opcode {
        case .text, .binary: context.write(wrapped(frame.opcode, body), promise: nil)
        case .ping: context.write(wrapped(.pong, body), promise: nil)
        case .connectionClose: close(context, body.readSlice(length: 2) ?? ByteBuffer())
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is NIOWebSocketError:
            // NIOWebSocket has answered it already and closes the channel.
            isClosing = true
        case is NIOWebSocketFrameAggregator.Error:
            var body = ByteBuffer()
            body.write(webSocketErrorCode: .protocolError)
            close(context, body)
        default:
            context.close(promise: nil)
        }
    }

    private func close(_ context: ChannelHandlerContext, _ body: ByteBuffer) {
        guard !isClosing else { return }
        isClosing = true
        let channel = context.channel
        context.writeAndFlush(wrapped(.connectionClose, body)).whenComplete { _ in channel.close(promise: nil) }
    }

    private func wrapped(_ opcode: WebSocketOpcode, _ body: ByteBuffer) -> NIOAny {
        let key = isClient ? WebSocketMaskingKey.random() : nil
        return Self.wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, maskKey: key, data: body))
    }
}
