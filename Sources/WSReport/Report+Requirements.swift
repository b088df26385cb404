import WSJudge
package import WSScenario

extension Report {
    /// A requirement that a report cites, in the words of its specification.
    package struct Requirement: Sendable, Hashable, Codable {
        /// The specification, such as `RFC 6455`.
        package var source: String
        /// The section that holds it.
        package var section: String
        /// The keyword of RFC 2119, in capitals.
        package var level: String
        /// One sentence that says what is required.
        package var sentence: String
        /// What it means for others if it is violated; nil in a report without this column.
        package var impact: Impact?
        /// Why it means that, in one sentence; nil in a report without this column.
        package var impactReason: String?

        /// Creates a requirement.
        package init(
            source: String,
            section: String,
            level: String,
            sentence: String,
            impact: Impact? = nil,
            impactReason: String? = nil
        ) {
            self.source = source
            self.section = section
            self.level = level
            self.sentence = sentence
            self.impact = impact
            self.impactReason = impactReason
        }
    }

    /// What a requirement says, and what it means for others if it is violated.
    package struct Statement: Sendable, Hashable {
        /// One sentence that says what is required.
        package var sentence: String
        /// What it means for others if it is violated.
        package var impact: Impact
        /// Why it means that, in one sentence.
        package var impactReason: String

        /// Creates a statement.
        package init(sentence: String, impact: Impact, impactReason: String) {
            self.sentence = sentence
            self.impact = impact
            self.impactReason = impactReason
        }
    }

    /// The ids of all requirements that cases cite: their own, those of findings, and those of known defects.
    static func cited(by cases: some Sequence<Case>) -> Set<String> {
        var ids: Set<String> = []
        for entry in cases {
            for requirement in entry.requirements { ids.insert(requirement.id) }
            for finding in entry.findings { ids.formUnion([finding.requirement, finding.causeRequirement]) }
            for reference in entry.references ?? [] { ids.formUnion(reference.about) }
        }
        return ids
    }
}
