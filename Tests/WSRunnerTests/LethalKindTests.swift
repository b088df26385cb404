import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSRunner
import WSScenario
import WSTranscript

/// A target that dies of a kind of request, and is started again each time.
@Suite struct `A kind of request that ends the target` {
    private static let killers = [
        "subprotocol/no-offer", "subprotocol/offer-of-two", "subprotocol/offer-of-unknown", "subprotocol/in-capitals",
        "subprotocol/repeated-name", "subprotocol/without-spaces",
    ]
    private static let scenarios = MemoryRun.few + killers.compactMap { Catalogue.scenario($0) }

    /// A process that some scenarios end.
    private final class Target: TargetSupervisor {
        private let state = Mutex((isDead: false, starts: 1))
        private let killers: Set<String>

        init(_ killers: [String]) { self.killers = Set(killers) }

        var starts: Int { state.withLock { $0.starts } }
        var measuresUsage: Bool { true }

        var dialer: MemoryTarget {
            MemoryTarget { [self] connection in
                state.withLock { state in
                    if state.isDead { return .refused("peer.example:9001 refused the connection") }
                    guard killers.contains(connection.scenario) else { return .model }
                    state.isDead = true
                    return .peer(
                        // Whose handshake is the control's is served so far.
                        ScriptedPeer { event, answers in
                            if case .request = event, connection.scenario == "ping/empty" {
                                answers.behave(event)
                            } else if event != .connected {
                                answers.reset()
                            }
                        }
                    )
                }
            }
        }

        func incident(within limit: Duration) async -> TargetObservation? {
            state.withLock { $0.isDead ? TargetObservation(ending: .exited(1)) : nil }
        }

        func restart() async -> String? {
            state.withLock { state in
                state.isDead = false
                state.starts += 1
            }
            return nil
        }

        func beginObservation() async {}

        func endObservation() async -> TargetObservation { TargetObservation() }
    }

    @Test(arguments: [1, 4, 16])
    func `It is told once two have shown it, each of them is named, and the rest runs last`(jobs: Int) async throws {
        let target = Target(Self.killers)
        let (ending, log) = await MemoryRun.run(
            target.dialer,
            scenarios: Self.scenarios,
            jobs: jobs,
            supervisor: target
        )
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.scenarios)
        #expect(Set(log.blemishes.keys) == Set(Self.killers))
        #expect(log.blemishes.values.allSatisfy { $0 == .fail })
        let told = log.notes.filter { $0.contains("the target dies of cases of subprotocol/") }
        #expect(told.count == 1 && told[0].contains("runs last, one at a time"))
        #expect(Self.killers.count { told[0].contains($0) } == 2)
        for killer in Self.killers { #expect(log.notes.count { $0.hasSuffix("at \(killer)") } == 1) }
        let order = log.events.compactMap { event -> String? in
            if case .finished(let result) = event { result.scenario.id } else { nil }
        }
        #expect(Set(order.suffix(Self.killers.count - 2)).isSubset(of: Self.killers))
        // Twice for each, once more for the two that end it beside others, and the first start.
        #expect(target.starts <= 2 * Self.killers.count + 3)
    }

    @Test(arguments: [1, 16])
    func `Two of different kinds put nothing off`(jobs: Int) async {
        let target = Target(["subprotocol/no-offer", "ping/empty"])
        let (ending, log) = await MemoryRun.run(
            target.dialer,
            scenarios: Self.scenarios,
            jobs: jobs,
            supervisor: target
        )
        #expect(ending == .complete)
        #expect(log.blemishes == ["subprotocol/no-offer": .fail, "ping/empty": .fail])
        #expect(!log.notes.contains { $0.contains("runs last") })
    }
}

/// A target that closes connections without an answer, whatever they ask.
@Suite struct `A flaky target` {
    private static let scenarios =
        MemoryRun.few
        + [
            "handshake/request/connection-in-lower-case", "handshake/request/fields-reversed",
            "handshake/request/names-in-capitals", "handshake/request/octet-wise", "handshake/request/cookie",
            "handshake/request/key-missing", "handshake/request/host-missing", "handshake/request/version-12",
        ].compactMap { Catalogue.scenario($0) }

    private static let dropping = ScriptedPeer { event, answers in if event == .connected { answers.end() } }

    @Test(arguments: [1, 16])
    func `Two of three connections closed unanswered are no failures, and the run says how many they were`(
        jobs: Int
    ) async {
        let target = MemoryTarget { $0.number % 3 == 2 ? .model : .peer(Self.dropping) }
        let (ending, log) = await MemoryRun.run(target, scenarios: Self.scenarios, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.scenarios)
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
        #expect(log.blemishes.count < 3)
        #expect(log.notes.count { $0.contains("is flaky") && $0.contains("connections") } == 1)
    }

    @Test func `One that closes unanswered what it should answer fails, where it does so with nothing else`() async {
        let id = "handshake/request/fields-reversed"
        let target = MemoryTarget { $0.scenario == id ? .peer(Self.dropping) : .model }
        let (_, log) = await MemoryRun.run(target, scenarios: Self.scenarios)
        #expect(log.blemishes == [id: .fail])
        #expect(log.notes.isEmpty)
    }

    /// What the first connection meets.
    private static let firsts: [ScriptedPeer] = [
        dropping,
        ScriptedPeer { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            answers.end()
        },
        ScriptedPeer { event, answers in
            if case .request = event { answers.behave(event) } else if event != .connected { answers.reset() }
        },
    ]

    @Test(arguments: firsts.indices, RunPlan.Application.allCases)
    func `The first connection alone ends no run`(index: Int, application: RunPlan.Application) async {
        let target = MemoryTarget { $0.number == 0 ? .peer(Self.firsts[index]) : .model }
        let (ending, log) = await MemoryRun.run(target, scenarios: Self.scenarios, application: application)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.scenarios)
        #expect(log.blemishes.values.allSatisfy { $0 == .skipped })
    }

    @Test(arguments: [1, 16])
    func `A target that stays dead without supervision leaves few suspects and the command that tells`(
        jobs: Int
    ) async {
        let isDead = Mutex(false)
        let target = MemoryTarget { connection in
            if isDead.withLock({ $0 }) { return .refused("peer.example:9001 refused the connection") }
            guard connection.scenario == "utf8/surrogate/d800" else { return .model }
            isDead.withLock { $0 = true }
            return .peer(Self.firsts[2])
        }
        let (ending, log) = await MemoryRun.run(target, scenarios: Self.scenarios, jobs: jobs)
        guard case .broken(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("suspects: utf8/surrogate/d800"))
        if jobs == 1 { #expect(line.contains(", which went well;")) }
        #expect(line.contains("wsconform server ws://peer.example:9001/ --cases utf8/surrogate/d800 --supervise -- "))
        log.expectOneResultEach(of: Self.scenarios)
    }
}
