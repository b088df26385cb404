import NIOCore
import NIOHTTP1
import WSLimits
package import WSLink

/// An HTTP proxy that opens tunnels with CONNECT (RFC 9110, 9.3.6).
package struct TunnelProxy: Sendable, Hashable {
    /// The name or address of the proxy's host.
    package var host: String
    /// The TCP port of the proxy.
    package var port: Int
    /// The value of Proxy-Authorization; nil for none.
    package var authorization: String?

    /// Creates a proxy; nothing is connected yet.
    package init(host: String, port: Int, authorization: String? = nil) {
        self.host = host
        self.port = port
        self.authorization = authorization
    }

    /// Where connections to the proxy go.
    package var endpoint: Endpoint { .tcp(host: host, port: port) }

    /// The proxy in messages.
    var name: String { "the proxy \(endpoint)" }
}

/// Why a proxy did not open a tunnel, in one line.
struct TunnelFailure: Error, CustomStringConvertible {
    let description: String
}

/// Has a proxy open a tunnel on a new channel, before the handlers above it see the channel become active.
///
/// ```
///            active             2xx               codecs are removed
/// (added) ──────────► asking ──────► leaving ────────────────────────► (removed; active above)
///                       │               │
///                       └───────────────┴──► failed: the channel is closed, the handlers above see nothing
/// ```
///
/// Servers of HTTP and TLS wait for their clients, so that octets right behind the head of a 2xx are no tunnel's: they
/// are the page of something that is no proxy.
final class ProxyTunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private enum State {
        case asking
        case leaving
        case over
        case failed
    }

    private let proxy: TunnelProxy
    /// Host and port at which the tunnel ends.
    private let target: Endpoint
    private let deadline: NIODeadline
    private let limit: LinkDuration
    private let onFailure: (TunnelFailure) -> Void
    private let encoder = HTTPRequestEncoder()
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private var state = State.asking
    private var timer: Scheduled<Void>?

    /// Creates the handler of a tunnel.
    ///
    /// - Parameters:
    ///   - proxy: The proxy at the other end of the channel.
    ///   - target: Host and port at which the tunnel ends.
    ///   - start: When the connection began.
    ///   - limit: How long connection and tunnel may take.
    ///   - onFailure: Receives the reason, at most once, before the channel is closed.
    private init(
        _ proxy: TunnelProxy,
        to target: Endpoint,
        start: NIODeadline,
        limit: LinkDuration,
        onFailure: @escaping (TunnelFailure) -> Void
    ) {
        self.proxy = proxy
        self.target = target
        self.limit = limit
        self.onFailure = onFailure
        deadline = start + .nanoseconds(limit.nanoseconds)
        var bounds = NIOHTTPDecoderLimitConfiguration()
        bounds.maxHeaderFieldSize = Limits.proxyHead.value
        bounds.maxHeaderListSize = Limits.proxyHead.value
        decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: bounds)
        )
    }

    /// Adds a tunnel to the end of a new channel's pipeline; nothing is added without a proxy.
    ///
    /// - Parameters:
    ///   - proxy: The proxy; nil for none.
    ///   - target: Host and port at which the tunnel ends.
    ///   - channel: The channel, which is not active yet.
    ///   - start: When the connection began.
    ///   - limit: How long connection and tunnel may take.
    ///   - onFailure: Receives the reason, at most once, before the channel is closed.
    /// - Throws: An error if the channel is closed already.
    static func add(
        _ proxy: TunnelProxy?,
        to target: Endpoint,
        in channel: any Channel,
        start: NIODeadline,
        limit: LinkDuration,
        onFailure: @escaping (TunnelFailure) -> Void
    ) throws {
        guard let proxy else { return }
        let tunnel = ProxyTunnelHandler(proxy, to: target, start: start, limit: limit, onFailure: onFailure)
        try channel.pipeline.syncOperations.addHandlers([tunnel.encoder, tunnel.decoder, tunnel])
    }

    // MARK: - Channel events

    func channelActive(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.fail(.silent, context)
        }
        var head = HTTPRequestHead(version: .http1_1, method: .CONNECT, uri: "\(target)")
        head.headers.add(name: "Host", value: "\(target)")
        if let authorization = proxy.authorization {
            head.headers.add(name: "Proxy-Authorization", value: authorization)
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .asking: read(unwrapInboundIn(data), context)
        case .leaving: fail(.early, context)
        case .over: context.fireChannelRead(data)
        case .failed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .over = state { context.fireChannelReadComplete() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (state, event) {
        case (.asking, ChannelEvent.inputClosed), (.leaving, ChannelEvent.inputClosed): fail(.ended, context)
        case (.failed, _): break
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (state, error) {
        case (.over, _): context.fireErrorCaught(error)
        case (.failed, _): break
        case (_, is IOError): fail(.ended, context)
        case (.leaving, _): fail(.early, context)
        case (_, HTTPParserError.headerOverflow): fail(.endlessHead, context)
        case (_, _): fail(.notHTTP, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.ended, context)
        if case .over = state { context.fireChannelInactive() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    // MARK: - The answer

    private func read(_ part: HTTPClientResponsePart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            guard (200...299).contains(head.status.code) else { return fail(.refused(head), context) }
            // RFC 9110 has no content here, so that this is what a web server answers to a method that it ignores.
            let lengths = head.headers["Content-Length"]
            if lengths.contains(where: { $0 != "0" }) { fail(.page(head.status.code), context) }
        case .body: break
        case .end: if case .asking = state { leave(context) }
        }
    }

    /// Removes the codecs, because what follows is no HTTP, and then lets the handlers above begin.
    private func leave(_ context: ChannelHandlerContext) {
        state = .leaving
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(encoder).and(pipeline.removeHandler(decoder)).assumeIsolated().whenComplete { _ in
            guard case .leaving = self.state else { return }
            self.state = .over
            self.timer?.cancel()
            context.fireChannelActive()
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
    }

    // MARK: - Why it failed

    private enum Trouble {
        case refused(HTTPResponseHead)
        case page(UInt)
        case early
        case notHTTP
        case endlessHead
        case ended
        case silent
    }

    private func fail(_ trouble: Trouble, _ context: ChannelHandlerContext) {
        switch state {
        case .asking, .leaving: state = .failed
        case .over, .failed: return
        }
        timer?.cancel()
        onFailure(TunnelFailure(description: describe(trouble)))
        context.close(promise: nil)
    }

    private func describe(_ trouble: Trouble) -> String {
        let check = "check that it is an HTTP proxy"
        return switch trouble {
        case .refused(let head): describe(head)
        case .page(let code): "\(proxy.name) answered CONNECT with a page (\(code)) in place of a tunnel; \(check)"
        case .early: "\(proxy.name) sent octets right behind its answer to CONNECT, as no tunnel does; \(check)"
        case .notHTTP: "\(proxy.name) does not answer CONNECT in HTTP; \(check)"
        case .endlessHead: "\(proxy.name) answered CONNECT with a head above \(Limits.proxyHead.text); \(check)"
        case .ended: "\(proxy.name) closed the connection without an answer to CONNECT; \(check)"
        case .silent:
            "\(proxy.name) did not open a tunnel to \(target) within \(limit.text); check that it may connect there, or "
                + "raise --timeout"
        }
    }

    private func describe(_ head: HTTPResponseHead) -> String {
        let code = head.status.code
        switch code {
        // Some proxies answer wrong credentials with the status that servers have for it.
        case 407, 401:
            let schemes = head.headers["Proxy-Authenticate"].map(Self.scheme)
            if !schemes.isEmpty, !schemes.contains("basic") {
                let names = schemes.prefix(3).joined(separator: ", ")
                return
                    "\(proxy.name) wants credentials by '\(names)' (\(code)), and only Basic is spoken; use another proxy"
            }
            guard proxy.authorization != nil else {
                return "\(proxy.name) wants credentials (\(code)); write --proxy http://USER:PASSWORD@\(proxy.endpoint)"
            }
            return "\(proxy.name) refuses the credentials (\(code)); check user and password of --proxy"
        case 403, 451:
            return "\(proxy.name) refuses tunnels to \(target) (\(code)); allow them there, or take another way"
        case 502, 503, 504, 500, 429:
            return
                "\(proxy.name) could not connect to \(target) (\(code)); check that address, and what the proxy reaches"
        default:
            return "\(proxy.name) answered CONNECT with \(code) in place of a tunnel; check that it is an HTTP proxy"
        }
    }

    /// The name of a scheme of authentication, in lower case, without what is none of a name.
    private static func scheme(_ challenge: String) -> String {
        let name = challenge.prefix { $0 != " " && $0 != "," }.lowercased()
        return String(name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }.prefix(20))
    }
}
