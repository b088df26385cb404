import WSScenario
package import WSTranscript

/// What a run has learned about its target, so that a later run against the same target need not learn it again.
///
/// A run that is given it plays the control once, and takes the rest over if that shows the same server and an echo.
package struct RunKnowledge: Sendable {
    /// What the application does with messages.
    package let application: ObservedApplication
    /// The name that the server gave itself.
    let server: String?
    /// The largest message that the target accepts, as far as it is known.
    let peerLimit: PeerLimit
    /// How long controls wait for what the target never sends.
    let patienceOfControls: Patience
    /// What came, how quickly, and what never came.
    let patience: PatienceLedger
    /// The kinds of scenarios that end the target.
    let lethal: LethalKinds
    /// How often the target closed a connection without an answer.
    let tally: ConnectionTally
    /// How many results that lacked something were confirmed.
    let confirmed: [Awaited: Int]
}

/// What a run has from an earlier one, and what it keeps for a later one.
struct RunMemory: Sendable {
    /// What an earlier run has learned about the target; nil if there was none.
    var known: RunKnowledge?
    /// What the application does, once that is known.
    var application: ObservedApplication?
    /// How many results that lacked something were confirmed, also by earlier runs.
    var confirmed: [Awaited: Int] = [:]
}

extension TestRun {
    /// Runs everything, with what an earlier run has learned about the same target.
    ///
    /// - Parameter known: What is known; nil to find everything out.
    /// - Returns: How the run ended, and what is known now; nil if that is nothing to rely on.
    package func run(knowing known: RunKnowledge?) async -> (ending: RunEnding, knowledge: RunKnowledge?) {
        var run = self
        run.memory.known = known
        let ending = await run.runAll()
        return (ending, ending == .complete ? run.knowledge : nil)
    }

    private var knowledge: RunKnowledge? {
        guard let application = memory.application else { return nil }
        return RunKnowledge(
            application: application,
            server: server,
            peerLimit: conversations.peerLimit,
            patienceOfControls: conversations.settings.patience,
            patience: patience,
            lethal: lethal,
            tally: conversations.tally,
            confirmed: memory.confirmed
        )
    }

    /// Takes over what is known, if the control shows that it still holds.
    ///
    /// - Returns: What the application does; nil if that has to be found out.
    mutating func takeOver(_ known: RunKnowledge) async -> ObservedApplication? {
        // Only an echo is shown by one conversation.
        guard known.application.text == .echo, !known.application.speaks else { return nil }
        var conversations = self.conversations
        conversations.settings.patience = known.patienceOfControls
        conversations.tally = known.tally
        let facts = await conversations.run(plan.control).facts
        guard facts.isFulfilled, facts.server == known.server else { return nil }
        if plan.peerLimit == nil { conversations.peerLimit = known.peerLimit }
        self.conversations = conversations
        patience = known.patience
        lethal = known.lethal
        memory.confirmed = known.confirmed
        server = known.server
        mostStreams = facts.mostStreams
        await handle(.peer(server: server))
        return known.application
    }
}
