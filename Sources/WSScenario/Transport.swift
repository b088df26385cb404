/// What carries a WebSocket connection between the peers.
///
/// A scenario makes sense on some of them (``Scenario/transports``). Runs use TCP today.
package enum Transport: String, Sendable, Hashable, Codable, CaseIterable {
    /// HTTP/1.1 over TCP.
    case tcp
    /// HTTP/1.1 over a stream socket of the Unix domain.
    case unixSocket = "unix"
    /// HTTP/1.1 over TLS over TCP.
    case tls
    /// A stream of HTTP/2 over TLS (RFC 8441).
    case http2

    /// Those on which the opening handshake is a request and a response of HTTP/1.1.
    package static let ofHTTP1: [Transport] = [.tcp, .unixSocket, .tls]
}

extension Scenario {
    /// The transports on which the scenario makes sense, in the order of ``Transport``.
    ///
    /// They are those that it is meant for (``meantFor``) and on which what it does means the same as on TCP:
    ///
    /// - A request or a response of its own is octets of HTTP/1.1, and HTTP/2 sends none.
    /// - TCP and Unix sockets end one direction with FIN. TLS has an alert for that, and HTTP/2 a flag.
    /// - Only TCP has a reset, and TLS no other.
    /// - The address of a Unix socket is a path, so that a driver cannot be given another form of it.
    package var transports: [Transport] {
        Transport.allCases.filter { transport in
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
        case .ordinary, .framesWithHandshake: true
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
