import WSLimits
package import WSScenario

/// The result of a scenario.
package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Everything is as the RFC requires.
    case pass
    /// The RFC leaves it open, or it is a matter of degree; reported but never counted.
    case informational
    /// It was not run, because the peer or the options lack what it needs.
    case skipped
    /// The peer did not agree to an optional feature.
    case unimplemented
    /// A recommendation is missed; counted with `--strict` only.
    case tolerated
    /// Nothing can be said about the peer: the control failed, or the fault may be ours.
    case inconclusive
    /// A requirement is broken.
    case fail

    /// Whether it says something about the peer's conformance.
    package var isJudged: Bool {
        switch self {
        case .pass, .informational, .tolerated, .fail: true
        case .skipped, .unimplemented, .inconclusive: false
        }
    }

    /// Orders verdicts from the best to the worst.
    package static func < (left: Self, right: Self) -> Bool {
        left.severity < right.severity
    }

    private var severity: Int {
        switch self {
        case .pass: 0
        case .informational: 1
        case .skipped: 2
        case .unimplemented: 3
        case .tolerated: 4
        case .inconclusive: 5
        case .fail: 6
        }
    }
}

/// What a finding is about.
package enum Axis: String, Sendable, Hashable, Codable {
    /// What the peer did with what it was sent.
    case behaviour
    /// How the connection came to its end.
    case closing
}

/// A range of octets that shows something.
package struct Evidence: Sendable, Hashable, Codable {
    /// The direction of the octets.
    package var direction: Direction
    /// The number of octets before the range since the connection's first one, in this direction.
    package var offset: UInt64
    /// The number of octets.
    package var length: UInt64

    /// A direction as the tester sees it.
    package enum Direction: String, Sendable, Hashable, Codable {
        /// From the tester to the peer.
        case sent
        /// From the peer to the tester.
        case received
    }

    /// Creates evidence.
    package init(_ direction: Direction, offset: UInt64, length: UInt64) {
        self.direction = direction
        self.offset = offset
        self.length = length
    }
}

/// One finding of a rule.
package struct Finding: Sendable, Hashable, Codable {
    /// The name of the rule.
    package var rule: String
    /// The axis that it counts for.
    package var axis: Axis
    /// Its gravity.
    package var verdict: Verdict
    /// The id of the requirement that it violates or is about.
    package var requirement: String
    /// One sentence that tells a maintainer what to mend.
    package var reason: String
    /// The octets that show it.
    package var evidence: [Evidence]
    /// What the peer did, as a word that stays the same: a ``WSScenario/ReasonKey``, with its kind where it has some.
    package var reasonKey: String
    /// The requirement that the tester's stimulus breaks, if the peer went on after it; nil for any other finding.
    ///
    /// The cause of the finding names it, whoever it binds, because it tells which check is missing.
    package var violated: String?
    /// A name for what was found; nil if the rule has only one kind of finding for this requirement.
    ///
    /// Reasons quote what a peer sent, so they differ; findings of one kind are the same whatever they quote.
    package var kind: String?
    /// The part of the conversation in which it was found in passing, that is, unrelated to the scenario.
    ///
    /// Nil if the finding is about the scenario's own subject, so that it counts for the case's verdict.
    package var passing: ConversationPart?

    /// Creates a finding.
    package init(
        rule: String,
        axis: Axis,
        verdict: Verdict,
        requirement: String,
        reason: String,
        evidence: [Evidence] = [],
        key: ReasonKey,
        kind: String? = nil,
        violated: String? = nil,
        passing: ConversationPart? = nil
    ) {
        self.rule = rule
        self.axis = axis
        self.verdict = verdict
        self.requirement = requirement
        // A rule may quote very long input of a peer.
        self.reason = Limits.reason.cut(reason)
        self.evidence = evidence
        reasonKey = key.slug(kind)
        self.violated = violated
        self.kind = kind
        self.passing = passing
    }

    /// Reads a finding; one that was written before there were reason keys has its kind, or else its rule, for one.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        rule = try values.decode(String.self, forKey: .rule)
        axis = try values.decode(Axis.self, forKey: .axis)
        verdict = try values.decode(Verdict.self, forKey: .verdict)
        requirement = try values.decode(String.self, forKey: .requirement)
        reason = try values.decode(String.self, forKey: .reason)
        evidence = try values.decode([Evidence].self, forKey: .evidence)
        kind = try values.decodeIfPresent(String.self, forKey: .kind)
        reasonKey = try values.decodeIfPresent(String.self, forKey: .reasonKey) ?? kind ?? rule
        violated = try values.decodeIfPresent(String.self, forKey: .violated)
        passing = try values.decodeIfPresent(ConversationPart.self, forKey: .passing)
    }

    /// The requirement that its cause names.
    package var causeRequirement: String { violated ?? requirement }

    /// Whether it was found in passing, so that it is reported once for the run and decides no case.
    package var isPassive: Bool { passing != nil }
}

/// The judged result of one scenario.
package struct Judgement: Sendable, Hashable, Codable {
    /// The worse of the two axes.
    package var verdict: Verdict
    /// The verdict on what the peer did with what it was sent.
    package var behaviour: Verdict
    /// The verdict on how the connection ended.
    package var closing: Verdict
    /// One sentence: the reason of the gravest finding; empty if everything conforms.
    package var reason: String
    /// All findings: those that decide the verdict, the gravest first, then those in passing.
    package var findings: [Finding]
    /// The parts that the conversation had, in which findings in passing were looked for.
    package var parts: [ConversationPart]
    /// The code of the peer's Close frame; nil if it sent no Close frame, or one without a code.
    package var closeCode: UInt16?
    /// The nanoseconds from the connection attempt to the end.
    package var durationNanoseconds: Int64
    /// At most 40 readable lines around the evidence, without times and read boundaries.
    package var wireLines: [WireLine]
    /// The verdict of Autobahn's corresponding case; nil if there is none.
    package var autobahn: AutobahnVerdict?
    /// What was observed of the target's process; nil if it was not supervised.
    package var target: TargetRecord?
    /// Whether the conversation was on a stream of HTTP/2; nil if not.
    package var isOnStream: Bool?

    /// Creates a judgement.
    package init(
        verdict: Verdict,
        behaviour: Verdict,
        closing: Verdict,
        reason: String,
        findings: [Finding] = [],
        parts: [ConversationPart] = [],
        closeCode: UInt16? = nil,
        durationNanoseconds: Int64 = 0,
        wireLines: [WireLine] = [],
        autobahn: AutobahnVerdict? = nil,
        target: TargetRecord? = nil
    ) {
        self.verdict = verdict
        self.behaviour = behaviour
        self.closing = closing
        self.reason = reason
        self.findings = findings
        self.parts = parts
        self.closeCode = closeCode
        self.durationNanoseconds = durationNanoseconds
        self.wireLines = wireLines
        self.autobahn = autobahn
        self.target = target
    }

    /// The readable lines without their octets.
    package var wire: [String] { wireLines.map(\.text) }

    /// The gravest verdict of all findings, including those in passing.
    package var gravest: Verdict { max(verdict, findings.map(\.verdict).max() ?? .pass) }

    /// The judgement of a scenario that could not be judged, with one reason for both axes.
    package static func unjudged(_ verdict: Verdict, _ reason: String) -> Self {
        Self(verdict: verdict, behaviour: verdict, closing: verdict, reason: reason)
    }
}
