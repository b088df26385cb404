/// Accepts links at an endpoint and runs a machine on each.
package protocol Acceptor: Sendable {
    /// The endpoint, with the actual port if any free one was requested.
    var endpoint: Endpoint { get }

    /// Stops accepting; open links go on.
    func close() async

    /// Stops accepting, and ends every open link as if its machine had closed it.
    ///
    /// - Returns: After all machines have received the end of their link.
    func closeAll() async
}
