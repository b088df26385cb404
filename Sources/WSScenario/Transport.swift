/// The transport of a WebSocket connection.
///
/// A scenario makes sense only on some transports (``Scenario/transports``).
package enum Transport: String, Sendable, Hashable, Codable, CaseIterable {
    /// HTTP/1.1 over TCP.
    case tcp
    /// HTTP/1.1 over a stream socket of the Unix domain.
    case unixSocket = "unix"
    /// HTTP/1.1 over TLS over TCP.
    case tls
    /// A stream of HTTP/2, over TLS or without it (RFC 8441).
    case http2

    /// The transports with an opening handshake of HTTP/1.1.
    package static let ofHTTP1: [Transport] = [.tcp, .unixSocket, .tls]
}

extension Scenario {
    /// The transports on which the scenario makes sense, in the order of ``Transport``.
    ///
    /// They are those that it is meant for (``meantFor``), without those on which it would mean something else than on
    /// TCP:
    ///
    /// - A scenario's own request or response consists of octets of HTTP/1.1, which HTTP/2 does not have.
    /// - FIN ends one direction of TCP and of a Unix socket. TLS has an alert for that, and HTTP/2 a flag.
    /// - Only TCP has a reset; a TLS connection has that of TCP.
    /// - A scenario that says how HTTP/2 is spoken is for HTTP/2 alone, where FIN is END_STREAM and a reset is
    ///   RST_STREAM.
    /// - A scenario that says how TLS is spoken is for TLS alone, where our FIN comes with the closing message or
    ///   without it.
    /// - The address of a Unix socket is a path, so a driver cannot be given another form of it.
    package var transports: [Transport] {
        guard stream == nil else { return meantFor.contains(.http2) ? [.http2] : [] }
        guard security == nil else { return meantFor.contains(.tls) ? [.tls] : [] }
        return Transport.allCases.filter { transport in
            meantFor.contains(transport) && transport.carries(opening) && script.allSatisfy(transport.carries)
                && scalingBaseline.map { transport.carries($0.opening) && $0.script.allSatisfy(transport.carries) }
                    ?? true
                && (transport != .unixSocket || driver.action?.isAddress != true)
        }
    }
}

extension Transport {
    private var hasFIN: Bool { self == .tcp || self == .unixSocket }
    private var hasReset: Bool { self == .tcp || self == .tls }

    fileprivate func carries(_ opening: Opening) -> Bool {
        switch opening {
        case .ordinary, .framesWithHandshake, .negotiating: true
        case .request, .response: self != .http2 && carries(opening.ending)
        }
    }

    private func carries(_ ending: RequestToSend.Ending?) -> Bool {
        switch ending {
        case .endOutput: hasFIN
        case .reset: hasReset
        case nil: true
        }
    }

    fileprivate func carries(_ step: Step) -> Bool {
        switch step {
        case .endOutput: hasFIN
        case .reset: hasReset
        default: true
        }
    }
}
