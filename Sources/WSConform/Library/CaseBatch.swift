import WSJudge
import WSReport
import WSRunFolder
import WSRunner
import WSScenario

/// Some cases that are played against one target as one run.
struct CaseBatch: Sendable {
    let target: ConformanceTarget
    let options: ConformanceOptions
    /// The cases, each once.
    let scenarios: [Scenario]
    /// What an earlier run has learned about the target; nil if there was none.
    let knowledge: RunKnowledge?

    /// What came of a run.
    struct Outcome: Sendable {
        /// The results by the ids of their cases.
        var entries: [String: Report.Case] = [:]
        /// What the results share; nil if there are none.
        var context: ResultContext?
        /// Why a case has no result.
        var failure = ConformanceError.cancelled
        /// What is known about the target now; nil for nothing.
        var knowledge: RunKnowledge?

        /// The result of a case, or why it has none.
        func answer(to id: String) -> Result<ConformanceResult, ConformanceError> {
            guard let entry = entries[id], let context else { return .failure(failure) }
            return .success(ConformanceResult(entry, in: context))
        }
    }

    /// Plays the cases.
    func run() async -> Outcome {
        do throws(ConformanceError) {
            switch target.kind {
            case .client(let spec): return try await ClientBatch(batch: self, spec: spec).run()
            case .server, .modelServer: return try await ServerBatch(batch: self).run()
            }
        } catch {
            return Outcome(failure: error)
        }
    }

    /// The cases that can be played over a transport.
    func playable(over transport: Transport) -> [Scenario] {
        scenarios.filter { $0.transports.contains(transport) }
    }

    /// The results of cases that make no sense over a transport.
    func skipped(over transport: Transport, _ maker: ReportCaseMaker) -> [String: Report.Case] {
        let others = scenarios.filter { !$0.transports.contains(transport) }
        return others.reduce(into: [:]) { entries, scenario in
            let needed = scenario.transports.map(\.rawValue).joined(separator: " or ")
            let reason = "makes sense over \(needed) alone; give an address of that kind"
            let judged = JudgedScenario(scenario: scenario, judgement: .unjudged(.skipped, reason))
            entries[scenario.id] = maker.entry(of: judged)
        }
    }
}
