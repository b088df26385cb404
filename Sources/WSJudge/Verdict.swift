import WSLimits

/// The word for how a scenario ended.
package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Everything as the RFC asks.
    case pass
    /// Left open by the RFC, or a matter of degree; said, never counted.
    case informational
    /// Not run, because the peer or the options lack what it needs.
    case skipped
    /// An optional feature that the peer did not agree to.
    case unimplemented
    /// A recommendation missed; counts with `--strict` only.
    case tolerated
    /// Nothing can be said about the peer: the control failed, or the fault may be ours.
    case inconclusive
    /// A requirement broken.
    case fail

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

/// A run of octets that shows something.
package struct Evidence: Sendable, Hashable, Codable {
    /// Which way the octets went.
    package var direction: Direction
    /// The octets before the run, counted from the connection's first one.
    package var offset: UInt64
    /// The number of octets.
    package var length: UInt64

    /// Which way octets went, as the tester sees it.
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

/// One thing that a rule found.
package struct Finding: Sendable, Hashable, Codable {
    /// The name of the rule.
    package var rule: String
    /// What it is about.
    package var axis: Axis
    /// How grave it is.
    package var verdict: Verdict
    /// The requirement that decides; an id of the requirement table.
    package var requirement: String
    /// One sentence that a maintainer can act on.
    package var reason: String
    /// The octets that show it.
    package var evidence: [Evidence]
    /// What was found, in a word of the rule's own; nil where the rule has only one thing to say of a requirement.
    ///
    /// Reasons quote what a peer sent; findings of one kind are the same whatever they quote.
    package var kind: String?
    /// Where it was found in passing: the part of the conversation that shows it, whatever the scenario is about.
    ///
    /// Nil where the finding is about what the scenario is about, so that it counts for the case's verdict.
    package var passing: ConversationPart?

    /// Creates a finding.
    package init(
        rule: String,
        axis: Axis,
        verdict: Verdict,
        requirement: String,
        reason: String,
        evidence: [Evidence] = [],
        kind: String? = nil,
        passing: ConversationPart? = nil
    ) {
        self.rule = rule
        self.axis = axis
        self.verdict = verdict
        self.requirement = requirement
        // What a peer sent may be quoted in full a thousand times over.
        self.reason = Limits.reason.cut(reason)
        self.evidence = evidence
        self.kind = kind
        self.passing = passing
    }

    /// Whether it was found in passing, so that it is told once for the run and decides no case.
    package var isPassive: Bool { passing != nil }
}

/// What came of one scenario.
package struct Judgement: Sendable, Hashable, Codable {
    /// The worse of the two axes.
    package var verdict: Verdict
    /// What the peer did with what it was sent.
    package var behaviour: Verdict
    /// How the connection came to its end.
    package var closing: Verdict
    /// One sentence: the reason of the gravest finding, empty where everything conforms.
    package var reason: String
    /// Everything that was found: first what the verdict rests on, the gravest first, then what was found in passing.
    package var findings: [Finding]
    /// The parts that the conversation had, among which things are found in passing.
    package var parts: [ConversationPart]
    /// The code of the peer's Close frame, if it sent one with a code.
    package var closeCode: UInt16?
    /// From the connection attempt to the end, in nanoseconds.
    package var durationNanoseconds: Int64
    /// At most 40 readable lines around the evidence, without times and read boundaries.
    package var wireLines: [WireLine]
    /// What Autobahn would have said; nil where it has no such case.
    package var autobahn: AutobahnVerdict?
    /// What was seen of the target's process; nil where the tester had not started it, or nothing was looked at.
    package var target: TargetRecord?

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

    /// The readable lines without the octets behind them.
    package var wire: [String] { wireLines.map(\.text) }

    /// The gravest verdict of all findings, those in passing included.
    package var gravest: Verdict { max(verdict, findings.map(\.verdict).max() ?? .pass) }

    /// A scenario that was not judged, for one reason on both axes.
    package static func unjudged(_ verdict: Verdict, _ reason: String) -> Self {
        Self(verdict: verdict, behaviour: verdict, closing: verdict, reason: reason)
    }
}
