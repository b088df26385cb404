package import WSLink
package import WSProtocol

/// Something that a conversation waits for.
///
/// What has not come in one conversation need not be waited for as long in the next ones; this says what is the same.
package enum Awaited: Sendable, Hashable {
    /// The answer to the opening handshake, or a client's request.
    case handshake
    /// The end of a connection whose opening handshake was refused.
    case refusal
    /// The Pong for a Ping.
    case pong
    /// The right Pong, where one with other octets has come.
    case rightPong
    /// An echo of this type.
    case echo(Opcode)
    /// That the peer fails the connection.
    case failure
    /// The answer to the Close frame with which we end a conversation.
    case closeReply
    /// The answer to a Close frame that is a part of the scenario.
    case scriptedCloseReply
    /// The end of TCP behind the closing handshake.
    case end
    /// Anything else.
    case other

    /// Whether the peer gives it as soon as it can.
    var isAnswer: Bool {
        switch self {
        case .handshake, .pong, .echo, .closeReply: true
        case .refusal, .rightPong, .failure, .scriptedCloseReply, .end, .other: false
        }
    }

    /// A number to sort by.
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
    /// Limits that are shorter than the ordinary one, because the run has learned that waiting longer shows nothing.
    package var limits: [Awaited: LinkDuration] = [:]
    /// How long the peer usually takes to answer, as far as the run has seen.
    package var usualAnswer = LinkDuration.milliseconds(0)
    /// The things that no conversation of the run has been given, and that need not be waited for in full.
    package var neverCame: Set<Awaited> = []
    /// Whether this conversation shall make sure of what another one has shown, so that nothing is cut short.
    package var makesSure = false

    /// Waits for everything in full.
    package static let full = Patience()

    /// Waits for everything in full, and longer wherever less than the ordinary limit decides.
    package static let toMakeSure: Patience = {
        var patience = Patience()
        patience.makesSure = true
        return patience
    }()

    /// Does not wait long for the end of a conversation that has shown all that it is for.
    package var withoutEnding: Patience {
        var patience = self
        for awaited in [Awaited.closeReply, .scriptedCloseReply, .end] {
            patience.limits[awaited] = min(patience.limits[awaited] ?? Pacing.autobahnWait, Pacing.autobahnWait)
        }
        return patience
    }

    /// The same against a peer that has left a Close frame unanswered.
    package var withoutCloseReply: Patience {
        var patience = withoutEnding
        for awaited in [Awaited.closeReply, .scriptedCloseReply] { patience.limits[awaited] = PatienceLedger.shortest }
        return patience
    }

    /// Creates the patience of a run that has learned nothing.
    package init() {}
}

/// What a run has learned about its peer: what came, how late as a rule, and what has not come at all.
package struct PatienceLedger: Sendable {
    /// How often each thing has been waited for in vain, at full length.
    private var misses: [Awaited: Int] = [:]
    /// What has come in any conversation.
    private var seen: Set<Awaited> = []
    /// How long the most recent answers took.
    private var recent: [LinkDuration] = []
    private var next = 0

    /// How often something has to be waited for in full before less will do.
    package static let mostMisses = 3
    /// How many answers say how quick the peer is; what is among them in the middle is no accident.
    private static let mostRecent = 63
    /// How many usual answers make the shortened wait.
    private static let answers: Int64 = 5
    /// The same where the wait is the last one.
    private static let answersAtLast: Int64 = 20
    /// No wait is shorter than this.
    static let shortest = LinkDuration.milliseconds(100)
    /// The same for what has not come in any conversation.
    private static let shortestInVain = LinkDuration.milliseconds(50)
    /// Nor one that nothing confirms afterwards.
    private static let shortestAtLast = LinkDuration.seconds(1)

    /// Begins to learn.
    package init() {}

    /// Takes what one conversation has shown; load is slow because of what it carries, and says nothing about time.
    package mutating func note(_ facts: ConversationFacts, isLoad: Bool) {
        if let missing = facts.missing, !facts.wasCutShort { misses[missing, default: 0] += 1 }
        for (awaited, time) in facts.answerTimes {
            seen.insert(awaited)
            guard !isLoad, awaited.isAnswer else { continue }
            if recent.count < Self.mostRecent { recent.append(time) } else { recent[next] = time }
            next = (next + 1) % Self.mostRecent
        }
    }

    /// Whether the peer has given this in any conversation.
    func hasSeen(_ awaited: Awaited) -> Bool { seen.contains(awaited) }

    /// How long the peer usually takes.
    private var usual: LinkDuration {
        recent.isEmpty ? .milliseconds(0) : recent.sorted()[recent.count / 2]
    }

    /// The patience of the next conversation, whose result can be confirmed.
    package var learned: Patience {
        withoutReplies(patience(atLeast: Self.shortest, inVain: Self.shortestInVain, Self.answers) { _ in true })
    }

    /// The patience of the next conversation, whose result stands: only what never came is waited for less long.
    package var learnedForGood: Patience {
        patience(atLeast: Self.shortestAtLast, Self.answersAtLast) { !hasSeen($0) }
    }

    /// The patience with which a conversation is repeated alone that failed as several did, which failed again alone.
    var learnedAlone: Patience {
        withoutReplies(patience(atLeast: Self.shortestAtLast, Self.answersAtLast) { _ in true })
    }

    /// The same patience, but whoever never answers the Close frame that ends a conversation need not show three times
    /// that it answers none of a scenario's own either.
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
