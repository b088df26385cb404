import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A client chooses the key of each opening handshake at random (RFC 6455, 4.1).
    ///
    /// The runner compares the keys of all connections that a client makes in a run, and marks a repeated one. Keys
    /// have 128 bits, so none repeats by chance.
    static let nonceRule = Rule(name: "nonce", requirements: ["RFC6455-4.1-28"], roles: [.client], part: .request) {
        subject in
        for entry in subject.timeline.entries {
            guard case .mark(.repeatedKey(let connections)) = entry.kind else { continue }
            let times = connections == 1 ? "an earlier connection" : "\(connections) earlier connections"
            return [
                Finding(
                    rule: "nonce",
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: "RFC6455-4.1-28",
                    reason: "sent the same Sec-WebSocket-Key as on \(times); each connection needs one of its own",
                    evidence: [Evidence(.received, offset: 0, length: UInt64(subject.timeline.request.count))],
                    key: .keyRepeated
                )
            ]
        }
        return []
    }
}
