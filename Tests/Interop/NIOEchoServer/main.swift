// An echo server on SwiftNIO's `NIOWebSocket`, written the way its users write one: the frame decoder, its automatic
// answer to protocol errors, the frame aggregator, and a handler. What NIOWebSocket leaves to its user and most users
// leave alone (reserved bits, UTF-8, close codes) is left alone here too: this is a peer to be judged, not a model.

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Echoes whole messages, answers Ping, and answers Close with the code that came.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private var isClosing = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary:
            send(frame.opcode, frame.unmaskedData, context: context)
        case .ping:
            send(.pong, frame.unmaskedData, context: context)
        case .pong:
            break
        case .connectionClose:
            var body = frame.unmaskedData
            close(body.readSlice(length: 2) ?? ByteBuffer(), context: context)
        default:
            closeOnProtocolError(context: context)
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
            closeOnProtocolError(context: context)
        default:
            context.close(promise: nil)
        }
    }

    private func send(_ opcode: WebSocketOpcode, _ body: ByteBuffer, context: ChannelHandlerContext) {
        context.write(Self.wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: body)), promise: nil)
    }

    private func closeOnProtocolError(context: ChannelHandlerContext) {
        guard !isClosing else { return }
        var body = ByteBuffer()
        body.write(webSocketErrorCode: .protocolError)
        close(body, context: context)
    }

    private func close(_ body: ByteBuffer, context: ChannelHandlerContext) {
        isClosing = true
        let channel = context.channel
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: body)
        context.writeAndFlush(Self.wrapOutboundOut(frame)).whenComplete { _ in channel.close(promise: nil) }
    }
}

/// Refuses what is no handshake, and ends the connection behind every error.
///
/// NIO's pipeline hands on requests that it does not upgrade, and errors that it has answered with 400: both are its
/// user's to bring to an end.
final class RefusalHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var isVersionWrong = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            isVersionWrong = head.headers["Sec-WebSocket-Version"].contains { $0 != "13" }
        case .body:
            break
        case .end:
            refuse(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A parser error has been answered with 400 by now.
        context.close(promise: nil)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        var headers = HTTPHeaders([("Content-Length", "0"), ("Connection", "close")])
        if isVersionWrong {
            headers.replaceOrAdd(name: "Connection", value: "Upgrade, close")
            headers.add(name: "Upgrade", value: "websocket")
            headers.add(name: "Sec-WebSocket-Version", value: "13")
        }
        let status = isVersionWrong ? HTTPResponseStatus.upgradeRequired : .badRequest
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        let channel = context.channel
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}

/// The largest message the suites send is 16 MiB.
let messageLimit = 1 << 26
/// 4 MiB in fragments of 64 bytes are 65 536 frames and an empty last one.
let fragmentLimit = 1 << 17

/// The port of `--port N`, 0 without options, nil when the options are something else.
func requestedPort(_ options: ArraySlice<String>) -> UInt16? {
    if options.isEmpty { return 0 }
    guard options.count == 2, options.first == "--port" else { return nil }
    return options.last.flatMap { UInt16($0) }
}

guard let port = requestedPort(CommandLine.arguments.dropFirst()) else {
    print("usage: nio-echo-server [--port N]")
    exit(64)
}

let upgrader = NIOWebSocketServerUpgrader(
    maxFrameSize: messageLimit,
    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
    upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
            let aggregator = NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0,
                maxAccumulatedFrameCount: fragmentLimit,
                maxAccumulatedFrameSize: messageLimit
            )
            try channel.pipeline.syncOperations.addHandlers([aggregator, EchoHandler()])
        }
    }
)

let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .serverChannelOption(.backlog, value: 256)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                withServerUpgrade: (
                    upgraders: [upgrader],
                    completionHandler: { context in
                        let pipeline = context.pipeline.syncOperations
                        if let refusal = try? pipeline.handler(type: RefusalHandler.self) {
                            pipeline.removeHandler(refusal, promise: nil)
                        }
                    }
                )
            )
            try channel.pipeline.syncOperations.addHandler(RefusalHandler())
        }
    }
    .bind(host: "127.0.0.1", port: Int(port))
    .get()

print("listening 127.0.0.1:\(server.localAddress?.port ?? 0)")
fflush(nil)
try await server.closeFuture.get()
