import WSProtocol
import WSScenario

extension Judge {
    /// An accepted permessage-deflate fits one of the offers that were sent (RFC 7692, 5 and 7; RFC 6455, 9.1).
    ///
    /// 1. Its parameters exist, stand there once, and have the values that 7.1 gives them.
    /// 2. What an offer demands of the server is there, and nothing that only an offer could have permitted.
    /// 3. It answers a valid offer: a server has to decline the others.
    /// 4. There is one element of this name, and no other extension uses RSV1.
    ///
    /// All of these fail, those without a keyword, too: a client has to fail the connection over each of them, so a
    /// conforming one cannot talk to such a server. That nothing was offered at all is told by `handshake`.
    static let extensionParametersRule = Rule(
        name: "extension-parameters",
        requirements: [
            "RFC6455-9.1-06", "RFC7692-5-08", "RFC7692-5-09", "RFC7692-7-01", "RFC7692-7-02", "RFC7692-7-03",
            "RFC7692-7.1.1.1-02", "RFC7692-7.1.1.1-03", "RFC7692-7.1.1.2-02", "RFC7692-7.1.2.1-04",
            "RFC7692-7.1.2.1-05", "RFC7692-7.1.2.2-04", "RFC7692-7.1.2.2-05",
        ],
        roles: [.server],
        part: .handshake
    ) { subject in
        guard subject.isOpened, let response = subject.timeline.agreeingHead else { return [] }
        let field = "Sec-WebSocket-Extensions"
        let accepted = response.values(of: field).compactMap(ExtensionHeader.parse).joined()
        guard !accepted.isEmpty else { return [] }
        let request = subject.timeline.offeringHead
        let offers = request.values(of: field).compactMap(ExtensionHeader.parse).joined()
        var seen: Set<String> = []
        return DeflateNegotiation.problems(of: accepted, to: offers).compactMap { problem in
            // Several parameters that do not exist are one finding.
            guard problem != .notOffered, seen.insert(problem.name).inserted else { return nil }
            return Finding(
                rule: "extension-parameters",
                axis: .behaviour,
                verdict: subject.isOurFault ? .informational : .fail,
                requirement: problem.requirement(of: .server),
                reason: "accepted permessage-deflate \(problem.clause)",
                evidence: subject.timeline.isOnStream ? [] : [subject.evidence(of: response, field)],
                key: problem.isAboutOffer ? .agreedToInvalidOffer : .agreed,
                kind: problem.name
            )
        }
    }
}

extension DeflateProblem {
    /// Whether the offer is wrong rather than what answers it, as where a scenario expects that it is declined.
    fileprivate var isAboutOffer: Bool {
        if case .invalidOffer = self { true } else { false }
    }
}

extension Case {
    /// The lines of the final answer that have a field, from the first to the last.
    fileprivate func evidence(of response: HTTPHead, _ name: String) -> Evidence {
        let fields = response.fields(named: name)
        guard let first = fields.first, let last = fields.last else {
            return Evidence(.received, offset: responseOffset, length: UInt64(response.raw.count))
        }
        return Evidence(
            .received,
            offset: responseOffset + UInt64(first.lineOffset),
            length: UInt64(last.value.upperBound - first.lineOffset)
        )
    }
}
