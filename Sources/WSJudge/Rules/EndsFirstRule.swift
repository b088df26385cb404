import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// After both Close frames, a client waits for the server to end TCP (RFC 6455, 7.1.1 and 5.5.1).
    ///
    /// This shows only in scenarios where the tester waits before it ends TCP.
    static let endsFirstRule = Rule(
        name: "ends-first",
        requirements: ["RFC6455-5.5.1-13"],
        roles: [.client]
    ) { subject in
        guard subject.delaysFIN, subject.timeline.peerCloseIndex != nil, subject.ourCloseIndex != nil,
            subject.isEndedByPeer,
            subject.timeline.firstIndex(where: { if case .mark(.scriptDone) = $0 { true } else { false } }) == nil
        else { return [] }
        return [
            Finding(
                rule: "ends-first",
                axis: .closing,
                verdict: .tolerated,
                requirement: "RFC6455-5.5.1-13",
                reason: "ended \(subject.carrier) before the server did, behind Close frames in both directions",
                evidence: subject.closingEvidence,
                key: .endedFirst
            )
        ]
    }
}

extension Case {
    /// Whether the script sends FIN after its Close frame with a delay that is short enough for a client to wait.
    fileprivate var delaysFIN: Bool {
        guard scenario.script.last == .endOutput,
            scenario.script.contains(where: { if case .startClosingHandshake = $0 { true } else { false } })
        else { return false }
        return scenario.script.contains { step in
            if case .pause(let milliseconds) = step { milliseconds <= 2000 } else { false }
        }
    }
}
