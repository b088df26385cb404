import WSProtocol
import WSScenario

extension Judge {
    /// The request target has to correspond to the address that the driver was told to open.
    ///
    /// 1. The path and the query are there; the query is part of the resource name (RFC 6455, 3). Each address that the
    ///    tester hands out has a query, or the case in its path.
    /// 2. The query is unchanged, except that letters above ASCII are escaped (RFC 6455, 11.1.1).
    /// 3. An empty path is sent as a slash (RFC 9112, 3.2.1).
    ///
    /// Fragments and user names do not belong into any request; the rules about requests check that.
    static let addressRule = Rule(
        name: "address",
        requirements: [
            "RFC6455-4.1-22", "RFC6455-3-02", "RFC6455-3-06", "RFC6455-11.1.1-02", "RFC9112-3.2.1-01",
        ],
        roles: [.client],
        part: .request
    ) { subject in
        guard let head = subject.askingHead, let target = RequestLine(head)?.target else { return [] }
        func finding(_ requirement: String, _ key: ReasonKey, _ reason: String) -> [Finding] {
            [
                Finding(
                    rule: "address",
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: requirement,
                    reason: reason,
                    evidence: subject.timeline.isOnStream
                        ? []
                        : [
                            Evidence(
                                .received,
                                offset: UInt64(head.startLine.lowerBound),
                                length: UInt64(head.startLine.count)
                            )
                        ],
                    key: key
                )
            ]
        }
        let action = subject.scenario.driver.action
        if target == "/runCase" || target == "/" && action == .openWithoutPath {
            return finding(
                "RFC6455-3-06",
                .queryDropped,
                "dropped the query of its address: asked for \(target) alone (RFC 6455, 3; RFC 9112, 3.2.1)"
            )
        }
        if target == "/" {
            return finding(
                "RFC6455-4.1-22",
                .pathDropped,
                "dropped path and query of its address: asked for / alone (RFC 6455, 3)"
            )
        }
        let wanted: String
        let requirement: String
        switch action {
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
        let asked = HeadText.excerpt(target)
        return finding(
            requirement,
            .targetChanged,
            "asked for \(asked), which has not \(wanted), as the address has it"
        )
    }

    /// Percent-encodes the octets above ASCII.
    private static func escape(_ text: String) -> String {
        text.utf8.map { octet in
            let hex = String(octet, radix: 16, uppercase: true)
            return octet < 0x80 ? String(UnicodeScalar(octet)) : "%" + hex
        }.joined()
    }
}
