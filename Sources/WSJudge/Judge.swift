package import WSProtocol
package import WSScenario
package import WSTranscript

/// Turns a scenario and its transcript into a judgement.
///
/// This is a pure function: the same input gives the same output, whether it comes from a live run or from a run folder
/// a year later.
///
/// A rule is a function in a file of its own under `Rules/`. It looks at one thing, reports findings and knows no other
/// rule. To add a rule, write its file and list it in ``rules``.
package enum Judge {
    /// A rule: its name, the requirements that it can cite besides those of the scenario, and its function.
    struct Rule: Sendable {
        let name: String
        /// The ids that it can cite where a server is under test.
        let requirements: Set<String>
        /// The ids that it can cite where a client is under test; nil if they are the same.
        let clientRequirements: Set<String>?
        /// The roles under test that it applies to.
        let roles: Set<Role>
        /// The part that it checks in every conversation; nil for a rule about what the scenario lists.
        let part: ConversationPart?
        let findings: @Sendable (Case) -> [Finding]

        init(
            name: String,
            requirements: Set<String>,
            clientRequirements: Set<String>? = nil,
            roles: Set<Role> = [.client, .server],
            part: ConversationPart? = nil,
            findings: @escaping @Sendable (Case) -> [Finding]
        ) {
            self.name = name
            self.requirements = requirements
            self.clientRequirements = clientRequirements
            self.roles = roles
            self.part = part
            self.findings = findings
        }

        /// The ids that it can cite with this role under test.
        func requirements(testing role: Role) -> Set<String> {
            guard roles.contains(role) else { return [] }
            return role == .client ? clientRequirements ?? requirements : requirements
        }
    }

    /// All rules; findings of equal gravity are reported in this order.
    static let rules: [Rule] = [
        targetDiedRule, handshakeRule,
        streamOpeningRule, limitRule, dataTypeRule, behaviourRule, closingRule, framingRule, transportRule,
        earlyAnswerRule, responseFieldsRule, refusalRule, unknownExtensionRule,
        secondCloseRule, resetRule, othersServedRule, resourceRule, scalingRule,
        extensionParametersRule, versionListRule, responseVersionRule, lateCloseRule,
        noRequestRule, driverRule, streamRequestRule, requestLineRule, requestFieldsRule, requestExtensionsRule,
        addressRule, earlyDataRule, nonceRule, maskingKeysRule, endsFirstRule,
        declinedRule, continueRule, answeredPongRule, agreementRule, compressedMessagesRule,
        closureAlertRule, negotiatedProtocolRule, serverNameRule,
        http2FramesRule, http2SettingsRule, http2AnswersRule, http2ConnectionRule, http2StreamsRule, http2WindowsRule,
        http2MessagesRule,
    ]

    /// The rules that apply to each role under test.
    private static let rulesBySide = Dictionary(
        uniqueKeysWithValues: Role.allCases.map { role in (role, rules.filter { $0.roles.contains(role) }) }
    )

    /// The ids that all rules can cite besides the scenarios' own, with this role under test.
    package static func requirements(testing role: Role) -> Set<String> {
        rules.reduce(into: []) { $0.formUnion($1.requirements(testing: role)) }
    }

    /// The ids that a rule can cite besides those of the scenario; nil if there is no rule of this name.
    package static func requirements(ofRule name: String) -> Set<String>? {
        rules.first { $0.name == name }.map { rule in
            Role.allCases.reduce(into: []) { $0.formUnion(rule.requirements(testing: $1)) }
        }
    }

    /// The ids that a rule can cite with this role under test; nil if there is no rule of this name.
    package static func requirements(ofRule name: String, testing role: Role) -> Set<String>? {
        rules.first { $0.name == name }?.requirements(testing: role)
    }

    /// The names of the rules that apply to this role under test.
    package static func ruleNames(testing role: Role) -> [String] {
        rules.filter { $0.roles.contains(role) }.map(\.name)
    }

    /// Judges a transcript.
    ///
    /// - Parameters:
    ///   - scenario: The scenario that was recorded.
    ///   - transcript: What was recorded.
    ///   - second: A second recording with Autobahn's own waits, if there is one. Only Autobahn's verdict uses it.
    ///   - failByDrop: Whether Autobahn's endpoint fails connections by dropping TCP, an option of its own.
    /// - Returns: The verdict on both axes with its reasons; inconclusive if the transcript is not complete.
    package static func judge(
        _ scenario: Scenario,
        _ transcript: Transcript,
        asAutobahn second: Transcript? = nil,
        failByDrop: Bool = false
    ) -> Judgement {
        guard transcript.isWhole else {
            return .unjudged(.inconclusive, "the conversation was not recorded to its end")
        }
        let subject = Case(scenario: scenario, transcript: transcript)
        let all = (rulesBySide[subject.roleUnderTest] ?? []).flatMap { $0.placed(in: subject) }
        let found = all.filter { !$0.isPassive } + unopened(subject, all)
        // A Close frame that refuses the size or type is the peer's answer; it explains the missing echo.
        let refusals = [limitRule.name, dataTypeRule.name, declinedRule.name]
        let isRefused = found.contains { refusals.contains($0.rule) }
        var counted = isRefused ? found.filter { refusals.contains($0.rule) || $0.rule == framingRule.name } : found
        // If the driver did not make the client do what the scenario needs, the client cannot have failed it.
        if found.contains(where: isUndone) {
            counted.removeAll { [behaviourRule.name, closingRule.name].contains($0.rule) }
        }
        // What was not played cannot have failed.
        if found.contains(where: { $0.rule == agreementRule.name }) {
            counted.removeAll { [behaviourRule.name, closingRule.name].contains($0.rule) }
        }
        let second = second.flatMap { $0.isWhole ? Case(scenario: scenario, transcript: $0) : nil }
        let passive = sorted(all.filter { $0.isPassive && !$0.isTold(by: counted) })
        // Autobahn speaks no HTTP/2, so it would say nothing about a stream.
        let aliased = subject.timeline.isOnStream ? nil : subject.scenario.autobahn
        let autobahn = aliased.map {
            AutobahnSimulation.run($0, on: second ?? subject, failByDrop: failByDrop)
        }
        return judgement(sorted(counted), passive: passive, of: subject, autobahn)
    }

    /// Sorts the gravest first, and equals in the order of the rules.
    private static func sorted(_ findings: [Finding]) -> [Finding] {
        findings.enumerated()
            .sorted { ($1.element.verdict, $0.offset) < ($0.element.verdict, $1.offset) }
            .map(\.element)
    }

    private static func judgement(
        _ own: [Finding],
        passive: [Finding],
        of subject: Case,
        _ autobahn: AutobahnVerdict?
    ) -> Judgement {
        let behaviour = own.filter { $0.axis == .behaviour }.map(\.verdict).max() ?? .pass
        let closing = own.filter { $0.axis == .closing }.map(\.verdict).max() ?? .pass
        let findings = own + passive
        var judgement = Judgement(
            verdict: max(behaviour, closing),
            behaviour: behaviour,
            closing: closing,
            reason: own.first?.reason ?? "",
            findings: findings,
            parts: subject.parts,
            closeCode: subject.timeline.peerClose?.code,
            durationNanoseconds: subject.timeline.endTime,
            wireLines: WireLog.lines(of: subject, around: findings.first?.evidence ?? []),
            autobahn: autobahn,
            target: subject.target.map { TargetRecord($0) }
        )
        judgement.isOnStream = subject.timeline.isOnStream ? true : nil
        return judgement
    }
}

extension Transcript {
    /// Whether the conversation was recorded to its end.
    fileprivate var isWhole: Bool { isComplete || events.contains(where: \.isEnd) }
}

extension TranscriptEvent {
    fileprivate var isEnd: Bool {
        if case .ended = kind { true } else { false }
    }
}
