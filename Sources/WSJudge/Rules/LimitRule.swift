import WSProtocol

extension Judge {
    /// A Close with 1009 or 1008 in answer to a large message names a limit (RFC 6455, 10.4), which is no fault.
    static let limitRule = Rule(name: "limit", requirements: ["RFC6455-10.4-02"]) { subject in
        guard let code = subject.timeline.peerClose?.code,
            code == CloseCode.messageTooBig || code == CloseCode.policyViolation,
            case .peerCloses = subject.closing, let size = subject.scenario.largestMessage
        else { return [] }
        return [
            Finding(
                rule: "limit",
                axis: .behaviour,
                verdict: .informational,
                requirement: "RFC6455-10.4-02",
                reason: "limit \(size): refused a message of \(size) octets with Close \(code)",
                evidence: subject.closingEvidence
            )
        ]
    }
}
