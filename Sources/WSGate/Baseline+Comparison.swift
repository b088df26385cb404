import WSJudge
import WSKernels
package import WSReport

/// What exists besides what a report holds, so that a mistyped pattern can be told from one that was not tried.
package struct KnownNames: Sendable {
    /// The ids of all cases, and their numbers in other suites.
    package var cases: Set<String>
    /// The ids of all requirements.
    package var requirements: Set<String>

    /// Creates the names.
    package init(cases: Set<String>, requirements: Set<String>) {
        self.cases = cases
        self.requirements = requirements
    }
}

extension Baseline {
    /// Compares a report with what is expected.
    ///
    /// 1. A case that counts is known if an entry matches its id or number, or if all causes for which it counts are
    ///    matched by entries. A cause that was only found in passing is known if an entry matches it.
    /// 2. Everything else that counts is new.
    /// 3. An entry under which nothing counts, although it was tried, is mended. A missed recommendation is not mended:
    ///    the command line says whether it counts. A cause was tried if all cases that its entry lists were judged; if
    ///    it lists none, in a run of all cases.
    /// 4. An entry that matches nothing in the report was not tried if there are such names, else it is a mistake.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - names: What there is besides.
    ///   - today: The day on which entries may be over, such as `2027-01-31`.
    /// - Returns: What is known, new, worse, mended, without a match, expired and not tried.
    package func outcome(of report: Report, among names: KnownNames, today: String) -> Report.BaselineOutcome {
        var outcome = Report.BaselineOutcome(file: file)
        let results = Results(report)
        var covers = entries.map { Cover($0) }
        for entry in results.counted {
            let causes = report.countedCauses(of: entry)
            for index in covers.indices where covers[index].takes(entry, causes) || covers[index].takes(any: causes) {
                covers[index].count += 1
            }
        }
        for index in covers.indices where covers[index].entry.isOfCauses { covers[index].show(in: report) }
        for entry in results.counted {
            let causes = report.countedCauses(of: entry)
            let isKnown = causes.allSatisfy { cause in
                covers.contains { $0.takes(cause: cause) && $0.allows(entry.id) }
            }
            if covers.contains(where: { $0.takes(entry, causes) }) || !causes.isEmpty && isKnown {
                outcome.known += 1
            } else {
                outcome.new.append(entry.id)
            }
        }
        for cause in report.countedInPassing {
            let takers = covers.indices.filter { covers[$0].takes(cause: cause.id) }
            for index in takers { covers[index].count += 1 }
            if takers.isEmpty { outcome.new.append(cause.id) } else { outcome.known += 1 }
        }
        outcome.newlyTolerated = newlyTolerated(in: report)
        for cover in covers { cover.remark(on: results, names, today, in: &outcome) }
        return outcome
    }

    /// The cases that miss a recommendation now and missed nothing in the report that the baseline was made of.
    ///
    /// Nil where that is not known, or where missed recommendations count anyway.
    private func newlyTolerated(in report: Report) -> [String]? {
        guard let conforming, !report.counts(.tolerated) else { return nil }
        let found = report.cases.filter { $0.verdict == .tolerated && conforming.contains($0.id) }.map(\.id)
        return found.isEmpty ? nil : found
    }

    /// A report as entries are compared with it.
    private struct Results {
        var report: Report
        var counted: [Report.Case]
        /// The ids of the cases that were judged.
        var judged: Set<String> = []
        /// The requirements that these cite.
        var judgedRequirements: Set<String> = []
        /// Whether the run came to its end, and was not one of some chosen cases.
        var isWhole: Bool { report.footer.complete && report.options.cases == ["*"] }

        init(_ report: Report) {
            self.report = report
            counted = report.countedCases
            for entry in report.cases where entry.verdict.isJudged {
                judged.insert(entry.id)
                judgedRequirements.formUnion(entry.requirements.map(\.id))
                judgedRequirements.formUnion(entry.findings.flatMap { [$0.requirement, $0.causeRequirement] })
            }
        }
    }

    /// An entry and how many counted results it explains.
    private struct Cover {
        let entry: Entry
        private let glob: Glob
        /// How many counted results it explains.
        var count = 0
        /// How many cases show its causes, as a report tells it; nil for an entry about cases.
        private var shown: Int?

        init(_ entry: Entry) {
            self.entry = entry
            glob = entry.isOfCauses ? entry.causeGlob : Glob(pattern: entry.pattern)
        }

        func matches(_ found: Report.Case) -> Bool {
            !entry.isOfCauses && (glob.matches(found.id) || found.autobahnNumber.map(glob.matches) ?? false)
        }

        /// Whether it explains a case by its id.
        func takes(_ found: Report.Case, _ causes: [String]) -> Bool {
            matches(found) && (entry.causes.map { $0.isSuperset(of: causes) } ?? true)
        }

        /// Whether it explains a cause.
        func takes(cause: String) -> Bool { entry.isOfCauses && glob.matches(cause) }

        /// Whether it explains one of some causes.
        func takes(any causes: [String]) -> Bool { causes.contains { takes(cause: $0) } }

