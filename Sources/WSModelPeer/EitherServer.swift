import WSHTTP2Link
package import WSLink

/// A model server that speaks HTTP/2 with a client that begins with its preface, and HTTP/1.1 with any other.
///
/// ```
/// beginning ── preface ──► HTTP/2: a model server on each stream
///     └─────── anything else ──► HTTP/1.1: one model server
/// ```
package struct EitherServer: LinkMachine {
    private let settings: ModelServerSettings
    /// What has come of a preface; nil once it is clear whether it is one.
    private var beginning: [UInt8]? = []
    /// Who has the connection over HTTP/1.1, and waits for a request at its beginning; nil over HTTP/2.
    private var server: ModelServer?
    /// Who has the connection over HTTP/2.
    private var link: HTTP2Link?

    /// Creates a server for one connection.
    package init(_ settings: ModelServerSettings) {
        self.settings = settings
        server = ModelServer(settings)
    }

    package var securityWish: LinkSecurityWish {
        var wish = LinkSecurityWish.usual
        wish.applicationProtocols = ["h2", "http/1.1"]
        return wish
    }

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        server?.linkConnected(at: now, actions: &actions)
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        guard var octets = beginning.take() else {
            server?.linkReceived(bytes, at: now, actions: &actions)
            link?.linkReceived(bytes, at: now, actions: &actions)
            return
        }
        for index in bytes.indices { octets.append(bytes[index]) }
        let preface = HTTP2Link.clientPreface
        if octets.starts(with: preface) {
            server = nil
            link = HTTP2Link(serving: settings)
            // Its first timer takes the place of the handshake's, which has the same number.
            link?.linkConnected(at: now, actions: &actions)
            link?.linkReceived(octets.span, at: now, actions: &actions)
        } else if preface.starts(with: octets) {
            beginning = octets
        } else {
            server?.linkReceived(octets.span, at: now, actions: &actions)
        }
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        server?.linkWritable(at: now, actions: &actions)
        link?.linkWritable(at: now, actions: &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        server?.linkTimerFired(timer, at: now, actions: &actions)
        link?.linkTimerFired(timer, at: now, actions: &actions)
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        link?.linkProbesAnswered(at: now, actions: &actions)
    }

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        server?.linkEnded(end, at: now)
        link?.linkEnded(end, at: now)
    }
}
