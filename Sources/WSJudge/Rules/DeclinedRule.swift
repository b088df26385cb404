import WSProtocol
import WSScenario

extension Judge {
    /// An application may refuse a handshake with a Close frame directly after the 101.
    ///
    /// Browsers hide the status of a refused handshake from the page. Therefore many applications accept and then
    /// refuse with a close code. The scenario lists where that is allowed (``BehaviourPattern/declinedByClose``).
    ///
    /// 1. A code that names a protocol error is no refusal by policy.
    /// 2. A request for the same subprotocols as in the control was accepted there, so it cannot be refused here.
    static let declinedRule = Rule(name: "declined", requirements: [], roles: [.server]) { subject in
        guard let outcome = subject.scenario.behaviour.first(where: { $0.pattern == .declinedByClose }),
            subject.isClosedByApplication, !(subject.asksForTheUsual && outcome.requirement == "RFC6455-4.2.1-13")
        else { return [] }
        let sentence = subject.closing.sentence(in: subject)
        let body = subject.timeline.peerClose
        let reason = body.map { $0.reason.isEmpty ? "" : " \(WireLog.quoted($0.reason))" } ?? ""
        return [
            Finding(
                rule: "declined",
                axis: .behaviour,
                verdict: outcome.grade.verdict,
                requirement: outcome.requirement ?? subject.requirement,
                reason: "accepted the handshake and \(sentence)\(reason) before anything else: "
                    + outcome.reason,
                evidence: subject.closingEvidence,
                key: .declinedByClose
            )
        ]
    }
}

extension Case {
    /// Whether the first frame after the 101 is a Close frame with a code that applications use.
    fileprivate var isClosedByApplication: Bool {
        guard isOpened, let index = timeline.peerCloseIndex, case .peerCloses(let code) = closing else { return false }
        let ofApplications: [UInt16] = [CloseCode.normal, CloseCode.goingAway, CloseCode.policyViolation, 1013]
        guard code.map({ ofApplications.contains($0) || (3000...4999).contains($0) }) ?? true else { return false }
        return timeline.entries[..<index].allSatisfy { entry in
            switch entry.kind {
            case .message, .control: false
            default: true
            }
        }
    }

    /// Whether the handshake asks for the same subprotocols as the other handshakes of the run.
    fileprivate var asksForTheUsual: Bool {
        guard let octets = timeline.requests.first else { return false }
        return HTTPHead(kind: .request, raw: octets).tokens(of: "Sec-WebSocket-Protocol") == subprotocols
    }
}
