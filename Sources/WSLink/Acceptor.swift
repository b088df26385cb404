/// Accepts links at an endpoint and runs a machine on each.
package protocol Acceptor: Sendable {
    /// Where links are accepted, with the port that was found where a free one was asked for.
    var endpoint: Endpoint { get }

    /// Stops accepting; open links go on.
    func close() async

    /// Stops accepting, and ends every open link as if its machine had closed it.
    ///
    /// - Returns: once all machines have seen their link end.
    func closeAll() async
}
