import WSProtocol
import WSScenario

extension Judge {
    /// A response names a version of HTTP that its sender conforms to (RFC 9110, 6.2).
    ///
    /// A response in lines of text can only be HTTP/1.0 or HTTP/1.1: there is no HTTP/1.2, and later versions are
    /// binary.
    static let responseVersionRule = Rule(
        name: "response-version",
        requirements: ["RFC9110-6.2-02"],
        roles: [.server],
        part: .response
    ) { subject in
        let versions = subject.timeline.responses.compactMap { StatusLine($0)?.version }
        return versions.filter { $0 > .http11 }.prefix(1).map { version in
            Finding(
                rule: "response-version",
                axis: .behaviour,
                verdict: .fail,
                requirement: "RFC9110-6.2-02",
                reason: "answered in \(version); what comes in lines of text is HTTP/1.0 or HTTP/1.1 (RFC 9110, 6.2)",
                evidence: [Evidence(.received, offset: 0, length: 8)],
                key: .answeredInOtherVersion
            )
        }
    }
}
