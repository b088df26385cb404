package import WSReport

extension Baseline {
    /// Makes the baseline that a report begins with: an entry for each cause that counts.
    ///
    /// It says how many cases a cause has, so that more of them are noticed. A reason has to be written by a person;
    /// until then there stands what happened.
    ///
    /// A run that nothing was to fail is taken as one in which violated requirements count.
    package static func begun(with report: Report, file: String) -> Self {
        let report = report.forBaselines
        var baseline = Baseline(file: file, role: report.roleUnderTest, peer: report.peer.name)
        var counts: [String: Int] = [:]
        for found in report.countedCases {
            let causes = report.countedCauses(of: found)
            // Without a cause, the case itself is expected.
            for pattern in causes.isEmpty ? [found.id] : causes { counts[pattern, default: 0] += 1 }
        }
        for cause in report.countedInPassing { counts[cause.id, default: 0] += 1 }
        let reasons = Dictionary(report.causes.map { ($0.id, $0.reason) }) { first, _ in first }
        let extents = Dictionary(report.causes.map { ($0.id, $0.part == nil ? $0.count : 1) }) { first, _ in first }
        let shown = Dictionary(report.causes.map { ($0.id, $0.part == nil ? $0.cases : [$0.example]) }) { first, _ in
            first
        }
        let ofCases = Dictionary(report.cases.map { ($0.id, $0.reason) }) { first, _ in first }
        baseline.entries = counts.sorted { $0.key < $1.key }.map { pattern, count in
            Entry(
                pattern: pattern,
                reason: "\(unexplained): \(reasons[pattern] ?? ofCases[pattern] ?? pattern)",
                atMost: pattern.hasPrefix("RFC") ? extents[pattern] ?? count : nil,
                cases: listed(shown[pattern], of: extents[pattern])
            )
        }
        return baseline
    }

    /// The cases of a cause as an entry lists them; nil if there are so many that the file would be for nobody to read.
    private static func listed(_ cases: [String]?, of count: Int?) -> [String]? {
        guard let cases, cases.count == count, cases.count <= mostListed else { return nil }
        return cases
    }

    private static let mostListed = 100

    /// How a reason begins that no person has written yet.
    private static let unexplained = "to be explained"

    /// How many entries have a reason that no person has written yet.
    package var unexplainedCount: Int { entries.count { $0.reason.hasPrefix(Self.unexplained) } }

    /// What a new report changes in a baseline.
    package struct Update: Sendable, Hashable {
        /// The baseline with the changes.
        package var baseline: Baseline
        /// The patterns of entries that were dropped, because they hold no more or match nothing.
        package var dropped: [String]
        /// The patterns of entries that were added.
        package var added: [String]
        /// The patterns of entries that allow another number of cases.
        package var changed: [String]
    }

    /// Brings a baseline to the state of a report.
    ///
    /// What holds no more goes, what is new comes, the rest keeps its reason.
    ///
    /// An entry whose cases were not tried stays, and so does one that is over: its day is a person's matter.
    package func updated(with report: Report, among names: KnownNames) -> Update {
        let report = report.forBaselines
        let outcome = outcome(of: report, among: names, today: "")
        let gone = Set((outcome.mended + outcome.unmatched).map(\.pattern))
        var update = Update(baseline: self, dropped: gone.sorted(), added: [], changed: [])
        update.baseline.entries.removeAll { gone.contains($0.pattern) }
        update.baseline.role = report.roleUnderTest
        update.baseline.peer = report.peer.name
        let begun = Self.begun(with: report, file: file).entries
        for entry in begun {
            if let index = update.baseline.entries.firstIndex(where: { $0.pattern == entry.pattern }) {
                guard let atMost = update.baseline.entries[index].atMost else { continue }
                update.baseline.entries[index].cases = entry.cases
                guard atMost != entry.atMost else { continue }
                update.baseline.entries[index].atMost = entry.atMost
                update.changed.append(entry.pattern)
            }
        }
        // What other entries explain needs none of its own.
        let rest = update.baseline.outcome(of: report, among: names, today: "")
        for entry in begun
        where Self.isNew(entry, rest, report)
            && !update.baseline.entries.contains(where: { $0.pattern == entry.pattern })
        {
            update.baseline.entries.append(entry)
            update.added.append(entry.pattern)
        }
        return update
    }

    /// Whether an entry is about something that is new.
    private static func isNew(_ entry: Entry, _ outcome: Report.BaselineOutcome, _ report: Report) -> Bool {
        if outcome.new.contains(entry.pattern) { return true }
        return report.cases.contains { found in
            outcome.new.contains(found.id) && report.countedCauses(of: found).contains(entry.pattern)
        }
    }
}

extension Report {
    /// The report with something that counts: `--fail-on never` is for the run, not for what is written down of it.
    fileprivate var forBaselines: Report {
        guard options.level == .never else { return self }
        var report = self
        report.options.failOn = .must
        return report
    }
}
