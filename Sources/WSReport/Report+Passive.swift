package import WSJudge

extension Report {
    /// Something that was found in passing, in whatever cases: told once, and no case's verdict.
    package struct Passive: Sendable, Hashable, Codable {
        /// The id of the requirement that decides.
        package var requirement: String
        /// The rule that found it.
        package var rule: String
        /// What was found, in a word of the rule's own; nil where it has only one thing to say of the requirement.
        package var kind: String?
        /// How grave it is.
        package var verdict: Verdict
        /// One sentence that a maintainer can act on; what it quotes is the example's.
        package var reason: String
        /// The part of a conversation that shows it.
        package var part: ConversationPart
        /// How many cases show it.
        package var cases: Int
        /// How many cases had such a part.
        package var of: Int
        /// The octets that show it in the example.
        package var evidence: [Evidence]
        /// The first case that shows it, by id.
        package var example: String
        /// The path of the example's transcript in the run folder; nil where nothing was recorded.
        package var transcript: String?

        /// `in every handshake (804 of 804)`, `in 3 of 804 handshakes`.
        package var extent: String {
            cases == of ? "in every \(part.singular) (\(cases) of \(of))" : "in \(cases) of \(of) \(part.plural)"
        }
    }

    /// How much was found in passing, each thing counted once.
    package struct PassiveCounts: Sendable, Hashable, Codable {
        /// Requirements broken.
        package var fail = 0
        /// Recommendations missed.
        package var tolerated = 0
        /// What the RFC leaves open.
        package var informational = 0

        /// Counts nothing.
        package init() {}

        /// Counts what was found.
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

        /// Everything counted.
        package var total: Int { fail + tolerated + informational }
    }
}

extension Report.Passive {
    /// What makes findings of several cases the same.
    private struct Sameness: Hashable {
        var rule: String
        var requirement: String
        var verdict: Verdict
        var kind: String?
        /// Nil for what a case is about.
        var part: ConversationPart?

        init(_ finding: Finding) {
            rule = finding.rule
            requirement = finding.requirement
            verdict = finding.verdict
            kind = finding.kind
            part = finding.passing
        }
    }

    /// What cases show in passing, the gravest first, then what shows most often.
    ///
    /// A case that is about the same thing shows it, too, and counts among those that do.
    ///
    /// - Parameter cases: the cases in the order of the report.
    /// - Returns: each thing once.
    static func gathered(from cases: [Report.Case]) -> [Report.Passive] {
        var whole: [ConversationPart: Int] = [:]
        var found: [Sameness: Report.Passive] = [:]
        var own: [Sameness: Int] = [:]
        for entry in cases {
            for part in entry.parts ?? [] { whole[part, default: 0] += 1 }
            var seen: Set<Sameness> = []
            for finding in entry.findings {
                let key = Sameness(finding)
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

    /// What comes first: a number below that of what comes behind it, and texts where numbers are equal.
    private var rank: (Int, Int, String, String, String) {
        let gravity = Verdict.allCases.sorted().firstIndex(of: verdict) ?? 0
        return (-gravity, -cases, rule, requirement, kind ?? "")
    }
}
