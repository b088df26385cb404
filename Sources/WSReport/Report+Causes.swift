package import WSJudge
import WSLimits
package import WSScenario

extension Report {
    /// What is behind findings of one or many cases: one requirement, missed in one way, by one side.
    ///
    /// What a maintainer mends is a cause; the cases show it.
    package struct Cause: Sendable, Hashable, Codable, Identifiable {
        /// The id of the requirement; where the peer went on after a violation, the one that the violation breaks.
        package var requirement: String
        /// What the peer did, as a word that stays the same.
        package var reasonKey: String
        /// The role under test.
        package var side: RoleUnderTest
        /// The gravest verdict of its findings.
        package var verdict: Verdict
        /// What it means for others; nil in a report without this column.
        package var impact: Impact?
        /// The number of cases that show it.
        package var count: Int
        /// The ids of these cases, sorted; the first of them if they are very many.
        package var cases: [String]
        /// The case that shows it with the fewest octets.
        package var example: String
        /// The sentence of the finding in the example.
        package var reason: String
        /// The octets that show it in the example.
        package var evidence: [Evidence]
        /// What to do about it, in one line; nil for a key that this version does not know.
        package var mend: String?
        /// Publicly reported defects with the same requirement and the same reason; nil if there are none.
        package var known: [KnownDefectReference]?
        /// The part of a conversation in which it was found; nil if a case is about it.
        package var part: ConversationPart?
        /// The number of cases that had such a part; nil if a case is about it.
        package var of: Int?

        /// The name of the cause, such as `RFC6455-5.1-03/went-on-after-violation`.
        package var id: String { "\(requirement)/\(reasonKey)" }

        /// Whether other causes may only follow from it: nothing follows from an extension that fails.
        package var isFoundation: Bool {
            requirement.hasPrefix("RFC6455-") && ReasonKey(slug: reasonKey)?.isFoundation ?? false
        }

        /// The extent in words, such as `in every handshake (804 of 804)` or `5 cases`.
        package var extent: String {
            guard let part, let of else { return count == 1 ? "1 case" : "\(count) cases" }
            return count == of ? "in every \(part.singular) (\(count) of \(of))" : "in \(count) of \(of) \(part.plural)"
        }
    }
}

extension Finding {
    /// The name of the cause that it belongs to, such as `RFC6455-5.1-03/went-on-after-violation`.
    package var cause: String { "\(causeRequirement)/\(reasonKey)" }
}

extension Report.Case {
    /// The findings that stand for causes, the gravest first: of the case's own, one for each requirement.
    ///
    /// 1. How the connection ended is no cause of its own where the same case has a finding at least as grave about
    ///    what the peer did before: who takes what he has to refuse does not end the connection either.
    /// 2. Findings that only say that something was not tried are no causes.
    /// 3. With the profile `autobahn`, nothing is graver than the verdict of the case.
    package func causingFindings(_ profile: Profile) -> [Finding] {
        let own = findings.filter { !$0.isPassive }
        let act = own.first { $0.axis == .behaviour && Self.causing.contains($0.verdict) }
        var told: Set<String> = []
        var seen: Set<[String]> = []
        return findings.filter { finding in
            guard Self.causing.contains(finding.verdict) else { return false }
            if profile == .autobahn, finding.isPassive || finding.verdict > verdict { return false }
            let isEnd = finding.axis == .closing && !finding.isPassive && finding.rule == Judge.closingRuleName
            if isEnd, let act, act.verdict >= finding.verdict { return false }
            guard !told.contains(finding.causeRequirement) else { return false }
            if !finding.isPassive { told.insert(finding.causeRequirement) }
            return seen.insert([finding.causeRequirement, finding.reasonKey]).inserted
        }
    }

    /// The verdicts of findings that have causes.
    private static let causing: Set<Verdict> = [.informational, .tolerated, .inconclusive, .fail]
}

extension Report.Cause {
    private struct Key: Hashable {
        var requirement: String
        var reasonKey: String
    }

