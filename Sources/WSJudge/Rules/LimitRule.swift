import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A Close frame with 1009 or 1008 in answer to a message states a limit (RFC 6455, 10.4), which is allowed.
    ///
    /// 1. The claim has to be credible: the peer refuses a message of that size in a single frame, too. If it refuses
    ///    only several frames, it does not reassemble messages, unless the number of frames is large.
    /// 2. If the runner could not try that, as with a client, a limit of a few octets is tolerated.
    /// 3. A scenario that knows the peer's limit says itself what a refusal means.
    /// 4. A message that is not sent to its end may be refused, too: its first frames can exceed a limit.
    /// 5. If the peer has to fail the connection, the Close frame is an answer to the violation instead.
    static let limitRule = Rule(name: "limit", requirements: ["RFC6455-10.4-02"]) { subject in
        guard let code = subject.timeline.peerClose?.code,
            code == CloseCode.messageTooBig || code == CloseCode.policyViolation,
            case .peerCloses = subject.closing, !subject.mustFail,
            subject.scenario.limitSweep == nil, let message = subject.refusedMessage,
            case let excuse = subject.limit(on: message), let verdict = excuse.verdict
        else { return [] }
        let size = message.payload.count
        let isOnFrames = subject.hasLimitOnFrames(message)
        let limit = message.frames > 1 || !message.isWhole ? "" : "limit \(size): "
        let what = "a message \(message.isWhole ? "of" : "after") \(OctetCount.text(size))"
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
                reason: "\(limit)refused \(what)\(inFrames) with Close \(code)\(remark)",
                evidence: subject.closingEvidence,
                key: .limitStated
            )
        ]
    }
}
