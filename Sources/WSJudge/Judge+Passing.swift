import WSProtocol
import WSScenario

/// What is found in passing, and what the case itself is about.
///
/// 1. A rule about what a scenario lists speaks for the case.
/// 2. A rule that looks at a part of every conversation speaks for the case where the scenario cites the requirement,
///    or where what the scenario's own request asks for has brought the finding about.
/// 3. All else that such a rule finds is told once for the run, however many conversations show it, and the case is
///    judged on for what it is about.
/// 4. Where no connection came about over such a finding, nothing can be said of the case; the finding is told even so.
/// 5. What the case's own verdict says already is not told in passing as well.
extension Judge.Rule {
    /// What it finds in a case, with those findings marked that have nothing to do with what the case is about.
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
    /// The rule of the finding that says that a case cannot be judged, because its connection did not come about.
    package static let unopenedRule = "unopened"

    /// Whether the case has no connection, over something that was found in passing.
    static func unopened(_ subject: Case, _ found: [Finding]) -> [Finding] {
        let openings = [handshakeRule.name, noRequestRule.name]
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
                evidence: reason.evidence
            )
        ]
    }
}

extension Case {
    /// Whether a finding of a rule over every conversation is what the scenario is about.
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
            // Anything but one field of the ordinary form is the scenario's own doing.
            return template.ranges(of: "\nSec-WebSocket-Key: {key}\r").count != 1
        default:
            return false
        }
    }
}

extension Finding {
    /// Whether a case's own findings say the same of the same part of the conversation, and no more mildly.
    func isTold(by own: [Finding]) -> Bool {
        own.contains { $0.requirement == requirement && $0.axis == axis && $0.verdict >= verdict }
    }
}
