import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// Finds out what the target's application does, before the first scenario.
extension TestRun {
    /// Sends a text and a binary message to an application that echoes text, while another connection listens.
    ///
    /// The payloads are unique, so that the listener recognises them.
    func observeEcho() async -> ObservedApplication {
        var application = ObservedApplication(text: .echo, binary: .unknown)
        var before: ObservedApplication.Answer?
        for attempt in 0..<Self.connectAttempts where !Task.isCancelled {
            // Only the first attempt has a listener, because some servers accept one connection at a time.
            let (facts, heard) =
                attempt == 0
                ? await whileListening { await conversations.run(.bothTypes).facts }
                : (await conversations.run(.bothTypes).facts, 0)
            if let supervisor, await supervisor.incident(within: .zero) != nil {
                // The scenarios will show the reason; they need a working target for that.
                _ = await revive(plan.control)
                return application
            }
            application.broadcasts = application.broadcasts || heard > 0
            application.binary = facts.answer(to: .binary)
            // A wrong answer counts only if it comes twice; silence was already waited out.
            if [.echo, .silence, before].contains(application.binary) { break }
            before = application.binary == .unknown ? nil : application.binary
        }
        if application.broadcasts, await hearsMessagesAlone() {
            application.broadcasts = false
            application.speaks = true
            await handle(.note("\(plan.settings.target) sends messages of its own: \(Self.skipsEchoes)"))
        }
        return application
    }

    /// Sends a binary message to an application that does not echo text.
    func observeBinary() async -> ObservedApplication.Answer {
        await conversations.run(.binaryEcho).facts.answer(to: .binary)
    }

    /// Whether the application sends messages unasked: twice, a connection hears some while no other is open.
    func hearsMessagesAlone() async -> Bool {
        for _ in 0..<2 where await conversations.run(.listening).facts.heardMessages == 0 { return false }
        return true
    }

    /// Runs an action while a silent connection is open.
    ///
    /// - Returns: The result, and how many messages that connection received.
    private func whileListening<Result: Sendable>(
        _ act: @Sendable () async -> Result
    ) async -> (result: Result, heard: Int) {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Bool.self)
        let conversations = self.conversations
        return await withTaskGroup(of: Int.self) { group in
            group.addTask {
                let settings = conversations.settings
                let other = await conversations.dialer.run(
                    ConcurrentConnection(.waiting, settings, arrival),
                    probe: { ConversationMachine(scenario: .roundTrips($0), settings: settings) }
                )
                return other.conversation.facts.heardMessages
            }
            var arrived = arrivals.makeAsyncIterator()
            _ = await arrived.next()
            let result = await act()
            group.cancelAll()
            return (result, await group.next() ?? 0)
        }
    }
}

/// Holds how many messages a listening connection received.
actor Listener {
    /// How many messages it received; nil while it listens.
    private(set) var heard: Int?

    /// Stores the number of messages received.
    func hear(_ count: Int) { heard = count }
}

extension ObservedApplication {
    /// Why a scenario cannot be judged with this application; nil if it can.
    func reasonToSkip(_ scenario: Scenario, declared: RunPlan.Application) -> String? {
        if broadcasts, scenario.connections > 1, scenario.sendsMessages {
            return "the application sends messages to all connections, and many play this"
        }
        let needed = scenario.neededEchoes
        guard !needed.isEmpty else { return nil }
        if declared == .none { return "the application does not echo, as --application none says" }
        if speaks { return "the application sends messages of its own, which cannot be told from an echo" }
        // If the user says that the application echoes, it has to.
        if declared == .echo { return nil }
        if needed.contains(.text), ![.echo, .unknown].contains(text) {
            return "the application does not echo text messages"
        }
        if needed.contains(.binary), ![.echo, .unknown].contains(binary) {
            return "the application does not echo binary messages"
        }
        return nil
    }

    /// A note about an application that echoes text but not binary messages; nil if it echoes both.
    func sentenceOfBinary(isDeclared: Bool) -> String? {
        let does: String
        switch binary {
        case .echo, .unknown: return nil
        case .silence: does = "takes binary messages and sends nothing back"
        case .other: does = "answers binary messages with something else"
        case .refusal: does = "ends the connection over a binary message"
        }
        let mend =
            isDeclared
            ? "drop --application echo to have those scenarios skipped" : "scenarios that need one back are skipped"
        return "echoes text messages but \(does): \(mend)"
    }
}

