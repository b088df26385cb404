import NIOCore

/// Reads the two Hellos of a handshake on their way between BoringSSL and the socket.
///
/// It changes no octet. What comes is passed on in two parts, the last record by itself: if that is a fatal alert,
/// SwiftNIO's handler drops what it has decrypted since the last end of a read.
///
/// For a server it refuses clients that offer application protocols, and none that the server speaks (RFC 7301, 3.2).
/// BoringSSL goes on without a protocol there, and SwiftNIO has no way to make it refuse.
final class HelloTap: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The application protocols of a server that refuses clients with others; nil if nobody is refused.
    private let protocols: [String]?
    private var hasRefused = false
    private var inbound = HelloReader()
    private var borders = RecordBorders()
    private var outbound = HelloReader()
    /// What the client asked for.
    private(set) var client: ClientHello?
    /// What the server chose.
    private(set) var server: ServerHello?

    /// Creates a handler that belongs between the socket and the handler of BoringSSL.
    ///
    /// - Parameter protocols: The application protocols of a server, of which a client has to offer one if it offers
    ///   any; nil to let in whoever comes.
    init(requiring protocols: [String]? = nil) {
        self.protocols = protocols
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasRefused else { return }
        var octets = unwrapInboundIn(data)
        if !inbound.isDone {
            note(inbound.feed(octets.readableBytesUInt8Span))
            if let offered = client?.applicationProtocols, let protocols, !offered.isEmpty,
                !offered.contains(where: { protocols.contains($0) })
            {
                return refuse(NoSharedProtocol(offered: offered, spoken: protocols), context)
            }
        }
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

    /// Answers a ClientHello with the alert that no application protocol fits, and fails the handshake.
    private func refuse(_ why: NoSharedProtocol, _ context: ChannelHandlerContext) {
        hasRefused = true
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: NoSharedProtocol.alert)), promise: nil)
        context.fireErrorCaught(why)
    }

    private func note(_ hello: Hello?) {
        switch hello {
        case .client(let client): self.client = client
        case .server(let server): self.server = server
        case nil: break
        }
    }
}

/// A client offers application protocols, and none of them is spoken here.
struct NoSharedProtocol: Error, CustomStringConvertible {
    /// What the client offers.
    let offered: [String]
    /// What is spoken here.
    let spoken: [String]

    /// The fatal alert `no_application_protocol` (RFC 7301, 3.2) in a record of its own (RFC 8446, 5.1 and 6).
    static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 120]
    /// The most protocols that are told.
    private static let mostTold = 3

    var description: String {
        let more = offered.count > Self.mostTold ? " and \(offered.count - Self.mostTold) more" : ""
        let names = offered.prefix(Self.mostTold).map { String($0.prefix(40)) }.joined(separator: ", ") + more
        let wanted = spoken.joined(separator: " or ")
        return "let the client offer \(wanted), or no application protocol: it offers \(names) alone (RFC 7301, 3.2)"
    }
}
