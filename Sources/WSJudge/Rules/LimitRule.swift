import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A Close with 1009 or 1008 in answer to a large message names a limit (RFC 6455, 10.4), which is no fault.
    ///
    /// 1. It has to be borne out: a message of that size is refused in a single frame, too. Where only the number of
    ///    frames is new, the peer does not reassemble messages, unless that number is large.
    /// 2. Where nobody tried, as with a client, a limit of a few octets is tolerated and told.
    /// 3. Where the connection has to be failed, the Close is an answer to that.
    static let limitRule = Rule(name: "limit", requirements: ["RFC6455-10.4-02"]) { subject in
        guard let code = subject.timeline.peerClose?.code,
            code == CloseCode.messageTooBig || code == CloseCode.policyViolation,
            case .peerCloses = subject.closing, !subject.mustFail, let message = subject.refusedMessage,
            case let excuse = subject.limit(on: message), let verdict = excuse.verdict
        else { return [] }
        let size = message.payload.count
        let isOnFrames = subject.hasLimitOnFrames(message)
        let limit = message.frames > 1 ? "" : "limit \(size): "
        let inFrames = message.frames > 1 ? " in \(message.frames) frames" : ""
        let remark =
            isOnFrames
            ? ", while it takes one of that size in a single frame and others in two" : excuse.remark
        return [
            Finding(
                rule: "limit",
                axis: .behaviour,
                verdict: verdict,
                requirement: "RFC6455-10.4-02",
                reason: "\(limit)refused a message of \(size) octets\(inFrames) with Close \(code)\(remark)",
                evidence: subject.closingEvidence
            )
        ]
    }
}
