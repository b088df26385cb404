import WSProtocol
import WSScenario
import WSTranscript

/// What became of an opening handshake that was not accepted.
enum HandshakeAnswer: Sendable, Hashable {
    /// A final response other than 101, or a 101 to another protocol that the request named, and whether the peer ended
    /// the connection after it.
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
        case .silent: "neither answered the request nor ended the connection in time"
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

    /// Whether what a client made of our answer is of this pattern.
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

/// What a client made of an answer of the scenario's own that it did not take for an acceptance.
enum ClientReaction: Sendable, Hashable {
    /// It never connected.
    case neverConnected
    /// It ended the connection without a frame.
    case ended
    /// It ended the connection before our answer had left whole, whether the rest of it was still to come or not.
    case endedBefore
    /// It sent another request, so that it had read ours as HTTP and no more.
    case askedAgain
    /// It sent nothing but a Close frame with this code, which names an error.
    case closed(UInt16)
    /// Neither a frame nor an end in time, or an end that followed ours: nothing shows what it took our answer for.
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
    /// Whether the scenario sends a response of its own in place of the ordinary 101.
    var answersOnItsOwn: Bool {
        if case .response = scenario.opening { roleUnderTest == .client } else { false }
    }

    /// What a client made of our own answer; nil where it took it for an acceptance, or never asked.
    var reaction: ClientReaction? {
        guard wasConnected || roleUnderTest == .server else { return .neverConnected }
        guard answersOnItsOwn, !timeline.requests.isEmpty else { return nil }
        if timeline.hasAskedAgain { return .askedAgain }
        guard !isOpened else { return refusingClose.map(ClientReaction.closed) }
        guard isEndedByPeer else { return .silent }
        // Of an answer without an end nobody can say what it was.
        guard hasAnsweredWhole else { return .endedBefore }
        return hasFollowedOurEnd ? .silent : .ended
    }

    /// The code of a Close frame that came first of all and names an error: no one who has taken our answer sends that.
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

    /// Whether the client ended the connection only when the scenario had us do it.
    ///
    /// Behind half an answer that is no matter: nobody can have taken that for an acceptance.
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
