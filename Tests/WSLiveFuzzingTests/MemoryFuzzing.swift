import WSJudge
import WSLink
import WSLiveFuzzing
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// Fuzzes a model server that exists only in memory, one conversation after the other.
struct MemoryFuzzing {
    /// What is under test.
    var defects: Set<ModelDefect> = []
    /// How many octets arrive at once.
    var chunkLength = 65_536
    /// The longest message that the server takes, in octets; nil for its default.
    var maximumMessageLength: Int?
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
                let judgement = Self.judgement(
                    of: scenario,
                    present,
                    chunkLength: chunkLength,
                    maximumMessageLength: maximumMessageLength
                )
                verdicts[judgement.verdict, default: 0] += 1
                if judgement.findings.contains(where: { $0.verdict == .fail }) { accused.append((scenario, judgement)) }
                if case .found(let finding) = engine.take(judgement, of: scenario.id) {
                    records[finding.scenario.id] = judgement
                }
            }
        }
    }

    /// Plays a scenario with a server that has these defects, and judges it.
    ///
    /// If the server has a limit, the message that it refuses is tried alone, as in a run.
    static func judgement(
        of scenario: Scenario,
        _ defects: Set<ModelDefect> = [],
        chunkLength: Int = 65_536,
        maximumMessageLength: Int? = nil
    ) -> Judgement {
        guard let target = try? TargetURL("ws://127.0.0.1:9001") else { preconditionFailure("no address") }
        let client = ConversationMachine(scenario: scenario, settings: ConversationSettings(target: target))
        var settings = ModelServerSettings(defects: defects)
        if let maximumMessageLength { settings.maximumMessageLength = maximumMessageLength }
        let server = ModelServer(settings)
        var link = InMemoryLink(client: client, server: server, chunkLength: chunkLength, finelyCut: 4_096)
        link.run()
        var transcript = link.client.transcript
        let refused = scenario.refusedMessage(behind: link.client.facts.heardMessages)
        if let maximumMessageLength, let refused, refused.isWhole, scenario.needs == .echo {
            let length = refused.payload.count
            for frames in 1...2 {
                let trial = MessageTrial(
                    isText: refused.opcode == .text,
                    length: length,
                    frames: frames,
                    cameBack: length <= maximumMessageLength
                )
                let time = transcript.events.last?.time ?? 0
                transcript.events.append(TranscriptEvent(time: time, kind: .mark(.tried(trial))))
            }
        }
        return Judge.judge(scenario, transcript)
    }
}
