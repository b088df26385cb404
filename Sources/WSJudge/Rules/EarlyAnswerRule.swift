import WSProtocol
import WSScenario

extension Judge {
    /// A server may accept a request only after its whole head has come (RFC 9110, 5.3); errors may come earlier.
    static let earlyAnswerRule = Rule(
        name: "early-answer",
        requirements: ["RFC9110-5.3-02"],
        roles: [.server]
    ) { subject in
        guard subject.isOpened, case .request(let request) = subject.scenario.opening, request.pacing != .whole else {
            return []
        }
        // The runner stops sending a request when it has been answered.
        var decoder = HTTPHeadDecoder(expecting: .request, limit: .max)
        guard decoder.feed(subject.timeline.request.span) == .needMore else { return [] }
        return [
            Finding(
                rule: "early-answer",
                axis: .behaviour,
                verdict: .fail,
                requirement: "RFC9110-5.3-02",
                reason: "accepted the handshake before the empty line that ends it had come",
                evidence: [Evidence(.sent, offset: 0, length: UInt64(subject.timeline.request.count))],
                key: .acceptedEarly
            )
        ]
    }
}
