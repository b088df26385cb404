import WSControl
import WSJudge
import WSLink
import WSProcess
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Starts a client for each case, several at a time, in the order of ``RunPhases``, and records each result.
actor CasesByLauncher {
    /// The input of the launcher.
    struct Plan: Sendable {
        var scenarios: [Scenario]
        var jobs: Int
        /// How long a client may take to end after its conversation.
        var timeout: Duration
        /// Where clients find us.
        var served: ServedAddress
        var agent: String
        var folder: RunFolder
        /// The ports of single cases.
        var ports: OwnPorts
        /// Receives the results in place of the session; nil for that.
        var handle: (@Sendable (RunEvent) async -> Void)?
        /// Whether a result is worth a second play alone if a time limit decided it.
        var fallsShort: @Sendable (ConversationResult) -> Bool = { Judging.fallsShort($0) }
    }

    let plan: Plan
    let launcher: any ClientLauncher
    let controlServer: ControlServer
    let session: ClientSession
    /// Results that a time limit decided.
    var late = LateResults<Played>()
    private(set) var hasConnected = false
    /// Whether the client offers permessage-deflate; nil before it has sent a request.
    private var offersCompression: Bool?
    /// The cases whose clients never connected, as long as none did, with what became of each client.
    var absences: [(scenario: Scenario, what: String)] = []
    private var told: Set<String> = []
    /// The cases whose address a client may reject, and rejected by not connecting.
    private(set) var refused: [Scenario] = []
    private(set) var obstacle: String?
    /// Whether the client has turned out to be a driver that asks for cases itself.
    var asksForCases = false
    /// Whether the client drops queries, so that its addresses have none.
    var dropsQuery = false
    /// The cases of the plan as which nothing from a source is being played; empty if there is no source.
    var freeSlots: [Scenario] = []
    /// How many clients in a row never connected.
    var missedInRow = 0

    /// How the run ended.
    enum Ending: Sendable {
        /// All cases were tried.
        case complete
        /// The run could not continue, for this reason.
        case troubled(String)
        /// No client ever connected, as this line says, so that nothing was judged.
        case neverConnected(String)
        /// The command asks for cases itself; nothing was judged.
        case asksForCases
    }

    /// The minimum time that a client may take to connect; interpreters are slow on a busy machine.
    static let connectLimit = Duration.seconds(15)
    /// How long the event of a connection may take to arrive after its client has ended.
    static let grace = Duration.seconds(2)
    /// After this many clients that never connected, no more are started.
    static let mostAbsences = 3

    init(_ plan: Plan, launcher: any ClientLauncher, controlServer: ControlServer, session: ClientSession) {
        self.plan = plan
        self.launcher = launcher
        self.controlServer = controlServer
        self.session = session
    }

    /// Plays all cases; the first one runs alone and shows whether the client does what it was started for.
    ///
    /// If it does not connect, others are tried alone, but few: a client that never asks gives no verdict.
    func run() async -> Ending {
        await session.plan(plan.scenarios.count)
        var (scenarios, skipped) = sorted
        while !hasConnected, absences.count < Self.mostAbsences, obstacle == nil, !Task.isCancelled,
            let pilot = pilot(of: scenarios)
        {
            await run([scenarios.remove(at: pilot)], jobs: 1)
            if asksForCases { return .asksForCases }
            if absences.isEmpty { break }
        }
        if let line = await absence() { return .neverConnected(line) }
        if dropsQuery {
            await session.say(
                "your client dropped the query of its address (RFC 6455, 3); the other cases go on with addresses "
                    + "without one, as {plain-url} is"
            )
        }
        for (scenario, reason) in skipped { await skip(scenario, reason) }
        if !launcher.performsActions {
            for scenario in scenarios where scenario.driver.asksForMore {
                await record(scenario, .unimplemented("the client is not told to do more than to connect and to echo"))
            }
            scenarios.removeAll(where: \.driver.asksForMore)
        }
        if offersCompression == false {
            for scenario in scenarios where scenario.compression != nil {
                await record(scenario, .unimplemented(Judge.offersNoCompression))
            }
            scenarios.removeAll { $0.compression != nil }
        }
        await learnPeerLimit(scenarios)
        if asksForCases { return .asksForCases }
        let phases = RunPhases(scenarios)
        for phase in [phases.ordinary, phases.load, phases.regressions] { await run(phase, jobs: plan.jobs) }
        await run(phases.alone, jobs: 1)
        await confirmLate()
        await recordAbsences()
        for scenario in refused { await recordRefused(scenario) }
        return obstacle.map { .troubled($0) } ?? .complete
    }

    /// The place of the case that shows best whether the client does what it was started for.
    private func pilot(of scenarios: [Scenario]) -> Int? {
        scenarios.firstIndex(where: \.isPlain) ?? scenarios.firstIndex { !$0.isWithoutLimit || hasLimit }
    }

    /// Whether the largest message that the client accepts is known.
    private var hasLimit: Bool { controlServer.peerLimit.octets != nil }

    /// The cases that can be played, and the others with their reasons.
    private var sorted: (played: [Scenario], skipped: [(Scenario, String)]) {
        var played: [Scenario] = []
        var skipped: [(Scenario, String)] = []
        for scenario in plan.scenarios {
            if scenario.supervision != nil {
                let reason = "needs memory and processor time of the client, which are not measured yet"
                skipped.append((scenario, reason))
            } else if scenario.driver.action == .openOverIPv6, ownAuthority(of: scenario) == nil {
                skipped.append((scenario, "needs the address ::1, on which nothing can be listened here"))
            } else if case .openSecured(let byName)? = scenario.driver.action, ownAuthority(of: scenario) == nil {
                let what = byName ? "the name localhost and a certificate for it" : "a certificate of its own"
                skipped.append((scenario, "needs \(what); listen on 127.0.0.1, and leave --cert and --key out"))
            } else if scenario.driver.action == .openOverHTTP2, ownAuthority(of: scenario) == nil {
                skipped.append((scenario, "needs a port of its own; listen on 127.0.0.1"))
            } else {
                played.append(scenario)
            }
        }
        return (played, skipped)
    }

    /// Whether a client that never got to a request refused the case, rather than never having tried it.
    private func canRefuse(_ scenario: Scenario) -> Bool {
        scenario.driver.action?.hasOwnPort != true || plan.ports.hasVisitor(scenario.id)
    }

    /// Our host and port for a case that has other ones than the rest.
    private func ownAuthority(of scenario: Scenario) -> String? { controlServer.settings.authority(of: scenario) }

    private func skip(_ scenario: Scenario, _ reason: String) async {
        let result = ConversationResult(scenario: scenario, transcript: nil, status: .skipped(reason))
        await session.record(result, agent: plan.agent)
    }

    private func run(_ scenarios: [Scenario], jobs: Int) async {
        let notBegun = await each(of: scenarios, jobs: jobs) { await self.play($0) }
        guard !asksForCases else { return }
        if hasConnected { await recordAbsences() }
        // Each case gets a result, however the run ended.
        for scenario in notBegun {
            let reason = obstacle.map { "was not tried: \($0)" } ?? "the run was ended before this was over"
            await record(scenario, .inconclusive(reason))
        }
    }

    /// Processes items, `jobs` at a time, as long as clients can be started and the run continues.
    ///
    /// - Returns: The items that were not begun.
    func each<Item: Sendable>(
        of items: [Item],
        jobs: Int,
        _ work: @escaping @Sendable (Item) async -> Void
    ) async -> ArraySlice<Item> {
        var queue = items[...]
        await withTaskGroup(of: Void.self) { group in
            var underWay = 0
            while true {
                while underWay < jobs, obstacle == nil, !Task.isCancelled, let item = queue.popFirst() {
                    underWay += 1
                    group.addTask { await work(item) }
                }
                guard await group.next() != nil else { break }
                underWay -= 1
            }
        }
        return queue
    }

    func record(_ scenario: Scenario, _ status: ConversationResult.Status) async {
        await deliver(ConversationResult(scenario: scenario, transcript: nil, status: status))
    }

    /// Passes a result on to whoever judges it.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - play: The connection that it comes from; nil if there was none.
    func deliver(_ result: ConversationResult, of play: ClientRun.Play? = nil) async {
        if let handle = plan.handle {
            await handle(.finished(result))
        } else if let play {
            await session.record(result, of: play)
        } else {
            await session.record(result, agent: plan.agent)
        }
    }

    /// Records that a client did not connect; this shows that it rejects the address if it connects to others.
    private func recordRefused(_ scenario: Scenario) async {
        let settings = controlServer.settings.conversation
        await session.record(.neverConnected(from: scenario, settings, shows: hasConnected), agent: plan.agent)
    }

    // MARK: - One case

    /// The result of a connection that played a case.
    struct Played: Sendable {
        var play: ClientRun.Play
        var result: ConversationResult
        var facts: ConversationFacts
    }

    func play(_ scenario: Scenario) async {
        guard let played = await played(scenario) else { return }
        note(played.facts)
        if isLate(played) {
            let isKept = late.add(played, of: played.result, missing: played.facts.missing) { $0.result = $1 }
            if !isKept { played.discardRecording() }
        } else {
            await deliver(played.result, of: played.play)
        }
    }

    /// Notes what the first request of the client shows about all of them.
    private func note(_ facts: ConversationFacts) {
        if offersCompression == nil { offersCompression = facts.offersCompression }
    }

    /// Plays a case as it is; nil if no connection was made, which was recorded.
    func playedAsItIs(_ scenario: Scenario) async -> Played? {
        var last: Played?
        for _ in 0..<max(1, scenario.driver.connections) where !Task.isCancelled && obstacle == nil {
            let course = await playOnce(scenario)
            guard let course, !asksForCases else { return nil }
            guard let result = course.result else {
                if !course.hasBegun, case .exited? = course.exit {
                    if scenario.mayStayAway, canRefuse(scenario) {
                        refused.append(scenario)
                        return nil
                    }
                    if scenario.driver.action == .openOverIPv6, hasConnected {
                        await skip(scenario, "the client does not connect to the IPv6 address [::1]")
                        return nil
                    }
                }
                await noteMissing(course, scenario)
                return nil
            }
            last = result
        }
        guard var last else {
            await record(scenario, .inconclusive("the run was ended before this was over"))
            return nil
        }
        if scenario.canBePlayedTwice, last.facts.hasOpened, Judging.isChangedByPing(last.result) {
            controlServer.setWaits(asAutobahn: true, for: scenario.id)
            let second = await playOnce(scenario)?.result
            controlServer.setWaits(asAutobahn: false, for: scenario.id)
            if let second, second.facts.hasOpened { last.result.autobahnTranscript = second.result.transcript }
        }
        return last
    }

    /// Starts a client once for a case of the plan.
    ///
    /// - Returns: Nil if it could not be started, which was reported.
    func playOnceAsPlanned(_ scenario: Scenario) async -> Course? {
        let (events, happening) = AsyncStream.makeStream(of: Event.self)
        let (told, telling) = AsyncStream.makeStream(of: ClientSession.CaseEvent.self)
        await session.follow(scenario.id, telling)
        controlServer.expect(scenario.id)
        let translator = Task {
            for await event in told {
                switch event {
                case .began: happening.yield(.began)
                case .ended(let play, let result, let facts):
                    happening.yield(.ended(Played(play: play, result: result, facts: facts)))
                case .strayed(let stray): happening.yield(.strayed(stray))
                }
            }
        }
        defer { translator.cancel() }
        let client: any LaunchedClient
        do {
            client = try await launcher.start(task(for: scenario))
        } catch {
            obstacle = obstacle ?? "\(error)"
            controlServer.forget(scenario.id)
            await session.unfollow(scenario.id)
            // Without any connection, the whole run has this one line.
            if hasConnected { await record(scenario, .inconclusive("was not tried: \(error)")) }
            return nil
        }
        let exit = Task {
            while !Task.isCancelled {
                if let ending = await client.ending(within: .seconds(3_600)) {
                    happening.yield(.exited(ending))
                    return
                }
            }
        }
        var course = await follow(events, happening, scenario.id)
        exit.cancel()
        controlServer.forget(scenario.id)
        await session.unfollow(scenario.id)
        if course.result != nil {
            hasConnected = true
            missedInRow = 0
        }
        await addDeath(to: &course, client)
        if course.result == nil { lastWords[scenario.id] = await client.lastWords() }
        await client.end()
        return course
    }

    var lastWords: [String: String] = [:]

    private func task(for scenario: Scenario) -> ClientTask {
        let agent = RequestTarget.encoded(plan.agent).replacing("/", with: "%2F")
        let base = ownAuthority(of: scenario).map { "\(plan.served.scheme)://\($0)" } ?? plan.served.url
        let query = "casetuple=\(RequestTarget.encoded(scenario.id))&agent=\(agent)"
        let plainURL = ClientAction.plainAddress(
            base: base,
            path: "/case/\(agent)/\(RequestTarget.encoded(scenario.id))",
            query: query,
            for: scenario.driver.action
        )
        let action = scenario.driver.action
        let url = ClientAction.address(base: base, path: "/runCase", query: query, for: action)
        return ClientTask(
            served: plan.served,
            base: base,
            url: dropsQuery ? plainURL : url,
            plainURL: plainURL,
            scenario: scenario,
            agent: plan.agent,
            errorLog: plan.folder.clientLogPath(of: scenario.id),
            hasInput: plan.jobs == 1 || plan.scenarios.count == 1
        )
    }

    /// Gives up: no more clients are started, for this reason.
    func giveUp(_ reason: String) { obstacle = obstacle ?? reason }

    func tell(_ kind: String, _ line: String) async {
        guard told.insert(kind).inserted else { return }
        await session.say(line)
    }
}

extension DriverNeed {
    /// Whether a client that opens the address and echoes does not do all of it.
    fileprivate var asksForMore: Bool { !subprotocols.isEmpty || action.map { !$0.isAddress } ?? false }
}

extension Scenario {
    /// Whether the case only needs a client to connect and to echo, so that it shows whether the client does that.
    var isPlain: Bool { driver == .connect && acceptsHandshake && !isLoad && !runsAlone }
}
