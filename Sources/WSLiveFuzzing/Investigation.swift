import WSScenario

/// Looks into one finding: tries it again, makes its conversation smaller, and plays that under an id of its own.
struct Investigation: Sendable {
    /// What was behind the finding when it was first seen.
    let cause: FuzzCause
    /// What is behind it in the smallest conversation that showed it.
    private(set) var latest: FuzzCause
    /// Whether a play under the finding's own id has shown it.
    private(set) var isRecorded = false

    private let conversation: FuzzConversation
    private let seenAfter: Int
    private var stage = Stage.confirming
    private var tries = 0
    private var hits = 0
    private var shrinker: ConversationShrinker
    /// How often the play under its own id may still be tried.
    private var recordings = FuzzEngine.confirmations

    /// Whether the next play is under the finding's own id.
    var isRecording: Bool { stage == .recording }

    /// Whether the next play is of a smaller conversation.
    var isShrinking: Bool { stage == .shrinking }

    private enum Stage: Sendable {
        case confirming
        case shrinking
        case recording
        case over
    }

    init(cause: FuzzCause, conversation: FuzzConversation, seenAfter: Int) {
        self.cause = cause
        latest = cause
        self.conversation = conversation
        self.seenAfter = seenAfter
        shrinker = ConversationShrinker(conversation)
    }

    /// The next conversation to play and its id; nil if nothing is left to be done.
    ///
    /// - Parameters:
    ///   - isEnding: Whether time is over, so that nothing is made smaller any more.
    ///   - name: An id that no play has had.
    /// - Returns: The conversation, and the id of its scenario.
    mutating func play(isEnding: Bool, name: String) -> (FuzzConversation, String)? {
        switch stage {
        case .confirming: return (conversation, name)
        case .shrinking:
            if !isEnding, let proposal = shrinker.proposal() { return (proposal, name) }
            stage = .recording
            return (shrinker.smallest, latest.scenario)
        case .recording: return (shrinker.smallest, latest.scenario)
        case .over: return nil
        }
    }

    /// Notes whether a play showed the same.
    ///
    /// - Parameters:
    ///   - causes: What counted against the peer.
    ///   - duration: How long it took, in nanoseconds.
    /// - Returns: Whether it is the record of the finding.
    @discardableResult
    mutating func note(_ causes: [FuzzCause], duration: Int64) -> Bool {
        let shown = causes.first { stage == .recording ? $0 == latest : $0.isLike(cause) }
        let hasShown = shown != nil
        if let shown { latest = shown }
        switch stage {
        case .confirming:
            tries += 1
            if hasShown { hits += 1 }
            if tries == FuzzEngine.confirmations { stage = hits == tries ? .shrinking : .over }
        case .shrinking: shrinker.note(isSame: hasShown, cost: 1 + Int(clamping: duration / Self.timeOfPlay))
        case .recording:
            recordings -= 1
            isRecorded = hasShown
            if hasShown || recordings == 0 { stage = .over }
            return hasShown
        case .over: break
        }
        return false
    }

    /// The nanoseconds for which a play counts as one; one that waits for something in vain counts for several.
    private static let timeOfPlay: Int64 = 250_000_000

    /// The finding; nil if its scenario cannot be made.
    func finding(_ peer: FuzzConversation.Peer) -> FuzzFinding? {
        shrinker.smallest.scenario(latest.scenario, for: peer).map { scenario in
            FuzzFinding(
                cause: latest,
                scenario: scenario,
                frames: shrinker.smallest.frames.count,
                hits: hits,
                seenAfter: seenAfter
            )
        }
    }

    /// The finding as one that is not certain.
    func doubtful(_ peer: FuzzConversation.Peer) -> FuzzFinding? {
        guard var finding = finding(peer) else { return nil }
        // It was shown each time before it was made smaller, and not under its own id.
        finding.hits = min(hits, FuzzEngine.confirmations - 1)
        return finding
    }
}
