import WSProtocol

/// What Autobahn's client makes of the answer to its opening handshake.
///
/// It looks at the status line, Upgrade, Connection and Accept, and at an extension or a subprotocol that it has not
/// asked for, all by comparing whole values. Everything else in a 101 passes it by.
enum AutobahnHandshake {
    /// Whether it takes the answer for an acceptance.
    static func accepts(_ subject: Case) -> Bool {
        guard let response = subject.timeline.response else { return false }
        guard StatusLine(response)?.version == .http11 else { return false }
        return subject.handshakeProblems.allSatisfy { passesBy($0.rule) }
    }

    /// Whether it overlooks a problem of an answer.
    private static func passesBy(_ rule: HandshakeRule) -> Bool {
        switch rule {
        case .responseContentLength, .responseTransferEncoding, .responseSubprotocolEmpty: true
        default: false
        }
    }
}
