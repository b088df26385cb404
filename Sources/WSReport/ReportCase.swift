package import WSJudge
package import WSScenario

extension Report {
    /// What came of one scenario.
    package struct Case: Sendable, Hashable, Codable, Identifiable {
        /// The scenario's id.
        package var id: String
        /// One line that says what was tried.
        package var title: String
        /// The scenario's names elsewhere; `autobahn` is its number there.
        package var aliases: [String: String]
        /// Defects reported in public that the scenario shows; nil where there are none.
        package var references: [KnownDefectReference]?
        /// The part of the run in which it was played; nil for the ordinary one.
        package var phase: Scenario.Phase?
        /// Why the scenario is in the catalogue; nil where it tries what a text rules.
        package var purpose: Scenario.Purpose?
        /// The requirements behind the verdict, the scenario's own first.
        package var requirements: [RequirementReference]
        /// The worse of the two axes.
        package var verdict: Verdict
        /// What the peer did with what it was sent.
        package var behaviour: Verdict
        /// How the connection came to its end.
        package var closing: Verdict
        /// One sentence that a maintainer can act on; empty where everything conforms.
        package var reason: String
        /// The octets that show the gravest finding.
        package var evidence: [Evidence]
        /// Everything that was found: first what the verdict rests on, the gravest first, then what was found in
        /// passing.
        package var findings: [Finding]
        /// The parts that the conversation had; nil where there was none.
        package var parts: [ConversationPart]?
        /// The code of the peer's Close frame.
        package var closeCode: UInt16?
        /// From the connection attempt to the end; nil in a report without volatile parts.
        package var durationMilliseconds: Double?
        /// What Autobahn|Testsuite would have said; nil where it has no such case.
        package var autobahn: AutobahnResult?
        /// What was seen of the target's process; nil where it was not looked at.
        package var target: TargetRecord?
        /// Readable lines around the evidence, without times and read boundaries.
        package var wire: [WireLine]
        /// The path of the transcript in the run folder; nil where nothing was recorded.
        package var transcript: String?

        /// Creates a case; what most cases lack is empty.
        package init(
            id: String,
            title: String,
            aliases: [String: String] = [:],
            references: [KnownDefectReference]? = nil,
            phase: Scenario.Phase? = nil,
            purpose: Scenario.Purpose? = nil,
            requirements: [RequirementReference] = [],
            verdict: Verdict,
            behaviour: Verdict,
            closing: Verdict,
            reason: String = "",
            evidence: [Evidence] = [],
            findings: [Finding] = [],
            parts: [ConversationPart]? = nil,
            closeCode: UInt16? = nil,
            durationMilliseconds: Double? = nil,
            autobahn: AutobahnResult? = nil,
            target: TargetRecord? = nil,
            wire: [WireLine] = [],
            transcript: String? = nil
        ) {
            self.id = id
            self.title = title
            self.aliases = aliases
            self.references = references
            self.phase = phase
            self.purpose = purpose
            self.requirements = requirements
            self.verdict = verdict
            self.behaviour = behaviour
            self.closing = closing
            self.reason = reason
            self.evidence = evidence
            self.findings = findings
            self.parts = parts
            self.closeCode = closeCode
            self.durationMilliseconds = durationMilliseconds
            self.autobahn = autobahn
            self.target = target
            self.wire = wire
            self.transcript = transcript
        }

        /// The defects that were about what decided here; who fails the scenario over something else has another one.
        package var knownReferences: [KnownDefectReference]? {
            guard let finding = decisiveFinding else { return nil }
            return references?.filter { $0.about.contains(finding.requirement) }
        }

        /// The scenario's number in Autobahn|Testsuite.
        package var autobahnNumber: String? { aliases["autobahn"] }

        /// Whether it was played in the load phase, whose times are of interest.
        package var isLoad: Bool { phase == .load }

        /// The verdict as the report has it.
        package var verdictWord: String { verdict.rawValue }

        /// What the id begins with: one part, or two where a topic is that large.
        package var topic: String {
            let parts = id.split(separator: "/")
            return parts.prefix(parts.first == "handshake" && parts.count > 2 ? 2 : 1).joined(separator: "/")
        }

        /// The finding that decided; nil where nothing was found, or only in passing.
        package var decisiveFinding: Finding? { findings.first { !$0.isPassive } }

        /// The requirement that decided: that of the gravest finding, or else the scenario's first.
        package var decisiveRequirement: RequirementReference? {
            let decisive = decisiveFinding?.requirement
            return requirements.first { $0.id == decisive } ?? requirements.first
        }
    }
}

/// A defect reported in public, as a report names it.
package struct KnownDefectReference: Sendable, Hashable, Codable {
    /// The implementation that had it.
    package var project: String
    /// Where it was reported: `owner/repository#number`, `owner/repository@commit`, or the id of an advisory.
    package var reference: String
    /// What was reported: the ids of the requirements that were broken.
    package var about: [String]

    /// Names a defect.
    package init(project: String, reference: String, about: [String] = []) {
        self.project = project
        self.reference = reference
        self.about = about
    }
}

/// A requirement as a report cites it.
package struct RequirementReference: Sendable, Hashable, Codable, Identifiable {
    /// The id in the requirement table.
    package var id: String
    /// The specification, such as `RFC 6455`.
    package var source: String
    /// The section that holds it.
    package var section: String
    /// The word of RFC 2119, in capitals.
    package var level: String

    /// Cites a requirement.
    package init(id: String, source: String, section: String, level: String) {
        self.id = id
        self.source = source
        self.section = section
        self.level = level
    }

    /// The place in the specification and how strong it is: `RFC 6455 §5.5.1 MUST`.
    package var citation: String {
        guard let first = section.first else { return "\(source) \(level)" }
        // Sections of registries are names, not numbers.
        return first.isNumber ? "\(source) §\(section) \(level)" : "\(source) \(section) \(level)"
    }
}
