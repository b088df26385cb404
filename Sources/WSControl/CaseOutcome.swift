/// What came of a case, as the page and drivers are told.
package struct CaseOutcome: Sendable, Hashable, Encodable {
    /// The id of the case.
    package var id: String
    /// The verdict, in our words.
    package var verdict: String
    /// One sentence that a maintainer can act on; empty where everything conforms.
    package var reason: String
    /// The requirements behind it, the decisive one first.
    package var requirements: [Requirement]
    /// Readable lines around the evidence.
    package var wire: [String]
    /// From the connection to its end.
    package var durationMilliseconds: Double
    /// The verdict in the words of Autobahn's interface.
    package var behavior: String

    /// A requirement as the page shows it.
    package struct Requirement: Sendable, Hashable, Encodable {
        /// Its id.
        package var id: String
        /// The document.
        package var source: String
        /// The section.
        package var section: String
        /// The word of RFC 2119.
        package var level: String
        /// What it says.
        package var summary: String

        /// Puts a requirement together.
        package init(id: String, source: String, section: String, level: String, summary: String) {
            self.id = id
            self.source = source
            self.section = section
            self.level = level
            self.summary = summary
        }
    }

    /// Puts an outcome together.
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

/// Where the report of a client is, and what it says.
package struct WrittenReport: Sendable, Hashable, Encodable {
    /// The path.
    package var report: String
    /// How many cases have which verdict.
    package var summary: [String: Int]
    /// What was found in passing, each thing once.
    package var passive: [Passive]

    /// Something that was found in passing, as the page shows it.
    package struct Passive: Sendable, Hashable, Encodable {
        /// How grave it is.
        package var verdict: String
        /// One sentence that a maintainer can act on.
        package var reason: String
        /// In how many conversations it shows.
        package var extent: String
        /// The id of the requirement that decides.
        package var requirement: String

        /// Puts one together.
        package init(verdict: String, reason: String, extent: String, requirement: String) {
            self.verdict = verdict
            self.reason = reason
            self.extent = extent
            self.requirement = requirement
        }
    }

    /// Names a report.
    package init(report: String, summary: [String: Int], passive: [Passive] = []) {
        self.report = report
        self.summary = summary
        self.passive = passive
    }
}
