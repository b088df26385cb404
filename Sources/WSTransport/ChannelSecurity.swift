package import NIOCore

/// A security layer, such as TLS, between a link and its socket: what it puts into a channel, and what its errors mean.
///
/// The handlers do as those of SwiftNIO's TLS do:
///
/// - Once the handshake is done, and before any octet, `TLSUserEvent.handshakeCompleted` goes up. The link is connected
///   from then on, and not before.
/// - The peer's closing message goes up as `ChannelEvent.inputClosed`, which that of the socket never does. If the
///   stream below ends without it, an error goes up.
/// - To close the channel or its output sends a closing message first. What the peer does about it can hold up the end
///   of the channel for a bounded time only.
/// - Other events are passed on.
package protocol ChannelSecurity: Sendable {
    /// What it is called in messages.
    var name: String { get }

    /// Adds its handlers to the end of a new channel's pipeline; that of the link comes behind them.
    ///
    /// - Throws: an error for ``describe(_:)`` where that is impossible.
    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws

    /// Says in a few words why the handshake failed with an error of its handlers.
    func describe(_ error: any Error) -> String

    /// Whether an error of its handlers means that the stream below ended without the peer's closing message.
    func isTruncation(_ error: any Error) -> Bool
}