    /// Collects the causes of all findings: the gravest first, then what others rest on, impact and number of cases.
    ///
    /// - Parameters:
    ///   - cases: The cases in the order of the report.
    ///   - side: The role under test.
    ///   - profile: The profile that the verdicts are of.
    ///   - impact: Finds the impact of a requirement.
    /// - Returns: Each cause once.
    static func gathered(
        from cases: [Report.Case],
        side: Report.RoleUnderTest,
        profile: Profile,
        impact: (String) -> Impact?
    ) -> [Self] {
        var whole: [ConversationPart: Int] = [:]
        var found: [Key: Self] = [:]
        var best: [Key: Rank] = [:]
        for entry in cases {
            for part in entry.parts ?? [] { whole[part, default: 0] += 1 }
            for finding in entry.causingFindings(profile) {
                let key = Key(requirement: finding.causeRequirement, reasonKey: finding.reasonKey)
                let rank = Rank(finding, in: entry)
                var cause = found[key] ?? Self(finding, in: entry, side: side, impact: impact(key.requirement))
                cause.count += 1
                if cause.cases.count < Limits.causeCases.value { cause.cases.append(entry.id) }
                if !finding.isPassive { cause.part = nil }
                cause.verdict = max(cause.verdict, finding.verdict)
                cause.add(entry.references(like: finding))
                if best[key].map({ rank < $0 }) ?? true {
                    best[key] = rank
                    cause.example = entry.id
                    cause.reason = finding.reason
                    cause.evidence = finding.evidence
                }
                found[key] = cause
            }
        }
        return found.values.map { cause in
            var cause = cause
            cause.of = cause.part.map { max(cause.count, whole[$0] ?? 0) }
            return cause
        }.sorted { $0.rank < $1.rank }
    }

    /// How well a case shows a cause: a finding of its own first, the gravest, with few octets and few lines.
    private struct Rank: Comparable {
        var values: (Int, Int, UInt64, Int, Int, String)

        init(_ finding: Finding, in entry: Report.Case) {
            let octets = finding.evidence.reduce(0) { sum, place in sum &+ place.length }
            values = (
                finding.isPassive ? 1 : 0, -Self.gravity(finding.verdict), octets, entry.wire.count,
                entry.purpose == nil ? 0 : 1, entry.id
            )
        }

        static func < (left: Self, right: Self) -> Bool { left.values < right.values }
        static func == (left: Self, right: Self) -> Bool { left.values == right.values }

        static func gravity(_ verdict: Verdict) -> Int { Verdict.allCases.sorted().firstIndex(of: verdict) ?? 0 }
    }

    private init(_ finding: Finding, in entry: Report.Case, side: Report.RoleUnderTest, impact: Impact?) {
        self.init(
            requirement: finding.causeRequirement,
            reasonKey: finding.reasonKey,
            side: side,
            verdict: finding.verdict,
            impact: impact,
            count: 0,
            cases: [],
            example: entry.id,
            reason: finding.reason,
            evidence: finding.evidence,
            mend: ReasonKey(slug: finding.reasonKey)?.mend,
            part: finding.passing
        )
    }

    private mutating func add(_ references: [KnownDefectReference]) {
        for reference in references where (known ?? []).count < Limits.causeReferences.value {
            let isNew = !(known ?? []).contains {
                $0.project == reference.project && $0.reference == reference.reference
            }
            if isNew { known = (known ?? []) + [reference] }
        }
    }

    /// The sort key, compared from the left.
    private var rank: (Int, Int, Int, Int, String, String) {
        let place = impact.flatMap { Impact.allCases.firstIndex(of: $0) } ?? Impact.allCases.count
        return (-Rank.gravity(verdict), isFoundation ? 0 : 1, place, -count, requirement, reasonKey)
    }
}

extension Report.Case {
    /// The known defects that violate the same requirement in the same way as a finding.
    func references(like finding: Finding) -> [KnownDefectReference] {
        references?.filter { $0.isLike(finding) } ?? []
    }
}

extension KnownDefectReference {
    /// Whether a finding shows this defect: with its requirement, for its reason.
    package func isLike(_ finding: Finding) -> Bool {
        guard about.contains(finding.requirement) || about.contains(finding.causeRequirement) else { return false }
        return reasons.map { $0.contains(finding.reasonKey) } ?? true
    }
}

extension Report {
    /// The causes of its cases, with the impacts in its table of requirements.
    var gatheredCauses: [Cause] {
        Cause.gathered(from: cases, side: roleUnderTest, profile: options.profile) { requirements[$0]?.impact }
    }
}
