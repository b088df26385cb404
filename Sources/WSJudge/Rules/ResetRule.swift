import WSProtocol
import WSTranscript

extension Judge {
    /// Once Close frames went both ways TCP is closed cleanly, which a reset is not (RFC 6455, 7.1.1).
    ///
    /// 1. A reset in answer to octets that the peer need not have read any more is our own doing and no finding: those
    ///    behind our Close frame, and our reply to a Close frame of the peer's.
    /// 2. Otherwise it is tolerated, as 7.1.1 has a SHOULD.
    static let resetRule = Rule(name: "reset", requirements: ["RFC6455-7.1.1-01"], part: .closing) { subject in
        let timeline = subject.timeline
        guard case .reset = timeline.end, let ours = subject.ourCloseIndex, let peer = timeline.peerCloseIndex,
            ours < peer, !subject.hasSentBehindClose(at: ours)
        else { return [] }
        return [
            Finding(
                rule: "reset",
                axis: .closing,
                verdict: .tolerated,
                requirement: "RFC6455-7.1.1-01",
                reason: "ended TCP with a reset after Close frames had gone both ways and nothing was left unread",
                evidence: subject.closingEvidence
            )
        ]
    }
}

extension Case {
    /// Whether octets of ours left behind our first Close frame.
    fileprivate func hasSentBehindClose(at index: Int) -> Bool {
        timeline.entries[(index + 1)...].contains { entry in
            switch entry.kind {
            case .extra: return true
            case .script(let reference):
                // A Close frame may leave in pieces.
                guard case .script(let close) = timeline.entries[index].kind else { return true }
                return reference.step != close.step
            default: return false
            }
        }
    }
}
