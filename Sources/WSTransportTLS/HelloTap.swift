import NIOCore

/// Reads the two Hellos of a handshake on their way between BoringSSL and the socket.
///
/// It changes no octet. What comes is passed on in two parts, the last record by itself: if that is a fatal alert,
/// SwiftNIO's handler drops what it has decrypted since the last end of a read.
final class HelloTap: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var inbound = HelloReader()
    private var borders = RecordBorders()
    private var outbound = HelloReader()
    /// What the client asked for.
    private(set) var client: ClientHello?
    /// What the server chose.
    private(set) var server: ServerHello?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var octets = unwrapInboundIn(data)
        if !inbound.isDone { note(inbound.feed(octets.readableBytesUInt8Span)) }
        let last = borders.startOfLast(in: octets.readableBytesUInt8Span)
        if last > 0, let others = octets.readSlice(length: last) {
            context.fireChannelRead(wrapInboundOut(others))
            context.fireChannelReadComplete()
            guard context.channel.isActive else { return }
        }
        context.fireChannelRead(wrapInboundOut(octets))
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
