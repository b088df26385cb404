import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// Why a conversation did not come about.
enum ClientError: Error {
    /// The address is none of the form `ws://host:port/…`.
    case badAddress
    /// The other side did not switch protocols.
    case notUpgraded
    /// The control interface told no number of cases.
    case noCount
}

/// The largest message the suites send is 16 MiB.
private let messageLimit = 1 << 26
/// 4 MiB in fragments of 64 bytes are 65 536 frames and an empty last one.
private let fragmentLimit = 1 << 17

/// Holds a conversation until TCP has ended; returns the first text that was kept.
func converse(_ url: String, _ turn: Turn) async throws -> String? {
    let address = try Address(url)
    let upgraded = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: address.host, port: address.port) { channel in
            channel.eventLoop.makeCompletedFuture {
                let upgrader = NIOTypedWebSocketClientUpgrader<Upgraded>(
                    maxFrameSize: messageLimit,
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeSucceededFuture(addHandlers(to: channel, for: turn))
                    }
                )
                let upgrade = NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: request(to: address, for: turn),
                    upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.close(promise: nil)
                        return channel.eventLoop.makeFailedFuture(ClientError.notUpgraded)
                    }
                )
                var configuration = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
                // NIO's default drops what comes in one segment with the 101, and with it the first frames of any
                // server that speaks first: all of Autobahn's cases.
                configuration.leftOverBytesStrategy = .forwardBytes
                return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: configuration
                )
            }
        }
    let conversation = try await upgraded.get()
    try await begin(turn, on: conversation.channel)
    return try await conversation.told.get()
}

private func request(to address: Address, for turn: Turn) -> HTTPRequestHead {
    var headers = HTTPHeaders([("Host", "\(address.host):\(address.port)")])
    if !turn.subprotocols.isEmpty {
        headers.add(name: "Sec-WebSocket-Protocol", value: turn.subprotocols.joined(separator: ", "))
    }
    return HTTPRequestHead(version: .http1_1, method: .GET, uri: address.target, headers: headers)
}

/// A channel of WebSocket messages, and what is kept of them, which comes when it has closed.
private struct Upgraded: Sendable {
    var channel: any Channel
    var told: EventLoopFuture<String?>
}

/// Does what the case wants of its client by itself.
private func begin(_ turn: Turn, on channel: any Channel) async throws {
    switch turn.greeting {
    case .text(let text): try await channel.writeAndFlush(masked(.text, ByteBuffer(string: text)))
    case .binary(let octets): try await channel.writeAndFlush(masked(.binary, ByteBuffer(bytes: octets)))
    case nil: break
    }
    guard let close = turn.close else { return }
    var body = ByteBuffer()
    if let code = close.code {
        body.writeInteger(code)
        body.writeString(close.reason ?? "")
    }
    try await channel.writeAndFlush(masked(.connectionClose, body))
}

private func masked(_ opcode: WebSocketOpcode, _ body: ByteBuffer) -> WebSocketFrame {
    WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: body)
}

/// Makes the channel one of WebSocket messages.
private func addHandlers(to channel: any Channel, for turn: Turn) -> Upgraded {
    let aggregator = NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0,
        maxAccumulatedFrameCount: fragmentLimit,
        maxAccumulatedFrameSize: messageLimit
    )
    let told = channel.eventLoop.makePromise(of: String?.self)
    do {
        try channel.pipeline.syncOperations.addHandlers([aggregator, EchoHandler(turn, told: told)])
    } catch {
        told.fail(error)
    }
    return Upgraded(channel: channel, told: told.futureResult)
}

/// Where a `ws` URL leads to.
private struct Address {
    var host: String
    var port: Int
    var target: String

    init(_ url: String) throws {
        guard url.hasPrefix("ws://") else { throw ClientError.badAddress }
        let rest = url.dropFirst("ws://".count).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...]
        target = path.hasPrefix("/") ? String(path) : "/" + path
        let name = authority.prefix { $0 != ":" }
        host = String(name)
        let digits = authority[name.endIndex...].dropFirst()
        guard !host.isEmpty, let port = digits.isEmpty ? 80 : Int(digits) else { throw ClientError.badAddress }
        self.port = port
    }
}

/// Echoes whole messages, answers Ping, and answers Close with the code that came, unless ours is on its way.
private final class EchoHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let turn: Turn
    private let told: EventLoopPromise<String?>
    private var kept: String?
    private var isClosing = false
    private var hasSentClose = false

    init(_ turn: Turn, told: EventLoopPromise<String?>) {
        self.turn = turn
        self.told = told
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary:
            if turn.isEcho {
                send(frame.opcode, frame.unmaskedData, context: context)
            } else if kept == nil {
                kept = String(buffer: frame.unmaskedData)
            }
        case .ping:
            send(.pong, frame.unmaskedData, context: context)
        case .pong:
            break
        case .connectionClose:
            var body = frame.unmaskedData
            close(hasSentClose ? nil : body.readSlice(length: 2) ?? ByteBuffer(), context: context)
        default:
            closeOnProtocolError(context: context)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if Self.unwrapOutboundIn(data).opcode == .connectionClose { hasSentClose = true }
        context.write(data, promise: promise)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        told.succeed(kept)
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
        context.write(Self.wrapOutboundOut(masked(opcode, body)), promise: nil)
    }

    private func closeOnProtocolError(context: ChannelHandlerContext) {
        guard !isClosing else { return }
        var body = ByteBuffer()
        body.write(webSocketErrorCode: .protocolError)
        close(body, context: context)
    }

    /// Ends the connection, behind a Close frame if ours is not on its way yet.
    private func close(_ body: ByteBuffer?, context: ChannelHandlerContext) {
        isClosing = true
        if let body { send(.connectionClose, body, context: context) }
        context.flush()
        context.close(promise: nil)
    }
}
