extension Report {
    /// How a run compares with what was expected of it.
    package struct BaselineOutcome: Sendable, Hashable, Codable {
        /// The file with what was expected.
        package var file: String
        /// The number of cases, and of findings in passing, that count and were expected.
        package var known = 0
        /// What counts and was not expected: the ids of cases, or the names of causes found in passing.
        package var new: [String] = []
        /// Entries under which more cases count than they allow.
        package var worse: [Remark] = []
        /// Entries under which nothing counts any more.
        package var mended: [Remark] = []
        /// Entries that match nothing that this version knows.
        package var unmatched: [Remark] = []
        /// Entries that held until a day that is over.
        package var expired: [Remark] = []
        /// Entries whose cases were not tried in this run.
        package var notTried: [Remark] = []
        /// The cases that miss a recommendation, which does not count, and missed nothing in the report compared with.
        ///
        /// Nil if there are none, or if that is not known.
        package var newlyTolerated: [String]?

        /// Creates an outcome without anything.
        package init(file: String) {
            self.file = file
        }

        /// An entry and what became of it.
        package struct Remark: Sendable, Hashable, Codable {
            /// The entry's pattern.
            package var pattern: String
            /// What became of it, in a few words.
            package var text: String

            /// Creates a remark.
            package init(pattern: String, text: String) {
                self.pattern = pattern
                self.text = text
            }
        }

        /// Whether the run is no worse than expected, and everything expected still holds.
        package var holds: Bool {
            new.isEmpty && worse.isEmpty && mended.isEmpty && unmatched.isEmpty && expired.isEmpty
        }

        /// The entries that do not hold.
        package var problematic: [Remark] { worse + mended + unmatched + expired }

        /// What does not hold, in words, such as `1 new, 2 mended`; empty if everything holds.
        package var problems: String {
            let counts = [
                (new.count, "new"), (worse.count, "worse"), (mended.count, "mended"),
                (unmatched.count, "without a match"), (expired.count, "expired"),
            ]
            return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }
    }
}
