package import WSProtocol
package import WSScenario
package import WSTranscript

/// Turns a scenario and its transcript into a judgement.
///
/// It is a pure function: the same input gives the same output, today
/// from a live run and next year from its folder.
///
/// A rule is a function of its own file under `Rules/`. It looks at one thing and reports findings; it knows no other
/// rule. To add one, write the file and list it in ``rules``.
package enum Judge {
    /// A rule: what it is called, which requirements it can cite besides a scenario's own, and what it finds in a case.
    struct Rule: Sendable {
        let name: String
        /// What it can cite where a server is under test.
        let requirements: Set<String>
        /// The same for a client; nil for the same ones.
        let clientRequirements: Set<String>?
        /// The sides that it looks at.
        let roles: Set<Role>
        /// The part of a conversation that it looks at whatever the scenario is about; nil for a rule about scenarios.
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

        /// What it can cite with that side under test.
        func requirements(testing role: Role) -> Set<String> {
            guard roles.contains(role) else { return [] }
            return role == .client ? clientRequirements ?? requirements : requirements
        }
    }

    /// All rules, in the order in which their findings are told among equals.
    static let rules: [Rule] = [
        targetDiedRule, handshakeRule, limitRule, dataTypeRule, behaviourRule, closingRule, framingRule, transportRule,
        earlyAnswerRule, responseFieldsRule, refusalRule, unknownExtensionRule,
        secondCloseRule, resetRule, othersServedRule, resourceRule, scalingRule,
        extensionParametersRule, versionListRule, responseVersionRule, lateCloseRule,
        noRequestRule, driverRule, requestLineRule, requestFieldsRule, requestExtensionsRule, addressRule,
        earlyDataRule, nonceRule, maskingKeysRule, endsFirstRule,
        declinedRule, continueRule, answeredPongRule,
    ]

    /// The rules that look at each side.
    private static let rulesBySide = Dictionary(
        uniqueKeysWithValues: Role.allCases.map { role in (role, rules.filter { $0.roles.contains(role) }) }
    )

    /// The ids of all requirements that rules look at in every conversation with that side under test, whatever its
    /// scenario is about.
    package static func requirements(testing role: Role) -> Set<String> {
        rules.reduce(into: []) { $0.formUnion($1.requirements(testing: role)) }
    }

    /// The ids that a rule can cite besides those of the scenario; nil where there is no such rule.
    package static func requirements(ofRule name: String) -> Set<String>? {
        rules.first { $0.name == name }.map { rule in
            Role.allCases.reduce(into: []) { $0.formUnion(rule.requirements(testing: $1)) }
        }
    }

    /// The same with that side under test.
    package static func requirements(ofRule name: String, testing role: Role) -> Set<String>? {
        rules.first { $0.name == name }?.requirements(testing: role)
    }

    /// The names of the rules that look at that side.
    package static func ruleNames(testing role: Role) -> [String] {
        rules.filter { $0.roles.contains(role) }.map(\.name)
    }

    /// Judges what was recorded.
    ///
    /// - Parameters:
    ///   - scenario: the scenario.
    ///   - transcript: what was recorded of it.
    ///   - second: what was recorded of it with Autobahn's own waits, if it was played so, too. It decides what
    ///     Autobahn's verdict is, and nothing else.
    /// - Returns: the verdict on both axes with its reasons; inconclusive for a transcript that is not whole.
    package static func judge(
        _ scenario: Scenario,
        _ transcript: Transcript,
        asAutobahn second: Transcript? = nil
    ) -> Judgement {
        guard transcript.isWhole else {
            return .unjudged(.inconclusive, "the conversation was not recorded to its end")
        }
        let subject = Case(scenario: scenario, transcript: transcript)
        let all = (rulesBySide[subject.roleUnderTest] ?? []).flatMap { $0.placed(in: subject) }
        let found = all.filter { !$0.isPassive } + unopened(subject, all)
        // A peer that has said which size or type it takes has answered the scenario; that no echo came follows.
        let refusals = [limitRule.name, dataTypeRule.name, declinedRule.name]
        let isRefused = found.contains { refusals.contains($0.rule) }
        var counted = isRefused ? found.filter { refusals.contains($0.rule) || $0.rule == framingRule.name } : found
        // Who was not made to do what the scenario needs has not failed it.
        if found.contains(where: isUndone) {
            counted.removeAll { [behaviourRule.name, closingRule.name].contains($0.rule) }
        }
        let second = second.flatMap { $0.isWhole ? Case(scenario: scenario, transcript: $0) : nil }
        let passive = sorted(all.filter { $0.isPassive && !$0.isTold(by: counted) })
        return judgement(sorted(counted), passive: passive, of: subject, asAutobahn: second ?? subject)
    }

    /// The gravest first, among equals in the order of the rules.
    private static func sorted(_ findings: [Finding]) -> [Finding] {
        findings.enumerated()
            .sorted { ($1.element.verdict, $0.offset) < ($0.element.verdict, $1.offset) }
            .map(\.element)
    }

    private static func judgement(
        _ own: [Finding],
        passive: [Finding],
        of subject: Case,
        asAutobahn second: Case
    ) -> Judgement {
        let behaviour = own.filter { $0.axis == .behaviour }.map(\.verdict).max() ?? .pass
        let closing = own.filter { $0.axis == .closing }.map(\.verdict).max() ?? .pass
        let findings = own + passive
        return Judgement(
            verdict: max(behaviour, closing),
            behaviour: behaviour,
            closing: closing,
            reason: own.first?.reason ?? "",
            findings: findings,
            parts: subject.parts,
            closeCode: subject.timeline.peerClose?.code,
            durationNanoseconds: subject.timeline.endTime,
            wireLines: WireLog.lines(of: subject, around: findings.first?.evidence ?? []),
            autobahn: subject.scenario.autobahn.map { AutobahnSimulation.run($0, on: second) },
            target: subject.target.map { TargetRecord($0) }
        )
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
