import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A server that switches protocols sends 100 (Continue) first if the client waits for it (RFC 9110, 7.8).
    ///
    /// 1. If the client holds its content back, a 101 without a 100 fails.
    /// 2. If there is no content, RFC 9110, 10.1.1 lets a server omit the 100 and 7.8 does not: tolerated.
    /// 3. If the content has already come, 10.1.1 lets a server omit the 100: no finding.
    static let continueRule = Rule(name: "continue", requirements: ["RFC9110-7.8-08"], roles: [.server]) { subject in
        let timeline = subject.timeline
        guard case .request(let sent) = subject.scenario.opening, let octets = timeline.requests.first,
            let head = timeline.response, StatusLine(head)?.code == 101,
            !timeline.interimResponses.contains(where: { StatusLine($0)?.code == 100 })
        else { return [] }
        let request = HTTPHead(kind: .request, raw: octets)
        guard request.tokens(of: "Expect").contains(where: { $0.lowercased() == "100-continue" }) else { return [] }
        let withholds = sent.pacing.awaitsContinue
        let hasContent = ["Content-Length", "Transfer-Encoding"].contains { !request.fields(named: $0).isEmpty }
        guard withholds || !hasContent else { return [] }
        let rest =
            withholds
            ? "and the client still waits for it to send its content (RFC 9110, 7.8)"
            : "which 7.8 asks for in any case and 10.1.1 only where there is content (RFC 9110, 7.8 and 10.1.1)"
        return [
            Finding(
                rule: "continue",
                axis: .behaviour,
                verdict: withholds ? .fail : .tolerated,
                requirement: "RFC9110-7.8-08",
                reason: "answered Expect: 100-continue with a 101 and no 100 (Continue) before it, \(rest)",
                evidence: [Evidence(.received, offset: 0, length: UInt64(head.raw.count))],
                key: .noContinue
            )
        ]
    }
}
