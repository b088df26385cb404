import NIOCore
import WSLink

/// The security layer of one channel, as the handler of the link sees it.
struct LinkSecurity {
    /// The layer.
    let layer: any ChannelSecurity
    /// Whom the handshake is made with, in messages.
    let peer: String
    /// How long it may take from the beginning of the connection to the end of the handshake.
    let limit: LinkDuration
    /// Closes the channel below the layer.
    private let bottom: ChannelBottom

    /// Puts a layer into the pipeline of a new channel; nil where there is none to put.
    ///
    /// - Throws: ``HandshakeFailure`` where the layer cannot be put there.
    init?(
        _ layer: (any ChannelSecurity)?,
        in channel: any Channel,
        peer: String,
        limit: LinkDuration
    ) throws {
        guard let layer else { return nil }
        self.layer = layer
        self.peer = peer
        self.limit = limit
        bottom = ChannelBottom()
        try channel.pipeline.syncOperations.addHandler(bottom)
        do {
            try layer.addHandlers(to: channel.pipeline.syncOperations)
        } catch {
            throw HandshakeFailure("the \(layer.name) handshake with \(peer) cannot begin: \(layer.describe(error))")
        }
    }

    /// Closes the channel at once, without a closing message of the layer.
    func closeBelow() {
        bottom.close()
    }

    // MARK: - Why the handshake failed

    /// An error came up before the handshake was done.
    func failure(_ error: any Error) -> String {
        // What the network says is no matter of the layer's.
        error is IOError
            ? "\(peer) reset the connection in the \(layer.name) handshake; check that it speaks \(layer.name)"
            : "the \(layer.name) handshake with \(peer) failed: \(layer.describe(error))"
    }

    /// The stream ended before the handshake was done.
    var ended: String {
        "\(peer) ended the connection in the \(layer.name) handshake; check that it speaks \(layer.name)"
    }

    /// The time has passed before the handshake was done.
    var timedOut: String {
        let seconds = (Double(limit.nanoseconds) / 1e7).rounded() / 100
        let text = seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
        return "\(peer) did not finish the \(layer.name) handshake within \(text) s; check that it speaks \(layer.name)"
    }
}

/// Why there is no secure connection, in one line.
struct HandshakeFailure: Error {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The handler next to the socket: what it closes is closed without the handlers above having a say.
private final class ChannelBottom: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func close() {
        context?.close(promise: nil)
    }
}
