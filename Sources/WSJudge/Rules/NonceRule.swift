import WSProtocol
import WSTranscript

extension Judge {
    /// The key of an opening handshake is chosen at random for each connection (RFC 6455, 4.1).
    ///
    /// That one came before is seen by the ledger of the run, which knows all connections of a client. Keys have 128
    /// bits, so that none comes twice by chance.
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
                    evidence: [Evidence(.received, offset: 0, length: UInt64(subject.timeline.request.count))]
                )
            ]
        }
        return []
    }
}
