import PeerTestSupport
import TestSupport
import Testing
import WSJudge
import WSKernels
import WSLink
import WSRunner
import WSScenario

/// What is no fault of a peer's: a way that is uneven, and a run that is stopped and goes on.
@Suite struct `A correct server is accused of nothing` {
    /// Verdicts that say something against a server, or nothing at all; what is neither is as good as a pass.
    private static let bad: [Verdict] = [.tolerated, .inconclusive, .fail]

    /// Ordinary scenarios, a third of them unless all are wanted, and always the same.
    private static let scenarios = Conversation.scenarios.filter { !$0.isLoad && Sample.takes($0.id) }

    /// A way that is like no other, made by chance from a seed.
    private static func way(_ change: (inout MemoryTarget.Way) -> Void) -> MemoryTarget.Way {
        var way = MemoryTarget.Way()
        change(&way)
        return way
    }

    private static func random(_ connection: MemoryTarget.Connection, _ event: Int, _ seed: UInt64) -> SplitMix64 {
        var mixed = seed &+ UInt64(connection.earlier) << 32 &+ UInt64(event)
        for octet in connection.scenario.utf8 { mixed = mixed &* 31 &+ UInt64(octet) }
        return SplitMix64(seed: mixed)
    }

    /// Up to 20 ms before every fifth event or so.
    private static let uneven = way { way in
        way.stall = { connection, event in
            var random = random(connection, event, 1)
            let isLate = Int.random(in: 0..<5, using: &random) == 0
            return .milliseconds(isLate ? Int64.random(in: 0...20, using: &random) : 0)
        }
    }

    /// Stopped for up to a minute, at one of the first events of every third connection.
    private static let stopped = way { way in
        way.stall = { connection, event in
            var random = random(connection, 0, 2)
            guard connection.number.isMultiple(of: 3), event == Int.random(in: 0..<24, using: &random) else {
                return .milliseconds(0)
            }
            return .milliseconds(Int64.random(in: 1_000...60_000, using: &random))
        }
    }

    private static let ways: [(name: String, way: MemoryTarget.Way)] = [
        ("at the end of an uneven way", uneven),
        ("by a run that is stopped", stopped),
    ]

    @Test(arguments: ways.map(\.name))
    func `That is`(name: String) async throws {
        let way = try #require(Self.ways.first { $0.name == name }).way
        let (_, quiet) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: Self.scenarios)
        let (ending, log) = await MemoryRun.run(MemoryTarget(by: way) { _ in .model }, scenarios: Self.scenarios)
        #expect(ending == .complete)
        for scenario in Self.scenarios {
            let verdict = try #require(log.verdict(scenario.id))
            let before = try #require(quiet.verdict(scenario.id))
            guard verdict != before, Self.bad.contains(verdict) else { continue }
            let reason = log.judgement(scenario.id)?.reason ?? "no record"
            Issue.record("\(scenario.id): \(verdict), not \(before): \(reason)")
        }
    }
}
