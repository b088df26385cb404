import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Checks the Extended CONNECT with which a client asks for a WebSocket on a stream of HTTP/2 (RFC 8441, 5).
    ///
    /// 1. Its scheme is https over TLS and http without; `:authority` names the host.
    /// 2. Version, subprotocols and extensions are those of RFC 6455, in its form.
    /// 3. The request does not end the stream.
    /// 4. A key and Connection or Upgrade have no place in it; the rules about messages report the latter as well.
    ///
    /// What is malformed by RFC 9113 the rules about HTTP/2 report.
    static let streamRequestRule = Rule(
        name: "stream-request",
        requirements: Set(fieldRules.map(\.requirement)).union([
            "RFC8441-5-02", "RFC8441-5-04", "RFC8441-5-07", "RFC8441-5-12",
        ]),
        roles: [.client],
        part: .request
    ) { subject in
        guard let request = subject.timeline.streamRequest, let head = subject.askingHead else { return [] }
        func finding(_ verdict: Verdict, _ requirement: String, _ reason: String, _ kind: String) -> Finding {
            Finding(
                rule: "stream-request",
                axis: .behaviour,
                verdict: verdict,
                requirement: requirement,
                reason: reason,
                evidence: [],
                key: .handshake,
                kind: kind
            )
        }
        var findings: [Finding] = []
        let scheme = request.values(of: ":scheme").first
        let wanted = subject.url.hasPrefix("wss:") ? "https" : "http"
        if let scheme, ["http", "https"].contains(scheme), scheme != wanted {
            let reason = "asked with :scheme \(scheme) where \(wanted) is that of the address"
            findings.append(finding(.fail, "RFC8441-5-02", reason, "scheme"))
        }
        if request.values(of: ":authority").isEmpty {
            let reason = "asked without :authority, which has the host of the address"
            findings.append(finding(.fail, "RFC8441-5-04", reason, "authority"))
        }
        if request.endsStream {
            let reason = "ended the stream with its request, so that it can send nothing"
            findings.append(finding(.fail, "RFC8441-5-12", reason, "end-stream"))
        }
        if !request.values(of: "sec-websocket-key").isEmpty {
            let reason = "sent Sec-WebSocket-Key, which :protocol takes the place of"
            findings.append(finding(.tolerated, "RFC8441-5-07", reason, "key"))
        }
        let problems = HandshakeRules.checkRequest(head).problems.filter { fieldRules.contains($0.rule) }
        return findings
            + problems.map { problem in
                let isTolerated = problem.rule == .requestExtensionMalformed
                return finding(
                    isTolerated ? .tolerated : .fail,
                    problem.rule.requirement,
                    problem.sentence,
                    problem.rule.rawValue
                )
            }
    }

    /// The rules about fields that mean the same on a stream.
    private static let fieldRules = HandshakeRule.allCases.filter { rule in
        ["request-protocol-version", "request-subprotocol", "request-extension"].contains {
            rule.rawValue.hasPrefix($0)
        }
    }
}
