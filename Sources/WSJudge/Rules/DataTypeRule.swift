import WSProtocol
import WSScenario

extension Judge {
    /// A Close frame with 1003 in answer to a message says that its type is not accepted (RFC 6455, 7.4.1).
    ///
    /// The claim has to be credible: a peer that echoes other messages of that type accepts them. If the peer has to
    /// fail the connection, the Close frame is an answer to the violation instead.
    static let dataTypeRule = Rule(name: "data-type", requirements: ["RFC6455-7.4.1-06"]) { subject in
        guard subject.timeline.peerClose?.code == CloseCode.unsupportedData, case .peerCloses = subject.closing,
            !subject.mustFail, let message = subject.refusedMessage,
            subject.scenario.messageType != nil || !message.isWhole,
            case let excuse = subject.refusal(of: message), let verdict = excuse.verdict
        else { return [] }
        return [
            Finding(
                rule: "data-type",
                axis: .behaviour,
                verdict: verdict,
                requirement: "RFC6455-7.4.1-06",
                reason: "does not take \(message.opcode.name) messages: refused one with Close 1003\(excuse.remark)",
                evidence: subject.closingEvidence,
                key: .typeRefused
            )
        ]
    }
}

extension Scenario {
    /// The type of the messages that the peer should echo; nil if none is.
    var messageType: Opcode? {
        for event in expectedEvents {
            switch event {
            case .message(let opcode, _), .echoes(let opcode, _): return opcode
            case .pong, .numberedPongs, .stillOpen: break
            }
        }
        return nil
    }
}
