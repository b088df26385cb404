import TestSupport
import Testing
import WSJudge
import WSLiveFuzzing
import WSScenario

@Suite struct `A correct peer` {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Is accused of nothing over some thousand conversations`(seed: UInt64) {
        var fuzzing = MemoryFuzzing(seed: seed, runs: 2_000)
        fuzzing.run()
        expectNothing(fuzzing)
        #expect(fuzzing.engine.conversations == 2_000)
    }

    @Test func `Is accused of nothing where octets arrive one by one`() {
        var fuzzing = MemoryFuzzing(seed: 4, runs: 400)
        fuzzing.chunkLength = 1
        fuzzing.run()
        expectNothing(fuzzing)
    }

    @Test(arguments: [1, 65_536])
    func `May refuse messages of more than sixteen octets, also those that are not sent to their end`(
        chunkLength: Int
    ) {
        var fuzzing = MemoryFuzzing(seed: 6, runs: 1_000)
        fuzzing.chunkLength = chunkLength
        fuzzing.maximumMessageLength = 16
        fuzzing.run()
        expectNothing(fuzzing)
        #expect((fuzzing.verdicts[.informational] ?? 0) > 10, "\(fuzzing.verdicts)")
    }

    @Test func `Shows many different reactions, and passes most of what is played`() {
        var fuzzing = MemoryFuzzing(seed: 5, runs: 1_500)
        fuzzing.run()
        #expect(fuzzing.engine.reactions > 100)
        #expect((fuzzing.verdicts[.pass] ?? 0) > 1_000, "\(fuzzing.verdicts)")
        #expect((fuzzing.verdicts[.inconclusive] ?? 0) == 0, "\(fuzzing.verdicts)")
    }

    @Test func `The same seed plays the same conversations`() {
        func scenarios(_ seed: UInt64) -> [String] {
            var engine = FuzzEngine(FuzzEngine.Settings(seed: seed, runs: 64))
            return engine.next().map { "\($0.script)" }
        }
        #expect(scenarios(7) == scenarios(7))
        #expect(scenarios(7) != scenarios(8))
        #expect(Set(scenarios(7)).count > 50)
    }

    private func expectNothing(_ fuzzing: MemoryFuzzing) {
        for (scenario, judgement) in fuzzing.accused.prefix(3) {
            let lines = judgement.wireLines.map(\.text).joined(separator: "\n")
            Issue.record("\(scenario.title): \(judgement.reason)\n\(lines)\n\(scenario.script)")
        }
        #expect(fuzzing.engine.findings.isEmpty)
    }
}
