package import WSJudge
package import WSReport
import WSScenario

/// One cause of findings, as renderers tell it.
package struct CauseDigest {
    /// The gravity.
    package var verdict: Verdict
    /// The id of the requirement.
    package var requirement: String
    /// The cause's name in the report; empty of cases that could not be judged.
    package var name = ""
    /// The requirement's place and keyword, such as `RFC 6455 §5.5.1 MUST`.
    package var citation: String
    /// The requirement in one sentence; empty if the report does not have it.
    package var sentence: String
    /// One sentence that tells a maintainer what to mend; it may quote the peer.
    package var reason: String
    /// The extent in words, such as `14 cases` or `in every handshake (804 of 804)`.
    package var extent: String
    /// Whether it was found in passing, so that it decides no case.
    package var isPassive: Bool
    /// The ids of the cases that show it, in the order of the report; a finding in passing has its example alone.
    package var cases: [String]
    /// The case that shows it best.
    package var example: String
    /// The octets of the example that show it.
    package var evidence: [Evidence]
    /// Public reports of the same defect elsewhere.
    package var known: [KnownDefectReference]
    /// What it means for others; nil if the report does not say.
    package var impact: String?
    /// Why the requirement matters, in one sentence; empty if the report does not say.
    package var why = ""
    /// What to do about it; nil if the report does not say.
    package var mend: String?

    /// The causes of a report, the most important first.
    ///
    /// Cases that could not be judged have no cause; those with the same reason are told as one.
    static func all(of report: Report) -> [CauseDigest] {
        let causes = report.causes.map { Self($0, in: report) }
        var doubts: [String: [Report.Case]] = [:]
        for entry in report.cases where entry.verdict == .inconclusive && entry.decisiveFinding == nil {
            doubts[entry.reason, default: []].append(entry)
        }
        let open = doubts.values.compactMap { Self($0, in: report) }
            .sorted { (-$0.cases.count, $0.example) < (-$1.cases.count, $1.example) }
        return causes.filter { $0.verdict >= .inconclusive } + open + causes.filter { $0.verdict == .tolerated }
    }

    /// The findings in passing of a report.
    static func passing(of report: Report) -> [CauseDigest] {
        report.passive.map { passive in
            var digest = Self(passive, in: report)
            // Cases may fail for the same cause, which then is not one that was only found in passing.
            let causes = report.causes.filter { $0.requirement == passive.requirement }
            let same = causes.first { $0.reason == passive.reason } ?? causes.first { $0.part != nil }
            digest.name = (same ?? causes.first { $0.cases.contains(passive.example) })?.id ?? ""
            return digest
        }
    }

    private init(_ cause: Report.Cause, in report: Report) {
        let requirement = report.requirements[cause.requirement]
        let reference = requirement.map {
            RequirementReference(id: cause.requirement, source: $0.source, section: $0.section, level: $0.level)
        }
        self.init(
            verdict: cause.verdict,
            requirement: cause.requirement,
            citation: reference?.citation ?? cause.requirement,
            sentence: requirement?.sentence ?? "",
            reason: cause.reason,
            extent: cause.extent,
            isPassive: cause.part != nil,
            cases: cause.cases,
            example: cause.example,
            evidence: cause.evidence,
            known: cause.known ?? []
        )
        name = cause.id
        why = requirement?.impactReason ?? ""
        impact = cause.impact?.rawValue
        mend = cause.mend
    }

    /// Cases that could not be judged for the same reason.
    private init?(_ cases: [Report.Case], in report: Report) {
        guard let example = cases.first else { return nil }
        let decisive = example.decisiveRequirement
        self.init(
            verdict: example.verdict,
            requirement: decisive?.id ?? "",
            citation: decisive?.citation ?? "",
            sentence: decisive.flatMap { report.requirements[$0.id]?.sentence } ?? "",
            reason: example.reason,
            extent: RunDigest.count(cases.count, "case"),
            isPassive: false,
            cases: cases.map(\.id),
            example: example.id,
            evidence: example.evidence,
            known: []
        )
    }

    private init(_ entry: Report.Passive, in report: Report) {
        let requirement = report.requirements[entry.requirement]
        let reference = requirement.map {
            RequirementReference(id: entry.requirement, source: $0.source, section: $0.section, level: $0.level)
        }
        self.init(
            verdict: entry.verdict,
            requirement: entry.requirement,
            citation: reference?.citation ?? entry.requirement,
            sentence: requirement?.sentence ?? "",
            reason: entry.reason,
            extent: entry.extent,
            isPassive: true,
            cases: [entry.example],
            example: entry.example,
            evidence: entry.evidence,
            known: []
        )
    }

    private init(
        verdict: Verdict,
        requirement: String,
        citation: String,
        sentence: String,
        reason: String,
        extent: String,
        isPassive: Bool,
        cases: [String],
        example: String,
        evidence: [Evidence],
        known: [KnownDefectReference]
    ) {
        self.verdict = verdict
        self.requirement = requirement
        self.citation = citation
        self.sentence = sentence
        self.reason = reason
        self.extent = extent
        self.isPassive = isPassive
        self.cases = cases
        self.example = example
        self.evidence = evidence
        self.known = known
    }
}