extension ConversationFacts {
    /// What the application did with a message of this type.
    func answer(to type: Opcode) -> ObservedApplication.Answer {
        if cameBack.contains(type) { return .echo }
        guard hasOpened else { return .unknown }
        if close?.isFirst == true || wasCutOff { return .refusal }
        return heardMessages > cameBack.count ? .other : .silence
    }

    /// What the application did with the text of the control.
    var answerToText: ObservedApplication.Answer { answer(to: .text) }

    /// A description of an application that does not just echo.
    var applicationSentence: String {
        if heardExpected { return "sends messages of its own besides the echo, which cannot be told apart" }
        if heardMessages > 0 { return "does not echo: what it sends are other messages" }
        if let close, close.isFirst { return "closes over a text message\(close.words)" }
        return "does not echo a text message"
    }

    /// How often to try the first connection if it is dropped or the target is busy; once if the failure is clear.
    var attempts: Int {
        if isBusy { return TestRun.busyAttempts }
        if failure == .endedInHandshake { return ConnectionTally.attempts }
        return wasCutOff && !isFulfilled && heardMessages == 0 ? TestRun.connectAttempts : 1
    }

    /// What happened at a target that accepts handshakes and then serves nothing, and how to correct it.
    func refusalSentence(_ echo: ConversationFacts?, _ settings: ConversationSettings) -> String {
        guard let close = [echo?.close, close].compactMap({ $0 }).first(where: \.isFirst) else {
            return "accepts the handshake and then answers neither a text message nor a Ping; "
                + "check the path, and what it wants first: --header, --cookie or --subprotocol"
        }
        return "accepts the handshake and then closes\(close.words); \(close.mend(settings))"
    }
}

extension ConversationFacts.Close {
    /// The Close frame in words, such as ` with code 4401 "token"`.
    var words: String {
        let said = reason.isEmpty ? "" : " \"\(reason.prefix(Self.mostReason))\""
        return (code.map { " with code \($0)" } ?? " with no code") + said
    }

    private static let mostReason = 60

    /// The option that may give the target what it wants.
    fileprivate func mend(_ settings: ConversationSettings) -> String {
        let text = reason.lowercased()
        let wantsSubprotocol = ["protocol", "version"].contains { text.contains($0) } || text.hasSuffix(" only")
        let isUnauthorised =
            [4401, 4403, 3000, 3003].contains(code)
            || ["token", "auth", "login", "cookie", "credential", "session", "denied", "forbidden", "key"].contains {
                text.contains($0)
            }
        if isUnauthorised, !wantsSubprotocol { return TestRun.authenticationAdvice(for: settings.target) }
        let name = settings.subprotocols.isEmpty ? "name the one that it wants with" : "check"
        if wantsSubprotocol { return "it may want another subprotocol: \(name) --subprotocol" }
        return "give it what it wants with --header, --cookie or --subprotocol"
    }
}

extension Scenario {
    /// A scenario in which a text and a binary message with unique octets come back.
    static var bothTypes: Scenario {
        let text = Payload.text("wsconform asks for this text")
        let binary = Payload.octets([0x00, 0xFF] + Array("wsconform asks for these octets".utf8))
        var scenario = echoing("control/both-types", [(.text, text), (.binary, binary)])
        scenario.behaviour = [.conforms(.anyOrder([.message(.text, text), .message(.binary, binary)]))]
        return scenario
    }

    /// A scenario in which a binary message comes back.
    static var binaryEcho: Scenario {
        echoing("control/binary", [(.binary, Payload.octets([0x00, 0xFF] + Array("control".utf8)))])
    }

    private static func echoing(_ id: String, _ messages: [(Opcode, Payload)]) -> Scenario {
        Scenario(
            id: id,
            title: "Messages come back",
            requirements: [],
            needs: .echo,
            script: messages.map { .send(FrameToSend($0.0, $0.1)) },
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events(messages.map { .message($0.0, $0.1) }))],
            closing: [.conforms(.anything)]
        )
    }

    /// A scenario that keeps a connection open until it is cancelled.
    static var waiting: Scenario {
        Scenario(
            id: "control/waiting",
            title: "A connection that only waits",
            requirements: [],
            needs: .nothing,
            script: [.pause(milliseconds: 600_000)],
            conclusion: .awaitEnd,
            behaviour: [.conforms(.anything)],
            closing: [.conforms(.anything)]
        )
    }
}
