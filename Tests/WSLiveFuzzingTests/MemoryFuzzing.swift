import WSJudge
import WSLink
import WSLiveFuzzing
import WSModelPeer
import WSRunner
import WSScenario
import WSTranscript

/// Fuzzes a model server that exists only in memory, one conversation after the other.
struct MemoryFuzzing {
    /// What is under test.
    var defects: Set<ModelDefect> = []
    /// How many octets arrive at once.
    var chunkLength = 65_536
    /// Whether the server has the defects in a conversation, by its number from 0; it has if there is no word on that.
    var isDefective: (Int) -> Bool = { _ in true }
    /// The engine, which says what is played.
    var engine: FuzzEngine
    /// The results that counted although nothing should.
    private(set) var accused: [(scenario: Scenario, judgement: Judgement)] = []
    /// How many conversations had each verdict.
    private(set) var verdicts: [Verdict: Int] = [:]
    /// The records of the findings.
    private(set) var records: [String: Judgement] = [:]
    private var plays = 0

    init(defects: Set<ModelDefect> = [], seed: UInt64 = 1, runs: Int, corpus: [FuzzConversation] = []) {
        self.defects = defects
        engine = FuzzEngine(FuzzEngine.Settings(seed: seed, runs: runs), corpus: corpus)
    }

    /// Plays until the engine has no more, or a finding is certain and cites one of these requirements.
    mutating func run(untilFinding requirements: [String] = []) {
        while !engine.findings.contains(where: { $0.isCertain && requirements.contains($0.cause.requirement) }) {
            let batch = engine.next()
            if batch.isEmpty { return }
            for scenario in batch {
                let present = isDefective(plays) ? defects : []
                plays += 1
                let judgement = Self.judgement(of: scenario, present, chunkLength: chunkLength)
                verdicts[judgement.verdict, default: 0] += 1
                if judgement.findings.contains(where: { $0.verdict == .fail }) { accused.append((scenario, judgement)) }
                if case .found(let finding) = engine.take(judgement, of: scenario.id) {
                    records[finding.scenario.id] = judgement
                }
            }
        }
    }

    /// Plays a scenario with a server that has these defects, and judges it.
    static func judgement(
        of scenario: Scenario,
        _ defects: Set<ModelDefect> = [],
        chunkLength: Int = 65_536
    ) -> Judgement {
        guard let target = try? TargetURL("ws://127.0.0.1:9001") else { preconditionFailure("no address") }
        let client = ConversationMachine(scenario: scenario, settings: ConversationSettings(target: target))
        let server = ModelServer(ModelServerSettings(defects: defects))
        var link = InMemoryLink(client: client, server: server, chunkLength: chunkLength, finelyCut: 4_096)
        link.run()
        return Judge.judge(scenario, link.client.transcript)
    }
}
