import NIOCore
import NIOPosix
import Synchronization
import WSTransport

/// An HTTP proxy on a port of 127.0.0.1 that opens tunnels, or does what hostile ones do.
final class TestProxy: Sendable {
    /// What it does when it has the head of a request.
    enum Manner: Sendable {
        /// Opens a tunnel with this answer; what it says behind the head comes before what the target says.
        case tunnels(String)
        /// Answers with these octets and leaves the connection open.
        case answers(String)
        /// Sends the beginning of a head, and then fields without an end.
        case answersEndlessly
        /// Closes the connection.
        case closes
        /// Says nothing.
        case silent
    }

    /// The answer of a proxy that has opened a tunnel.
    static let opened = "HTTP/1.1 200 Connection established\r\n\r\n"

    private let channel: any Channel
    private let seen: Requests

    /// Runs a body while a proxy listens.
    static func listening<Result>(
        _ manner: Manner,
        _ body: (TestProxy) async throws -> Result
    ) async throws -> Result {
        let seen = Requests()
        let channel = try await ServerBootstrap(group: Loopback.group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ProxyHandler(manner, seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = TestProxy(channel: channel, seen: seen)
        do {
            let result = try await body(proxy)
            try await channel.close().get()
            return result
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    private init(channel: any Channel, seen: Requests) {
        self.channel = channel
        self.seen = seen
    }

    /// The heads of the requests, in order.
    var requests: [String] { seen.all }

    /// Its address for the transport.
    func address(authorization: String? = nil) -> TunnelProxy {
        TunnelProxy(host: "127.0.0.1", port: channel.localAddress?.port ?? 0, authorization: authorization)
    }
}

private final class Requests: Sendable {
    private let held = Mutex<[String]>([])

    var all: [String] { held.withLock { $0 } }

    func add(_ head: String) {
        held.withLock { $0.append(head) }
    }
}

/// Reads the head of a request, and becomes one end of a tunnel.
private final class ProxyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let manner: TestProxy.Manner
    private let seen: Requests
    private var head = ""
    private var isAsked = false
    private var target: (any Channel)?
    private var early: [ByteBuffer] = []

    init(_ manner: TestProxy.Manner, _ seen: Requests) {
        self.manner = manner
        self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard !isAsked else {
            guard let target else { return early.append(buffer) }
            return target.writeAndFlush(buffer, promise: nil)
        }
        head += String(buffer: buffer)
        guard head.utf8.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
        isAsked = true
        seen.add(head)
        switch manner {
        case .tunnels(let answer): open(answer, context)
        case .answers(let answer): send(answer, context)
        case .answersEndlessly:
            send("HTTP/1.1 200 OK\r\n", context)
            sendFields(context)
        case .closes: context.close(promise: nil)
        case .silent: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return }
        if let target { target.close(mode: .output, promise: nil) } else { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        target?.close(promise: nil)
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    /// Sends fields for as long as the other side takes them.
    private func sendFields(_ context: ChannelHandlerContext) {
        let fields = ByteBuffer(
            string: String(repeating: "X-Field: \(String(repeating: "x", count: 100))\r\n", count: 64)
        )
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.sendFields(context) }
        context.writeAndFlush(wrapOutboundOut(fields), promise: written)
    }

    private func open(_ answer: String, _ context: ChannelHandlerContext) {
        let place = head.split(separator: " ")[1].split(separator: ":")
        guard let port = Int(place.last ?? "") else { return context.close(promise: nil) }
        let near = context.channel
        ClientBootstrap(group: context.eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FarEnd(near))
                }
            }
            // Names are the proxy's to look up.
            .connect(host: "127.0.0.1", port: port).assumeIsolated().whenComplete { result in
                guard case .success(let channel) = result else { return context.close(promise: nil) }
                self.target = channel
                self.send(answer, context)
                for buffer in self.early { channel.writeAndFlush(buffer, promise: nil) }
            }
    }
}

/// The end of a tunnel at the target.
private final class FarEnd: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let near: any Channel

    init(_ near: any Channel) {
        self.near = near
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        near.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { near.close(mode: .output, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        near.close(promise: nil)
    }
}
