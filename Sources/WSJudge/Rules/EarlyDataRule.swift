import WSProtocol
import WSScenario

extension Judge {
    /// A client sends nothing more after its opening handshake before it has the answer (RFC 6455, 4.1).
    ///
    /// Content that the request announces is not counted.
    static let earlyDataRule = Rule(
        name: "early-data",
        requirements: ["RFC6455-4.1-39", "RFC6455-6.1-01", "RFC9110-7.8-07"],
        roles: [.client],
        part: .request
    ) { subject in
        guard let head = subject.requestHead, head.fields(named: "Content-Length").isEmpty,
            head.fields(named: "Transfer-Encoding").isEmpty
        else { return [] }
        for entry in subject.timeline.entries {
            switch entry.kind {
            case .response:
                return []
            case .frame(let header):
                return [
                    Finding(
                        rule: "early-data",
                        axis: .behaviour,
                        verdict: .fail,
                        requirement: "RFC6455-4.1-39",
                        reason: "sent a \(header.opcode.name) frame before its opening handshake was answered",
                        evidence: [entry.evidence].compactMap(\.self),
                        key: .sentBeforeAnswer
                    )
                ]
            default:
                continue
            }
        }
        return []
    }
}
