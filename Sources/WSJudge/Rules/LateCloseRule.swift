import WSProtocol
import WSScenario

extension Judge {
    /// A Close frame is answered as soon as practical (RFC 6455, 5.5.1); more than a second is tolerated.
    ///
    /// "Practical" has no number, so the second grows with what else was slow: see ``Case/latenessLimit``. The rule
    /// applies only to a Close frame that we sent while nothing else was in progress: a peer may first finish its
    /// message, and has to read what came before. It applies neither in the load phase, when the peer may be busy with
    /// other connections, nor in runs without time limits, when it may stop in a debugger.
    static let lateCloseRule = Rule(name: "late-close", requirements: ["RFC6455-5.5.1-09"], part: .closing) { subject in
        let timeline = subject.timeline
        guard subject.scenario.conclusion == .closeWhenComplete, !subject.scenario.isLoad, !subject.hasNoTimeLimits,
            let ours = subject.ourCloseIndex,
            let peer = timeline.peerCloseIndex, ours < peer
        else { return [] }
        let isQuiet = timeline.entries[ours..<peer].allSatisfy { entry in
            switch entry.kind {
            case .frame(let header): header.opcode == .close
            case .message, .control, .violation: false
            default: true
            }
        }
        guard isQuiet, timeline.entries[peer].time - timeline.entries[ours].time > subject.latenessLimit else {
            return []
        }
        return [
            Finding(
                rule: "late-close",
                axis: .closing,
                verdict: .tolerated,
                requirement: "RFC6455-5.5.1-09",
                reason: "answered Close more than a second later, though nothing else was under way",
                evidence: subject.closingEvidence,
                key: .closeAnsweredLate
            )
        ]
    }
}
