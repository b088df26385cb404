package import WSJudge
import WSScenario

/// What makes a run end with exit status 1.
package enum FailureLevel: String, Sendable, Hashable, Codable, CaseIterable {
    /// A violated requirement.
    case must
    /// A missed recommendation, too.
    case should
    /// Nothing: the exit status is 0 unless nothing certain can be said.
    case never
}

extension Report.Options {
    /// What makes the run end with exit status 1.
    package var level: FailureLevel { failOn ?? (strict == true ? .should : .must) }
}

extension Report {
    /// Whether a finding of this gravity counts.
    package func counts(_ verdict: Verdict) -> Bool {
        switch options.level {
        case .must: verdict == .fail
        case .should: verdict == .fail || verdict == .tolerated
        case .never: false
        }
    }

    /// Whether a finding about this requirement counts, as far as its impact goes.
    package func counts(impactOf requirement: String) -> Bool {
        guard let wanted = options.failOnImpact else { return true }
        return requirements[requirement]?.impact.map(wanted.contains) ?? false
    }

    /// The causes that count of a case, by name; empty where the case does not count, or only by its verdict.
    package func countedCauses(of entry: Case) -> [String] {
        guard counts(entry.verdict) else { return [] }
        return entry.causingFindings(options.profile)
            .filter { !$0.isPassive && counts($0.verdict) && counts(impactOf: $0.causeRequirement) }
            .map(\.cause)
    }

    /// The cases that make the run end with exit status 1.
    package var countedCases: [Case] {
        cases.filter { entry in
            guard counts(entry.verdict) else { return false }
            return options.failOnImpact == nil || !countedCauses(of: entry).isEmpty
        }
    }

    /// Whether nothing of a cause is new: a baseline was given, and no new finding shows it.
    ///
    /// - Parameters:
    ///   - name: The name of the cause.
    ///   - cases: The ids of the cases that fail for it; those in which it was found in passing do not.
    /// - Returns: False where no baseline was given.
    package func isKnown(_ name: String, cases: [String]) -> Bool {
        guard let new = baseline?.new else { return false }
        return !new.contains(name) && !cases.contains(where: new.contains)
    }

    /// The ids of cases, and the names of causes found in passing, that count and were expected.
    ///
    /// It is empty where nothing was expected.
    package var expected: Set<String> {
        guard let baseline else { return [] }
        return Set(countedCases.map(\.id) + countedInPassing.map(\.id)).subtracting(baseline.new)
    }

    /// The causes that were only found in passing and make the run end with exit status 1.
    package var countedInPassing: [Cause] {
        guard options.profile == .rfc else { return [] }
        return causes.filter { $0.part != nil && counts($0.verdict) && counts(impactOf: $0.requirement) }
    }
}
