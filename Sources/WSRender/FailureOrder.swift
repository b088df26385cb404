import WSReport

/// The order in which failures are told: what has one cause together, and what many fail for first.
enum FailureOrder {
    /// Puts failures that rest on the same requirement together, the most frequent first.
    ///
    /// In a group, and among groups of one size, what no text rules and regressions of defects come last.
    static func sorted(_ failures: [Report.Case]) -> [Report.Case] {
        let groups = Dictionary(grouping: failures) { $0.decisiveRequirement?.id ?? "" }
        let ranked = groups.values.map { group in group.sorted { rank($0) < rank($1) } }
        return ranked.sorted { first, second in
            guard first.count == second.count, let one = first.first, let other = second.first else {
                return first.count > second.count
            }
            return rank(one) < rank(other)
        }.flatMap(\.self)
    }

    private static func rank(_ entry: Report.Case) -> (Int, String) {
        (entry.purpose == nil ? 0 : 1, entry.id)
    }
}
