import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// After both Close frames the server closes TCP, and does so first (RFC 6455, 5.5.1 and 7.1.1).
    ///
    /// A client closes TCP, too, after the server. If it closes first, that is no finding here, because it may have
    /// waited while we were slow. Scenarios in which we end TCP late are left to ``endsFirstRule``.
    ///
    /// 1. If TCP is not closed while we wait, that fails.
    /// 2. If it takes longer than a second, and than what else was slow (``Case/latenessLimit``), that is tolerated,
    ///    because "immediately" has no number; in a run without time limits it is no finding.
    /// 3. If we leave the peer's Close frame unanswered, only a missing end counts, and is tolerated.
    /// 4. If the peer failed the connection and we could not send a reply, a missing end is tolerated; so it is of a
    ///    client that failed it, which need not read what we reply (7.1.7), and may wait for us (5.5.1).
    /// 5. If the conversation took too long while the peer made progress, its end may only be late.
    /// 6. On a stream of HTTP/2 its end is END_STREAM (RFC 8441, 5), for which the same holds.
    static let transportRule = Rule(
        name: "transport",
        requirements: ["RFC6455-7.1.7-02", "RFC6455-5.5.1-12", "RFC6455-7.1.1-05", "RFC8441-5-14"],
        clientRequirements: ["RFC6455-7.1.7-01", "RFC6455-5.5.1-11", "RFC6455-7.1.2-02"],
        part: .closing
    ) { subject in
        let timeline = subject.timeline
        guard subject.isOpened, let peer = timeline.peerCloseIndex else { return [] }
        let endsTCPLate = subject.scenario.script.contains(.ignoreClose)
        guard subject.roleUnderTest == .server || !endsTCPLate else { return [] }
        let ours = subject.ourCloseIndex
        let leftUnanswered = ours == nil && endsTCPLate
        guard ours != nil || subject.mustFail || leftUnanswered else { return [] }
        let both = max(timeline.entries[peer].time, ours.map { timeline.entries[$0].time } ?? 0)
        let waited = timeline.endTime - both
        let neverClosed = !subject.isEndedByPeer
        let isServer = subject.roleUnderTest == .server
        // If we closed the socket without waiting, nothing can be said.
        guard waited > 1_000_000_000 else { return [] }
        if !neverClosed {
            guard waited > subject.latenessLimit, !leftUnanswered, !subject.hasNoTimeLimits else { return [] }
        }
        let readsNoMore = ours == nil || !isServer && subject.peerFailedFirst
        if neverClosed, let tookTooLong = subject.tookTooLong("transport", .closing) { return [tookTooLong] }
        let ofFailing = isServer ? "RFC6455-7.1.7-02" : "RFC6455-7.1.7-01"
        let (requirement, key, reason): (String, ReasonKey, String) =
            switch (neverClosed, readsNoMore) {
            case (true, true):
                (
                    ofFailing, .tcpKeptAfterFailing,
                    "neither read on nor ended \(subject.carrier) after it had failed the connection"
                )
            case (true, false):
                (
                    subject.citesEndOfStream ? "RFC8441-5-14" : isServer ? "RFC6455-5.5.1-12" : "RFC6455-5.5.1-11",
                    .tcpLeftOpen, "left \(subject.connection) open after Close frames had gone both ways"
                )
            case (false, _):
                (
                    ours == nil ? ofFailing : isServer ? "RFC6455-7.1.1-05" : "RFC6455-7.1.2-02", .tcpClosedLate,
                    "\(subject.timeline.isOnStream ? "ended the stream" : "closed TCP") more than a second after Close "
                        + "frames had gone both ways"
                )
            }
        return [
            Finding(
                rule: "transport",
                axis: .closing,
                verdict: neverClosed && !readsNoMore ? .fail : .tolerated,
                requirement: requirement,
                reason: reason,
                evidence: subject.closingEvidence,
                key: key
            )
        ]
    }
}

extension Case {
    /// Whether a missing end is that of a stream of HTTP/2, in a case that is not about TCP.
    fileprivate var citesEndOfStream: Bool {
        timeline.isOnStream && !scenario.citedRequirements.contains("RFC6455-5.5.1-12")
    }

    /// Whether the peer's Close frame came before ours, with a code that says that it failed the connection.
    fileprivate var peerFailedFirst: Bool {
        guard let peer = timeline.peerCloseIndex, let ours = ourCloseIndex, peer < ours else { return false }
        switch timeline.peerClose?.code {
        case CloseCode.protocolError?, CloseCode.unsupportedData?, CloseCode.invalidData?, CloseCode.policyViolation?,
            CloseCode.messageTooBig?, CloseCode.internalError?:
            return true
        default: return false
        }
    }
}
