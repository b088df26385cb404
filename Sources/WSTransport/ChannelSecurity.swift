package import NIOCore
package import WSLink

/// A security layer, such as TLS, between a link and its socket: what it puts into a channel, and what its errors mean.
///
/// Its handlers behave as those of SwiftNIO's TLS do:
///
/// - They fire `TLSUserEvent.handshakeCompleted` when the handshake is done, before they pass any octet up. The link is
///   connected from then on.
/// - They fire `ChannelEvent.inputClosed` for the closing message of the peer, or `TLSUserEvent.shutdownCompleted` if
///   it answers ours. If the stream below ends without that message, they fire an error; they do not pass the
///   `inputClosed` of the socket up before that error.
/// - They send a closing message before they close the channel or its output. Whatever the peer does then, the channel
///   is closed within a bounded time.
/// - They pass other events on.
package protocol ChannelSecurity: Sendable {
    /// The name of the layer in messages.
    var name: String { get }

    /// Returns the layer with the behaviour that a machine wishes for.
    ///
    /// - Throws: An error whose text says in one line why that is not possible.
    func adjusted(to wish: LinkSecurityWish) throws -> any ChannelSecurity

    /// Adds the handlers to the end of a new channel's pipeline; the handler of the link is added behind them.
    ///
    /// - Throws: An error for ``describe(_:in:)`` if the layer cannot be set up.
    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws

    /// Tells what the handshake agreed on, once it is done.
    ///
    /// - Parameters:
    ///   - pipeline: The pipeline with the handlers of this layer.
    ///   - applicationProtocol: The application protocol that was chosen; nil for none.
    /// - Returns: What a record may tell of it.
    func facts(
        of pipeline: ChannelPipeline.SynchronousOperations,
        applicationProtocol: String?
    ) -> LinkSecurityFacts

    /// Describes in a few words an error that made the handshake fail.
    func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String

    /// Whether an error of the handlers means that the stream below ended without the closing message of the peer.
    func isTruncation(_ error: any Error) -> Bool
}

extension ChannelSecurity {
    package func adjusted(to wish: LinkSecurityWish) throws -> any ChannelSecurity { self }
}
