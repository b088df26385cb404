import WSLink
import WSScenario
import WSTranscript

/// Conversations that show whether the target works, and what its application does.
extension TestRun {
    enum FirstControl {
        case ready(ObservedApplication)
        case failed(RunEnding)
    }

    static let skipsEchoes = "scenarios that need an echo are skipped"

    /// Finds out which server answers, and what its application does with messages.
    mutating func firstControl() async -> FirstControl? {
        let url = plan.settings.target
        if let known = memory.known, let application = await takeOver(known) { return .ready(application) }
        if Task.isCancelled { return nil }
        guard plan.application != .none else {
            return await controlWithoutEcho(after: nil, ObservedApplication(text: .unknown, binary: .unknown))
        }
        let facts = await firstConversation(plan.control)
        await learnFirstReplies(facts)
        if Task.isCancelled { return nil }
        if !facts.isFulfilled, let line = await death(over: facts) { return .failed(.unreachable(line)) }
        if let failure = facts.failure {
            return .failed(.unreachable(describe(failure, facts)))
        }
        server = facts.server
        mostStreams = facts.mostStreams
        await handle(.peer(server: facts.server))
        // If the first control got no reply to its Close frame, later ones do not wait for it.
        if facts.missing == .closeReply { conversations.settings.patience = Patience.full.withoutCloseReply }
        if facts.isFulfilled {
            let application = await observeEcho()
            if Task.isCancelled { return nil }
            if let words = application.sentenceOfBinary(isDeclared: plan.application == .echo) {
                await handle(.note("\(url) \(words)"))
            }
            return .ready(application)
        }
        guard plan.application == .auto else {
            return .failed(
                .unreachable(
                    "\(url) \(facts.applicationSentence); drop --application echo, or test an echo endpoint"
                )
            )
        }
        var application = ObservedApplication(text: facts.answerToText)
        application.speaks = facts.heardExpected
        return await controlWithoutEcho(after: facts, application)
    }

    /// How a supervised target ended in its first conversation, in one line; nil if it did not.
    private func death(over facts: ConversationFacts) async -> String? {
        // The end of a process may be known later than that of its connections.
        let limit = facts.lostConnection ? Self.endingLimit : .zero
        guard let incident = await supervisor?.incident(within: limit) else { return nil }
        return facts.hasOpened
            ? "\(incident.sentence) over an ordinary text message; mend that first, or have it tested without messages: "
                + "--application none"
            : "\(incident.sentence) in the first conversation, an opening handshake and a text message; mend that first"
    }

    /// Checks whether Pings are answered by a target that does not echo text.
    private mutating func controlWithoutEcho(
        after echo: ConversationFacts?,
        _ known: ObservedApplication
    ) async -> FirstControl? {
        let url = plan.settings.target
        var conversations = self.conversations
        conversations.settings.ignoresMessages = true
        let isUndeclared = echo != nil
        async let binary = isUndeclared && !known.speaks ? observeBinary() : .unknown
        let facts = await firstConversation(plan.controlWithoutEcho, conversations)
        await learnFirstReplies(facts)
        var application = known
        application.binary = await binary
        if Task.isCancelled { return nil }
        if !facts.isFulfilled, echo == nil, let line = await death(over: facts) { return .failed(.unreachable(line)) }
        if let failure = facts.failure {
            return .failed(.unreachable(describe(failure, facts)))
        }
        guard facts.isFulfilled else {
            return .failed(.unreachable("\(url) \(facts.refusalSentence(echo, plan.settings))"))
        }
        guard let echo else {
            server = facts.server
            await handle(.peer(server: facts.server))
            return .ready(application)
        }
        let skips = application.binary == .echo ? "scenarios that need an echo of text are skipped" : Self.skipsEchoes
        await handle(.note("\(url) answers Pings but \(echo.applicationSentence): \(skips)"))
        return .ready(application)
    }

    /// Runs the first conversation; the target may be busy, or drop a connection now and then.
    private func firstConversation(
        _ control: Scenario,
        _ given: ConversationRunner? = nil
    ) async -> ConversationFacts {
        let conversations = given ?? self.conversations
        var facts = await conversations.run(control).facts
        var attempts = 1
        while attempts < facts.attempts, !Task.isCancelled {
            attempts += 1
            let wasUnanswered = facts.failure == .endedInHandshake
            // Another attempt would only show that nobody is there any more.
            if facts.lostConnection, await supervisor?.incident(within: revivalPause) != nil { break }
            if facts.isBusy { try? await Task.sleep(for: revivalPause) }
            facts = await conversations.run(control).facts
            if wasUnanswered, facts.hasOpened { await conversations.tally.noteRecovery() }
        }
        return facts
    }

    mutating func lastControl(_ control: Scenario) async -> RunEnding {
        if Task.isCancelled { return .cancelled }
        if await survives(control, attempts: 1) { return ending }
        // All scenarios since the target last worked are suspects, including the last one.
        return await clearSuspects(control: control) ?? ending
    }

    /// The ending of a run in which all scenarios have run.
    private var ending: RunEnding {
        unexplained.line.map { .broken($0) } ?? .complete
    }

    /// Whether the target works; tries until it does or the attempts are used up.
    ///
    /// A supervised target is restarted if it has ended or stops answering.
    func revive(_ control: Scenario) async -> Bool {
        guard let supervisor else { return await answers(control) }
        if await supervisor.incident(within: .zero) == nil, await answers(control),
            await supervisor.incident(within: .zero) == nil
        {
            return true
        }
        if Task.isCancelled { return false }
        if let trouble = await supervisor.restart() {
            await handle(.note(trouble))
            return false
        }
        return await answers(control)
    }

