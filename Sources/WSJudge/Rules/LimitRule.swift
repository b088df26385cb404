import WSProtocol
import WSScenario

extension Judge {
    /// A Close with 1009 or 1008 in answer to a large message names a limit (RFC 6455, 10.4), which is no fault.
    ///
    /// Where the message came in many frames, the limit may be one on their number.
    static let limitRule = Rule(name: "limit", requirements: ["RFC6455-10.4-02"]) { subject in
        guard let code = subject.timeline.peerClose?.code,
            code == CloseCode.messageTooBig || code == CloseCode.policyViolation,
            case .peerCloses = subject.closing, let size = subject.scenario.largestMessage
        else { return [] }
        let frames = subject.scenario.largestFrameCount
        let limit = frames > 1 ? "" : "limit \(size): "
        let inFrames = frames > 1 ? " in \(frames) frames" : ""
        return [
            Finding(
                rule: "limit",
                axis: .behaviour,
                verdict: .informational,
                requirement: "RFC6455-10.4-02",
                reason: "\(limit)refused a message of \(size) octets\(inFrames) with Close \(code)",
                evidence: subject.closingEvidence
            )
        ]
    }
}

extension Scenario {
    /// The largest number of frames that a message of the script is cut into.
    fileprivate var largestFrameCount: Int {
        script.map { if case .sendMessage(let message) = $0 { message.frameCount } else { 1 } }.max() ?? 1
    }
}
