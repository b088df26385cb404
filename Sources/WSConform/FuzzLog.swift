import WSJudge
import WSLimits
import WSLiveFuzzing
import WSProtocol
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Gives a fuzzing run its conversations, and receives what comes of them.
///
/// What is worth a case of the report goes on to ``RunLog``: findings, the first conversations that led the peer
/// somewhere new, and what ended the run.
actor FuzzLog: ScenarioSource {
    /// Receives what becomes a case.
    nonisolated let log: RunLog
    private let monitor: any RunMonitor
    private let plan: FuzzingPlan
    private let declared: RunPlan.Application
    private var engine: FuzzEngine
    private var corpus: FuzzCorpus?
    private var began = ContinuousClock.now
    private var samples = 0
    /// The scenarios of the batch in order, and what came of each; a later result of one replaces an earlier one.
    private var batch: [Scenario] = []
    private var results: [String: (result: ConversationResult, judgement: Judgement)] = [:]
    /// The first results of what is tried again, by what was sent, until it is found or the run ends.
    private var suspected: [Stimulus: ConversationResult] = [:]
    /// The latest results that say nothing about the peer; they are reported if the run ends with them.
    private var undecided: [ConversationResult] = []
    private var hasCorpusTrouble = false
    /// How many plays said nothing about the peer, and the first of them.
    private var unclear: (count: Int, first: [ConversationResult]) = (0, [])

    private var slope = MemorySlope()

    private static let mostSamples = Limits.fuzzSamples.value
    private static let mostUndecided = 16
    private static let mostSuspected = 64
    private static let leastBatch = 32
    private static let batchOfJob = 8
    /// The run as a whole is not certain if so many plays, one of this number, said nothing.
    private static let shareOfUnclear = 10

    /// Prepares a run, and reads its corpus.
    ///
    /// - Parameters:
    ///   - plan: What to do.
    ///   - log: Receives what becomes a case.
    ///   - monitor: Receives the progress.
    ///   - settings: The settings of the run.
    ///   - application: What the application does with messages, as the user says.
    ///   - peer: What is under test.
    /// - Throws: `FileError` if there can be no corpus.
    init(
        _ plan: FuzzingPlan,
        log: RunLog,
        monitor: any RunMonitor,
        settings: RunSettings,
        application: RunPlan.Application,
        peer: FuzzConversation.Peer
    ) throws(FileError) {
        self.plan = plan
        self.log = log
        self.monitor = monitor
        declared = application
        var corpus: FuzzCorpus?
        var conversations: [FuzzConversation] = []
        if let path = plan.corpus {
            let opened = try FuzzCorpus(path: path)
            conversations = opened.read { monitor.note($0) }
            corpus = opened
        }
        self.corpus = corpus
        engine = FuzzEngine(
            FuzzEngine.Settings(
                seed: settings.seed,
                runs: plan.runs,
                batch: max(Self.leastBatch, Self.batchOfJob * settings.jobs),
                peer: peer
            ),
            corpus: conversations
        )
    }

    /// The counts for the report.
    var counts: Report.Fuzzing {
        Report.Fuzzing(conversations: engine.conversations, replays: engine.replays, reactions: engine.reactions)
    }

    func next(_ application: ObservedApplication) async -> ScenarioBatch {
        await takeResults()
        if engine.conversations == 0, engine.replays == 0 { began = .now }
        engine.settings.peer.echoes = echoes(of: application)
        undecided = []
        if let seconds = plan.seconds, began.duration(to: .now) > .seconds(seconds) { engine.isEnding = true }
        batch = engine.next()
        monitor.planned(engine.conversations + engine.replays + batch.count)
        return ScenarioBatch(batch, isProbe: engine.isShrinking)
    }

    /// The types of messages whose echoes are compared.
    private func echoes(of application: ObservedApplication) -> Set<Opcode> {
        guard declared != .none, !application.speaks else { return [] }
        guard declared != .echo else { return [.text, .binary] }
        let known: [ObservedApplication.Answer] = [.echo, .unknown]
        var echoes: Set<Opcode> = []
        if known.contains(application.text) { echoes.insert(.text) }
        if known.contains(application.binary) { echoes.insert(.binary) }
        // Messages of an application that answers otherwise cannot be told from echoes.
        return application.sendsUnrelatedMessages ? [] : echoes
    }

    func used(_ usage: TargetObservation.Usage) async {
        // The results come first, because findings decide whether anything is weighed at all.
        await takeResults()
        slope.note(usage.residentBefore, after: engine.conversations)
        let growth = usage.residentPeak - min(usage.residentBefore, usage.residentPeak)
        engine.take(ResourceUse(memoryGrowth: growth, processor: usage.processor))
    }

    /// Handles one event of the run.
    func take(_ event: RunEvent) async {
        switch event {
        case .finished(let result), .replaced(let result): take(result)
        case .peer, .planned, .note, .quiet, .withoutCredentials: await log.take(event)
        }
    }

    /// Judges a result; what comes of it is decided once all of the batch are final.
    private func take(_ result: ConversationResult) {
        guard !Task.isCancelled else { return }
        let earlier = results.updateValue((result, Judging.judge(result)), forKey: result.scenario.id)
        if earlier == nil { monitor.finished(result.scenario.id) }
    }

    /// Passes the results of the batch on, in its order, so that chance has no say in what is made next.
    private func takeResults() async {
        var unclearHere = 0
        for scenario in batch {
            guard let (result, judgement) = results[scenario.id] else { continue }
            if judgement.verdict == .inconclusive {
                unclearHere += 1
                if undecided.count < Self.mostUndecided { undecided.append(result) }
            }
            switch engine.take(judgement, of: scenario.id) {
            case .nothing: break
            case .kept:
                keep(scenario)
                guard samples < Self.mostSamples else { break }
                samples += 1
                await log.take(.finished(result))
            case .suspected:
                if suspected.count < Self.mostSuspected { suspected[scenario.stimulus] = result }
            case .found(let finding):
                await log.take(.finished(result))
                monitor.note(sentence(of: finding))
            }
        }
        if !batch.isEmpty { noteUnclear(unclearHere, of: batch.count) }
        batch = []
        results = [:]
    }

    /// Notes how many plays of a batch said nothing; if most did, fewer are played together from then on.
    private func noteUnclear(_ count: Int, of all: Int) {
        unclear.count += count
        unclear.first += undecided.prefix(Self.mostUndecided - unclear.first.count)
        // A single play may have been one too many for the peer.
        if count > 1, count * 2 > all { engine.settings.batch = Self.leastBatch / 4 }
    }

    /// How many plays said nothing, and why the first one did; nil if all said something.
    private var sentenceOfUnclear: String? {
        guard let first = unclear.first.first else { return nil }
        return "\(unclear.count) conversations show nothing: \(Judging.judge(first).reason)"
    }

    /// Adds a conversation to the corpus; the first error is told.
    private func keep(_ scenario: Scenario) {
        do throws(FileError) {
            try corpus?.add(scenario)
        } catch {
            if !hasCorpusTrouble { monitor.note("\(error); the corpus is not complete") }
            hasCorpusTrouble = true
        }
    }

    private func sentence(of finding: FuzzFinding) -> String {
        let frames = finding.frames == 1 ? "1 frame" : "\(finding.frames) frames"
        let file = FileSystem.join(log.folder.path, RunFolder.scenarioPath(of: finding.scenario.id))
        return
            "found \(finding.cause.requirement)/\(finding.cause.reasonKey) after \(finding.seenAfter) conversations: "
            + "\(frames), in \(file)"
    }

    /// Reports what is left when the run has ended.
    func finish(_ ending: RunEnding) async {
        if case .unreachable = ending { return }
        undecided = []
        await takeResults()
        for finding in engine.doubtful {
            guard let doubt = finding.doubt else { continue }
            var result = ConversationResult(scenario: finding.scenario, transcript: nil, status: .inconclusive(doubt))
            // The conversation that showed it shows it best.
            if let first = suspected[finding.scenario.stimulus] {
                result.transcript = first.transcript
                result.transcript?.header.scenario = finding.scenario.id
                result.startedAtMilliseconds = first.startedAtMilliseconds
            }
            await log.take(.finished(result))
        }
        let counts = counts
        let isUncertain = unclear.count * Self.shareOfUnclear > counts.conversations + counts.replays
        let told = if case .broken = ending { undecided } else { isUncertain ? unclear.first : [] }
        for result in told { await log.take(.finished(result)) }
        if let octets = slope.octetsOfConversation {
            monitor.note("the target's memory rose steadily, by \(octets) octets a conversation; no rule sets a bound")
        }
        if let sentenceOfUnclear { monitor.note(sentenceOfUnclear) }
        let again = counts.replays > 0 ? ", and \(counts.replays) of them again" : ""
        let found = engine.findings.count(where: \.isCertain)
        monitor.note(
            "\(counts.conversations) conversations played\(again): \(counts.reactions) different reactions, "
                + (found == 1 ? "1 finding" : "\(found) findings")
        )
    }
}
