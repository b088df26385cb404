import Synchronization
import WSLink
package import WSRunner
import WSScenario

/// The state that all connections of a run share: the ledger, the results, and the pending requests.
///
/// Connection routers call it from the threads of their connections. A single task receives ``events`` in order, judges
/// and writes. The control server itself never judges, writes or waits.
package final class ControlServer: Sendable {
    /// The settings that it was created with.
    package let settings: ControlServerSettings
    /// The events of all connections, in order.
    package let events: AsyncStream<Event>

    let continuation: AsyncStream<Event>.Continuation
    let state: Mutex<State>

    /// An event for the task that judges and writes.
    package enum Event: Sendable {
        /// A connection began to play a case.
        case began(ClientRun.Play)
        /// A connection ended; its result is not judged yet.
        case ended(ClientRun.Play, ConversationResult, ConversationFacts)
        /// A client requests the reports; all its connections have ended before.
        case reportsWanted(PendingRequest, agent: String)
        /// A page wants to show or to save the results of a client so far.
        case viewWanted(PendingRequest, PageView, agent: String)
        /// A client ends the run, with this reason.
        case stopWanted(String?)
        /// One line that the user should read.
        case note(String)
        /// The client does not do what it was started for.
        case strayed(Stray)
        /// Resume this continuation; all earlier events have been received.
        case mark(CheckedContinuation<Void, Never>)
    }

    /// The kinds of odd behaviour of connections; each is reported once.
    package enum Oddity: Sendable, Hashable {
        /// It speaks TLS where none is spoken, or none where it is, or its handshake fails.
        case tls
        /// It does not speak HTTP.
        case notHTTP
        /// It speaks HTTP/2 where it is not spoken.
        case http2
        /// A case came over HTTP/1.1 where HTTP/2 is tested.
        case http1
        /// Its request does not end.
        case slow
        /// Its request is too long.
        case tooLong
        /// It requests something that does not exist.
        case unknown
        /// A page of somebody else tries to control the run.
        case foreign
        /// It does not ask for a WebSocket connection where one is needed.
        case notUpgraded
        /// It sent an invalid direct command.
        case command
        /// A client requested a case in an odd way.
        case client(String)
        /// A client came a second time for a case that it was started for once.
        case again
        /// There are too many clients, or a client has no valid name.
        case refused
        /// A client that was started for a case tries to end the run.
        case stop
    }

    /// How a client differs from what it was started for.
    package enum Stray: Sendable, Hashable {
        /// It was started for one case and asks for cases itself, like a driver for Autobahn's interface.
        case asksForCases
        /// It was started to ask for cases and opens the root address, like a client that plays one case.
        case openedNoCase
        /// It opened the address of its case without the query.
        case droppedQuery
    }

    struct State {
        var run: ClientRun
        var defaultAgent: String?
        /// Whether one driver command was started that asks for cases itself.
        var isDriven = false
        /// How the client differed from what it was started for.
        var strays: Set<Stray> = []
        var outcomes: [Key: CaseOutcome] = [:]
        var waiting: [PendingRequest: Waiting] = [:]
        var answered: [PendingRequest: PendingAnswer] = [:]
        var lastRequest = 0
        /// The requests of pages for results so far whose answers are not received yet.
        var viewing: Set<PendingRequest> = []
        var told: Set<Oddity> = []
        var isClosed = false
        var patience = PatienceLedger()
        /// The patience for all conversations; nil for the learned one.
        var fixedPatience: Patience?
        /// The cases to be played next with Autobahn's own waits.
        var asAutobahn: Set<String> = []
        var making = Making()
    }

    struct Key: Hashable {
        var agent: String
        var scenario: String
    }

    struct Waiting {
        enum For {
            case outcome(Key)
            /// The event is out if `isTold` is true; it is delayed while the client plays.
            case reports(String, isTold: Bool)
            /// The event is out.
            case view
        }

        var what: For
        var waker: LinkWaker
    }

    /// Creates a control server.
    package init(_ settings: ControlServerSettings) {
        self.settings = settings
        (events, continuation) = AsyncStream.makeStream(of: Event.self)
        state = Mutex(
            State(
                run: ClientRun(plan: settings.plan, admission: settings.admission),
                defaultAgent: settings.defaultAgent,
                isDriven: settings.isDriven
            )
        )
    }

    /// A copy of the ledger.
    package var run: ClientRun { state.withLock { $0.run } }

    /// The number of connections with a pending request.
    package var waitingCount: Int { state.withLock { $0.waiting.count + $0.answered.count } }

    /// How connections are assigned to cases.
    var admission: ClientRun.Admission { state.withLock { $0.run.admission } }

    /// The name of clients that give none; nil refuses them.
    var defaultAgent: String? { state.withLock { $0.defaultAgent } }

    /// Whether one driver command was started that asks for cases itself.
    var isDriven: Bool { state.withLock { $0.isDriven } }

    /// Begins an empty ledger, because the client is started in another way.
    ///
    /// - Returns: The number of the last connection of the earlier ledger.
    package func begin(_ admission: ClientRun.Admission, defaultAgent: String?, isDriven: Bool) -> Int {
        state.withLock { state in
            let last = state.run.lastNumber
            state.run = ClientRun(plan: settings.plan, admission: admission, behind: last)
            state.outcomes = [:]
            state.strays = []
            state.defaultAgent = defaultAgent
            state.isDriven = isDriven
            return last
        }
    }

    /// Notes that the client does not do what it was started for; each way is reported once.
    ///
    /// - Returns: Whether that is so in the current mode.
    @discardableResult
    func stray(_ stray: Stray) -> Bool {
        state.withLock { state in
            let expects = state.run.admission == .expected
            switch stray {
            // A client that has begun its case is no driver, whatever else it requests.
            case .asksForCases:
                let hasBegun = state.run.agents.contains { !$0.played.isEmpty || !$0.underWay.isEmpty }
                guard expects, !hasBegun else { return false }
            case .droppedQuery: guard expects else { return false }
            case .openedNoCase: guard state.isDriven, state.run.agents.isEmpty else { return false }
            }
            if state.strays.insert(stray).inserted { continuation.yield(.strayed(stray)) }
            return true
        }
    }

    // MARK: - Conversations

    /// Begins a case on a connection, if the client may play it.
    func begin(_ scenario: Scenario, agent: String) -> ClientRun.Answer {
        state.withLock { state in
            guard !state.isClosed else { return .refuse("the run is over") }
            let answer = state.run.begin(scenario, agent: agent)
            switch answer {
            case .play(let play, let note):
                // The earlier result of the case does not count any more.
                state.outcomes[Key(agent: play.agent, scenario: play.scenario)] = nil
                continuation.yield(.began(play))
                if let note, !scenario.mayBeAskedAgain { tell(.client(agent), note, &state) }
            case .refuse(let line):
                // A driver asks for all cases; that was already reported.
                guard !state.strays.contains(.asksForCases) else { break }
                tell(state.run.admission == .expected ? .again : .refused, line, &state)
            }
            return answer
        }
    }

    /// Counts the Sec-WebSocket-Key of a connection that plays a case, and returns how often it came before.
    func uses(ofKey key: String, in play: ClientRun.Play) -> Int {
        state.withLock { $0.run.uses(ofKey: key, in: play) }
    }

    /// Records that a connection that played a case has ended.
    func ended(_ play: ClientRun.Play, _ result: ConversationResult, _ facts: ConversationFacts) {
        state.withLock { state in
            state.run.ended(play)
            state.patience.note(facts, isLoad: result.scenario.isLoad)
            continuation.yield(.ended(play, result, facts))
            guard state.run.underWay(of: play.agent) == 0 else { return }
            for (pending, waiting) in state.waiting {
                guard case .reports(play.agent, isTold: false) = waiting.what else { continue }
                state.waiting[pending]?.what = .reports(play.agent, isTold: true)
                continuation.yield(.reportsWanted(pending, agent: play.agent))
            }
        }
    }

    /// The case whose command opened this path without the query.
    ///
    /// Nil if several cases are possible.
    func awaited(atPath path: String) -> Scenario? {
        let awaited = state.withLock { $0.run.awaited }
        let candidates = awaited.filter { scenario in
            path == (scenario.driver.action == .openWithoutPath ? "/" : "/runCase")
        }
        // A client that opens only a slash may have lost the path, too.
        return candidates.count == 1 ? candidates[0] : path == "/" && awaited.count == 1 ? awaited[0] : nil
    }

    /// Notes that a command was started for a case.
    package func expect(_ scenario: String) {
        state.withLock { $0.run.expect(scenario) }
    }

    /// Notes that the command for a case has ended.
    package func forget(_ scenario: String) {
        state.withLock { $0.run.forget(scenario) }
    }

    /// Stores the result of a case, and answers the requests that wait for it.
    package func judged(_ outcome: CaseOutcome, of play: ClientRun.Play) {
        let key = Key(agent: play.agent, scenario: play.scenario)
        state.withLock { state in
            let isPlayed = state.run.agents.contains { agent in
                agent.name == play.agent && agent.underWay.contains { $0.scenario == play.scenario }
            }
            // The case is being played again, so this result is outdated.
            guard !isPlayed else { return }
            state.outcomes[key] = outcome
            for (pending, waiting) in state.waiting {
                guard case .outcome(key) = waiting.what else { continue }
                answer(pending, .outcome(outcome), &state)
            }
        }
    }

    // MARK: - Time

    /// What the run has learned about the answer times of its clients.
    package var patience: PatienceLedger { state.withLock { $0.patience } }

    /// Sets the patience for all further conversations; nil for the learned one.
    package func setPatience(_ patience: Patience?) {
        state.withLock { $0.fixedPatience = patience }
    }

    /// Sets whether the next connection for a case is played with Autobahn's own waits.
    package func setWaits(asAutobahn: Bool, for scenario: String) {
        state.withLock { state in
            if asAutobahn { state.asAutobahn.insert(scenario) } else { state.asAutobahn.remove(scenario) }
        }
    }

    /// The settings of a conversation.
    func conversationSettings(of play: ClientRun.Play, at authority: String?) -> ConversationSettings {
        var settings = self.settings.conversation(at: authority)
        state.withLock { state in
            // A client that connects by itself cannot be asked to repeat a case, so its results are final and waits are
            // longer.
            let learned =
                state.run.admission == .expected ? state.patience.learned : state.patience.learnedForGood
            settings.patience = state.fixedPatience ?? learned
            settings.waitsAsAutobahn = state.asAutobahn.contains(play.scenario)
        }
        return settings
    }

    // MARK: - The rest

    /// Notes that a client says it has tried all cases.
    func triedAll(_ agent: String) {
        state.withLock { $0.run.triedAll(agent) }
    }

    /// Reports something odd, only the first time.
    func note(_ oddity: Oddity, _ line: String) {
        state.withLock { state in
            // A driver that was started for one case requests much that does not exist; it was already reported as a
            // driver.
            guard oddity != .unknown || !state.strays.contains(.asksForCases) else { return }
            tell(oddity, line, &state)
        }
    }

    private func tell(_ oddity: Oddity, _ line: String, _ state: inout State) {
        guard state.told.count < ControlLimits.mostOddities, state.told.insert(oddity).inserted else { return }
        continuation.yield(.note(line))
    }

    /// Ends the run, at the request of a client.
    package func stop(_ reason: String?) {
        continuation.yield(.stopWanted(reason))
    }

    /// Waits until all events so far were received; the receiver has to be running.
    package func catchUp() async {
        await withCheckedContinuation { waiting in
            if case .terminated = continuation.yield(.mark(waiting)) { waiting.resume() }
        }
    }

    /// Refuses to begin further cases.
    package func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Ends the stream of events; earlier events are still delivered.
    package func finish() {
        continuation.finish()
    }
}
