import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSRunner
import WSScenario

/// What a run told, and what became of each scenario.
final class RunLog: Sendable {
    private let kept = Mutex<[RunEvent]>([])

    func add(_ event: RunEvent) {
        kept.withLock { $0.append(event) }
    }

    var events: [RunEvent] { kept.withLock { $0 } }

    var notes: [String] {
        events.compactMap { event in
            if case .note(let text) = event { text } else { nil }
        }
    }

    /// How often each scenario was said to be finished.
    var finishedCounts: [String: Int] {
        events.reduce(into: [:]) { counts, event in
            if case .finished(let result) = event { counts[result.scenario.id, default: 0] += 1 }
        }
    }

    var replacedCount: Int {
        events.count { if case .replaced = $0 { true } else { false } }
    }

    /// The result of each scenario that stands at the end.
    var final: [String: ConversationResult] {
        events.reduce(into: [:]) { results, event in
            switch event {
            case .finished(let result), .replaced(let result): results[result.scenario.id] = result
            default: break
            }
        }
    }

    /// The verdict of a scenario as a report would have it.
    func verdict(_ id: String) -> Verdict? {
        guard let result = final[id] else { return nil }
        switch result.status {
        case .skipped: return .skipped
        case .unimplemented: return .unimplemented
        case .inconclusive: return .inconclusive
        case .recorded: return result.transcript.map { Judge.judge(result.scenario, $0).verdict }
        }
    }

    /// What the judge says of a scenario; nil where nothing was recorded that can be judged.
    func judgement(_ id: String) -> Judgement? { final[id].flatMap { Self.judgement(of: $0) } }

    /// What the judge says of a result; nil where nothing was recorded that can be judged.
    static func judgement(of result: ConversationResult) -> Judgement? {
        guard result.status == .recorded else { return nil }
        return result.transcript.map { Judge.judge(result.scenario, $0) }
    }

    /// The scenarios whose verdict is neither pass nor informational, with their verdict.
    var blemishes: [String: Verdict] {
        final.keys.reduce(into: [:]) { blemishes, id in
            if let verdict = verdict(id), verdict != .pass, verdict != .informational { blemishes[id] = verdict }
        }
    }

    /// Records an issue unless each scenario was finished once, and nothing was replaced before it was finished.
    func expectOneResultEach(of scenarios: [Scenario], _ location: SourceLocation = #_sourceLocation) {
        let counts = finishedCounts
        #expect(Set(counts.keys) == Set(scenarios.map(\.id)), sourceLocation: location)
        #expect(counts.values.allSatisfy { $0 == 1 }, sourceLocation: location)
        var seen: Set<String> = []
        for event in events {
            if case .finished(let result) = event { seen.insert(result.scenario.id) }
            if case .replaced(let result) = event {
                #expect(seen.contains(result.scenario.id), sourceLocation: location)
            }
        }
    }
}

/// Runs against targets in memory.
enum MemoryRun {
    /// A few scenarios of each kind, the load ones made smaller.
    static let few: [Scenario] = [
        "closing/after-echo", "closing/code-alone", "closing/code/1000", "fragmentation/text-inside-text",
        "fragmentation/two-fragments", "framing/text/0-octets", "ping/empty", "ping/ten",
        "reserved-bits/rsv3-text", "utf8/surrogate/d800", "limits/text/64-kibibytes", "limits/echo-loop/text-16",
    ].compactMap { Catalogue.scenario($0)?.shrunk(to: 1000) }

    static let echoing = few.filter { $0.needs == .echo }

    static func run(
        _ target: MemoryTarget,
        scenarios: [Scenario] = few,
        jobs: Int = 16,
        application: RunPlan.Application = .auto,
        supervisor: (any TargetSupervisor)? = nil,
        openFiles: Int? = nil,
        waitingLines: Int = 65_536,
        settings: ConversationSettings = Conversation.settings(),
        peerLimit: Int? = nil,
        fallsShort: (@Sendable (ConversationResult) -> Bool)? = nil,
        from source: (any ScenarioSource)? = nil,
        onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async -> (ending: RunEnding, log: RunLog) {
        let log = RunLog()
        let run = TestRun(
            plan: RunPlan(
                scenarios: scenarios,
                control: Catalogue.Controls.echo,
                controlWithoutEcho: Catalogue.Controls.ping,
                settings: settings,
                peerLimit: peerLimit,
                limitScenarios: Catalogue.PeerLimits.forRuns,
                jobs: jobs,
                application: application,
                openFiles: openFiles,
                waitingLines: waitingLines
            ),
            dialer: target,
            supervisor: supervisor,
            makeSidecar: { _ in nil },
            wallClock: { 7 },
            revivalPause: .zero,
            holdsAgainst: { RunLog.judgement(of: $0)?.verdict == .fail },
            fallsShort: fallsShort,
            handle: { event in
                log.add(event)
                onEvent(event)
            }
        )
        if let source { return (await run.run(from: source), log) }
        return (await run.run(), log)
    }
}
