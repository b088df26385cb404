package import WSJudge

extension Report {
    /// How the tries of a case came out, where they differ; its verdict is that of the worst.
    package struct Tries: Sendable, Hashable, Codable {
        /// How often it was played.
        package var of: Int
        /// How many tries came out so, by the word of the verdict.
        package var verdicts: [String: Int]

        /// Counts the verdicts of tries.
        package init(_ verdicts: [Verdict]) {
            of = verdicts.count
            self.verdicts = verdicts.reduce(into: [:]) { $0[$1.rawValue, default: 0] += 1 }
        }

        /// How often this verdict came, such as `2 of 5 tries`.
        package func share(of verdict: Verdict) -> String { "\(verdicts[verdict.rawValue] ?? 0) of \(of) tries" }
    }

    /// Puts other cases in place of its own, and gathers anew what rests on them.
    ///
    /// - Parameters:
    ///   - entries: The cases.
    ///   - others: The requirements that they cite beside those of this report.
    package mutating func replace(_ entries: [Case], citing others: [String: Requirement]) {
        cases = entries.sorted { $0.id < $1.id }
        requirements.merge(others) { own, _ in own }
        passive = Passive.gathered(from: cases)
        causes = gatheredCauses
        summary = Summary(of: cases)
        if options.profile == .rfc { summary.passive = PassiveCounts(of: passive) }
    }
}
