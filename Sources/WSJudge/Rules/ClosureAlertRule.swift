import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Over TLS, a peer sends close_notify before it ends TCP (RFC 8446, 6.1).
    ///
    /// Without that alert, nobody can tell the end of a connection from one that was cut off. Only an end behind the
    /// peer's answer to our Close frame is looked at, with nothing of ours behind that: octets that the peer need not
    /// have read can reset the connection before the alert, as in ``resetRule``. An end without a Close frame is a
    /// matter of the closing.
    static let closureAlertRule = Rule(
        name: "closure-alert",
        requirements: ["RFC8446-6.1-01"],
        part: .closing
    ) { subject in
        guard subject.security != nil, !subject.timeline.isOnStream, subject.timeline.end == .truncated,
            let ours = subject.ourCloseIndex,
            let peer = subject.timeline.peerCloseIndex, ours < peer, !subject.hasSentBehindClose(at: ours)
        else { return [] }
        return [
            Finding(
                rule: "closure-alert",
                axis: .closing,
                verdict: .fail,
                requirement: "RFC8446-6.1-01",
                reason: "ended TCP without close_notify behind its Close frame",
                evidence: subject.closingEvidence,
                key: .closureAlertMissing
            )
        ]
    }
}

extension Case {
    /// What the handshake of TLS agreed on; nil if there was none.
    var security: TranscriptSecurity? {
        for case .mark(.secured(let security)) in timeline.entries.map(\.kind) { return security }
        return nil
    }
}
