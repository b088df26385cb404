package import WSJudge

extension Report {
    /// A finding in passing, reported once for all cases that show it; it decides no case.
    package struct Passive: Sendable, Hashable, Codable {
        /// The id of the decisive requirement.
        package var requirement: String
        /// The rule that reported it.
        package var rule: String
        /// A name for what was found; nil if the rule has only one kind of finding for this requirement.
        package var kind: String?
        /// Its gravity.
        package var verdict: Verdict
        /// One sentence that tells a maintainer what to mend; its quotations come from the example.
        package var reason: String
        /// The part of a conversation that shows it.
        package var part: ConversationPart
        /// The number of cases that show it.
        package var cases: Int
        /// The number of cases that had such a part.
        package var of: Int
        /// The octets that show it in the example.
        package var evidence: [Evidence]
        /// The first case that shows it, by id.
        package var example: String
        /// The path of the example's transcript in the run folder; nil if nothing was recorded.
        package var transcript: String?

        /// The extent in words, such as `in every handshake (804 of 804)` or `in 3 of 804 handshakes`.
        package var extent: String {
            cases == of ? "in every \(part.singular) (\(cases) of \(of))" : "in \(cases) of \(of) \(part.plural)"
        }
    }

    /// The number of findings in passing by gravity, each counted once.
    package struct PassiveCounts: Sendable, Hashable, Codable {
        /// Violated requirements.
        package var fail = 0
        /// Missed recommendations.
        package var tolerated = 0
        /// Matters that the RFC leaves open.
        package var informational = 0

        /// Creates counts of zero.
        package init() {}

        /// Counts findings.
        package init(of passive: some Sequence<Passive>) {
            for entry in passive {
                switch entry.verdict {
                case .fail: fail += 1
                case .tolerated: tolerated += 1
                case .informational: informational += 1
                case .pass, .skipped, .unimplemented, .inconclusive: break
                }
            }
        }

        /// The sum of the counts.
        package var total: Int { fail + tolerated + informational }
    }
}

extension Report.Passive {
    /// The properties that equal findings of different cases share.
    private struct FindingKey: Hashable {
        var rule: String
        var requirement: String
        var verdict: Verdict
        var kind: String?
        /// Nil for a finding about the scenario's own subject.
        var part: ConversationPart?

        init(_ finding: Finding) {
            rule = finding.rule
            requirement = finding.requirement
            verdict = finding.verdict
            kind = finding.kind
            part = finding.passing
        }
    }

    /// Collects the findings in passing of all cases, the gravest and most frequent first.
    ///
    /// A case that has the same finding as its own subject is counted, too.
    ///
    /// - Parameter cases: The cases in the order of the report.
    /// - Returns: Each finding once.
    static func gathered(from cases: [Report.Case]) -> [Report.Passive] {
        var whole: [ConversationPart: Int] = [:]
        var found: [FindingKey: Report.Passive] = [:]
        var own: [FindingKey: Int] = [:]
        for entry in cases {
            for part in entry.parts ?? [] { whole[part, default: 0] += 1 }
            var seen: Set<FindingKey> = []
            for finding in entry.findings {
                let key = FindingKey(finding)
                guard seen.insert(key).inserted else { continue }
                if let part = finding.passing {
                    found[key, default: Report.Passive(finding, part, in: entry)].cases += 1
                } else {
                    own[key, default: 0] += 1
                }
            }
        }
        return found.map { key, entry in
            var entry = entry
            var ownKey = key
            ownKey.part = nil
            entry.cases += own[ownKey] ?? 0
            entry.of = max(entry.cases, whole[entry.part] ?? 0)
            return entry
        }.sorted { $0.rank < $1.rank }
    }

    private init(_ finding: Finding, _ part: ConversationPart, in entry: Report.Case) {
        self.init(
            requirement: finding.requirement,
            rule: finding.rule,
            kind: finding.kind,
            verdict: finding.verdict,
            reason: finding.reason,
            part: part,
            cases: 0,
            of: 0,
            evidence: finding.evidence,
            example: entry.id,
            transcript: entry.transcript
        )
    }

    /// The sort key, compared from the left.
    private var rank: (Int, Int, String, String, String) {
        let gravity = Verdict.allCases.sorted().firstIndex(of: verdict) ?? 0
        return (-gravity, -cases, rule, requirement, kind ?? "")
    }
}
