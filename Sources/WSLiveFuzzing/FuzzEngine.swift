package import WSJudge
import WSKernels
import WSLimits
import WSProtocol
package import WSScenario

/// Decides what a fuzzing run plays next, from what came of what it played before.
///
/// It is a value that plays nothing: ``next()`` gives scenarios, and ``take(_:as:)`` receives their results. New
/// conversations are made by chance, half of them from earlier ones that led the peer somewhere new. If a result
/// counts against the peer and its cause is not known yet, the same conversation is tried again, then made smaller,
/// and at last played under an id of its own.
package struct FuzzEngine: Sendable {
    /// What a run does, apart from how it reaches the peer.
    package struct Settings: Sendable, Hashable {
        /// The seed of all conversations.
        package var seed: UInt64
        /// The number of new conversations; nil for any number.
        package var runs: Int?
        /// How many new conversations are given at a time.
        package var batch: Int
        /// What is under test.
        package var peer: FuzzConversation.Peer

        /// Creates settings.
        package init(seed: UInt64, runs: Int? = nil, batch: Int = 64, peer: FuzzConversation.Peer = .init()) {
            self.seed = seed
            self.runs = runs
            self.batch = batch
            self.peer = peer
        }
    }

    /// What has become of a result.
    package enum Consequence: Sendable, Hashable {
        /// Nothing.
        case nothing
        /// It was like none before, and its conversation is kept for others to be made from.
        case kept
        /// It showed something that nobody knew, which is tried again; until then it is the only record of it.
        case suspected
        /// It is the record of a finding.
        case found(FuzzFinding)
    }

    /// How often a finding is tried again.
    package static let confirmations = 3

    /// The settings; what is known of the peer's application may change while nothing is being played.
    package var settings: Settings
    /// How many new conversations were played.
    package private(set) var conversations = 0
    /// How many plays confirmed or shrank findings.
    package private(set) var replays = 0
    /// The findings, in the order in which they were seen.
    package private(set) var findings: [FuzzFinding] = []
    /// Whether no new conversation is made any more, because the time is over.
    package var isEnding = false

    private var signatures: Set<ResponseSignature> = []
    private var kept: [FuzzConversation] = []
    /// The conversations of the scenarios that are being played.
    private var inPlay: [String: FuzzConversation] = [:]
    private var made = 0
    private var names = 0
    /// Whether the peer agrees to compression; true until it declines.
    private var compression = true
    private var known: Set<FuzzCause> = []
    private var waiting: [Investigation] = []
    private var investigation: Investigation?

    /// Creates an engine.
    ///
    /// - Parameters:
    ///   - settings: What the run does.
    ///   - corpus: The conversations from earlier runs, which are played first.
    package init(_ settings: Settings, corpus: [FuzzConversation] = []) {
        self.settings = settings
        earlier = Array(corpus.prefix(Self.mostKept))
    }

    private var earlier: [FuzzConversation]
    /// The latest conversations that were played together, and those of them that are played alone, to be weighed.
    private var latest: [FuzzConversation] = []
    private var unweighed: [FuzzConversation] = []
    /// The conversation that is being weighed.
    private var onScales: FuzzConversation?
    /// The heaviest batch so far, nil before the first one, and the heaviest conversation.
    private var heaviestBatch: ResourceUse.Weight?
    private var heaviest = ResourceUse.Weight()

    /// Whether what is being played only makes a finding smaller, which is played once more before it is told.
    package var isShrinking: Bool { investigation?.isShrinking ?? false }

    /// How many different reactions of the peer were seen.
    package var reactions: Int { signatures.count }

    private static let mostKept = Limits.fuzzKept.value
    private static let mostSignatures = Limits.fuzzSignatures.value
    /// How many conversations of a batch are weighed.
    private static let mostWeighed = 64
    /// How many findings wait to be tried again; further ones are met again later.
    private static let mostWaiting = 16

    // MARK: - What to play

    /// The next scenarios to play, each with an id of its own; none if the run is over.
    package mutating func next() -> [Scenario] {
        inPlay = [:]
        if investigation == nil, !waiting.isEmpty { investigation = waiting.removeFirst() }
        while var current = investigation {
            if let (conversation, id) = current.play(isEnding: isEnding, name: newName) {
                investigation = current
                // Another conversation has already shown what is behind this one.
                if current.isRecording, findings.contains(where: { $0.cause == current.latest }) {
                    investigation = waiting.isEmpty ? nil : waiting.removeFirst()
                    continue
                }
                if let scenario = conversation.scenario(id, for: settings.peer) {
                    names += 1
                    inPlay[id] = conversation
                    return [scenario]
                }
                // What cannot be played shows nothing.
                investigation?.note([], duration: 0)
                continue
            }
            investigation = nil
            conclude(current)
            if !waiting.isEmpty { investigation = waiting.removeFirst() }
        }
        if let scenario = toWeigh() { return [scenario] }
        return isEnding ? [] : newBatch()
    }

    /// The next scenario that is played alone so that what the peer uses for it is seen; nil if there is none.
    private mutating func toWeigh() -> Scenario? {
        onScales = nil
        if isEnding { unweighed = [] }
        while let conversation = unweighed.popLast() {
            guard let scenario = conversation.scenario(newName, for: settings.peer) else { continue }
            names += 1
            inPlay[scenario.id] = conversation
            onScales = conversation
            return scenario
        }
        return nil
    }

    private var newName: String { "fuzz/play-\(names + 1)" }

    private mutating func newBatch() -> [Scenario] {
        var batch: [Scenario] = []
        var attempts = 0
        while batch.count < settings.batch, made < settings.runs ?? .max, attempts < 50 * settings.batch {
            attempts += 1
            let conversation = makeConversation(attempts)
            guard let scenario = conversation.scenario(newName, for: settings.peer) else { continue }
            names += 1
            made += 1
            inPlay[scenario.id] = conversation
            batch.append(scenario)
        }
        latest = batch.compactMap { inPlay[$0.id] }
        return batch
    }

    private mutating func makeConversation(_ attempt: Int) -> FuzzConversation {
        while !earlier.isEmpty {
            let conversation = earlier.removeFirst()
            if !conversation.isCompressed || compression { return conversation }
        }
        // Each conversation has its own numbers, so that the order of results does not change what is made by chance.
        var random = SplitMix64(seed: settings.seed &+ UInt64(made) &* 0x9E37_79B9 &+ UInt64(attempt) << 40)
        let isNew = kept.isEmpty || Bool.random(using: &random)
        let parents = isNew ? nil : (kept.randomElement(using: &random), kept.randomElement(using: &random))
        var generator = ConversationGenerator(
            SplitMix64(seed: random.next()),
            for: settings.peer,
            compression: compression
        )
        guard let parent = parents?.0, let other = parents?.1, !parent.isCompressed || compression else {
            return generator.make()
        }
        return generator.mutate(parent, other)
    }

    // MARK: - What came of it

    /// Takes the judgement of a scenario.
    ///
    /// - Parameters:
    ///   - judgement: The judgement.
    ///   - id: The id of the scenario.
    /// - Returns: What becomes of it.
    package mutating func take(_ judgement: Judgement, of id: String) -> Consequence {
        guard let conversation = inPlay.removeValue(forKey: id) else { return .nothing }
        let causes = FuzzCause.all(in: judgement)
        if var current = investigation {
            replays += 1
            let record = current.note(causes, duration: judgement.durationNanoseconds)
            investigation = current
            let isSuspected = noteUnknown(causes, conversation)
            guard record, let finding = current.finding(settings.peer) else {
                return isSuspected ? .suspected : .nothing
            }
            known.insert(finding.cause)
            findings.append(finding)
            return .found(finding)
        }
        guard onScales == nil else {
            replays += 1
            return noteUnknown(causes, conversation) ? .suspected : .nothing
        }
        conversations += 1
        if conversation.isCompressed, judgement.verdict == .unimplemented { compression = false }
        if noteUnknown(causes, conversation) { return .suspected }
        return keep(conversation, judgement, hasFindings: !causes.isEmpty)
    }

    /// Has causes looked into that nobody knew; returns whether there were any.
    private mutating func noteUnknown(_ causes: [FuzzCause], _ conversation: FuzzConversation) -> Bool {
        let before = waiting.count
        for cause in causes where !known.contains(cause) && waiting.count < Self.mostWaiting {
            // What a smaller conversation shows besides is met again in others, if it is anything of its own.
            if let investigation, investigation.cause.isLike(cause) { continue }
            known.insert(cause)
            waiting.append(Investigation(cause: cause, conversation: conversation, seenAfter: conversations))
        }
        return waiting.count > before
    }

    /// Keeps a conversation that led the peer somewhere new; one that shows a fault would only show it again.
    private mutating func keep(
        _ conversation: FuzzConversation,
        _ judgement: Judgement,
        hasFindings: Bool
    ) -> Consequence {
        guard judgement.verdict.isJudged, !hasFindings, signatures.count < Self.mostSignatures,
            signatures.insert(ResponseSignature(judgement)).inserted
        else { return .nothing }
        keep(conversation)
        return .kept
    }

    private mutating func keep(_ conversation: FuzzConversation) {
        if kept.count < Self.mostKept {
            kept.append(conversation)
        } else {
            kept[conversations % Self.mostKept] = conversation
        }
    }

    /// Takes what the peer's process used for the latest scenarios.
    ///
    /// If a batch was heavier than any before, its conversations are played alone, and those that are heavier than any
    /// before are kept for others to be made from.
    package mutating func take(_ use: ResourceUse) {
        guard investigation == nil else { return }
        if let onScales {
            let weight = use.weight(of: 1)
            guard weight.exceeds(heaviest) else { return }
            heaviest = heaviest.largest(with: weight)
            return keep(onScales)
        }
        let weight = use.weight(of: latest.count)
        // In the first batch a peer gets its buffers and compiles its program.
        if let heaviestBatch, weight.exceeds(heaviestBatch) { unweighed = Array(latest.suffix(Self.mostWeighed)) }
        heaviestBatch = weight.largest(with: heaviestBatch ?? weight)
    }

    /// Ends an investigation; what no try showed again, or not under its own id, is told as flaky.
    private mutating func conclude(_ investigation: Investigation) {
        guard !investigation.isRecorded, let finding = investigation.doubtful(settings.peer) else { return }
        findings.append(finding)
    }

    /// The findings that are not certain, which have no record.
    package var doubtful: [FuzzFinding] { findings.filter { !$0.isCertain } }
}
