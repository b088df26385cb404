import NIOCore
import WSLink

/// The security layer of one channel, for the handler of the link.
struct LinkSecurity {
    /// The layer.
    let layer: any ChannelSecurity
    /// The name of the peer in messages.
    let peer: String
    /// How long it may take from the start of the connection to the end of the handshake.
    let limit: LinkDuration
    /// Closes the channel below the layer.
    private let bottom: ChannelBottom
    /// The pipeline of the channel.
    private let pipeline: ChannelPipeline.SynchronousOperations

    /// Adds a layer to the pipeline of a new channel; the result is nil if there is no layer.
    ///
    /// - Throws: ``HandshakeFailure`` if the layer cannot be set up.
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
        pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(bottom)
        do {
            try layer.addHandlers(to: pipeline)
        } catch {
            let why = layer.describe(error, in: pipeline)
            throw HandshakeFailure("the \(layer.name) handshake with \(peer) cannot begin: \(why)")
        }
    }

    /// Closes the channel immediately, without a closing message of the layer.
    func closeBelow() {
        bottom.close()
    }

    /// Ends the output of the channel without a closing message of the layer.
    func closeOutputBelow() {
        bottom.closeOutput()
    }

    /// What the handshake agreed on.
    func facts(applicationProtocol: String?) -> LinkSecurityFacts {
        layer.facts(of: pipeline, applicationProtocol: applicationProtocol)
    }

    // MARK: - Why the handshake failed

    /// Describes an error that came before the handshake was done.
    func failure(_ error: any Error) -> String {
        // Errors of the network are not the layer's to describe.
        error is IOError
            ? "\(peer) reset the connection in the \(layer.name) handshake; check that it speaks \(layer.name)"
            : "the \(layer.name) handshake with \(peer) failed: \(layer.describe(error, in: pipeline))"
    }

    /// The description of a stream that ended before the handshake was done.
    var ended: String {
        "\(peer) ended the connection in the \(layer.name) handshake; check that it speaks \(layer.name)"
    }

    /// The description of a handshake that took longer than the limit.
    var timedOut: String {
        "\(peer) did not finish the \(layer.name) handshake within \(limit.text); check that it speaks \(layer.name)"
    }
}

extension LinkDuration {
    /// The duration in seconds for messages, such as `5 s` or `0.25 s`.
    var text: String {
        let seconds = (Double(nanoseconds) / 1e7).rounded() / 100
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}

/// The reason why a handshake failed, in one line.
struct HandshakeFailure: Error {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The handler next to the socket, which can close the channel without involving the handlers above it.
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

    func closeOutput() {
        context?.close(mode: .output, promise: nil)
    }
}
