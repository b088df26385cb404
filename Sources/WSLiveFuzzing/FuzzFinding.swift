package import WSJudge
package import WSScenario

/// What is behind a finding: the requirement that it cites, and what the peer did.
package struct FuzzCause: Sendable, Hashable, Comparable {
    /// The id of the requirement.
    package var requirement: String
    /// What the peer did, as a word that stays the same.
    package var reasonKey: String

    /// The cause of a finding.
    package init(_ finding: Finding) {
        requirement = finding.causeRequirement
        reasonKey = finding.reasonKey
    }

    /// The causes of what counts against a peer: that of the finding that decided, and those of findings in passing.
    package static func all(in judgement: Judgement) -> [FuzzCause] {
        let failed = judgement.findings.filter { $0.verdict == .fail }
        return (failed.filter { !$0.isPassive }.prefix(1) + failed.filter(\.isPassive)).map { FuzzCause($0) }
    }

    /// Whether a smaller conversation with this cause shows the same as one with another cause.
    ///
    /// What a peer makes of valid frames cites a requirement on what they are. So a Ping that goes unanswered beside a
    /// text cites another one than the same Ping alone, which names the cause better.
    package func isLike(_ other: FuzzCause) -> Bool {
        guard reasonKey == other.reasonKey else { return false }
        return requirement == other.requirement
            || Self.onValidFrames.contains(requirement) && Self.onValidFrames.contains(other.requirement)
    }

    private static let onValidFrames: Set = [
        "RFC6455-6.2-01", "RFC7692-6.2-01", "RFC7692-6.2-02", "RFC6455-5.4-08", "RFC6455-5.4-10", "RFC6455-5.4-03",
        "RFC6455-5.5.2-02", "RFC6455-5.5.3-01", "RFC6455-5.5.1-07",
    ]

    /// The id of the scenario that shows it, which is also the path of its file.
    package var scenario: String {
        let words = "\(reasonKey)-\(requirement)".lowercased().unicodeScalars.map { scalar in
            scalar.properties.isAlphabetic && scalar.isASCII || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
        }
        return "fuzz/\(String(words))"
    }

    /// Orders causes by requirement, then by what the peer did.
    package static func < (left: Self, right: Self) -> Bool {
        (left.requirement, left.reasonKey) < (right.requirement, right.reasonKey)
    }
}

/// A finding of the fuzzer, with the smallest conversation that showed it.
package struct FuzzFinding: Sendable, Hashable {
    /// What is behind it.
    package var cause: FuzzCause
    /// The scenario that shows it, under an id of its own.
    package var scenario: Scenario
    /// How many frames the scenario sends.
    package var frames: Int
    /// How many of the tries before shrinking showed it again.
    package var hits: Int
    /// How many conversations the run had played when it was first seen.
    package var seenAfter: Int

    /// Whether every try showed it again, so that it is certain.
    package var isCertain: Bool { hits == FuzzEngine.confirmations }

    /// What is to be said of a finding that is not certain; nil for any other one.
    package var doubt: String? {
        isCertain
            ? nil
            : "flaky: \(hits) of \(FuzzEngine.confirmations) further tries showed \(cause.reasonKey) "
                + "(\(cause.requirement)) again; play the scenario file until it does, or raise --timeout"
    }
}
