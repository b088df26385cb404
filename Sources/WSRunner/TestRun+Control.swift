import WSLink
import WSScenario
import WSTranscript

/// The conversations that show whether the target works, and what its application does.
extension TestRun {
    enum FirstControl {
        case ready(echoes: Bool)
        case failed(RunEnding)
    }

    static let skipsEchoes = "scenarios that need an echo are skipped"

    /// Finds out who answers, and whether the application echoes: nothing but the echo, and nothing before it.
    ///
    /// An application that also sends messages of its own is no echo, because scenarios could not tell the two apart.
    func firstControl() async -> FirstControl? {
        let url = plan.settings.target
        var echo: ConversationFacts?
        if plan.application != .none {
            let facts = await conversations.run(plan.control).facts
            if Task.isCancelled { return nil }
            if let failure = facts.failure {
                return .failed(.unreachable(describe(failure, facts)))
            }
            await handle(.peer(server: facts.server))
            if facts.isFulfilled { return .ready(echoes: true) }
            guard plan.application == .auto else {
                return .failed(
                    .unreachable(
                        "\(url) \(facts.applicationSentence); drop --application echo, or test an echo endpoint"
                    )
                )
            }
            echo = facts
        }
        var conversations = self.conversations
        conversations.settings.ignoresMessages = true
        let facts = await conversations.run(plan.controlWithoutEcho).facts
        if Task.isCancelled { return nil }
        if let failure = facts.failure {
            return .failed(.unreachable(describe(failure, facts)))
        }
        guard facts.isFulfilled else {
            return .failed(
                .unreachable("\(url) accepts the handshake and then answers neither a text message nor a Ping")
            )
        }
        if let echo {
            await handle(.note("\(url) answers Pings but \(echo.applicationSentence): \(Self.skipsEchoes)"))
        } else {
            await handle(.peer(server: facts.server))
        }
        return .ready(echoes: false)
    }

    mutating func lastControl(_ control: Scenario) async -> RunEnding {
        if Task.isCancelled { return .cancelled }
        if await survives(control, attempts: 1) { return ending }
        // Who was there since the target was last seen to work is a suspect, the very last one included.
        return await clearSuspects(control: control) ?? ending
    }

    /// How a run ends that has come to its end.
    private var ending: RunEnding {
        unexplained.isEmpty ? .complete : .broken(unexplained.joined(separator: "; "))
    }

    /// Whether the target works, tried until it does or the attempts are used up.
    ///
    /// A target that we started is started again once it has ended, or when it answers nobody any more.
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
        for attempt in 0..<Self.revivalAttempts {
            if attempt > 0 { try? await Task.sleep(for: revivalPause) }
            if Task.isCancelled { return false }
            let result = await conversations.run(control)
            if result.facts.isFulfilled { return true }
            // A target that is silent has used up its time already.
            if result.facts.failure == .silent, attempt > 0 { return false }
            // A process that is gone does not come back by itself.
            if let supervisor, await supervisor.incident(within: .zero) != nil { return false }
        }
        return false
    }

    /// Whether the target still answers right after a suspect; one that is merely busy does.
    ///
    /// A target that takes a connection and cuts it off is tried again at once: one that has died refuses then, and one
    /// that resets now and then, whatever was sent before, must not be held against the suspect.
    func survives(_ control: Scenario, attempts: Int = Self.busyAttempts) async -> Bool {
        var busyLeft = attempts - 1
        var cutsLeft = Self.connectAttempts - 1
        while !Task.isCancelled {
            let facts = await conversations.run(control).facts
            if let supervisor, await supervisor.incident(within: .zero) != nil { return false }
            if facts.isFulfilled { return true }
            if facts.isBusy, attempts > 1 {
                guard busyLeft > 0 else { return true }
                busyLeft -= 1
                try? await Task.sleep(for: revivalPause)
            } else {
                guard facts.wasCutOff || facts.failure == .endedInHandshake, cutsLeft > 0 else { return false }
                cutsLeft -= 1
            }
        }
        return true
    }

    private func describe(_ failure: ConversationFacts.Failure, _ facts: ConversationFacts) -> String {
        Self.describe(failure, facts, url: plan.settings.target, offersSubprotocol: !plan.settings.subprotocols.isEmpty)
    }

    static func describe(
        _ failure: ConversationFacts.Failure,
        _ facts: ConversationFacts,
        url: TargetURL,
        offersSubprotocol: Bool = true
    )
        -> String
    {
        switch failure {
        case .notConnected(let reason): return reason
        case .endedInHandshake:
            return "\(url.authority) closed the connection during the handshake; is it a WebSocket server?"
        case .silent:
            return
                "\(url.authority) accepts connections but does not answer the handshake; raise --timeout if it is slow"
        case .notHTTP:
            return
                "\(url.authority) does not answer in HTTP, or with a head without end; is it a WebSocket server without TLS?"
        case .refused:
            let status = facts.statusCode.map(String.init) ?? "no status"
            let mend =
                offersSubprotocol
                ? "check the path and the subprotocol"
                : "check the path, and name the subprotocol that it wants with --subprotocol"
            return "\(url) answered the handshake with \(status) instead of 101; \(mend)"
        }
    }
}

extension ConversationFacts {
    /// What the control for echoes showed of an application that does not just echo.
    fileprivate var applicationSentence: String {
        if heardExpected { return "sends messages of its own besides the echo, which cannot be told apart" }
        if heardMessages > 0 { return "does not echo: what it sends are other messages" }
        return "does not echo a text message"
    }
}
