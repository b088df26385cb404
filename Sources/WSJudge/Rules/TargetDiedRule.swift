import WSTranscript

extension Judge {
    /// A target that stops answering because of what one peer sent fails, whatever the RFC says about the stimulus:
    /// incoming data is always validated (RFC 6455, 10.7), and one peer must not take the service from the others.
    static let targetDiedRule = Rule(name: "target-died", requirements: ["RFC6455-10.7-01"]) { subject in
        guard subject.timeline.firstIndex(where: { if case .mark(.targetDied) = $0 { true } else { false } }) != nil
        else { return [] }
        return [
            Finding(
                rule: "target-died",
                axis: .behaviour,
                verdict: .fail,
                requirement: "RFC6455-10.7-01",
                reason: "the target stopped answering new connections after this conversation, twice in a row",
                evidence: subject.stimulusEvidence
            )
        ]
    }
}
