import WSProtocol

/// The checks that Autobahn's client makes on the answer to its opening handshake.
///
/// The client checks the status line, Upgrade, Connection and Sec-WebSocket-Accept, and rejects an extension or a
/// subprotocol that it did not ask for. It compares whole values and ignores everything else in a 101.
enum AutobahnHandshake {
    /// Whether Autobahn's client accepts the answer.
    static func accepts(_ subject: Case) -> Bool {
        guard let response = subject.timeline.response else { return false }
        guard StatusLine(response)?.version == .http11 else { return false }
        return subject.handshakeProblems.allSatisfy { passesBy($0.rule) }
    }

    /// Whether Autobahn's client ignores this problem of an answer.
    private static func passesBy(_ rule: HandshakeRule) -> Bool {
        switch rule {
        case .responseContentLength, .responseTransferEncoding, .responseSubprotocolEmpty: true
        default: false
        }
    }
}
