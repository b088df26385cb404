import WSCatalogue
import WSControl
import WSJudge
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// The results of one client, and which of its cases are missing.
struct AgentLog {
    /// The client's name.
    let agent: String
    /// The results of its cases.
    var results: PeerResults

    /// The cases whose conversations we ended early.
    private(set) var cut: Set<String> = []
    /// The summary of the last written report; nil if results have come since.
    var written: WrittenReport?
    /// How often a result has come; documents for pages are made anew where it has changed.
    private(set) var revision = 0
    /// The number of missing cases in the last written report.
    var writtenUnplayed = 0

    private let plan: ClientPlan

    init(agent: String, folder: RunFolder, plan: ClientPlan, options: Report.Options, leftOut: [Report.LeftOut]) {
        self.agent = agent
        self.plan = plan
        results = PeerResults(testing: .client, folder: folder, options: options, leftOut: leftOut)
    }

    /// Judges a result and writes its records.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - recording: The path of its large runs of octets.
    /// - Returns: The outcome for the client and the page.
    mutating func take(_ result: ConversationResult, recording: String? = nil) -> CaseOutcome {
        let id = result.scenario.id
        let filed = results.filing.file(result, ordinal: plan.number(of: id) ?? 0, recording: recording)
        results.noteSecurity(of: result)
        // The error is reported at the end of the run.
        _ = results.keep(filed)
        written = nil
        revision += 1
        return outcome(of: id)
    }

    /// Notes that we ended a conversation early.
    mutating func noteCut(_ id: String) {
        cut.insert(id)
    }

    /// Whether a case has a result.
    func has(_ id: String) -> Bool { results.entry(of: id) != nil }

    /// The number of cases with a result.
    var count: Int { results.count }

    /// The report case for a case that the client never requested.
    func unplayed(_ scenario: Scenario) -> Report.Case {
        let judgement = Judgement.unjudged(.inconclusive, "the client never asked for this case")
        return results.maker.entry(of: JudgedScenario(scenario: scenario, judgement: judgement))
    }

    /// The report with a case for everything that the client should have played.
    ///
    /// - Parameters:
    ///   - unplayed: The cases that it has not played.
    ///   - isPartial: Whether the client is still playing, so that nothing is left out yet.
    ///   - url: The address that clients were given.
    ///   - run: The time of the run.
    ///   - outcome: How the run ended.
    /// - Returns: The report.
    func report(
        unplayed: [Report.Case],
        isPartial: Bool = false,
        url: String,
        run: Report.Run,
        outcome: RunOutcome
    ) -> Report {
        let others = Dictionary(unplayed.map { ($0.id, $0) }) { first, _ in first }
        // If the driver never does a part, its cases are unimplemented instead of inconclusive.
        let unsupported = DriverParts.unsupported(
            plan.scenarios.compactMap { others[$0.id] ?? results.entry(of: $0.id) }
        )
        let uncounted = plan.scenarios.dropFirst(plan.countedCases).count {
            !isPartial && others[$0.id] == nil && results.entry(of: $0.id) == nil
        }
        return results.report(
            with: unplayed + unsupported,
            leftOut: [
                Report.LeftOut(why: "driver", cases: uncounted, option: "-- COMMAND {url}, or a page in a browser")
            ],
            peer: Report.Peer(name: agent, url: url),
            run: run,
            outcome: outcome
        )
    }

    private func outcome(of id: String) -> CaseOutcome {
        guard let entry = results.entry(of: id) else { preconditionFailure("what was added is there") }
        return CaseOutcome(
            id: id,
            verdict: entry.verdict.rawValue,
            reason: entry.reason,
            requirements: entry.requirements.map { requirement in
                CaseOutcome.Requirement(
                    id: requirement.id,
                    source: requirement.source,
                    section: requirement.section,
                    level: requirement.level,
                    summary: results.maker.requirement(requirement.id)?.sentence ?? ""
                )
            },
            wire: entry.wire.map(\.text),
            durationMilliseconds: entry.durationMilliseconds ?? 0,
            behavior: Self.behavior(of: entry, profile: results.options.profile)
        )
    }

    /// The verdict in the words of Autobahn's interface: Autobahn's own, or ours translated.
    private static func behavior(of entry: Report.Case, profile: Profile) -> String {
        if profile == .autobahn, let autobahn = entry.autobahn { return autobahn.behavior }
        return switch entry.verdict {
        case .pass: "OK"
        case .tolerated: "NON-STRICT"
        case .informational: "INFORMATIONAL"
        case .unimplemented: "UNIMPLEMENTED"
        case .fail, .skipped, .inconclusive: "FAILED"
        }
    }
}
