import WSProtocol
import WSScenario
import WSTranscript

/// What became of an opening handshake that was not accepted.
enum HandshakeAnswer: Sendable, Hashable {
    /// A final response other than 101, and whether the peer ended the connection after it.
    case refused(Int, isClosed: Bool)
    /// The peer ended the connection without a complete response.
    case ended
    /// Neither a response nor an end in time.
    case silent
    /// Something that is not HTTP.
    case notHTTP

    /// The answer as a sentence about the peer.
    var sentence: String {
        switch self {
        case .refused(let status, _): "answered the request with \(status)"
        case .ended: "ended the connection without answering the request"
        case .silent: "neither answered the request nor ended the connection"
        case .notHTTP: "answered the request with something that is not HTTP"
        }
    }
}

extension Case {
    /// Whether the scenario sends a request of its own in place of the ordinary handshake.
    var opensOnItsOwn: Bool {
        if case .request = scenario.opening { true } else { false }
    }

    /// What became of a handshake that was not accepted.
    var answer: HandshakeAnswer {
        if let response = timeline.response {
            return StatusLine(response).map { .refused($0.code, isClosed: isEndedByPeer) } ?? .notHTTP
        }
        switch timeline.end {
        case .finished, .reset: return .ended
        case .closedHere, .notConnected, nil:
            let stray = timeline.strayOctets
            return stray.isEmpty || stray.starts(with: Array("HTTP/".utf8)) ? .silent : .notHTTP
        }
    }
}

extension BehaviourPattern {
    /// Whether an answer other than 101 is of this pattern.
    func fits(_ answer: HandshakeAnswer) -> Bool {
        switch (self, answer) {
        case (.anything, _): true
        case (.refused(let statuses), .refused(let status, _)): statuses?.contains(status) ?? true
        case (.refusedAndClosed(let statuses), .refused(let status, true)): statuses?.contains(status) ?? true
        case (.unanswered, .ended): true
        default: false
        }
    }
}
