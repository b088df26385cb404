import WSProtocol
import WSTranscript

extension Judge {
    /// Once Close frames went both ways the server closes TCP, and it does so first (RFC 6455, 5.5.1 and 7.1.1).
    ///
    /// 1. Not at all while we waited: fails.
    /// 2. Later than a second: tolerated, because "immediately" has no number.
    static let transportRule = Rule(name: "transport") { subject in
        let timeline = subject.timeline
        guard subject.isOpened, let peer = timeline.peerCloseIndex, let ours = subject.ourCloseIndex else { return [] }
        let both = max(timeline.entries[peer].time, timeline.entries[ours].time)
        let waited = timeline.endTime - both
        let isLate = waited > 1_000_000_000
        guard !subject.isEndedByPeer || isLate else { return [] }
        let neverClosed = !subject.isEndedByPeer
        // A link that we closed without having waited says nothing.
        guard isLate else { return [] }
        return [
            Finding(
                rule: "transport",
                axis: .closing,
                verdict: neverClosed ? .fail : .tolerated,
                requirement: "RFC6455-5.5.1-12",
                reason: neverClosed
                    ? "left the TCP connection open after Close frames had gone both ways"
                    : "closed TCP more than a second after Close frames had gone both ways",
                evidence: subject.closingEvidence
            )
        ]
    }
}