    private func answers(_ control: Scenario) async -> Bool {
        var wasUnanswered = false
        for attempt in 0..<Self.revivalAttempts {
            // A target that closes connections is there, so no pause is needed; one that refuses them may come back.
            if attempt > 0, !wasUnanswered { try? await Task.sleep(for: revivalPause) }
            if Task.isCancelled { return false }
            let result = await conversations.run(control)
            if wasUnanswered, result.facts.hasOpened { await conversations.tally.noteRecovery() }
            wasUnanswered = result.facts.failure == .endedInHandshake
            if result.facts.isFulfilled { return true }
            // A silent target has used up its time.
            if result.facts.failure == .silent, attempt > 0 { return false }
            // A process that is gone does not restart by itself.
            if let supervisor, await supervisor.incident(within: .zero) != nil { return false }
        }
        return false
    }

    /// Whether the target still answers after a suspect; a target that is merely busy counts as alive.
    ///
    /// If it accepts a connection and cuts it off, it is tried again at once. A dead target refuses then, while a
    /// target that resets connections now and then must not be held against the suspect.
    func survives(_ control: Scenario, attempts: Int = Self.busyAttempts) async -> Bool {
        var busyLeft = attempts - 1
        var cutsLeft = ConnectionTally.attempts - 1
        var wasUnanswered = false
        while !Task.isCancelled {
            let facts = await conversations.run(control).facts
            if let supervisor, await supervisor.incident(within: .zero) != nil { return false }
            if wasUnanswered, facts.hasOpened { await conversations.tally.noteRecovery() }
            wasUnanswered = facts.failure == .endedInHandshake
            if facts.isFulfilled { return true }
            if facts.isBusy, attempts > 1 {
                guard busyLeft > 0 else { return true }
                busyLeft -= 1
                try? await Task.sleep(for: revivalPause)
            } else {
                guard facts.wasCutOff || wasUnanswered, cutsLeft > 0 else { return false }
                cutsLeft -= 1
            }
        }
        return true
    }

    /// The advice for a target that asks for authentication.
    static let credentials =
        "it may want credentials: --header 'Authorization: …', --cookie, or a query in the address"

    /// The advice for an address with authentication, which may have been copied from a report.
    static func authenticationAdvice(for url: TargetURL) -> String {
        guard url.text.contains("=***") else { return credentials }
        return "the *** in the address stands for a value that reports leave out; write the value"
    }

    /// The advice for a target that refuses, which does not say what it wants.
    static func permissionAdvice(for url: TargetURL) -> String {
        let others = "an --origin that it knows, a --subprotocol, or another path"
        return "\(authenticationAdvice(for: url)), \(url.text.contains("=***") ? "or it may want" : "or") \(others)"
    }

    func describe(_ failure: ConversationFacts.Failure, _ facts: ConversationFacts) -> String {
        Self.describe(
            failure,
            facts,
            url: plan.settings.target,
            isOnStream: plan.settings.isOnStream,
            offersSubprotocol: !plan.settings.subprotocols.isEmpty
        )
    }

    static func describe(
        _ failure: ConversationFacts.Failure,
        _ facts: ConversationFacts,
        url: TargetURL,
        isOnStream: Bool,
        offersSubprotocol: Bool = true
    )
        -> String
    {
        switch failure {
        case .notConnected(let reason): return reason
        case .endedInHandshake where url.isSecure:
            return "\(url.authority) closed the connection during the handshake; is it a WebSocket server?"
        case .endedInHandshake:
            return
                "\(url.authority) closed the connection during the handshake; is it a WebSocket server, and without TLS?"
                + " With TLS its address is wss://"
        case .silent:
            return
                "\(url.authority) accepts connections but does not answer the handshake; raise --timeout if it is slow"
        case .notHTTP where url.isSecure:
            return "\(url.authority) does not answer in HTTP, or with a head without end; is it a WebSocket server?"
        case .notHTTP:
            return
                "\(url.authority) does not answer in HTTP, or with a head without end; is it a WebSocket server, and "
                + "without TLS? With TLS its address is wss://"
        case .refused:
            let status = facts.statusCode.map(String.init) ?? "no status"
            let mend =
                switch facts.statusCode {
                case 401, 407: Self.authenticationAdvice(for: url)
                case 403: Self.permissionAdvice(for: url)
                case let code? where (300...399).contains(code) && code != 304: url.advice(redirectedTo: facts.place)
                case 426: "it wants to be asked for another protocol or version; check what stands at the address"
                case let code? where (200...299).contains(code):
                    "plain HTTP is served there; check the path, and whether a proxy before it passes Upgrade on"
                case _ where facts.isBusy: "it says that it is too busy; try again, or lower what else it serves"
                case _ where offersSubprotocol: "check the path and the subprotocol"
                default: "check the path, and name the subprotocol that it wants with --subprotocol"
                }
            return "\(url) answered the handshake with \(status) instead of \(isOnStream ? 200 : 101); \(mend)"
        }
    }
}

extension ConversationFacts {
    /// Whether the peer, or the whole target, may be gone.
    fileprivate var lostConnection: Bool {
        switch failure {
        case .notConnected?, .endedInHandshake?: true
        case nil: wasCutOff
        default: false
        }
    }
}
