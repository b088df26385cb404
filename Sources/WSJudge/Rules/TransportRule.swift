import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Once Close frames went both ways the server closes TCP, and it does so first (RFC 6455, 5.5.1 and 7.1.1).
    ///
    /// A client closes TCP, too, once we have; that it does so before is fine here, as it may have waited and we were
    /// slow.
    ///
    /// Where the scenario has us end TCP late, a client's own end is another rule's matter.
    ///
    /// 1. Not at all while we waited: fails.
    /// 2. Later than a second: tolerated, because "immediately" has no number; nothing where it had all the time.
    /// 3. Where we leave the peer's Close frame unanswered, only that it never closed counts, and is tolerated.
    /// 4. Not at all after a Close frame that failed the connection, though no reply of ours could leave: tolerated.
    static let transportRule = Rule(
        name: "transport",
        requirements: ["RFC6455-7.1.7-02", "RFC6455-5.5.1-12", "RFC6455-7.1.1-05"],
        clientRequirements: ["RFC6455-7.1.7-01", "RFC6455-5.5.1-11", "RFC6455-7.1.2-02"],
        part: .closing
    ) { subject in
        let timeline = subject.timeline
        guard subject.isOpened, let peer = timeline.peerCloseIndex else { return [] }
        let endsTCPLate = subject.scenario.script.contains(.ignoreClose)
        guard subject.roleUnderTest == .server || !endsTCPLate else { return [] }
        let ours = subject.ourCloseIndex
        let leftUnanswered = ours == nil && subject.scenario.script.contains(.ignoreClose)
        guard ours != nil || subject.mustFail || leftUnanswered else { return [] }
        let both = max(timeline.entries[peer].time, ours.map { timeline.entries[$0].time } ?? 0)
        let waited = timeline.endTime - both
        let isLate = waited > 1_000_000_000
        guard !subject.isEndedByPeer || isLate && !leftUnanswered else { return [] }
        let neverClosed = !subject.isEndedByPeer
        let isServer = subject.roleUnderTest == .server
        // A link that we closed without having waited says nothing.
        guard isLate, neverClosed || !subject.hasAllTheTime else { return [] }
        return [
            Finding(
                rule: "transport",
                axis: .closing,
                verdict: neverClosed && ours != nil ? .fail : .tolerated,
                requirement: ours == nil
                    ? isServer ? "RFC6455-7.1.7-02" : "RFC6455-7.1.7-01"
                    : neverClosed
                        ? isServer ? "RFC6455-5.5.1-12" : "RFC6455-5.5.1-11"
                        : isServer ? "RFC6455-7.1.1-05" : "RFC6455-7.1.2-02",
                reason: neverClosed
                    ? ours == nil
                        ? "neither read on nor ended TCP after it had failed the connection"
                        : "left the TCP connection open after Close frames had gone both ways"
                    : "closed TCP more than a second after Close frames had gone both ways",
                evidence: subject.closingEvidence
            )
        ]
    }
}
