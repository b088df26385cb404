import WSProtocol
import WSScenario
import WSTranscript

/// How a server answered an opening handshake that it did not accept.
enum HandshakeAnswer: Sendable, Hashable {
    /// A final response other than 101, or a 101 to another protocol that the request named.
    ///
    /// The flag says whether the peer ended the connection after it.
    case refused(Int, isClosed: Bool)
    /// The peer ended the connection without a complete response.
    case ended
    /// Neither a response nor the end of the connection came in time.
    case silent
    /// The peer sent something that is not HTTP.
    case notHTTP
    /// The handshake of TLS failed.
    case unsecured

    /// The answer as a sentence about the peer.
    var sentence: String {
        switch self {
        case .refused(let status, _): "answered the request with \(status)"
        case .ended: "ended the connection without answering the request"
        case .silent: "neither answered the request nor ended the connection in time"
        case .notHTTP: "answered the request with something that is not HTTP"
        case .unsecured: "did not finish the handshake of TLS"
        }
    }
}

extension Case {
    /// Whether the scenario sends its own request instead of the ordinary handshake.
    var opensOnItsOwn: Bool {
        if case .request = scenario.opening { return true }
        return scenario.stream.map { $0.request != nil || $0.endsRequest } ?? false
    }

    /// Whether a handshake of TLS failed that the scenario is about.
    var isUnsecured: Bool {
        guard scenario.security != nil, case .notSecured = timeline.end else { return false }
        return true
    }

    /// How the server answered a handshake that it did not accept.
    var answer: HandshakeAnswer {
        if isUnsecured { return .unsecured }
        if let response = timeline.response {
            return StatusLine(response).map { .refused($0.code, isClosed: isEndedByPeer) } ?? .notHTTP
        }
        switch timeline.end {
        case .finished, .truncated, .reset: return .ended
        case .closedHere, .notConnected, .notSecured, nil:
            let stray = timeline.strayOctets
            return stray.isEmpty || stray.starts(with: Array("HTTP/".utf8)) ? .silent : .notHTTP
        }
    }
}

extension BehaviourPattern {
    /// Whether this pattern of an outcome matches an answer other than 101.
    func fits(_ answer: HandshakeAnswer) -> Bool {
        switch (self, answer) {
        case (.anything, _): true
        case (.refused(let statuses), .refused(let status, _)): statuses?.contains(status) ?? true
        case (.refusedAndClosed(let statuses), .refused(let status, true)): statuses?.contains(status) ?? true
        case (.unanswered, .ended), (.notHTTP, .notHTTP), (.unsecured, .unsecured): true
        default: false
        }
    }

    /// Whether this pattern of an outcome matches a client's reaction to our answer.
    func fits(_ reaction: ClientReaction) -> Bool {
        switch (self, reaction) {
        case (.anything, _): reaction != .neverConnected
        case (.failsHandshake, .ended), (.failsHandshake, .endedBefore), (.failsHandshake, .askedAgain),
            (.failsHandshake, .closed):
            true
        case (.unanswered, .endedBefore), (.neverConnects, .neverConnected): true
        default: false
        }
    }
}

/// How a client reacted to a scenario's own answer that it did not accept.
enum ClientReaction: Sendable, Hashable {
    /// It never connected.
    case neverConnected
    /// It ended the connection without a frame.
    case ended
    /// It ended the connection before it had our whole answer, whether or not we still meant to send the rest.
    case endedBefore
    /// It sent another request, so it read our answer as an ordinary HTTP response.
    case askedAgain
    /// It sent nothing but a Close frame with this code, which names an error.
    case closed(UInt16)
    /// It sent no frame and did not end the connection by itself, so nothing shows whether it accepted our answer.
    case silent

    /// The reaction as a sentence about the client.
    var sentence: String {
        switch self {
        case .neverConnected: "never connected"
        case .ended: "ended the connection over our answer to its handshake"
        case .endedBefore: "ended the connection before its handshake was answered"
        case .askedAgain: "sent another request behind our answer"
        case .closed(let code): "sent Close \(code) and nothing else over our answer to its handshake"
        case .silent:
            "neither sent a frame nor ended the connection before we did"
        }
    }
}

extension Case {
    /// Whether the scenario sends its own response instead of the ordinary 101.
    var answersOnItsOwn: Bool {
        guard roleUnderTest == .client else { return false }
        if case .response = scenario.opening { return true }
        return scenario.stream?.answer.map { !$0.accepts } ?? false
    }

    /// How the client reacted to our own answer; nil where it accepted it, or sent no request.
    var reaction: ClientReaction? {
        guard wasConnected || roleUnderTest == .server else { return .neverConnected }
        guard answersOnItsOwn, !timeline.requests.isEmpty || timeline.isOnStream else { return nil }
        if timeline.hasAskedAgain { return .askedAgain }
        guard !isOpened else { return refusingClose.map(ClientReaction.closed) }
        guard isEndedByPeer else { return .silent }
        // If our answer had no end, the client could not tell what it was.
        guard timeline.isOnStream || hasAnsweredWhole else { return .endedBefore }
        return hasFollowedOurEnd ? .silent : .ended
    }

    /// The code of a Close frame that came first and names an error; a client that accepted would not send it.
    private var refusingClose: UInt16? {
        guard let index = timeline.peerCloseIndex, let code = timeline.peerClose?.code,
            ![CloseCode.normal, CloseCode.goingAway, CloseCode.noStatus].contains(code),
            ourCloseIndex.map({ index < $0 }) ?? true
        else { return nil }
        let isAlone = timeline.entries[..<index].allSatisfy { entry in
            switch entry.kind {
            case .message, .control: false
            case .frame(let header): header.opcode == .close
            default: true
            }
        }
        return isAlone ? code : nil
    }

    /// Whether our answer has the empty line that ends a head.
    private var hasAnsweredWhole: Bool {
        timeline.answer.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().contains {
            $0.isEmpty || $0.elementsEqual([UInt8(ascii: "\r")])
        }
    }

    /// Whether the client ended the connection only after the scenario had us end it.
    ///
    /// This does not matter after half an answer, because no client can have accepted that.
    private var hasFollowedOurEnd: Bool {
        guard timeline.response != nil, let ending = scenario.opening.ending,
            let answered = timeline.firstIndex(where: { if case .response = $0 { true } else { false } })
        else { return false }
        let milliseconds =
            switch ending {
            case .endOutput(let milliseconds), .reset(let milliseconds): milliseconds
            }
        return timeline.endTime - timeline.entries[answered].time >= Int64(milliseconds) * 1_000_000
    }
}
