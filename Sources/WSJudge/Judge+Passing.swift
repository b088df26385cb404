import WSProtocol
import WSScenario

/// Separates findings about the scenario from findings in passing.
///
/// 1. A finding of a rule about the scenario's outcomes counts for the case.
/// 2. A finding of a rule that looks at every conversation counts for the case if the scenario cites its requirement,
///    or if the scenario's own request caused it.
/// 3. All other findings of such a rule are in passing: the report has each once for the run, and they do not change
///    the verdict of the case.
/// 4. If such a finding is the reason why no connection was opened, the case is inconclusive, and the finding is still
///    reported.
/// 5. A finding in passing that repeats the case's own verdict is dropped.
extension Judge.Rule {
    /// The findings of this rule in a case; those in passing are marked.
    func placed(in subject: Case) -> [Finding] {
        let found = findings(subject)
        guard let part else { return found }
        return found.map { finding in
            guard !subject.isAbout(finding), finding.verdict != .inconclusive else { return finding }
            var finding = finding
            finding.passing = part == .handshake && !subject.isOpened ? .connection : part
            return finding
        }
    }
}

extension Judge {
    /// The rule name of findings about how the connection ended.
    package static let closingRuleName = "closing"

    /// The rule name of the finding that says that a case cannot be judged without a connection.
    package static let unopenedRule = "unopened"

    /// The finding that the case cannot be judged, if a finding in passing prevented the connection; else empty.
    static func unopened(_ subject: Case, _ found: [Finding]) -> [Finding] {
        let openings = [handshakeRule.name, streamOpeningRule.name, noRequestRule.name]
        guard !subject.isOpened, subject.roleUnderTest == .client || !subject.opensOnItsOwn,
            let reason = found.first(where: { openings.contains($0.rule) && $0.isPassive && $0.verdict == .fail })
        else { return [] }
        return [
            Finding(
                rule: unopenedRule,
                axis: .behaviour,
                verdict: .inconclusive,
                requirement: reason.requirement,
                reason: "cannot be judged without a connection: \(reason.reason)",
                evidence: reason.evidence,
                key: .unopened
            )
        ]
    }
}

extension Case {
    /// Whether a finding of a rule about every conversation belongs to the scenario's subject.
    func isAbout(_ finding: Finding) -> Bool {
        if scenario.citedRequirements.contains(finding.requirement) { return true }
        guard roleUnderTest == .server, case .request(let request) = scenario.opening,
            let rule = finding.kind.flatMap(HandshakeRule.init(rawValue:))
        else { return false }
        let template = String(decoding: request.template, as: UTF8.self)
        switch rule {
        case .responseSubprotocolUnasked, .responseSubprotocolNotOffered, .responseSubprotocolOtherCase,
            .responseSubprotocolEmpty, .responseSubprotocolNotToken, .responseSubprotocolRepeated:
            return template.lowercased().contains("sec-websocket-protocol")
        case .responseExtensionNotOffered, .responseExtensionOtherCase, .responseExtensionEmpty,
            .responseExtensionMalformed:
            return template.lowercased().contains("sec-websocket-extensions")
        case .responseAcceptWrong, .responseAcceptMissing:
            // If the request has anything but one ordinary key field, the scenario itself caused the wrong Accept
            // value.
            return template.ranges(of: "\nSec-WebSocket-Key: {key}\r").count != 1
        default:
            return false
        }
    }
}

extension Finding {
    /// Whether one of the case's own findings covers this one: same requirement and axis, and at least as grave.
    func isTold(by own: [Finding]) -> Bool {
        own.contains { $0.requirement == requirement && $0.axis == axis && $0.verdict >= verdict }
    }
}
