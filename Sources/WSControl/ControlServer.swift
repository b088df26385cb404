import Synchronization
import WSLink
package import WSRunner
import WSScenario

/// What all connections of a run share: the ledger, what came of each case, and who waits for what.
///
/// Connection routers call it from the threads of their connections; ``events`` tells what happens, in order, to the one
/// task that judges and writes.
package final class ControlServer: Sendable {
    /// What it was made to be.
    package let settings: ControlServerSettings
    /// What happens, in order.
    package let events: AsyncStream<Event>

    private let continuation: AsyncStream<Event>.Continuation
    private let state: Mutex<State>

    /// What happens at the controlServer.
    package enum Event: Sendable {
        /// A connection has begun to play a case.
        case began(ClientRun.Play)
        /// It has ended; the result has not been judged.
        case ended(ClientRun.Play, ConversationResult, ConversationFacts)
        /// Somebody wants the reports; all that ended before has been told.
        case reportsWanted(PendingRequest, agent: String)
        /// Somebody ends the run, for this reason.
        case stopWanted(String?)
        /// One line that the user should read.
        case note(String)
        /// The client does not do what it was started for.
        case strayed(Stray)
        /// Somebody waits until everything before has been taken.
        case mark(CheckedContinuation<Void, Never>)
    }

    /// What can be odd about a connection; each is told once.
    package enum Oddity: Sendable, Hashable {
        /// It speaks TLS.
        case tls
        /// It does not speak HTTP.
        case notHTTP
        /// Its request does not come to its end.
        case slow
        /// Its request is too long.
        case tooLong
        /// It asks for something that there is not.
        case unknown
        /// A page of somebody else's wants to drive us.
        case foreign
        /// It does not ask for a WebSocket where only that makes sense.
        case notUpgraded
        /// A direct command is none.
        case command
        /// A client asks in an odd way for a case.
        case client(String)
        /// A client comes again for a case that it was started for once.
        case again
        /// There are too many clients, or one has no name that can be taken.
        case refused
        /// A client that is started for a case wants to end the run.
        case stop
    }

    /// What a client does that was started for something else.
    package enum Stray: Sendable, Hashable {
        /// Started for one case, it asks for cases itself, as a driver for Autobahn's interface does.
        case asksForCases
        /// Started to ask for cases, it opens the address of everything, as a client that plays one case does.
        case openedNoCase
        /// It opens the address of its case without the query.
        case droppedQuery
    }

    private struct State {
        var run: ClientRun
        var defaultAgent: String?
        /// Whether a command was started once, which is to ask for cases itself.
        var isDriven = false
        /// What the client was seen to do instead of what it was started for.
        var strays: Set<Stray> = []
        var outcomes: [Key: CaseOutcome] = [:]
        var waiting: [PendingRequest: Waiting] = [:]
        var answered: [PendingRequest: PendingAnswer] = [:]
        var lastRequest = 0
        var told: Set<Oddity> = []
        var isClosed = false
        var patience = PatienceLedger()
        /// With how much of it conversations are held; nil for what has been learned.
        var fixedPatience: Patience?
        /// The cases whose next connection is played with Autobahn's own waits.
        var asAutobahn: Set<String> = []
    }

    private struct Key: Hashable {
        var agent: String
        var scenario: String
    }

    private struct Waiting {
        enum For {
            case outcome(Key)
            /// `isTold` once the event is out: before, conversations of the client are under way.
            case reports(String, isTold: Bool)
        }

        var what: For
        var waker: LinkWaker
    }

    /// Opens the controlServer.
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

    /// The ledger as it is now.
    package var run: ClientRun { state.withLock { $0.run } }

    /// How many connections wait for something that happens elsewhere.
    package var waitingCount: Int { state.withLock { $0.waiting.count + $0.answered.count } }

    /// How connections are matched with cases.
    var admission: ClientRun.Admission { state.withLock { $0.run.admission } }

    /// The name of clients that give none; nil turns them away.
    var defaultAgent: String? { state.withLock { $0.defaultAgent } }

    /// Whether a command was started once, which is to ask for cases itself.
    var isDriven: Bool { state.withLock { $0.isDriven } }

    /// Begins a ledger in which nobody has come, for a client that is started in another way than before.
    ///
    /// - Returns: the number of the last connection that belongs to the ledger before.
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

    /// Notes that the client does not do what it was started for; each is told once.
    ///
    /// - Returns: whether it does not.
    @discardableResult
    func stray(_ stray: Stray) -> Bool {
        state.withLock { state in
            let expects = state.run.admission == .expected
            switch stray {
            // Who has begun a case as it was to is no driver, whatever else it asks for.
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

    /// A connection asks for a case.
    func begin(_ scenario: Scenario, agent: String) -> ClientRun.Answer {
        state.withLock { state in
            guard !state.isClosed else { return .refuse("the run is over") }
            let answer = state.run.begin(scenario, agent: agent)
            switch answer {
            case .play(let play, let note):
                // What came of it before no longer stands.
                state.outcomes[Key(agent: play.agent, scenario: play.scenario)] = nil
                continuation.yield(.began(play))
                if let note { tell(.client(agent), note, &state) }
            case .refuse(let line):
                // A driver asks for all cases, and is told apart as one.
                guard !state.strays.contains(.asksForCases) else { break }
                tell(state.run.admission == .expected ? .again : .refused, line, &state)
            }
            return answer
        }
    }

    /// Counts the Sec-WebSocket-Key of a connection that plays a case, and says how often it came before.
    func uses(ofKey key: String, in play: ClientRun.Play) -> Int {
        state.withLock { $0.run.uses(ofKey: key, in: play) }
    }

    /// A connection that played a case has ended.
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

    /// The case that a command was started for whose address has this path and has lost its query.
    ///
    /// Of several that it could be it is none.
    func awaited(atPath path: String) -> Scenario? {
        let awaited = state.withLock { $0.run.awaited }
        let candidates = awaited.filter { scenario in
            path == (scenario.driver.action == .openWithoutPath ? "/" : "/runCase")
        }
        // Who opens a slash alone may have lost the path as well.
        return candidates.count == 1 ? candidates[0] : path == "/" && awaited.count == 1 ? awaited[0] : nil
    }

    /// Says that a command has been started for a case.
    package func expect(_ scenario: String) {
        state.withLock { $0.run.expect(scenario) }
    }

    /// Says that the command for a case is gone.
    package func forget(_ scenario: String) {
        state.withLock { $0.run.forget(scenario) }
    }

    /// Says what came of a case.
    package func judged(_ outcome: CaseOutcome, of play: ClientRun.Play) {
        let key = Key(agent: play.agent, scenario: play.scenario)
        state.withLock { state in
            let isPlayed = state.run.agents.contains { agent in
                agent.name == play.agent && agent.underWay.contains { $0.scenario == play.scenario }
            }
            // It is being played again: this is what came of it before.
            guard !isPlayed else { return }
            state.outcomes[key] = outcome
            for (pending, waiting) in state.waiting {
                guard case .outcome(key) = waiting.what else { continue }
                answer(pending, .outcome(outcome), &state)
            }
        }
    }

    // MARK: - Time

    /// What the run has learned about how long its clients take.
    package var patience: PatienceLedger { state.withLock { $0.patience } }

    /// Holds conversations with so much patience from here on; with what is learned when nil.
    package func setPatience(_ patience: Patience?) {
        state.withLock { $0.fixedPatience = patience }
    }

    /// Has the next connection for a case played with Autobahn's own waits, or in the ordinary way again.
    package func setWaits(asAutobahn: Bool, for scenario: String) {
        state.withLock { state in
            if asAutobahn { state.asAutobahn.insert(scenario) } else { state.asAutobahn.remove(scenario) }
        }
    }

    /// The settings of a conversation.
    func conversationSettings(of play: ClientRun.Play, overIPv6: Bool) -> ConversationSettings {
        var settings = self.settings.conversation(overIPv6: overIPv6)
        state.withLock { state in
            // Who comes by itself cannot be asked to come again: what it is not given time for would stand.
            let learned =
                state.run.admission == .expected ? state.patience.learned : state.patience.learnedForGood
            settings.patience = state.fixedPatience ?? learned
            settings.waitsAsAutobahn = state.asAutobahn.contains(play.scenario)
        }
        return settings
    }

    // MARK: - Wishes

    /// What a connection waits for.
    func awaitOutcome(of scenario: String, agent: String, _ waker: LinkWaker) -> PendingRequest {
        let key = Key(agent: agent, scenario: scenario)
        return state.withLock { state in
            state.lastRequest += 1
            let pending = PendingRequest(number: state.lastRequest)
            state.waiting[pending] = Waiting(what: .outcome(key), waker: waker)
            if let outcome = state.outcomes[key] { answer(pending, .outcome(outcome), &state) }
            return pending
        }
    }

    /// Wants the reports, once what the client plays has come to its end.
    func awaitReports(for agent: String, _ waker: LinkWaker) -> PendingRequest {
        state.withLock { state in
            state.lastRequest += 1
            let pending = PendingRequest(number: state.lastRequest)
            let isFree = state.run.underWay(of: agent) == 0
            state.waiting[pending] = Waiting(what: .reports(agent, isTold: isFree), waker: waker)
            if isFree { continuation.yield(.reportsWanted(pending, agent: agent)) }
            return pending
        }
    }

    /// Says that the reports are written, or why they are not.
    package func answer(_ pending: PendingRequest, with written: Result<WrittenReport, ReportTrouble>) {
        state.withLock { state in
            switch written {
            case .success(let report): answer(pending, .reports(report), &state)
            case .failure(let trouble): answer(pending, .trouble(trouble.line), &state)
            }
        }
    }

    /// What has become of a pending; nil while it has to wait.
    func answer(of pending: PendingRequest) -> PendingAnswer? {
        state.withLock { $0.answered[pending] }
    }

    /// Whoever wished it is gone.
    func withdraw(_ pending: PendingRequest) {
        state.withLock { state in
            state.waiting[pending] = nil
            state.answered[pending] = nil
        }
    }

    private func answer(_ pending: PendingRequest, _ answer: PendingAnswer, _ state: inout State) {
        guard let waiting = state.waiting.removeValue(forKey: pending) else { return }
        state.answered[pending] = answer
        waiting.waker.wake()
    }

    // MARK: - The rest

    /// A client says that it has tried all cases.
    func triedAll(_ agent: String) {
        state.withLock { $0.run.triedAll(agent) }
    }

    /// Tells of something odd, the first time that it happens.
    func note(_ oddity: Oddity, _ line: String) {
        state.withLock { state in
            // What a driver asks for that was started for one case leads nowhere; it is told apart as one.
            guard oddity != .unknown || !state.strays.contains(.asksForCases) else { return }
            tell(oddity, line, &state)
        }
    }

    private func tell(_ oddity: Oddity, _ line: String, _ state: inout State) {
        guard state.told.count < ControlLimits.mostOddities, state.told.insert(oddity).inserted else { return }
        continuation.yield(.note(line))
    }

    /// Somebody wants the run to end.
    package func stop(_ reason: String?) {
        continuation.yield(.stopWanted(reason))
    }

    /// Waits until everything that has happened so far has been taken; whoever takes events has to be there.
    package func catchUp() async {
        await withCheckedContinuation { waiting in
            if case .terminated = continuation.yield(.mark(waiting)) { waiting.resume() }
        }
    }

    /// Lets nobody begin any more.
    package func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Ends the stream of events; what was told before still comes.
    package func finish() {
        continuation.finish()
    }
}

/// What a connection waits for; tells it from all others.
package struct PendingRequest: Sendable, Hashable {
    fileprivate var number: Int
}

/// What has become of a pending.
enum PendingAnswer: Sendable {
    case outcome(CaseOutcome)
    case reports(WrittenReport)
    case trouble(String)
}
