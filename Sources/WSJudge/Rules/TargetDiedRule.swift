import WSTranscript

extension Judge {
    /// A target that no longer answers, or whose process ended, after a scenario that ran alone fails whatever else was
    /// fine.
    ///
    /// 1. The runner marks a conversation only after it has happened twice, each time alone.
    /// 2. A sanitizer that speaks up is a fault of the target even if it goes on.
    static let targetDiedRule = Rule(name: "target-died") { subject in
        let isDead = subject.timeline.firstIndex { if case .mark(.targetDied) = $0 { true } else { false } } != nil
        let target = subject.target
        guard isDead || target?.isIncident == true else { return [] }
        var parts: [String] = []
        if let ending = target?.ending {
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
                evidence: subject.stimulusEvidence
            )
        ]
    }
}

extension Case {
    /// What was seen of the target's process; nil where nobody looked.
    var target: TargetObservation? {
        for entry in timeline.entries { if case .mark(.target(let observation)) = entry.kind { return observation } }
        return nil
    }
}
