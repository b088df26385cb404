import WSProtocol
import WSScenario

extension Judge {
    /// Checks what a client offers in Sec-WebSocket-Extensions (RFC 6455, 9.1).
    ///
    /// 1. Each extension is registered with IANA; others are tolerated, because the registry may have grown.
    /// 2. permessage-deflate has only the parameters that RFC 7692, 7.1 defines, with the values that they have there.
    ///    A value where none belongs and a parameter that is repeated are tolerated: no keyword forbids them in an
    ///    offer, and a server declines it.
    static let requestExtensionsRule = Rule(
        name: "request-extensions",
        requirements: [
            "RFC6455-9.1-05", "RFC6455-9.1-06", "IANA-extension-01", "RFC7692-7.1.1.1-02", "RFC7692-7.1.1.2-02",
            "RFC7692-7.1.2.1-02", "RFC7692-7.1.2.2-02",
        ],
        roles: [.client],
        part: .request
    ) { subject in
        guard let head = subject.askingHead else { return [] }
        let offers = head.values(of: "Sec-WebSocket-Extensions").compactMap(ExtensionHeader.parse).flatMap(\.self)
        func finding(
            _ verdict: Verdict,
            _ requirement: String,
            _ key: ReasonKey,
            _ reason: String,
            kind: String? = nil
        ) -> Finding {
            Finding(
                rule: "request-extensions",
                axis: .behaviour,
                verdict: verdict,
                requirement: requirement,
                reason: reason,
                evidence: subject.timeline.isOnStream
                    ? [] : [Evidence(.received, offset: 0, length: UInt64(head.raw.count))],
                key: key,
                kind: kind
            )
        }
        var findings: [Finding] = []
        if let offer = offers.first(where: { !registered.contains($0.name.lowercased()) }) {
            findings.append(
                finding(
                    .tolerated,
                    "RFC6455-9.1-05",
                    .extensionUnregistered,
                    "offered the extension \(HeadText.excerpt(offer.name)), which is not registered"
                )
            )
        }
        let deflate = offers.filter { DeflateParameters.isName($0.name) }
        var seen: Set<String> = []
        for problem in deflate.flatMap({ DeflateNegotiation.problems(ofForm: $0) })
        where seen.insert(problem.name).inserted {
            findings.append(
                finding(
                    problem.isHardInOffer ? .fail : .tolerated,
                    problem.requirement(of: .client),
                    .offered,
                    "offered permessage-deflate \(problem.clause)",
                    kind: problem.name
                )
            )
        }
        return findings
    }

    /// The names in the IANA registry.
    private static let registered: Set = ["permessage-deflate", "bbf-usp-protocol"]
}

extension DeflateProblem {
    /// Whether a keyword forbids the problem in an offer.
    fileprivate var isHardInOffer: Bool {
        switch self {
        case .unknownParameter, .missingValue, .invalidValue: true
        default: false
        }
    }
}
