import WSCatalogue
package import WSGate
import WSProtocol
package import WSReport
import WSRunFolder
package import WSScenario

/// What makes the exit status of a run 1.
package struct Gate: Sendable {
    /// Whether missed recommendations count as findings.
    package var isStrict = false
    /// What counts; nil if `isStrict` says it.
    package var failOn: FailureLevel?
    /// The impacts of findings that count; nil if all do.
    package var failOnImpact: [Impact]?
    /// What is expected of the peer; nil if nothing is.
    package var baseline: Baseline?

    /// Creates the gate of a run without options: a violated requirement counts.
    package init() {}

    /// Takes over what counts in a report, as far as this gate does not say it by name.
    ///
    /// - Parameter options: The options of a run that is judged anew.
    package mutating func inherit(from options: Report.Options) {
        if !isStrict, failOn == nil {
            isStrict = options.strict == true
            failOn = options.failOn
        }
        failOnImpact = failOnImpact ?? options.failOnImpact
    }

    /// Writes what counts into the options of a report, in place of what stood there.
    package func note(in options: inout Report.Options) {
        options.strict = isStrict || failOn == .should
        options.failOn = failOn
        options.failOnImpact = failOnImpact
    }

    /// Compares a report with what is expected, and writes the result into it.
    ///
    /// - Returns: Why it could not be compared; nil if it was, or nothing is expected.
    package func compare(_ report: inout Report) -> String? {
        guard let baseline else { return nil }
        if let mismatch = baseline.mismatch(report) {
            return "\(baseline.file) \(mismatch); name another baseline, or correct what it says of its peer"
        }
        let today = String(Timestamp.utc(milliseconds: WallClock.milliseconds()).prefix(10))
        report.baseline = baseline.outcome(of: report, among: .all(testing: report.roleUnderTest), today: today)
        return nil
    }
}

extension KnownNames {
    /// Everything in the catalogue for this role under test.
    package static func all(testing role: Report.RoleUnderTest) -> Self {
        let scenarios = Catalogue.all.filter { $0.targets.contains(role == .server ? .server : .client) }
        return Self(
            cases: Set(scenarios.flatMap { [$0.id, $0.autobahn?.number].compactMap(\.self) }),
            requirements: Set(RequirementTable.shared.all.map(\.id))
        )
    }
}
