import WSCatalogue
import WSJudge
import WSProtocol
package import WSReport
import WSRunner
import WSScenario
import WSTranscript

/// Judges an old run again and creates a new report.
package struct Rejudging {
    /// The report of the run.
    let old: Report
    /// The folder of the run.
    let source: RunFolder
    /// The folder of the new report.
    let target: RunFolder
    /// Whose verdict counts; nil for the choice of the old run.
    let profile: Profile?

    /// Creates the plan.
    package init(old: Report, source: RunFolder, target: RunFolder, profile: Profile?) {
        self.old = old
        self.source = source
        self.target = target
        self.profile = profile
    }

    /// Creates the new report, and copies the transcripts.
    ///
    /// A transcript that cannot be read makes its case inconclusive. A transcript that cannot be copied is judged
    /// nevertheless.
    ///
    /// - Parameter isEnded: Whether the user ended it; the remaining cases are inconclusive then.
    /// - Returns: The report, the first error in copying, and the cases that were played at another pace.
    package func report(
        isEnded: () -> Bool = { false }
    ) -> (report: Report, trouble: FileError?, ofOtherPace: [String]) {
        var trouble: FileError?
        var ofOtherPace: [String] = []
        var wasEnded = false
        var options = old.options
        options.profile = profile ?? options.profile
        options.strict = options.strict == true
        var builder = ReportBuilder(
            options: options,
            credentials: credentials,
            testsClients: old.roleUnderTest == .client,
            statement: Judging.statement,
            reference: Judging.reference
        )
        builder.earlierRequirements = old.requirements
        builder.leftOut = old.leftOut.filter(\.isUnselected)
        for entry in old.cases {
            // The id becomes part of a path, so only known ids are used, whatever the report says.
            guard let scenario = source.scenario(of: entry.id) else {
                builder.keep(unknown(entry))
                continue
            }
            wasEnded = wasEnded || isEnded()
            guard !wasEnded else {
                let reason = "this was ended before the case was judged"
                builder.add(JudgedScenario(scenario: scenario, judgement: .unjudged(.inconclusive, reason)))
                continue
            }
            let isCopied = copy(entry.id, &trouble)
            if isFinal(entry) {
                var entry = entry
                if !isCopied {
                    entry.transcript = nil
                    entry.autobahn?.transcript = nil
                }
                builder.keep(entry)
            } else {
                let (result, isOfOtherPace) = judged(entry, scenario, isCopied: isCopied)
                builder.add(result)
                if Catalogue.scenario(entry.id) == nil { keepScenario(scenario, in: &builder, &trouble) }
                if isOfOtherPace { ofOtherPace.append(entry.id) }
            }
        }
        if old.roleUnderTest == .client {
            for entry in DriverParts.unsupported(old.cases.compactMap { builder.entry(of: $0.id) }) {
                builder.keep(entry)
            }
        }
        let report = builder.report(
            tool: ToolIdentity.inReports,
            roleUnderTest: old.roleUnderTest,
            peer: old.peer,
            run: old.run,
            footer: wasEnded ? RunOutcome.cancelled.footer : old.footer
        )
        return (report, trouble, ofOtherPace)
    }

    /// Writes the file of a scenario that is not in the catalogue, and names it in the report.
    private func keepScenario(_ scenario: Scenario, in builder: inout ReportBuilder, _ trouble: inout FileError?) {
        guard var entry = builder.entry(of: scenario.id), let octets = ScenarioFile.encode(scenario) else { return }
        do throws(FileError) {
            try target.takeOver()
            try target.writeScenario(octets, of: scenario.id)
            entry.scenario = RunFolder.scenarioPath(of: scenario.id)
        } catch {
            trouble = trouble ?? error
        }
        builder.keep(entry)
    }

    /// Copies the records of a case.
    ///
    /// - Returns: Whether the transcript is in the new folder.
    private func copy(_ id: String, _ trouble: inout FileError?) -> Bool {
        guard source.hasTranscript(of: id) else { return false }
        do throws(FileError) {
            try target.takeOver()
            return try target.copyTranscript(of: id, from: source)
        } catch {
            trouble = trouble ?? error
            return false
        }
    }

    /// The credentials of the run; the report has none, but the recorded requests do.
    private var credentials: Credentials {
        guard old.roleUnderTest == .server else { return .none }
        var recorded = RecordedCredentials(of: old)
        for entry in old.cases {
            guard let opening = source.scenario(of: entry.id)?.opening, recorded.areExpected || opening == .ordinary
            else { continue }
            guard
                let transcript = (try? source.readTranscript(of: entry.id))
                    ?? (try? source.readAutobahnTranscript(of: entry.id))
            else { continue }
            recorded.add(transcript, opening: opening)
            // One request shows that there are none.
            if !recorded.areExpected { break }
        }
        return recorded.all
    }

    /// The case's position in Autobahn's list; for a client, in its selection.
    private func ordinal(of entry: Report.Case) -> Int {
        old.roleUnderTest == .client ? entry.autobahn?.ordinal ?? 0 : Judging.autobahnOrdinal(of: entry.id)
    }

    /// Whether the old verdict stays, because the run itself decided that nothing can be judged.
    private func isFinal(_ entry: Report.Case) -> Bool {
        [.skipped, .unimplemented, .inconclusive].contains(entry.verdict) && entry.findings.isEmpty
    }

    private func unknown(_ entry: Report.Case) -> Report.Case {
        var entry = entry
        entry.verdict = .inconclusive
        entry.behaviour = .inconclusive
        entry.closing = .inconclusive
        entry.reason = "wsconform \(ToolIdentity.version) has no such case; judge it with the version that ran it"
        entry.transcript = nil
        // Nothing of it can be checked, so nothing of it may count.
        entry.evidence = []
        entry.findings = []
        entry.parts = nil
        entry.closeCode = nil
        entry.autobahn = nil
        entry.wire = []
        return entry
    }

    /// One line about the transcripts whose cases are not in the old report; nil if there are none.
    package var unlisted: String? {
        let listed = Set(old.cases.map(\.id))
        let ids = Catalogue.all.map(\.id).filter { !listed.contains($0) && source.hasTranscript(of: $0) }
        guard let first = ids.first else { return nil }
        guard ids.count > 1 else {
            return "1 transcript in \(source.path) has no case in its report.json, \(first); it is not judged"
        }
        let count = "\(ids.count) transcripts in \(source.path) have"
        return "\(count) no case in its report.json, first \(first); they are not judged"
    }

    /// The new judgement of a case, and whether it was played at another pace than it would be now.
    private func judged(
        _ entry: Report.Case,
        _ scenario: Scenario,
        isCopied: Bool
    ) -> (result: JudgedScenario, isOfOtherPace: Bool) {
        guard source.hasTranscript(of: entry.id) else {
            let missing = "its transcript is missing in \(source.path); run it again"
            return (JudgedScenario(scenario: scenario, judgement: .unjudged(.inconclusive, missing)), false)
        }
        var result = JudgedScenario(
            scenario: scenario,
            judgement: .unjudged(.inconclusive, ""),
            started: entry.autobahn?.started,
            autobahnOrdinal: ordinal(of: entry),
            transcriptPath: isCopied ? RunFolder.transcriptPath(of: entry.id) : nil
        )
        do {
            let role: Role = old.roleUnderTest == .client ? .client : .server
            let transcript = try source.readTranscript(of: entry.id)
            let scenario = scenario.made(for: transcript)
            result.scenario = scenario
            let played = try PlayedScenario(scenario, in: transcript, testing: role)
            let second = try source.readAutobahnTranscript(of: entry.id)
            if let second {
                let again = try PlayedScenario(scenario, in: second, testing: role, isSecond: true)
                guard again.scenario == played.scenario else {
                    let problem = "its two transcripts were recorded for two stimuli; run it again"
                    result.judgement = .unjudged(.inconclusive, problem)
                    return (result, false)
                }
                result.autobahnTranscriptPath = isCopied ? RunFolder.autobahnTranscriptPath(of: entry.id) : nil
            }
            result.judgement = Judging.judge(
                played.scenario,
                transcript,
                asAutobahn: second,
                failByDrop: old.options.failByDrop == true
            )
            result.octets = Judging.octets(transcript, of: played.scenario)
            return (result, played.isOfOtherPace)
        } catch {
            result.judgement = .unjudged(.inconclusive, "\(error)")
            return (result, false)
        }
    }
}
