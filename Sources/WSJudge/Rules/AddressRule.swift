import WSProtocol
import WSScenario

extension Judge {
    /// Where the driver was to open a particular address, the target of the request is what follows from it.
    ///
    /// 1. What stands in the query stands in the target, letters above ASCII escaped (RFC 6455, 11.1.1).
    /// 2. An empty path is sent as a slash (RFC 9112, 3.2.1).
    ///
    /// Fragments and users are no part of any request; the rules of all requests look for them.
    static let addressRule = Rule(
        name: "address",
        requirements: ["RFC6455-4.1-22", "RFC6455-3-02", "RFC6455-11.1.1-02", "RFC9112-3.2.1-01"],
        roles: [.client]
    ) { subject in
        guard let head = subject.requestHead, let target = RequestLine(head)?.target else { return [] }
        let wanted: String
        let requirement: String
        switch subject.scenario.driver.action {
        case .open(let suffix) where !suffix.hasPrefix("#"):
            let escaped = escape(suffix)
            guard !target.lowercased().hasSuffix(escaped.lowercased()) else { return [] }
            wanted = "\(escaped) at its end"
            requirement =
                escaped != suffix
                ? "RFC6455-11.1.1-02" : suffix.contains("%23") ? "RFC6455-3-02" : "RFC6455-4.1-22"
        case .openWithoutPath:
            guard !target.hasPrefix("/?") else { return [] }
            wanted = "a slash alone before its query"
            requirement = "RFC9112-3.2.1-01"
        default:
            return []
        }
        return [
            Finding(
                rule: "address",
                axis: .behaviour,
                verdict: .fail,
                requirement: requirement,
                reason: "asked for \(target), which has not \(wanted), as the address has it",
                evidence: [
                    Evidence(.received, offset: UInt64(head.startLine.lowerBound), length: UInt64(head.startLine.count))
                ]
            )
        ]
    }

    /// A text with its octets above ASCII escaped.
    private static func escape(_ text: String) -> String {
        text.utf8.map { octet in
            let hex = String(octet, radix: 16, uppercase: true)
            return octet < 0x80 ? String(UnicodeScalar(octet)) : "%" + hex
        }.joined()
    }
}
