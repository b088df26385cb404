import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// After both Close frames TCP is closed cleanly, without a reset (RFC 6455, 7.1.1).
    ///
    /// 1. A reset is no finding if our own octets caused it, which the peer need not have read: those after our Close
    ///    frame, and our reply to the peer's Close frame.
    /// 2. Any other reset is tolerated, because 7.1.1 has a SHOULD.
    /// 3. On a stream of HTTP/2 the end of the connection without END_STREAM is the same (RFC 8441, 5).
    static let resetRule = Rule(name: "reset", requirements: ["RFC6455-7.1.1-01"], part: .closing) { subject in
        let timeline = subject.timeline
        let isCut = timeline.isOnStream && timeline.end == .truncated
        guard timeline.end == .reset || isCut, let ours = subject.ourCloseIndex, let peer = timeline.peerCloseIndex,
            ours < peer, !subject.hasSentBehindClose(at: ours)
        else { return [] }
        return [
            Finding(
                rule: "reset",
                axis: .closing,
                verdict: .tolerated,
                requirement: "RFC6455-7.1.1-01",
                reason: "ended \(isCut ? "the connection" : "\(subject.carrier) with a reset") after Close frames "
                    + "had gone both ways and nothing was left unread",
                evidence: subject.closingEvidence,
                key: .tcpReset
            )
        ]
    }
}

extension Case {
    /// Whether we sent octets after the Close frame at this index.
    func hasSentBehindClose(at index: Int) -> Bool {
        timeline.entries[(index + 1)...].contains { entry in
            switch entry.kind {
            case .extra: return true
            case .script(let reference):
                // A Close frame may be sent in pieces.
                guard case .script(let close) = timeline.entries[index].kind else { return true }
                return reference.step != close.step
            default: return false
            }
        }
    }
}
