import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Compares how the connection ended with the outcomes that the scenario lists.
    ///
    /// 1. The first listed outcome that matches gives its grade.
    /// 2. Anything that is not listed is a failure.
    /// 3. After a wrong agreement to compression, what was sent has another meaning, and so does the end.
    /// 4. A reset is no finding if our own frames after our Close frame may have caused it: closing a socket with
    ///    unread octets resets the connection, and the reset can overtake the peer's Close frame.
    /// 5. If we ended the connection over a wrong answer before our Close frame, the peer had no time to end it.
    /// 6. If the conversation took too long while the peer made progress, it may not have read our Close frame.
    static let closingRule = Rule(name: "closing", requirements: ["RFC6455-5.5.1-07", "RFC6455-7.4.1-03"]) { subject in
        guard subject.isOpened, subject.reaction == nil, !subject.hasAgreedWrongly, !subject.isBrokenOff else {
            // Without a connection there is nothing to judge; the handshake rule has reported the reason.
            return []
        }
        let closing = subject.closing
        if closing == .staysOpen, subject.hasBeenCutShort { return [] }
        let counts = subject.scenario.closing.first { $0.pattern.fits(closing) }.map { outcome in
            outcome.grade == .violates || outcome.grade == .tolerated
        }
        if closing == .peerDropsAfterOurClose, subject.mayHaveCausedReset, counts ?? true {
            return [
                Finding(
                    rule: "closing",
                    axis: .closing,
                    verdict: .inconclusive,
                    requirement: subject.requirement,
                    reason: "reset \(Self.link(subject)), perhaps over what we sent behind our Close frame",
                    evidence: subject.stimulusEvidence,
                    key: .resetUnclear
                )
            ]
        }
        let sentence = closing.sentence(in: subject)
        if closing.carriesNoStatus {
            return [
                Finding(
                    rule: "closing",
                    axis: .closing,
                    verdict: .fail,
                    requirement: "RFC6455-7.4.1-03",
                    reason: "\(sentence): code 1005 is never sent, not even to answer it (RFC 6455, 7.4.1)",
                    evidence: subject.closingEvidence,
                    key: .closeCodeNeverSent
                )
            ]
        }
        let tookTooLong = closing == .staysOpen ? subject.tookTooLong("closing", .closing) : nil
        for outcome in subject.scenario.closing where outcome.pattern.fits(closing) {
            guard outcome.grade != .conforms else { return [] }
            if outcome.grade == .violates, let tookTooLong { return [tookTooLong] }
            let key = outcome.key ?? closing.key(in: subject)
            return [
                Finding(
                    rule: "closing",
                    axis: .closing,
                    verdict: outcome.grade.verdict,
                    requirement: outcome.requirement ?? subject.requirement,
                    reason: outcome.reason.isEmpty ? sentence : "\(sentence): \(outcome.reason)",
                    evidence: subject.closingEvidence,
                    key: key,
                    violated: subject.violated(by: key)
                )
            ]
        }
        if let tookTooLong { return [tookTooLong] }
        return [
            Finding(
                rule: "closing",
                axis: .closing,
                verdict: .fail,
                requirement: closing.requirement ?? subject.requirement,
                reason: sentence,
                evidence: subject.closingEvidence.isEmpty ? subject.stimulusEvidence : subject.closingEvidence,
                key: closing.key(in: subject),
                violated: subject.violated(by: closing.key(in: subject))
            )
        ]
    }
}

extension Judge {
    /// What carries a conversation, in a word for both ways.
    fileprivate static func link(_ subject: Case) -> String {
        subject.timeline.isOnStream ? "the stream" : "the connection"
    }
}

extension Case {
    /// Whether we ended the connection over what came, and did not ask the peer to close it.
    fileprivate var hasBeenCutShort: Bool {
        guard ourCloseIndex == nil, timeline.end == .closedHere else { return false }
        return timeline.firstIndex { if case .mark(.gaveUp(.mismatch)) = $0 { true } else { false } } != nil
    }

    /// Whether the connection was reset and the script sends octets after its Close frame.
    ///
    /// What it sends on the connection around a stream is no reason to reset the stream.
    fileprivate var mayHaveCausedReset: Bool {
        guard timeline.end == .reset else { return false }
        let close = scenario.script.firstIndex { if case .startClosingHandshake = $0 { true } else { false } }
        guard let close else { return false }
        return scenario.script[(close + 1)...].contains { step in
            switch step {
            case .sendOnConnection, .pingConnection: !timeline.isOnStream
            default: true
            }
        }
    }
}

extension ClosingPattern {
    /// Whether this pattern matches the way in which the connection ended.
    func fits(_ closing: Case.Closing) -> Bool {
        switch (self, closing) {
        case (.anything, _): true
        case (.peerCloses(let codes), .peerCloses(let code)), (.peerReplies(let codes), .peerReplies(let code)):
            // In a pattern, 1005 means a Close frame without a code, never one that carries 1005.
            codes?.contains { $0 == CloseCode.noStatus ? code == nil : $0 == code } ?? true
        case (.peerDrops, .peerDrops), (.peerDropsAfterOurClose, .peerDropsAfterOurClose): true
        case (.staysOpen, .staysOpen): true
        default: false
        }
    }
}

extension Case.Closing {
    /// Whether the peer's Close frame carries 1005, which is reserved for the absence of a code.
    var carriesNoStatus: Bool {
        switch self {
        case .peerCloses(let code), .peerReplies(let code): code == CloseCode.noStatus
        case .peerDrops, .peerDropsAfterOurClose, .staysOpen: false
        }
    }

    /// The closing as a sentence about the peer.
    func sentence(in subject: Case) -> String {
        let connection = subject.connection
        return switch self {
        case .peerCloses(let code): "closed with \(Self.name(code))"
        case .peerReplies(let code): "answered Close with \(Self.name(code))"
        case .peerDrops: "ended \(connection) without a Close frame"
        case .peerDropsAfterOurClose: "ended \(connection) without answering Close"
        case .staysOpen: "did not end \(Judge.link(subject)) before we did"
        }
    }

    /// The requirement for an end that the scenario does not list; nil if the scenario's own requirement applies.
    var requirement: String? {
        switch self {
        case .peerReplies, .peerDropsAfterOurClose: "RFC6455-5.5.1-07"
        case .peerCloses, .peerDrops, .staysOpen: nil
        }
    }

    private static func name(_ code: UInt16?) -> String { code.map { "code \($0)" } ?? "no code" }
}
