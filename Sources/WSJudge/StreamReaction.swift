import WSHTTP2
import WSProtocol
import WSScenario
import WSTranscript

/// What a peer did with a stream or with its connection, in a scenario about HTTP/2.
enum StreamReaction: Sendable, Hashable {
    /// It ended the connection, with an error in GOAWAY, or without GOAWAY; nil is without.
    case connectionEnded(HTTP2ErrorCode?)
    /// It reset the stream.
    case reset(HTTP2ErrorCode)
    /// It answered the request with this status.
    case refused(Int)
    /// It ended the stream without a response.
    case ended
    /// Nothing came in time.
    case silent

    /// The reaction as a sentence about the server.
    var sentence: String {
        switch self {
        case .connectionEnded(let code?): "ended the whole connection with \(code.name)"
        case .connectionEnded(nil): "ended the whole connection without GOAWAY"
        case .reset(let code): "reset the stream with \(code.name)"
        case .refused(let status): "answered the request with \(status)"
        case .ended: "ended the stream without answering the request"
        case .silent: "neither answered the request nor ended the stream in time"
        }
    }

    /// What the server did, for its cause.
    var key: ReasonKey {
        switch self {
        case .connectionEnded: .connectionEnded
        case .reset: .streamReset
        case .refused: .refused
        case .ended: .endedWithoutAnswer
        case .silent: .leftUnanswered
        }
    }
}

extension Case {
    /// What the peer did with the stream; nil where it opened the WebSocket and nothing but frames of it came.
    ///
    /// A client that did not open it has a ``ClientReaction``.
    var streamReaction: StreamReaction? {
        guard let stream = scenario.stream, wasConnected, let carrier = timeline.carrier else { return nil }
        if let code = brokenOff, isReactionToScript(carrier, stream) { return .connectionEnded(code) }
        // A RST_STREAM may follow a complete answer (RFC 9113, 8.1), which is the reaction then.
        if !isOpened, roleUnderTest == .server, let status = timeline.streamAnswer?.status { return .refused(status) }
        if case .reset(let code)? = carrier.streamEnd, timeline.peerCloseIndex == nil { return .reset(code) }
        guard !isOpened, roleUnderTest == .server else { return nil }
        return carrier.streamEnd == nil ? .silent : .ended
    }
}

extension Case {
    /// Whether what the scenario sends can be the reason for which the peer ended the connection.
    ///
    /// 1. Before the end of the stream it can.
    /// 2. Behind it what the scenario sends there can; to a server, once an answered PING has shown that the connection
    ///    lives.
    /// 3. Where the server had to fail the stream, and we have given up waiting for that, its end is only late.
    private func isReactionToScript(_ carrier: CarrierRecord, _ stream: StreamToSpeak) -> Bool {
        guard carrier.outlivedStream else { return true }
        guard roleUnderTest == .server else { return !stream.afterwards.isEmpty }
        if !stream.afterwards.isEmpty { return carrier.hasAnsweredBehindStream }
        return mustFail && carrier.streamEnd == nil && timeline.end == .closedHere
    }
}

extension Case {
    /// How the peer ended the connection where it did not say that nothing was wrong; nil if it did not end it so.
    ///
    /// A client may end it in any way but with an error, because nobody else needs it; where it has to fail the
    /// WebSocket, the end of the connection is how it did.
    var brokenOff: HTTP2ErrorCode?? {
        guard let carrier = timeline.carrier else { return nil }
        guard roleUnderTest == .client, carrier.error == nil else { return carrier.brokenOff }
        guard mustFail, carrier.isEndedByPeer, !carrier.outlivedStream, timeline.peerCloseIndex == nil else {
            return nil
        }
        return .some(carrier.hasGoAway ? .noError : nil)
    }

    /// Whether the connection ended before the stream, which says more than how the WebSocket did.
    var isBrokenOff: Bool {
        if case .connectionEnded? = streamReaction { timeline.carrier?.outlivedStream == false } else { false }
    }
}

extension BehaviourPattern {
    /// Whether this pattern of an outcome matches what a server did with a stream.
    func fits(_ reaction: StreamReaction) -> Bool {
        switch (self, reaction) {
        case (.anything, _): true
        case (.refused(let statuses), .refused(let status)): statuses?.contains(status) ?? true
        case (.resetsStream(let codes), .reset(let code)): codes?.contains(code.rawValue) ?? true
        case (.endsConnection(let withError), .connectionEnded(let code)): withError == (code != nil)
        case (.unanswered, .ended): true
        default: false
        }
    }
}

extension Judge {
    /// The findings from what a server did with a stream; nil where the events on it decide.
    static func streamReaction(of subject: Case) -> [Finding]? {
        guard let reaction = subject.streamReaction else { return nil }
        let outcome = subject.scenario.behaviour.first { $0.pattern.fits(reaction) }
        // A stream that was reset instead of an echo is told by the echo that did not come.
        if outcome == nil, subject.isOpened, case .reset = reaction { return nil }
        guard outcome?.grade != .conforms else { return [] }
        let reason = outcome.map { $0.reason.isEmpty ? "" : ": \($0.reason)" } ?? ""
        let isBusy = outcome?.grade == .violates && subject.saysItIsBusy
        return [
            Finding(
                rule: "behaviour",
                axis: .behaviour,
                verdict: isBusy ? .inconclusive : outcome?.grade.verdict ?? .fail,
                requirement: outcome?.requirement ?? subject.requirement,
                reason: reaction.sentence + reason,
                evidence: [],
                key: isBusy ? .busy : outcome?.key ?? reaction.key
            )
        ]
    }
}
