import WSReport

/// Sorts failures, so that those with a common cause are together and the most frequent cause is first.
enum FailureOrder {
    /// Groups failures by their decisive requirement, the largest group first.
    ///
    /// In a group, and among groups of equal size, cases without a ruling text and regressions of defects come last.
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
