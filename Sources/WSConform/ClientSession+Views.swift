import Synchronization
import WSControl
import WSJudge
import WSRender
import WSReport
import WSRunFolder
import WSRunner

/// The documents that pages were given last, of one client: many pages that ask cost no more than one.
struct ViewCache {
    /// What the documents show.
    struct Key: Hashable {
        var agent: String
        var revision: Int
        var isOver: Bool
        var unplayed: Int
    }

    private var key: Key?
    private var documents: [PageView: PageDocument] = [:]

    /// The document, made by `make` unless there is one of the same results.
    mutating func document(
        _ view: PageView,
        for key: Key,
        make: () throws(RenderError) -> PageDocument
    ) throws(RenderError) -> PageDocument {
        if self.key != key {
            self.key = key
            documents = [:]
        }
        if let document = documents[view] { return document }
        let document = try make()
        documents[view] = document
        return document
    }
}

/// What pages show and save while the run goes on.
extension ClientSession {
    /// The most causes that a page gets; the report has all.
    private static let mostCauses = 300

    /// A client's results so far in the form that a page wants.
    func document(_ view: PageView, of agent: String) -> Result<PageDocument, ReportTrouble> {
        guard !isStopping.load(ordering: .relaxed) else { return .failure(ReportTrouble("the run ends")) }
        guard let log = logs.first(where: { $0.agent == agent }) else {
            return .failure(ReportTrouble("nothing of this client has been judged yet"))
        }
        let run = setting.controlServer.run
        let isOver = run.agents.contains { $0.name == agent && $0.hasTriedAll }
        let key = ViewCache.Key(
            agent: agent,
            revision: log.revision,
            isOver: isOver,
            unplayed: run.unplayed(by: agent).count
        )
        do {
            return .success(
                try views.document(view, for: key) { () throws(RenderError) in
                    try Self.document(view, of: reportSoFar(of: log, isOver: isOver), log, isOver: isOver)
                }
            )
        } catch {
            return .failure(ReportTrouble(error.description))
        }
    }

    /// The report of a client: of all cases if it has tried them, else of those that have been judged.
    private func reportSoFar(of log: AgentLog, isOver: Bool) -> Report {
        if isOver {
            var report = report(of: log, outcome: nil)
            // Why it could not be compared is told once, at the end of the run.
            _ = setting.gate.compare(&report)
            return report
        }
        let count = log.count
        let all = setting.controlServer.settings.plan.scenarios.count
        return log.report(
            unplayed: [],
            isPartial: true,
            url: setting.url,
            run: timeSoFar,
            outcome: .troubled("this was saved when \(count) of \(all) cases had been judged")
        )
    }

    private static func document(
        _ view: PageView,
        of report: Report,
        _ log: AgentLog,
        isOver: Bool
    ) throws(RenderError) -> PageDocument {
        switch view {
        case .causes: CausesText(of: report, log, isOver: isOver, limit: mostCauses).document
        case .report:
            PageDocument(
                contentType: "application/json",
                fileName: "report.json",
                octets: ReportText.encode(report)
            )
        case .publication:
            PageDocument(
                contentType: "text/html; charset=utf-8",
                fileName: AgentFolders.harmless(report.peer.name) + ".html",
                octets: try PageRenderer.render([report]).first?.octets ?? []
            )
        }
    }
}

extension CausesText {
    /// The causes of a report, as all forms of it have them.
    init(of report: Report, _ log: AgentLog, isOver: Bool, limit: Int) {
        let digest = RunDigest(report)
        let again = digest.againParts
        var revised: [String: Revision] = [:]
        for entry in report.cases {
            guard let own = log.results.entry(of: entry.id), own.verdict != entry.verdict else { continue }
            revised[entry.id] = Revision(verdict: entry.verdict.rawValue, reason: entry.reason)
        }
        self.init(
            judged: report.summary.judged,
            isOver: isOver,
            causes: digest.causes.prefix(limit).map { Cause($0, isExpected: digest.isKnown($0)) },
            others: max(0, digest.causes.count - limit),
            again: [again.before, again.after],
            revised: revised
        )
    }
}

extension CausesText.Cause {
    /// A cause as all forms of a report tell it.
    init(_ digest: CauseDigest, isExpected: Bool) {
        self.init(
            name: digest.name,
            verdict: digest.verdict.rawValue,
            impact: digest.impact,
            reason: digest.reason,
            extent: digest.extent,
            citation: digest.citation,
            sentence: digest.sentence,
            why: digest.why,
            mend: digest.mend,
            isPassive: digest.isPassive,
            isExpected: isExpected,
            cases: digest.cases,
            example: digest.example,
            known: digest.known.map { "\($0.project), \($0.reference)" }
        )
    }
}
