import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSRunner
import WSScenario
import WSTranscript

/// Scenarios that are played on many connections, or measured.
@Suite struct `Concurrent connections and measurements` {
    private static let others = 4

    private func concurrent(_ id: String = "defect/all-length-bits-on-200-connections") throws -> Scenario {
        var scenario = try #require(Catalogue.scenario(id))
        scenario.connections = Self.others + 1
        return scenario
    }

    private func marks(_ log: RunLog, _ scenario: Scenario) -> [TranscriptMark] {
        (log.final[scenario.id]?.transcript?.events ?? []).compactMap { event in
            if case .mark(let mark) = event.kind { mark } else { nil }
        }
    }

    /// Concurrent connections run on machines of their own, which carry no scenario's name here.
    private let unnamed = ""

    @Test func `The others are there before the recorded conversation begins`() async throws {
        let scenario = try concurrent()
        let target = MemoryTarget { _ in .model }
        let (ending, log) = await MemoryRun.run(target, scenarios: [scenario])
        #expect(ending == .complete)
        #expect(log.verdict(scenario.id) == .pass)
        #expect(marks(log, scenario).contains(.concurrentConnections(open: Self.others, others: Self.others)))
        let place = try #require(target.connections.firstIndex(of: scenario.id))
        // And the one that listens while the run finds out what the application does.
        #expect(target.connections[..<place].count { $0 == unnamed } == Self.others + 1)
        #expect(target.connections.count { $0 == unnamed } == Self.others + 1)
    }

    @Test func `Without a settling wait the others play all of it`() async throws {
        let scenario = try concurrent("defect/resets-of-500-connections")
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: [scenario])
        #expect(log.verdict(scenario.id) == .pass)
        guard case .concurrentConnections(_, let others) = marks(log, scenario).last else {
            return #expect(Bool(false))
        }
        #expect(others == Self.others)
    }

    @Test func `Who gets no connection is no reason to wait, and is counted`() async throws {
        let scenario = try concurrent()
        let target = MemoryTarget { connection in
            connection.scenario.isEmpty ? .refused("peer.example:9001 refused the connection") : .model
        }
        let (ending, log) = await MemoryRun.run(target, scenarios: [scenario])
        #expect(ending == .complete)
        #expect(marks(log, scenario).contains(.concurrentConnections(open: 0, others: Self.others)))
        #expect(log.verdict(scenario.id) == .pass)
    }

    @Test func `More connections than the limit on open files allows are skipped, and the reason says what to raise`()
        async throws
    {
        let scenario = try concurrent()
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: [scenario], openFiles: 68)
        guard case .skipped(let reason) = log.final[scenario.id]?.status else { return #expect(Bool(false)) }
        #expect(reason.contains("needs 69 open files") && reason.contains("only 68") && reason.contains("ulimit -n"))
        let (_, enough) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: [scenario], openFiles: 69)
        #expect(enough.verdict(scenario.id) == .pass)
    }

    @Test func `Half and whole are measured in turn, five times, before the recorded conversation`() async throws {
        let scenario = try #require(Catalogue.scenario("defect/time-of-fragments")?.shrunk(to: 1000))
        let target = MemoryTarget { _ in .model }
        let (_, log) = await MemoryRun.run(target, scenarios: [scenario])
        #expect(target.connections.count { $0 == scenario.id } == 11)
        guard case .compared(let half, let whole) = marks(log, scenario).last else { return #expect(Bool(false)) }
        #expect(half >= 0 && half < .max && whole >= 0 && whole < .max)
        #expect(log.verdict(scenario.id) == .pass)
    }

    @Test func `What stands alone runs behind everything else`() async throws {
        let scenario = try concurrent()
        let (_, log) = await MemoryRun.run(
            MemoryTarget { _ in .model },
            scenarios: [scenario] + MemoryRun.few
        )
        let order = log.events.compactMap { event -> String? in
            if case .finished(let result) = event { result.scenario.id } else { nil }
        }
        #expect(order.last == scenario.id)
    }

    @Test func `Who listens is told before what is measured begins, and has heard of all the rest by then`()
        async throws
    {
        let measured = try concurrent()
        let others = MemoryRun.few
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: [measured] + others)
        let word = try #require(log.events.firstIndex { if case .quiet = $0 { true } else { false } })
        let before = log.events[..<word].compactMap { event in
            if case .finished(let result) = event { result.scenario.id } else { nil }
        }
        #expect(Set(before) == Set(others.map(\.id)))
    }

    @Test func `Where nothing is measured nobody is asked to wait`() async throws {
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: MemoryRun.few)
        #expect(!log.events.contains { if case .quiet = $0 { true } else { false } })
    }
}
