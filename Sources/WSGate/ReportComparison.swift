package import WSJudge
package import WSReport

/// What differs between two reports: of two runs of one peer, or of two peers.
package struct ReportComparison: Sendable, Hashable {
    /// The cases whose verdict differs, by id.
    package let cases: [CaseChange]
    /// The causes that only one report has, or that have another number of cases, by name.
    package let causes: [CauseChange]
    /// How many cases only the earlier report has.
    package let onlyOld: Int
    /// How many cases only the later report has.
    package let onlyNew: Int

    /// A case of both reports whose verdict differs.
    package struct CaseChange: Sendable, Hashable {
        /// The id of the case.
        package var id: String
        /// The verdict in the earlier report.
        package var old: Verdict
        /// The verdict in the later report.
        package var new: Verdict
        /// What the later report says of it; empty if everything conforms.
        package var reason: String

        /// Which way it went.
        package var direction: Direction { Direction(old, new) }
    }

    /// A cause that differs.
    package struct CauseChange: Sendable, Hashable {
        /// The name of the cause.
        package var id: String
        /// Its gravity, in the later report if it is there.
        package var verdict: Verdict
        /// How many of the cases that both reports have show it in the earlier one.
        package var old: Int
        /// How many of the cases that both reports have show it in the later one.
        package var new: Int
        /// A case that shows it.
        package var example: String
        /// What is said of it.
        package var reason: String

        /// Whether it counts as worse: a finding in passing decides no case, and is all that says so.
        package var isWorse: Bool { verdict >= .tolerated && new > old }
    }

    /// Which way a verdict went.
    package enum Direction: Sendable, Hashable, CaseIterable {
        /// Something that was not missed is missed, or missed more gravely.
        case worse
        /// Something that was missed is not, or less gravely.
        case better
        /// Neither can be said: something was not tried, or cannot be judged.
        case other

        init(_ old: Verdict, _ new: Verdict) {
            let (isWorse, isBetter) = (new > old && new >= .tolerated, old > new && old >= .tolerated)
            self = !old.isJudged || !new.isJudged ? .other : isWorse ? .worse : isBetter ? .better : .other
        }
    }

    /// Compares two reports.
    package init(_ old: Report, _ new: Report) {
        let before = Dictionary(old.cases.map { ($0.id, $0) }) { first, _ in first }
        let after = Set(new.cases.map(\.id))
        cases = new.cases.compactMap { entry in
            guard let earlier = before[entry.id], earlier.verdict != entry.verdict else { return nil }
            return CaseChange(id: entry.id, old: earlier.verdict, new: entry.verdict, reason: entry.reason)
        }
        onlyOld = old.cases.count { !after.contains($0.id) }
        onlyNew = new.cases.count { before[$0.id] == nil }
        let shared = after.intersection(before.keys)
        let (first, second) = (Self.causes(of: old, among: shared), Self.causes(of: new, among: shared))
        causes = Set(first.keys).union(second.keys).sorted().compactMap { id in
            guard let cause = second[id] ?? first[id] else { return nil }
            let change = CauseChange(
                id: id,
                verdict: cause.verdict,
                old: first[id]?.count ?? 0,
                new: second[id]?.count ?? 0,
                example: cause.example,
                reason: cause.reason
            )
            return change.old == change.new ? nil : change
        }
    }

    /// Whether the later report is worse: a case is, or a finding in passing is new.
    package var isWorse: Bool {
        cases.contains { $0.direction == .worse } || causes.contains { $0.old == 0 && $0.isWorse }
    }

    /// Whether nothing differs that both reports have.
    package var isEmpty: Bool { cases.isEmpty && causes.isEmpty }

    private struct Found {
        var verdict: Verdict
        var count: Int
        var example: String
        var reason: String
    }

    /// The causes of some cases; those of others say nothing about a change.
    private static func causes(of report: Report, among ids: Set<String>) -> [String: Found] {
        var found: [String: Found] = [:]
        for entry in report.cases where ids.contains(entry.id) {
            for finding in entry.causingFindings(report.options.profile) where finding.verdict != .inconclusive {
                let id = finding.cause
                var cause =
                    found[id] ?? Found(verdict: finding.verdict, count: 0, example: entry.id, reason: finding.reason)
                cause.count += 1
                if finding.verdict > cause.verdict {
                    (cause.verdict, cause.example, cause.reason) = (finding.verdict, entry.id, finding.reason)
                }
                found[id] = cause
            }
        }
        return found
    }
}
