import PeerTestSupport
import Synchronization
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `Patience` {
    private static let closing =
        Catalogue.all.filter { scenario in
            scenario.targets.contains(.server) && scenario.topic == "framing/text" && !scenario.isLoad
        } + MemoryRun.few

    /// A target that does what a correct one does, but for this.
    private static func target(
        _ leavesOut: @escaping @Sendable (ScriptedPeer.Event) -> Bool
    ) -> MemoryTarget {
        MemoryTarget { _ in
            .peer(ScriptedPeer { event, answers in if !leavesOut(event) { answers.behave(event) } })
        }
    }

    private static func isClose(_ event: ScriptedPeer.Event) -> Bool { if case .close = event { true } else { false } }

    private static func isPing(_ event: ScriptedPeer.Event) -> Bool { if case .ping = event { true } else { false } }

    private static func isBinary(_ event: ScriptedPeer.Event) -> Bool {
        if case .message(.binary, _) = event { true } else { false }
    }

    // MARK: - What time alone decides

    @Test(arguments: [1, 16])
    func `What did not come once and comes when it runs again alone is no failure`(jobs: Int) async {
        let target = MemoryTarget { connection in
            guard connection.scenario == "framing/text/0-octets", connection.earlier == 0 else { return .model }
            return .peer(
                ScriptedPeer { event, answers in
                    if case .message = event { return }
                    answers.behave(event)
                }
            )
        }
        let (ending, log) = await MemoryRun.run(target, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: MemoryRun.few)
        #expect(log.blemishes.isEmpty)
        #expect(log.replacedCount == 0)
        #expect(target.connections.count { $0 == "framing/text/0-octets" } == 2)
    }

    @Test(arguments: [1, 16])
    func `What does not come again either is told, at full patience`(jobs: Int) async {
        let target = MemoryTarget { connection in
            guard connection.scenario == "framing/text/0-octets" else { return .model }
            return .peer(ScriptedPeer { event, answers in if case .message = event {} else { answers.behave(event) } })
        }
        let (_, log) = await MemoryRun.run(target, jobs: jobs)
        #expect(log.blemishes == ["framing/text/0-octets": .fail])
        #expect(log.final["framing/text/0-octets"]?.transcript.map { $0.duration >= .seconds(5) } == true)
        #expect(target.connections.count { $0 == "framing/text/0-octets" } == 2)
    }

    @Test func `What a peer does wrong needs no confirmation`() async {
        let target = MemoryTarget { connection in
            guard connection.scenario == "framing/text/0-octets" else { return .model }
            return .peer(
                ScriptedPeer { event, answers in
                    if case .message = event { answers.send(.text, [1]) } else { answers.behave(event) }
                }
            )
        }
        let (_, log) = await MemoryRun.run(target)
        #expect(log.blemishes == ["framing/text/0-octets": .fail])
        #expect(target.connections.count { $0 == "framing/text/0-octets" } == 1)
    }

    @Test func `What could not be confirmed is inconclusive, and says so`() async throws {
        let target = MemoryTarget { connection in
            guard connection.scenario == "framing/text/0-octets" else { return .model }
            guard connection.earlier == 0 else { return .forever }
            return .peer(ScriptedPeer { event, answers in if case .message = event {} else { answers.behave(event) } })
        }
        let log = RunLog()
        let (start, go) = AsyncStream.makeStream(of: Void.self)
        let running = Mutex<Task<RunEnding, Never>?>(nil)
        let task = Task {
            for await _ in start { break }
            return await MemoryRun.run(
                target,
                onEvent: { event in
                    log.add(event)
                    if case .quiet = event { running.withLock { $0?.cancel() } }
                }
            ).ending
        }
        running.withLock { $0 = task }
        go.yield()
        #expect(await task.value == .cancelled)
        guard case .inconclusive(let reason)? = log.final["framing/text/0-octets"]?.status else {
            Issue.record("it is inconclusive")
            return
        }
        #expect(reason.contains("before this was tried again alone"))
    }

    // MARK: - What a run learns

    @Test(arguments: [0, 1, 2])
    func `What has failed three times is not waited for again in full, and the verdicts are the same`(
        kind: Int
    ) async throws {
        let leavesOut = [Self.isClose, Self.isPing, Self.isBinary][kind]
        let scenarios = Self.several
        let (ending, alone) = await MemoryRun.run(
            Self.target(leavesOut),
            scenarios: scenarios,
            jobs: 1,
            application: .echo
        )
        let (_, together) = await MemoryRun.run(Self.target(leavesOut), scenarios: scenarios, application: .echo)
        #expect(ending == .complete)
        for scenario in scenarios {
            let first = try #require(alone.judgement(scenario.id))
            let second = try #require(together.judgement(scenario.id))
            // As if nothing had been learned.
            let link = Conversation.run(
                scenario,
                with: ScriptedPeer { event, answers in if !leavesOut(event) { answers.behave(event) } }
            )
            let patient = Judge.judge(scenario, link.client.transcript)
            for judgement in [first, second] {
                #expect(judgement.verdict == patient.verdict, "\(scenario.id)")
                #expect(judgement.reason == patient.reason, "\(scenario.id)")
                #expect(judgement.wire == patient.wire, "\(scenario.id)")
                #expect(judgement.autobahn?.behavior == patient.autobahn?.behavior, "\(scenario.id)")
                #expect(judgement.autobahn?.behaviorClose == patient.autobahn?.behaviorClose, "\(scenario.id)")
            }
        }
        let waits = alone.final.values.compactMap { $0.transcript?.duration }.filter { $0 >= .seconds(5) }
        let failures = scenarios.count { alone.verdict($0.id) == .fail }
        #expect(failures > 8)
        #expect(waits.count <= 6, "\(waits.count) of \(failures) were waited for in full")
    }

    @Test func `A Close frame that is never answered is waited for in full a few times, whoever sends it`() async {
        let target = Self.target(Self.isClose)
        let scenarios =
            Self.several + ["closing/code-alone", "closing/code/1000", "closing/code/1001"].map(Conversation.scenario)
        let (ending, log) = await MemoryRun.run(target, scenarios: scenarios, jobs: 1)
        #expect(ending == .complete)
        #expect(log.verdict("closing/code/1000") == .fail)
        // The one that stands for all of its kind, alone; what the other kind has taught is enough before that.
        let inFull = target.durations.filter { $0.duration >= .seconds(5) }.map(\.scenario)
        #expect(inFull.filter { $0.hasPrefix("closing/") } == ["closing/code-alone"])
        #expect(inFull.count <= 6, "\(inFull)")
        // Only the first control is polite enough to wait.
        let controls = target.durations.filter { $0.scenario.hasPrefix("control/") && $0.duration >= .seconds(1) }
        #expect(controls.map(\.scenario) == [Catalogue.Controls.echo.id])
    }

    /// Scenarios in which Close frames, Pings and binary messages are answered.
    private static let several = Catalogue.all.filter { scenario in
        scenario.targets.contains(.server) && scenario.supervision == nil && !scenario.runsAlone && !scenario.isLoad
            && ["framing/text", "framing/binary", "ping", "fragmentation"].contains(scenario.topic)
    }

    @Test func `Where no record can wait, everything is repeated, and the verdicts are the same`() async {
        let scenarios = Self.several
        let (_, whole) = await MemoryRun.run(Self.target(Self.isPing), scenarios: scenarios, application: .echo)
        let (ending, bare) = await MemoryRun.run(
            Self.target(Self.isPing),
            scenarios: scenarios,
            application: .echo,
            waitingLines: 0
        )
        #expect(ending == .complete)
        #expect(scenarios.count { bare.verdict($0.id) == .fail } > 3)
        for scenario in scenarios {
            #expect(bare.verdict(scenario.id) == whole.verdict(scenario.id), "\(scenario.id)")
            #expect(bare.judgement(scenario.id)?.wire == whole.judgement(scenario.id)?.wire, "\(scenario.id)")
        }
    }

    @Test func `The records that wait have a bound, beyond which none is kept`() throws {
        let scenario = try #require(Catalogue.scenario("ping/empty"))
        let transcript = Conversation.run(scenario, with: ScriptedPeer()).client.transcript
        let result = ConversationResult(scenario: scenario, transcript: transcript, status: .recorded)
        var late = LateResults<ConversationResult>(room: transcript.events.count * 2 - 1)
        #expect(late.add(result, of: result, missing: .pong) { $0 = $1 })
        #expect(!late.add(result, of: result, missing: .pong) { $0 = $1 })
        #expect(late.groups.joined().map(\.isWhole) == [false])
        #expect(late.groups.joined().allSatisfy { $0.result.transcript == nil })
    }

    @Test(arguments: [true, false])
    func `Who waits as long as it takes asks for nothing again that came late`(waitsForever: Bool) throws {
        let scenario = try #require(Catalogue.scenario("framing/text/125-octets"))
        let settings = Conversation.settings(idleTimeout: waitsForever ? .forever : .seconds(5))
        let machine = Conversation.run(
            scenario,
            with: ScriptedPeer(),
            settings: settings,
            latency: .milliseconds(600)
        ).client
        #expect(machine.facts.mayBeDecidedByTime(settings) == !waitsForever)
        #expect(machine.transcript.header.waitsForever == (waitsForever ? true : nil))
    }

    @Test func `An answer that comes late in one case has all that lack it repeated alone`() async {
        // It leaves out three echoes of binary messages in a row, but only while others are there to be served.
        let target = MemoryTarget { connection in
            guard connection.scenario.hasPrefix("framing/binary/"), connection.earlier == 0 else { return .model }
            return .peer(
                ScriptedPeer { event, answers in if !Self.isBinary(event) { answers.behave(event) } }
            )
        }
        let (_, log) = await MemoryRun.run(target, scenarios: Self.several)
        #expect(log.blemishes.isEmpty)
    }
}

@Suite struct `A peer that is slow` {
    private static let way = LinkDuration.milliseconds(400)

    @Test
    func `is not failed for it as a server`() async {
        await Sweep.each(of: Conversation.scenarios.filter { !$0.runsAlone }) { scenario in
            let link = Conversation.run(
                scenario,
                with: ModelServer(),
                latency: LinkDuration(nanoseconds: Self.way.nanoseconds / 2)
            )
            let judgement = Judge.judge(scenario, link.client.transcript)
            #expect(judgement.isClean, "\(judgement.reason)")
        }
    }

    @Test
    func `is not failed for it as a client`() async {
        await Sweep.each(of: Conversation.clientScenarios.filter { !$0.runsAlone }) { scenario in
            // Nobody comes to an address that a client has to refuse.
            guard let settings = ModelClientSettings(playing: scenario) else { return }
            let latency = LinkDuration(nanoseconds: Self.way.nanoseconds / 2)
            let link = Conversation.run(scenario, against: ModelClient(settings), latency: latency)
            let judgement = Judge.judge(scenario, link.server.transcript)
            #expect(judgement.isClean, "\(judgement.reason)")
        }
    }
}
