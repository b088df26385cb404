import WSProtocol
import WSScenario

extension Judge {
    /// An application may refuse what a handshake asks for with a Close frame behind the 101, before anything else.
    ///
    /// Browsers hide the status of a refused handshake from the page, so that many applications accept, and tell by a
    /// code of their own what they refuse. The scenario lists where that may be (``BehaviourPattern/declinedByClose``).
    ///
    /// 1. A code that names an error of the protocol is no policy.
    /// 2. What the run's own handshakes ask for, too, has been accepted in the control.
    static let declinedRule = Rule(name: "declined", requirements: [], roles: [.server]) { subject in
        guard let outcome = subject.scenario.behaviour.first(where: { $0.pattern == .declinedByClose }),
            subject.isClosedByApplication, !(subject.asksForTheUsual && outcome.requirement == "RFC6455-4.2.1-13")
        else { return [] }
        let body = subject.timeline.peerClose
        let reason = body.map { $0.reason.isEmpty ? "" : " \(WireLog.quoted($0.reason))" } ?? ""
        return [
            Finding(
                rule: "declined",
                axis: .behaviour,
                verdict: outcome.grade.verdict,
                requirement: outcome.requirement ?? subject.requirement,
                reason: "accepted the handshake and \(subject.closing.sentence)\(reason) before anything else: "
                    + outcome.reason,
                evidence: subject.closingEvidence
            )
        ]
    }
}

extension Case {
    /// Whether the first thing behind the 101 is a Close frame that an application may have asked for.
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

    /// Whether the handshake asks for the subprotocols that all others of the run ask for.
    fileprivate var asksForTheUsual: Bool {
        guard let octets = timeline.requests.first else { return false }
        return HTTPHead(kind: .request, raw: octets).tokens(of: "Sec-WebSocket-Protocol") == subprotocols
    }
}
