package import WSJudge
package import WSScenario

extension Report {
    /// The result of a scenario in a report.
    package struct Case: Sendable, Hashable, Codable, Identifiable {
        /// The id of the scenario.
        package var id: String
        /// One line that says what is tried.
        package var title: String
        /// The scenario's names in other suites; `autobahn` is its number there.
        package var aliases: [String: String]
        /// Publicly reported defects that the scenario detects; nil if there are none.
        package var references: [KnownDefectReference]?
        /// The phase of the run; nil for the ordinary one.
        package var phase: Scenario.Phase?
        /// Why the scenario is in the catalogue; nil if it tests a text's requirement.
        package var purpose: Scenario.Purpose?
        /// The cited requirements, the scenario's own first.
        package var requirements: [RequirementReference]
        /// The worse of the two axes.
        package var verdict: Verdict
        /// The verdict on what the peer did with what it was sent.
        package var behaviour: Verdict
        /// The verdict on how the connection ended.
        package var closing: Verdict
        /// One sentence that tells a maintainer what to mend; empty if everything conforms.
        package var reason: String
        /// The octets that show the gravest finding.
        package var evidence: [Evidence]
        /// All findings: those that decide the verdict, the gravest first, then those in passing.
        package var findings: [Finding]
        /// The parts that the conversation had; nil if there was no conversation.
        package var parts: [ConversationPart]?
        /// The code of the peer's Close frame.
        package var closeCode: UInt16?
        /// The milliseconds from the connection attempt to the end; nil in a report without volatile parts.
        package var durationMilliseconds: Double?
        /// The verdict of Autobahn's corresponding case; nil if there is none.
        package var autobahn: AutobahnResult?
        /// What was observed of the target's process; nil if it was not supervised.
        package var target: TargetRecord?
        /// Readable lines around the evidence, without times and read boundaries.
        package var wire: [WireLine]
        /// The path of the transcript in the run folder; nil if nothing was recorded.
        package var transcript: String?
        /// How its tries came out; nil if there was one, or all came out alike.
        package var tries: Tries?
        /// What the conversation was on, in a run with the option for HTTP/2; nil in others, and where there was none.
        package var transport: CaseTransport?
        /// The path of the scenario's file in the run folder; nil for a scenario of the catalogue.
        package var scenario: String?

        /// Creates a case.
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

        /// The known defects with the decisive requirement and reason; any other failure is another defect.
        package var knownReferences: [KnownDefectReference]? {
            guard let finding = decisiveFinding, references != nil else { return nil }
            return references(like: finding)
        }

        /// The scenario's number in Autobahn|Testsuite.
        package var autobahnNumber: String? { aliases["autobahn"] }

        /// Whether it ran in the load phase, so that its duration is of interest.
        package var isLoad: Bool { phase == .load }

        /// The verdict's word in the report.
        package var verdictWord: String { verdict.rawValue }

        /// The beginning of the id: its first part, or its first two in a large topic.
        package var topic: String {
            let parts = id.split(separator: "/")
            return parts.prefix(parts.first == "handshake" && parts.count > 2 ? 2 : 1).joined(separator: "/")
        }

        /// The finding that decided; nil if there is none, or only findings in passing.
        package var decisiveFinding: Finding? { findings.first { !$0.isPassive } }

        /// The requirement of the decisive finding, else the scenario's first one.
        package var decisiveRequirement: RequirementReference? {
            let decisive = decisiveFinding?.requirement
            return requirements.first { $0.id == decisive } ?? requirements.first
        }
    }
}

/// A publicly reported defect, as a report cites it.
package struct KnownDefectReference: Sendable, Hashable, Codable {
    /// The implementation with the defect.
    package var project: String
    /// The place of the report: `owner/repository#number`, `owner/repository@commit`, or the id of an advisory.
    package var reference: String
    /// The ids of the requirements that the defect violates.
    package var about: [String]
    /// What the implementation did, as reason keys; nil if that is not known, and any reason fits.
    package var reasons: [String]?

    /// Creates a reference.
    package init(project: String, reference: String, about: [String] = [], reasons: [String]? = nil) {
        self.project = project
        self.reference = reference
        self.about = about
        self.reasons = reasons
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
    /// The keyword of RFC 2119, in capitals.
    package var level: String

    /// Creates a citation.
    package init(id: String, source: String, section: String, level: String) {
        self.id = id
        self.source = source
        self.section = section
        self.level = level
    }

    /// The section and the level, such as `RFC 6455 §5.5.1 MUST`.
    package var citation: String {
        guard let first = section.first else { return "\(source) \(level)" }
        // Sections of registries have names instead of numbers.
        return first.isNumber ? "\(source) §\(section) \(level)" : "\(source) \(section) \(level)"
    }
}

extension Report {
    /// What a conversation was on.
    package enum CaseTransport: String, Sendable, Hashable, Codable {
        /// A connection of HTTP/1.1.
        case http1 = "http/1.1"
        /// A stream of HTTP/2.
        case http2 = "http/2"
    }
}
