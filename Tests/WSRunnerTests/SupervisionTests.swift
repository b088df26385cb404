import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSRunner
import WSScenario
import WSTranscript

/// A target in memory with a process that a scenario ends, or to whose sanitizer it means something.
private final class MortalTarget: TargetSupervisor {
    private struct State {
        var incident: TargetObservation?
        var restarts = 0
        var deathsLeft: Int
        var isObserving = false
    }

    let measuresUsage: Bool
    private let state: Mutex<State>
    private let killer: String
    private let death: TargetObservation
    private let canRestart: Bool
    /// Whether the process ends behind the conversation and not within it.
    private let servesToTheEnd: Bool

    init(
        killer: String,
        death: TargetObservation,
        deaths: Int = .max,
        canRestart: Bool = true,
        measuresUsage: Bool = true,
        servesToTheEnd: Bool = false
    ) {
        self.servesToTheEnd = servesToTheEnd
        self.killer = killer
        self.death = death
        self.canRestart = canRestart
        self.measuresUsage = measuresUsage
        state = Mutex(State(deathsLeft: deaths))
    }

    var restarts: Int { state.withLock { $0.restarts } }

    /// What connections meet.
    var dialer: MemoryTarget {
        MemoryTarget { [self] connection in
            state.withLock { state in
                if state.incident?.ending != nil { return .refused("peer.example:9001 refused the connection") }
                let isFatal = killer.split(separator: " ").contains { connection.scenario.hasPrefix($0) }
                guard isFatal, state.deathsLeft > 0 else { return .model }
                state.deathsLeft -= 1
                state.incident = death
                guard death.ending != nil, !servesToTheEnd else { return .model }
                return .peer(
                    ScriptedPeer { event, answers in
                        if case .request = event {
                            answers.behave(event)
                        } else if event != .connected {
                            answers.reset()
                        }
                    }
                )
            }
        }
    }

    func incident(within limit: Duration) async -> TargetObservation? { state.withLock { $0.incident } }

    func restart() async -> String? {
        guard canRestart else { return "server cannot be started" }
        state.withLock { state in
            state.incident = nil
            state.restarts += 1
        }
        return nil
    }

    func beginObservation() async { state.withLock { $0.isObserving = true } }

    func endObservation() async -> TargetObservation {
        state.withLock { state in
            defer { state.isObserving = false }
            guard state.isObserving else { return TargetObservation() }
            return TargetObservation(
                usage: .init(residentBefore: 10, residentPeak: 60, processor: 5, elapsed: 1_000_000_000)
            )
        }
    }
}

@Suite struct `A supervised run` {
    private static let few = MemoryRun.few
    private static let crash = TargetObservation(ending: .signalled("SIGSEGV"), sanitizer: "AddressSanitizer: SEGV")

