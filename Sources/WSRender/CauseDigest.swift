import WSJudge
import WSReport

/// One cause of findings, as renderers tell it.
struct CauseDigest {
    /// The gravity.
    var verdict: Verdict
    /// The id of the requirement.
    var requirement: String
    /// The requirement's place and keyword, such as `RFC 6455 §5.5.1 MUST`.
    var citation: String
    /// The requirement in one sentence; empty if the report does not have it.
    var sentence: String
    /// One sentence that tells a maintainer what to mend; it may quote the peer.
    var reason: String
    /// The extent in words, such as `14 cases` or `in every handshake (804 of 804)`.
    var extent: String
    /// Whether it was found in passing, so that it decides no case.
    var isPassive: Bool
    /// The ids of the cases that show it, in the order of the report; a finding in passing has its example alone.
    var cases: [String]
    /// The case that shows it best.
    var example: String
    /// The octets of the example that show it.
    var evidence: [Evidence]
    /// Public reports of the same defect elsewhere.
    var known: [KnownDefectReference]

    /// The causes of a report, the most important first.
    static func all(of report: Report) -> [CauseDigest] {
        var groups: [[String]: [Report.Case]] = [:]
        for entry in report.cases {
            guard [.fail, .inconclusive, .tolerated].contains(entry.verdict) else { continue }
            let finding = entry.decisiveFinding
            let key = [
                entry.verdict.rawValue, finding?.requirement ?? "", finding?.kind ?? entry.reason,
                finding?.axis.rawValue ?? "",
            ]
            groups[key, default: []].append(entry)
        }
        let causes =
            groups.values.compactMap { CauseDigest($0, in: report) } + report.passive.map { Self($0, in: report) }
        return causes.filter { $0.verdict >= .tolerated }.sorted { $0.rank < $1.rank }
    }

    private init?(_ cases: [Report.Case], in report: Report) {
        guard let example = cases.min(by: { ($0.wire.count, $0.id) < ($1.wire.count, $1.id) }) else { return nil }
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
            known: example.knownReferences ?? []
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

    /// The sort key, compared from the left: gravity, what shows everywhere, the number of cases.
    private var rank: (Int, Int, Int, String, String) {
        let gravity = Verdict.allCases.sorted().firstIndex(of: verdict) ?? 0
        return (-gravity, isPassive ? 0 : 1, -cases.count, requirement, example)
    }
}
