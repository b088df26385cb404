import NIOCore

/// Reads the two Hellos of a handshake on their way between BoringSSL and the socket, and changes nothing.
final class HelloTap: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var inbound = HelloReader()
    private var outbound = HelloReader()
    /// What the client asked for.
    private(set) var client: ClientHello?
    /// What the server chose.
    private(set) var server: ServerHello?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !inbound.isDone {
            let octets = unwrapInboundIn(data)
            note(inbound.feed(octets.readableBytesUInt8Span))
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if !outbound.isDone {
            let octets = unwrapOutboundIn(data)
            note(outbound.feed(octets.readableBytesUInt8Span))
        }
        context.write(data, promise: promise)
    }

    private func note(_ hello: Hello?) {
        switch hello {
        case .client(let client): self.client = client
        case .server(let server): self.server = server
        case nil: break
        }
    }
}
