import WSCatalogue
import WSJudge
import WSReport
import WSScenario

/// Makes a new report of an old run.
struct Rejudging {
    /// The report of the run.
    let old: Report
    /// The folder of the run.
    let source: RunFolder
    /// The folder of the new report.
    let target: RunFolder
    /// Whose judgement becomes the verdict; as in the run when nil.
    let profile: Profile?
    /// Whether missed recommendations count as findings.
    let isStrict: Bool

    /// Makes the new report, and copies transcripts on the way.
    func report() throws(FileError) -> Report {
        var options = old.options
        options.profile = profile ?? options.profile
        options.strict = isStrict
        var builder = ReportBuilder(
            options: options,
            testsClients: old.roleUnderTest == .client,
            reference: Judging.reference
        )
        builder.leftOut = old.leftOut.filter(\.isUnselected)
        for entry in old.cases {
            // The id leads to files: only ids of ours do, whatever a report says.
            guard let scenario = Catalogue.scenario(entry.id) else {
                builder.keep(unknown(entry))
                continue
            }
            try target.copyTranscript(of: entry.id, from: source)
            if isFinal(entry) {
                builder.keep(entry)
            } else {
                builder.add(try judged(entry, scenario))
            }
        }
        return builder.report(
            tool: Report.Tool(version: Wsconform.version),
            roleUnderTest: old.roleUnderTest,
            peer: old.peer,
            run: old.run,
            footer: old.footer
        )
    }

    /// The case's position in Autobahn's list; with a client under test, in what was selected of it.
    private func ordinal(of entry: Report.Case) -> Int {
        old.roleUnderTest == .client ? entry.autobahn?.ordinal ?? 0 : Judging.autobahnOrdinal(of: entry.id)
    }

    /// Whether the run itself said that nothing can be judged.
    private func isFinal(_ entry: Report.Case) -> Bool {
        (entry.verdict == .skipped || entry.verdict == .inconclusive) && entry.findings.isEmpty
    }

    private func unknown(_ entry: Report.Case) -> Report.Case {
        var entry = entry
        entry.verdict = .inconclusive
        entry.behaviour = .inconclusive
        entry.closing = .inconclusive
        entry.reason = "wsconform \(Wsconform.version) has no such case; judge it with the version that ran it"
        entry.transcript = nil
        return entry
    }

    /// What is to be said of a case now.
    private func judged(_ entry: Report.Case, _ scenario: Scenario) throws(FileError) -> JudgedScenario {
        guard source.hasTranscript(of: entry.id) else {
            let missing = "its transcript is missing in \(source.path); run it again"
            return JudgedScenario(scenario: scenario, judgement: .unjudged(.inconclusive, missing))
        }
        var result = JudgedScenario(
            scenario: scenario,
            judgement: .unjudged(.inconclusive, ""),
            started: entry.autobahn?.started,
            autobahnOrdinal: ordinal(of: entry),
            transcriptPath: RunFolder.transcriptPath(of: entry.id)
        )
        do {
            result.judgement = Judging.judge(scenario, try source.readTranscript(of: entry.id))
        } catch {
            result.judgement = .unjudged(.inconclusive, "\(error)")
        }
        return result
    }
}
