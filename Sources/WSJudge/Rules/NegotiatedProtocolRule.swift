import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// The application protocol that a server chose by ALPN is the one that both sides speak (RFC 7301, 3.2).
    ///
    /// 1. A server that chose another one than http/1.1, and accepts a handshake of HTTP/1.1, fails.
    /// 2. So does a client that sends a request of HTTP/1.1 behind such a choice of ours.
    /// 3. On a stream of HTTP/2 the choice is h2.
    /// 4. Without a choice, HTTP/1.1 is what an address of wss means.
    static let negotiatedProtocolRule = Rule(
        name: "negotiated-protocol",
        requirements: ["RFC7301-3.2-03"],
        clientRequirements: ["RFC7301-3.2-02"],
        part: .connection
    ) { subject in
        let spoken = subject.timeline.isOnStream ? "h2" : "http/1.1"
        guard let chosen = subject.security?.applicationProtocol, chosen != spoken else { return [] }
        let isServer = subject.roleUnderTest == .server
        guard isServer ? subject.isOpened : !subject.timeline.requests.isEmpty else { return [] }
        let name = WireLog.quoted(Array(chosen.utf8.prefix(64)))
        return [
            Finding(
                rule: "negotiated-protocol",
                axis: .behaviour,
                verdict: .fail,
                requirement: isServer ? "RFC7301-3.2-03" : "RFC7301-3.2-02",
                reason: isServer
                    ? "chose the application protocol \(name) and accepted a handshake of HTTP/1.1"
                    : "sent a request of HTTP/1.1 where the application protocol \(name) was chosen",
                evidence: [Evidence(.received, offset: 0, length: min(subject.timeline.receivedCount, 64))],
                key: .otherProtocolSpoken
            )
        ]
    }
}