    @Test(
        arguments: ["closing/after-echo", "utf8/surrogate/d800", "limits/text/64-kibibytes"],
        [1, 16]
    )
    func `The scenario that ends the process is named with signal and sanitizer`(killer: String, jobs: Int) async {
        let target = MortalTarget(killer: killer, death: Self.crash)
        let (ending, log) = await MemoryRun.run(target.dialer, jobs: jobs, supervisor: target)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes == [killer: .fail])
        #expect(target.restarts >= 3)
        let judged = log.judgement(killer)
        #expect(judged?.findings.first?.rule == "target-died")
        #expect(
            judged?.reason.contains("signal SIGSEGV") == true && judged?.reason.contains("AddressSanitizer") == true
        )
        #expect(judged?.target?.signal == "SIGSEGV")
    }

    @Test func `Of many scenarios that end the process the first ten get a line each, and all their results`() async {
        let scenarios = Catalogue.all.filter { $0.id.hasPrefix("closing/code/") }
        let target = MortalTarget(killer: "closing/code/", death: Self.crash)
        let (ending, log) = await MemoryRun.run(target.dialer, scenarios: scenarios, jobs: 1, supervisor: target)
        #expect(ending == .complete)
        log.expectOneResultEach(of: scenarios)
        #expect(scenarios.count > 12 && log.blemishes.count == scenarios.count)
        #expect(log.notes.count { $0.contains(", twice in a row, at closing/code/") } == 10)
        #expect(log.notes.count { $0.contains("ends at further cases, which the report names") } == 1)
    }

    @Test(arguments: [1, 16])
    func `A sanitizer that speaks up while the target goes on names the scenario, too`(jobs: Int) async {
        let report = TargetObservation(sanitizer: "ThreadSanitizer: data race")
        let target = MortalTarget(killer: "ping/ten", death: report)
        let (ending, log) = await MemoryRun.run(target.dialer, jobs: jobs, supervisor: target)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes == ["ping/ten": .fail])
        #expect(log.judgement("ping/ten")?.reason.hasSuffix("ThreadSanitizer: data race") == true)
        #expect(log.judgement("ping/ten")?.reason.contains("stopped answering") == false)
    }

    @Test(arguments: [1, 16], [1, 2])
    func `An end that does not come twice in a row is held against nobody and told all the same`(
        jobs: Int,
        deaths: Int
    ) async {
        let target = MortalTarget(killer: "ping/ten", death: Self.crash, deaths: deaths)
        let (ending, log) = await MemoryRun.run(target.dialer, jobs: jobs, supervisor: target)
        guard case .broken(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("SIGSEGV") && line.contains("no case made it do so again") && line.contains("ping/ten"))
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes.isEmpty)
    }

    @Test func `Ends that come again and again are told in one line, and what a server has to do`() throws {
        var endings = UnexplainedEndings()
        #expect(endings.line == nil)
        let exit = TargetObservation(ending: .exited(0))
        let suspects = MemoryRun.few + MemoryRun.few
        let told = (0..<40).compactMap { endings.note(exit, suspects: $0 == 1 ? suspects : []) }
        #expect(told.count == 3)
        #expect(told[0].hasSuffix("in mid-run, and no case made it do so again; nothing was being played"))
        #expect(told[1].hasSuffix("and \(suspects.count - 8) more"))
        let line = try #require(endings.line)
        #expect(line.contains("40 times in all") && line.hasSuffix("let it serve until it is ended"), "\(line)")

        _ = endings.note(TargetObservation(ending: .signalled("SIGSEGV")), suspects: suspects)
        #expect(endings.line?.contains("let it serve") == false)
        #expect(endings.line?.contains("the first time the target ended with exit status 0") == true)
    }

    @Test func `A target that cannot be started again leaves the rest inconclusive`() async {
        let target = MortalTarget(killer: "ping/ten", death: Self.crash, canRestart: false)
        let (ending, log) = await MemoryRun.run(target.dialer, supervisor: target)
        guard case .broken = ending else { return #expect(Bool(false), "\(ending)") }
        log.expectOneResultEach(of: Self.few)
        #expect(log.notes.contains("server cannot be started"))
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
    }

    @Test(arguments: [1, 16])
    func `One that exits after each connection is told so, and no scenario is to blame`(jobs: Int) async {
        let exit = TargetObservation(ending: .exited(0))
        let scenarios = Self.few.map(\.id).joined(separator: " ")
        let target = MortalTarget(killer: "control/ \(scenarios)", death: exit, servesToTheEnd: true)
        let (ending, log) = await MemoryRun.run(target.dialer, jobs: jobs, supervisor: target)
        guard case .broken(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(
            line == "the target ended with exit status 0 behind an ordinary conversation, twice in a row: a server "
                + "that exits by itself, as after each connection, cannot be judged; let it serve until it is ended"
        )
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
        #expect(target.restarts < 8)
    }

    @Test func `A scenario over which a process exits is named, where it stays behind others`() async {
        let exit = TargetObservation(ending: .exited(0))
        let target = MortalTarget(killer: "ping/ten", death: exit, servesToTheEnd: true)
        let (ending, log) = await MemoryRun.run(target.dialer, supervisor: target)
        #expect(ending == .complete)
        #expect(log.blemishes == ["ping/ten": .fail])
    }

    @Test func `One that ends over the first text is told so, and how to go on`() async {
        let target = MortalTarget(killer: "control/echo", death: Self.crash)
        let (ending, log) = await MemoryRun.run(target.dialer, supervisor: target)
        guard case .unreachable(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("SIGSEGV") && line.contains("--application none"))
        #expect(log.final.isEmpty)
    }

    // MARK: - Scenarios that need it

    private func scenario(_ bounds: Supervision) -> Scenario {
        var scenario = Catalogue.Controls.ping
        scenario.id = "test/needs-supervision"
        scenario.supervision = bounds
        return scenario
    }

    private let healthy = MortalTarget(killer: "", death: TargetObservation())

    @Test func `Without a supervisor a scenario that needs one is skipped`() async {
        let scenario = scenario(Supervision())
        let (ending, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: [scenario])
        #expect(ending == .complete)
        #expect(log.final[scenario.id]?.status == .skipped("needs --supervise"))
    }

    @Test(
        arguments: [
            (Supervision(), .pass), (Supervision(memoryGrowth: 50), .pass), (Supervision(memoryGrowth: 49), .tolerated),
            (Supervision(processorShare: 0.5), .pass),
        ] as [(Supervision, Verdict)]
    )
    func `With one it is run and held against its bounds`(bounds: Supervision, verdict: Verdict) async {
        let scenario = scenario(bounds)
        let (ending, log) = await MemoryRun.run(healthy.dialer, scenarios: Self.few + [scenario], supervisor: healthy)
        #expect(ending == .complete)
        #expect(log.verdict(scenario.id) == verdict)
        #expect(log.judgement(scenario.id)?.target?.residentOctetsPeak == 60)
    }

    @Test func `Where nothing is measured only bounded scenarios are skipped`() async {
        let blind = MortalTarget(killer: "", death: TargetObservation(), measuresUsage: false)
        var free = scenario(Supervision())
        free.id = "test/free"
        let bounded = scenario(Supervision(memoryGrowth: 1))
        let (_, log) = await MemoryRun.run(blind.dialer, scenarios: [free, bounded], supervisor: blind)
        #expect(log.verdict(free.id) == .pass && log.verdict(bounded.id) == .skipped)
    }
}

@Suite struct `A conversation that was cut off` {
    private static let few = MemoryRun.few

    private static let cutting = ScriptedPeer { event, answers in
        if case .request = event { answers.behave(event) } else if event != .connected { answers.reset() }
    }

    @Test(arguments: ["closing/after-echo", "ping/ten", "limits/text/64-kibibytes"], [1, 16])
    func `A failure that comes again, alone, is the scenario's`(id: String, jobs: Int) async {
        let target = MemoryTarget { $0.scenario == id ? .peer(Self.cutting) : .model }
        let (ending, log) = await MemoryRun.run(target, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes == [id: .fail])
        #expect(target.connections.count { $0 == id } == 2)
        #expect(log.replacedCount == 0)
    }

    @Test(arguments: ["closing/after-echo", "ping/ten", "limits/text/64-kibibytes"], [1, 16])
    func `One that does not come again is neither a failure nor a pass`(id: String, jobs: Int) async {
        let target = MemoryTarget { $0.scenario == id && $0.earlier == 0 ? .peer(Self.cutting) : .model }
        let (ending, log) = await MemoryRun.run(target, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes == [id: .inconclusive])
        guard case .inconclusive(let reason) = log.final[id]?.status else { return #expect(Bool(false)) }
        #expect(reason.contains("not when this ran again alone") && !reason.contains("\n"))
    }

    @Test func `One that conforms is not run again`() async {
        // Nothing to fail: the peer may end TCP where the connection has to be failed.
        let id = "reserved-bits/rsv3-text"
        let target = MemoryTarget { $0.scenario == id ? .peer(Self.cutting) : .model }
        let (_, log) = await MemoryRun.run(target, jobs: 1)
        #expect(log.verdict(id) == .tolerated)
        #expect(target.connections.count { $0 == id } == 1)
    }
}
