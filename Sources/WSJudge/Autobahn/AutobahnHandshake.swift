import WSProtocol

/// The checks that Autobahn's client makes on the answer to its opening handshake.
///
/// The client checks the status line, Upgrade, Connection and Sec-WebSocket-Accept, and rejects an extension or a
/// subprotocol that it did not ask for. It compares whole values and ignores everything else in a 101.
enum AutobahnHandshake {
    /// Whether Autobahn's client accepts the answer.
    static func accepts(_ subject: Case) -> Bool {
        guard let response = subject.timeline.response, StatusLine(response)?.version == .http11 else { return false }
        return subject.handshakeProblems.allSatisfy { passesBy($0.rule) } && agrees(in: response)
    }

    /// Whether Autobahn's server accepts a client's offers; it refuses a handshake with an invalid permessage-deflate.
    static func acceptsOffers(of request: HTTPHead) -> Bool {
        compressing(request).allSatisfy { DeflateOffer($0) != nil }
    }

    /// Whether the answer has at most one permessage-deflate and that one is valid; it is not compared with the offers.
    private static func agrees(in response: HTTPHead) -> Bool {
        let accepted = compressing(response)
        return accepted.count < 2 && accepted.allSatisfy { DeflateAnswer($0) != nil }
    }

    private static func compressing(_ head: HTTPHead) -> [ExtensionOffer] {
        head.values(of: "Sec-WebSocket-Extensions").flatMap { ExtensionHeader.parse($0) ?? [] }
            .filter { $0.name.lowercased() == DeflateParameters.name }
    }

    /// Whether Autobahn's client ignores this problem of an answer.
    private static func passesBy(_ rule: HandshakeRule) -> Bool {
        switch rule {
        case .responseContentLength, .responseTransferEncoding, .responseSubprotocolEmpty: true
        default: false
        }
    }
}