        /// Whether more cases count under it than it allows.
        var isExceeded: Bool { entry.atMost.map { (shown ?? count) > $0 } ?? false }

        /// Whether a case may count under it: where there are too many, those do that it lists.
        func allows(_ id: String) -> Bool { !isExceeded || entry.cases?.contains(id) ?? true }

        /// Counts the cases that show its causes, as the lines about causes do.
        ///
        /// A cause that was only found in passing is told once for the whole run, and counts as one.
        mutating func show(in report: Report) {
            let causes = report.causes.filter { takes(cause: $0.id) && report.counts($0.verdict) }
            let names = Set(causes.filter { $0.part == nil }.map(\.id))
            let cases =
                names.isEmpty
                ? 0
                : report.cases.count { entry in
                    entry.causingFindings(report.options.profile).contains { names.contains($0.cause) }
                }
            shown = cases + causes.count { $0.part != nil }
        }

        func remark(
            on results: Results,
            _ names: KnownNames,
            _ today: String,
            in outcome: inout Report.BaselineOutcome
        ) {
            func remark(_ text: String) -> Report.BaselineOutcome.Remark { .init(pattern: entry.pattern, text: text) }
            if let until = entry.until, until < today {
                outcome.expired.append(remark("was expected until \(until): \(entry.reason)"))
            }
            if let atMost = entry.atMost, isExceeded {
                outcome.worse.append(remark("\(shown ?? count) count, more than the \(atMost) that it allows"))
            }
            guard count == 0 else { return }
            switch entry.isOfCauses ? causes(in: results, names) : cases(in: results, names) {
            case .unknown: outcome.unmatched.append(remark(entry.isOfCauses ? noRequirement : noCase))
            case .notTried(let why): outcome.notTried.append(remark(why))
            case .missed: break
            case .mended: outcome.mended.append(remark("holds no more; drop it"))
            }
        }

        private var noCase: String { "matches no case; wsconform cases lists them all" }
        private var noRequirement: String { "matches no requirement; wsconform cases coverage lists them all" }

        /// What became of an entry under which nothing counts.
        private enum Rest {
            /// There is nothing of the name.
            case unknown
            /// What it is about was not judged, for this reason.
            case notTried(String)

            /// Nothing of the name was judged.
            static let untouched = notTried("none of its cases was judged")
            /// Something is missed all the same, and does not count.
            case missed
            /// Nothing is missed.
            case mended
        }

        private func cases(in results: Results, _ names: KnownNames) -> Rest {
            let found = results.report.cases.filter(matches)
            guard !found.isEmpty else { return names.cases.contains(where: glob.matches) ? .untouched : .unknown }
            let judged = found.filter(\.verdict.isJudged)
            if judged.isEmpty { return .untouched }
            return judged.contains { $0.verdict >= .tolerated } ? .missed : .mended
        }

        private func causes(in results: Results, _ names: KnownNames) -> Rest {
            if results.report.causes.contains(where: { takes(cause: $0.id) && $0.verdict >= .tolerated }) {
                return .missed
            }
            // A star may stand in the requirement, too.
            let requirement = Glob(pattern: String(entry.pattern.prefix { $0 != "/" }))
            guard names.requirements.contains(where: requirement.matches) else { return .unknown }
            guard results.judgedRequirements.contains(where: requirement.matches) else { return .untouched }
            // A case that is gone says nothing any more.
            if let listed = entry.cases?.filter(names.cases.contains), !listed.isEmpty {
                let judged = listed.count(where: results.judged.contains)
                return judged == listed.count ? .mended : .notTried("\(judged) of its \(listed.count) cases judged")
            }
            return results.isWhole ? .mended : .notTried("only a run of all cases tells whether it holds")
        }
    }
}

extension Baseline {
    /// Makes a baseline of a report: everything that counts is expected to count again, for the same causes.
    package init(_ report: Report, file: String) {
        self.init(file: file, role: report.roleUnderTest, peer: report.peer.name)
        isOfReport = true
        conforming = Set(report.cases.filter { $0.verdict.isJudged && $0.verdict < .tolerated }.map(\.id))
        entries = report.countedCases.map { found in
            var entry = Entry(pattern: found.id, reason: found.reason)
            entry.causes = Set(report.countedCauses(of: found))
            return entry
        }
        entries += report.countedInPassing.map { Entry(pattern: $0.id, reason: $0.reason) }
    }

    /// Why it is not for this report; nil if it is.
    package func mismatch(_ report: Report) -> String? {
        if let role, role != report.roleUnderTest {
            return "is for a \(role.rawValue), and a \(report.roleUnderTest.rawValue) is tested"
        }
        guard let peer, let own = Self.product(peer), let tested = Self.product(report.peer.name), own != tested else {
            return nil
        }
        return "is for \(peer), and \(report.peer.name) is tested"
    }

    /// The last product in a peer's name, without its version; nil if there is none, as in an address.
    ///
    /// In `Python/3.11 websockets/17.4` that is `websockets`.
    private static func product(_ name: String) -> String? {
        let words = name.split(separator: " ").map { $0.prefix { $0 != "/" }.lowercased() }
        return words.last { !$0.contains { $0 == ":" || $0.isNumber } }
    }
}
