import WSScenario
package import WSTranscript

/// What a few conversations show about a target before anything is tested.
package struct TargetExamination: Sendable {
    /// The conversation that shows how the target is reached and how it answers the opening handshake.
    package var greeting: ExaminedConversation
    /// Why no run can begin, in one line with what to do; nil if one can.
    package var obstacle: String?
    /// What the application does with messages; nil if no run can begin.
    package var application: ObservedApplication?
    /// The conversation in which permessage-deflate was offered; nil if no run can begin.
    package var compressed: ExaminedConversation?
    /// The conversation whose end was waited for; nil if no run can begin.
    package var closed: ExaminedConversation?
    /// Which sizes of text messages come back; nil if the application echoes no text.
    package var sizes: Sizes?
    /// Why scenarios of the plan would be skipped, by their ids.
    package var skipped: [String: String] = [:]

    /// Sizes of messages in octets.
    package struct Sizes: Sendable, Hashable {
        /// The largest message that came back; 0 if none did.
        package var accepted: Int
        /// The smallest message that did not come back; nil if all did.
        package var refused: Int?
    }
}

/// A conversation of an examination.
package struct ExaminedConversation: Sendable {
    /// The scenario, and what was recorded.
    package var result: ConversationResult
    /// What it shows without being judged.
    package var facts: ConversationFacts

    init(_ attempt: ConversationAttempt) {
        (result, facts) = (attempt.result, attempt.facts)
    }
}

/// Finds out whether a run can begin, and what it would meet.
extension TestRun {
    /// How long sizes of messages are tried.
    private static let timeForSizes = Duration.seconds(2)
    /// The length of the message that may be compressed.
    private static let shortText = 1000

    /// Examines the target with a few conversations; no scenario of the plan is played.
    ///
    /// - Parameter largest: The largest message that is tried, in octets.
    /// - Returns: What they show.
    package func examine(largest: Int) async -> TargetExamination {
        var run = self
        var greeting = await conversations.run(plan.control)
        if let failure = greeting.facts.failure, greeting.facts.attempts == 1 {
            return TargetExamination(
                greeting: ExaminedConversation(greeting),
                obstacle: describe(failure, greeting.facts)
            )
        }
        let first = await run.firstControl()
        guard case .ready(let application) = first else {
            return TargetExamination(greeting: ExaminedConversation(greeting), obstacle: Self.obstacle(first))
        }
        if greeting.facts.failure != nil { greeting = await conversations.run(plan.control) }
        var examination = TargetExamination(greeting: ExaminedConversation(greeting), application: application)
        run.conversations.settings.application = application
        run.conversations.settings.ignoresMessages = application.sendsUnrelatedMessages
        if let makers = plan.limitScenarios {
            let probe = makers.probe(Self.shortText, true)
            examination.compressed = ExaminedConversation(await run.conversations.runOne(probe, start: 0, sidecar: nil))
            if application.text == .echo, !application.speaks {
                examination.sizes = await run.sizes(upTo: largest, makers)
            }
        }
        run.conversations.settings.patience = .full
        examination.closed = ExaminedConversation(await run.conversations.run(plan.controlWithoutEcho))
        for scenario in plan.scenarios { examination.skipped[scenario.id] = reasonToSkip(scenario, application) }
        return examination
    }

    /// Why no run can begin, in one line.
    private static func obstacle(_ first: FirstControl?) -> String {
        switch first {
        case .failed(.unreachable(let line)), .failed(.broken(let line)): line
        default: "the examination was ended before it was over"
        }
    }

    /// Tries sizes of uncompressed messages.
    private func sizes(upTo largest: Int, _ makers: LimitScenarios) async -> TargetExamination.Sizes {
        var search = PeerLimitSearch(bound: largest)
        let end = ContinuousClock.now + Self.timeForSizes
        while let length = search.next, !Task.isCancelled, search.refused == nil || ContinuousClock.now < end {
            let facts = await conversations.runOne(makers.probe(length, false), start: 0, sidecar: nil).facts
            guard facts.hasOpened else { break }
            search.note(isAccepted: facts.isFulfilled)
        }
        return TargetExamination.Sizes(accepted: search.accepted, refused: search.refused)
    }
}
