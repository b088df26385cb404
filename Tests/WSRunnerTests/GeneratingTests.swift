import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSRunner
import WSScenario
import WSTranscript

/// Gives prepared batches, and remembers how many results were there when each was asked for.
private final class Batches: ScenarioSource {
    private let left: Mutex<[ScenarioBatch]>
    private let asked = Mutex<[Int]>([])
    private let told = Mutex<Int>(0)

    init(_ batches: [ScenarioBatch]) {
        left = Mutex(batches)
    }

    /// How many results had come before each batch.
    var results: [Int] { asked.withLock { $0 } }

    func take(_ event: RunEvent) {
        if case .finished = event { told.withLock { $0 += 1 } }
    }

    func next(_ application: ObservedApplication) async -> ScenarioBatch {
        let count = told.withLock { $0 }
        asked.withLock { $0.append(count) }
        return left.withLock { $0.isEmpty ? ScenarioBatch([]) : $0.removeFirst() }
    }
}

@Suite struct `A run from a source` {
    private static let few = MemoryRun.few.filter { !$0.isLoad }

    private func run(
        _ batches: [ScenarioBatch],
        _ target: MemoryTarget,
        jobs: Int = 4
    ) async -> (ending: RunEnding, log: RunLog, source: Batches) {
        let source = Batches(batches)
        let (ending, log) = await MemoryRun.run(target, scenarios: [], jobs: jobs, from: source) { source.take($0) }
        return (ending, log, source)
    }

    @Test(arguments: [1, 4])
    func `Reports each batch before the next is asked for, and ends with an empty one`(jobs: Int) async {
        let batches = [
            ScenarioBatch(Self.few), ScenarioBatch([Self.few[0]]), ScenarioBatch([Self.few[1]], isProbe: true),
        ]
        let (ending, log, source) = await run(batches, MemoryTarget { _ in .model }, jobs: jobs)
        #expect(ending == .complete)
        #expect(source.results == [0, Self.few.count, Self.few.count + 1, Self.few.count + 2])
        #expect(log.blemishes.isEmpty && log.replacedCount == 0)
    }

    @Test func `A probe does not wait in full for what never came`() async {
        let ping = Self.few.first { $0.id == "ping/empty" } ?? Self.few[0]
        let probes = (0..<3).map { number in
            var scenario = ping
            scenario.id = "test/probe-\(number)"
            return scenario
        }
        let target = MemoryTarget { connection in
            connection.scenario.hasPrefix("test/") ? .defective([.neverPongs]) : .model
        }
        // In parallel first, so that the run learns that no Pong comes.
        let (_, log, _) = await run([ScenarioBatch(probes), ScenarioBatch([probes[0]], isProbe: true)], target)
        #expect(log.verdict("test/probe-0") == .fail)
        let waits = target.durations.filter { $0.scenario == "test/probe-0" }.map(\.duration)
        #expect(waits.first.map { $0 >= .seconds(5) } == true)
        #expect(waits.last.map { $0 < .seconds(2) } == true)
    }

    @Test(arguments: [false, true])
    func `A target that is gone for good ends it, and what ran is inconclusive`(isProbe: Bool) async {
        let isGone = Mutex(false)
        let target = MemoryTarget { connection in
            isGone.withLock { isGone in
                isGone = isGone || connection.scenario == Self.few[0].id
                return isGone ? .refused("nobody listens") : .model
            }
        }
        let (ending, log, _) = await run([ScenarioBatch([Self.few[0]], isProbe: isProbe)], target, jobs: 1)
        guard case .broken(let line) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(line.contains("stopped answering"))
        #expect(log.verdict(Self.few[0].id) == .inconclusive)
    }
}
