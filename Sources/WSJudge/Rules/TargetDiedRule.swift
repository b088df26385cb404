import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A target fails if it stops answering, or its process ends, because of what one peer sent.
    ///
    /// This holds whatever the RFC says about the stimulus: incoming data is always validated (RFC 6455, 10.7), and one
    /// peer must not take the service from the others.
    ///
    /// 1. The runner marks a conversation with a server only after this happened twice, each time alone. A client that
    ///    is started for one conversation is judged on that one.
    /// 2. A sanitizer's report fails the target even if the process goes on.
    static let targetDiedRule = Rule(name: "target-died", requirements: ["RFC6455-10.7-01"]) { subject in
        let isDead = subject.timeline.firstIndex { if case .mark(.targetDied) = $0 { true } else { false } } != nil
        let target = subject.target
        guard isDead || target?.isIncident == true else { return [] }
        var parts: [String] = []
        if let ending = target?.ending, subject.roleUnderTest == .client {
            parts.append("the client ended with \(ending) at this conversation")
        } else if let ending = target?.ending {
            parts.append("the target ended with \(ending) at this conversation, twice in a row")
        } else if isDead {
            parts.append("the target stopped answering new connections after this conversation, twice in a row")
        }
        if let sanitizer = target?.sanitizer { parts.append("its sanitizer says: \(sanitizer)") }
        return [
            Finding(
                rule: "target-died",
                axis: .behaviour,
                verdict: .fail,
                requirement: "RFC6455-10.7-01",
                reason: parts.joined(separator: "; "),
                evidence: subject.stimulusEvidence,
                key: .targetDied
            )
        ]
    }
}

extension Case {
    /// What was observed of the target's process; nil if it was not supervised.
    var target: TargetObservation? {
        for entry in timeline.entries { if case .mark(.target(let observation)) = entry.kind { return observation } }
        return nil
    }
}
