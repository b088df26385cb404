/// The judged result of a case, as JSON for the page and for drivers.
package struct CaseOutcome: Sendable, Hashable, Encodable {
    /// The id of the case.
    package var id: String
    /// The verdict, as in the report.
    package var verdict: String
    /// One sentence that tells a maintainer what to mend; empty if everything conforms.
    package var reason: String
    /// The requirements, the decisive one first.
    package var requirements: [Requirement]
    /// Readable lines around the evidence.
    package var wire: [String]
    /// The milliseconds from the connection to its end.
    package var durationMilliseconds: Double
    /// The verdict in the words of Autobahn's interface.
    package var behavior: String

    /// A requirement as the page shows it.
    package struct Requirement: Sendable, Hashable, Encodable {
        /// The id.
        package var id: String
        /// The document, such as `RFC 6455`.
        package var source: String
        /// The section.
        package var section: String
        /// The keyword of RFC 2119.
        package var level: String
        /// What the requirement says.
        package var summary: String

        /// Creates a requirement.
        package init(id: String, source: String, section: String, level: String, summary: String) {
            self.id = id
            self.source = source
            self.section = section
            self.level = level
            self.summary = summary
        }
    }

    /// Creates an outcome.
    package init(
        id: String,
        verdict: String,
        reason: String,
        requirements: [Requirement],
        wire: [String],
        durationMilliseconds: Double,
        behavior: String
    ) {
        self.id = id
        self.verdict = verdict
        self.reason = reason
        self.requirements = requirements
        self.wire = wire
        self.durationMilliseconds = durationMilliseconds
        self.behavior = behavior
    }

    enum CodingKeys: CodingKey {
        case id, verdict, reason, requirements, wire, durationMilliseconds
    }
}

/// The path and the summary of a client's written report.
package struct WrittenReport: Sendable, Hashable, Encodable {
    /// The path of the report.
    package var report: String
    /// The number of cases by verdict.
    package var summary: [String: Int]
    /// The findings in passing, each once.
    package var passive: [Passive]

    /// A finding in passing, as the page shows it.
    package struct Passive: Sendable, Hashable, Encodable {
        /// Its gravity.
        package var verdict: String
        /// One sentence that tells a maintainer what to mend.
        package var reason: String
        /// In how many conversations it shows, in words.
        package var extent: String
        /// The id of the decisive requirement.
        package var requirement: String

        /// Creates a finding in passing.
        package init(verdict: String, reason: String, extent: String, requirement: String) {
            self.verdict = verdict
            self.reason = reason
            self.extent = extent
            self.requirement = requirement
        }
    }

    /// Creates a description of a report.
    package init(report: String, summary: [String: Int], passive: [Passive] = []) {
        self.report = report
        self.summary = summary
        self.passive = passive
    }
}
