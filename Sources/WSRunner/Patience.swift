package import WSLink
package import WSProtocol

/// Something that a conversation waits for.
///
/// If it never came in earlier conversations, later ones need not wait as long for it.
package enum Awaited: Sendable, Hashable {
    /// The answer to the opening handshake; a client's request if a client is under test.
    case handshake
    /// The end of a connection whose opening handshake was refused.
    case refusal
    /// The Pong for a Ping.
    case pong
    /// The right Pong, after one with other octets.
    case rightPong
    /// An echo of this type.
    case echo(Opcode)
    /// The failure of the connection by the peer.
    case failure
    /// The answer to the Close frame with which we end a conversation.
    case closeReply
    /// The answer to a Close frame that is part of the scenario.
    case scriptedCloseReply
    /// The end of TCP after the closing handshake.
    case end
    /// Anything else.
    case other

    /// Whether the peer sends it as soon as it can.
    var isAnswer: Bool {
        switch self {
        case .handshake, .pong, .echo, .closeReply: true
        case .refusal, .rightPong, .failure, .scriptedCloseReply, .end, .other: false
        }
    }

    /// The position in the sort order.
    var rank: Int {
        switch self {
        case .handshake: 0
        case .refusal: 1
        case .pong: 2
        case .rightPong: 3
        case .echo(let opcode): 4 + Int(opcode.rawValue)
        case .failure: 32
        case .closeReply: 33
        case .scriptedCloseReply: 34
        case .end: 35
        case .other: 36
        }
    }
}

/// How long a conversation waits for what does not come.
package struct Patience: Sendable, Hashable {
    /// Limits shorter than the ordinary one, because waiting longer showed nothing in this run.
    package var limits: [Awaited: LinkDuration] = [:]
    /// How long the peer usually takes to answer.
    package var usualAnswer = LinkDuration.milliseconds(0)
    /// The things that never came in this run, so that they are not waited for as long.
    package var neverCame: Set<Awaited> = []
    /// Whether this conversation confirms another one's result, so that no wait is shortened.
    package var isConfirming = false

    /// Full waits for everything.
    package static let full = Patience()

    /// Full waits for everything, and longer ones where a shorter limit than the ordinary one is usual.
    package static let confirming: Patience = {
        var patience = Patience()
        patience.isConfirming = true
        return patience
    }()

    /// The same patience, with at most a second for the end of a conversation.
    package var withoutEnding: Patience {
        var patience = self
        for awaited in [Awaited.closeReply, .scriptedCloseReply, .end] {
            patience.limits[awaited] = min(patience.limits[awaited] ?? Pacing.autobahnWait, Pacing.autobahnWait)
        }
        return patience
    }

    /// The same patience, with the shortest wait for an answer to our Close frame.
    package var withoutCloseReply: Patience {
        var patience = withoutEnding
        for awaited in [Awaited.closeReply, .scriptedCloseReply] { patience.limits[awaited] = PatienceLedger.shortest }
        return patience
    }

    /// Creates full waits.
    package init() {}
}

/// What a run has learned about its peer: what came, how quickly, and what never came.
package struct PatienceLedger: Sendable {
    /// How often each thing was missing after a wait of full length.
    private var misses: [Awaited: Int] = [:]
    /// The things that came in any conversation.
    private var seen: Set<Awaited> = []
    /// How long the most recent answers took.
    private var recent: [LinkDuration] = []
    private var next = 0

    /// How many full waits have to be in vain before later waits are shortened.
    package static let mostMisses = 3
    /// How many of the most recent answers give the usual answer time, which is their median.
    private static let mostRecent = 63
    /// How many usual answer times a shortened wait lasts.
    private static let answers: Int64 = 5
    /// How many usual answer times a shortened wait lasts if it is not repeated.
    private static let answersAtLast: Int64 = 20
    /// The shortest wait.
    static let shortest = LinkDuration.milliseconds(100)
    /// The shortest wait for something that never came.
    private static let shortestInVain = LinkDuration.milliseconds(50)
    /// The shortest wait whose result is not confirmed afterwards.
    private static let shortestAtLast = LinkDuration.seconds(1)

    /// Creates an empty ledger.
    package init() {}

    /// Learns from a conversation; load scenarios are slow by nature, so their times are not used.
    package mutating func note(_ facts: ConversationFacts, isLoad: Bool) {
        if let missing = facts.missing, !facts.wasCutShort { misses[missing, default: 0] += 1 }
        for (awaited, time) in facts.answerTimes {
            seen.insert(awaited)
            guard !isLoad, awaited.isAnswer else { continue }
            if recent.count < Self.mostRecent { recent.append(time) } else { recent[next] = time }
            next = (next + 1) % Self.mostRecent
        }
    }

    /// Whether this came in any conversation.
    func hasSeen(_ awaited: Awaited) -> Bool { seen.contains(awaited) }

    /// The median time of recent answers; 0 before the first one.
    private var usual: LinkDuration {
        recent.isEmpty ? .milliseconds(0) : recent.sorted()[recent.count / 2]
    }

    /// The patience for a conversation whose result can be confirmed later.
    package var learned: Patience {
        withoutReplies(patience(atLeast: Self.shortest, inVain: Self.shortestInVain, Self.answers) { _ in true })
    }

    /// The patience for a conversation whose result is final: shortened only for what never came.
    package var learnedForGood: Patience {
        patience(atLeast: Self.shortestAtLast, Self.answersAtLast) { !hasSeen($0) }
    }

    /// The patience for confirming a result alone, after others of its group were confirmed in full.
    var learnedAlone: Patience {
        withoutReplies(patience(atLeast: Self.shortestAtLast, Self.answersAtLast) { _ in true })
    }

    /// Shortens the wait for replies to scripted Close frames, if the peer never answers the final one either.
    private func withoutReplies(_ patience: Patience) -> Patience {
        guard patience.neverCame.contains(.closeReply) else { return patience }
        var patience = patience
        patience.limits[.scriptedCloseReply] = patience.limits[.closeReply]
        return patience
    }

    private func patience(
        atLeast shortest: LinkDuration,
        inVain: LinkDuration? = nil,
        _ answers: Int64,
        where isShortened: (Awaited) -> Bool
    ) -> Patience {
        var patience = Patience()
        let usual = self.usual
        patience.usualAnswer = usual
        let limit = LinkDuration(nanoseconds: usual.nanoseconds &* answers)
        for (awaited, count) in misses where count >= Self.mostMisses && isShortened(awaited) {
            let hasCome = hasSeen(awaited)
            patience.limits[awaited] = max(limit, hasCome ? shortest : inVain ?? shortest)
            if !hasCome { patience.neverCame.insert(awaited) }
        }
        return patience
    }
}
