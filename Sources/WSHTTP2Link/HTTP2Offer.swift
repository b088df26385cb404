import WSHTTP2
package import WSLink

/// What a server offers of WebSocket over HTTP/2, where it may choose HTTP/1.1 as well.
package enum HTTP2Offer: Sendable, Hashable {
    /// It chose `h2`, and its SETTINGS have ENABLE_CONNECT_PROTOCOL = 1 (RFC 8441 section 3).
    case webSocket
    /// It chose `h2`, and its SETTINGS do not have that.
    case noWebSocket
    /// It chose another application protocol, or none.
    case noHTTP2
    /// That could not be found out.
    case unknown

    /// Asks a server on a connection of its own, which ends when its SETTINGS have come.
    ///
    /// - Parameters:
    ///   - connections: Connects to the server over TLS.
    ///   - limit: How long its SETTINGS may take.
    /// - Returns: What it offers.
    package static func ask(over connections: any Dialer, limit: LinkDuration) async -> HTTP2Offer {
        let asking = HTTP2Link(client: [Asker()], .client(settingsLimit: limit))
        let link = await connections.run(asking) { _ in Asker() }
        guard let security = link.security else { return .unknown }
        guard security.applicationProtocol == "h2" else { return .noHTTP2 }
        guard link.hasSettings else { return .unknown }
        return link.observer.settings(.received).enableConnectProtocol == 1 ? .webSocket : .noWebSocket
    }
}

/// Offers both versions of HTTP, and wants nothing of a stream.
private struct Asker: LinkMachine {
    var securityWish: LinkSecurityWish {
        var wish = LinkSecurityWish.usual
        wish.applicationProtocols = ["h2", "http/1.1"]
        return wish
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) { actions.append(.reset) }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
