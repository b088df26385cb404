import WSKernels
package import WSReport

/// What is expected of a peer: findings that are known, and why they stay.
///
/// It is read from a file of its own form, or made from the report of an earlier run.
package struct Baseline: Sendable, Hashable {
    /// The file it was read from.
    package var file: String
    /// The role under test that it is for; nil for any.
    package var role: Report.RoleUnderTest?
    /// The name of the peer that it is for; nil for any.
    package var peer: String?
    /// What is expected.
    package var entries: [Entry]
    /// Whether it was made of a report.
    package var isOfReport = false
    /// Where it was made of a report, the cases that were judged there and missed nothing; else nil.
    var conforming: Set<String>?

    /// Creates a baseline.
    package init(file: String, role: Report.RoleUnderTest? = nil, peer: String? = nil, entries: [Entry] = []) {
        self.file = file
        self.role = role
        self.peer = peer
        self.entries = entries
    }

    /// A finding that is known, or several.
    package struct Entry: Sendable, Hashable {
        /// Which findings: an id or a number of a case, a requirement, or a cause; stars match anything.
        package var pattern: String
        /// Why it stays.
        package var reason: String
        /// Where more can be read about it; nil if nowhere.
        package var link: String?
        /// The last day on which it is expected, such as `2027-01-31`; nil for no end.
        package var until: String?
        /// How many cases may count under it; nil for any number.
        package var atMost: Int?
        /// The cases that showed its cause when it was written down; nil if that is not known.
        package var cases: [String]?
        /// The causes for which the case is expected to count; nil for any, as only a report says them.
        var causes: Set<String>?

        /// Creates an entry.
        package init(
            pattern: String,
            reason: String,
            link: String? = nil,
            until: String? = nil,
            atMost: Int? = nil,
            cases: [String]? = nil
        ) {
            self.pattern = pattern
            self.reason = reason
            self.link = link
            self.until = until
            self.atMost = atMost
            self.cases = cases
        }

        /// Whether the pattern is of requirements and causes, not of cases.
        package var isOfCauses: Bool { pattern.hasPrefix("RFC") }

        /// The pattern with which names of causes are compared.
        var causeGlob: Glob { Glob(pattern: pattern.contains("/") ? pattern : pattern + "/*") }
    }
}
