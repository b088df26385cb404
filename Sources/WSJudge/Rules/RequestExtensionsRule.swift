import WSProtocol

extension Judge {
    /// Checks what a client offers in Sec-WebSocket-Extensions (RFC 6455, 9.1).
    ///
    /// 1. Each extension is registered with IANA; others are tolerated, because the registry may have grown.
    /// 2. permessage-deflate has only the parameters that RFC 7692, 7.1 defines.
    static let requestExtensionsRule = Rule(
        name: "request-extensions",
        requirements: ["RFC6455-9.1-05", "RFC6455-9.1-06", "IANA-extension-01"],
        roles: [.client],
        part: .request
    ) { subject in
        guard let head = subject.requestHead else { return [] }
        let offers = head.values(of: "Sec-WebSocket-Extensions").compactMap(ExtensionHeader.parse).flatMap(\.self)
        func finding(_ verdict: Verdict, _ requirement: String, _ reason: String) -> Finding {
            Finding(
                rule: "request-extensions",
                axis: .behaviour,
                verdict: verdict,
                requirement: requirement,
                reason: reason,
                evidence: [Evidence(.received, offset: 0, length: UInt64(head.raw.count))]
            )
        }
        var findings: [Finding] = []
        if let offer = offers.first(where: { !registered.contains($0.name.lowercased()) }) {
            findings.append(
                finding(
                    .tolerated,
                    "RFC6455-9.1-05",
                    "offered the extension \(HeadText.excerpt(offer.name)), which is not registered"
                )
            )
        }
        let deflate = offers.filter { $0.name.lowercased() == "permessage-deflate" }.flatMap(\.parameters)
        if let unknown = deflate.first(where: { !parameters.contains($0.name.lowercased()) }) {
            findings.append(
                finding(
                    .fail,
                    "RFC6455-9.1-06",
                    "offered permessage-deflate with \(HeadText.excerpt(unknown.name)), none of its parameters"
                )
            )
        }
        return findings
    }

    /// The names in the IANA registry.
    private static let registered: Set = ["permessage-deflate", "bbf-usp-protocol"]

    private static let parameters: Set = [
        "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits", "client_max_window_bits",
    ]
}
