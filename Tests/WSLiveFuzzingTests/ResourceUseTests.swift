import Testing
import WSJudge
import WSLiveFuzzing
import WSScenario

@Suite struct `What a peer uses` {
    private static let usual = ResourceUse(memoryGrowth: 4_096, processor: 50_000_000)

    /// Plays a batch, and tells the engine what the peer used for it.
    ///
    /// - Returns: The scripts of the batch, by id.
    private func play(_ engine: inout FuzzEngine, using use: ResourceUse) -> [String: String] {
        let batch = engine.next()
        for scenario in batch {
            _ = engine.take(MemoryFuzzing.judgement(of: scenario), of: scenario.id)
        }
        engine.take(use)
        return Dictionary(uniqueKeysWithValues: batch.map { ($0.id, "\($0.script)") })
    }

    @Test(
        arguments: [
            ResourceUse(memoryGrowth: 64 << 20, processor: 0), ResourceUse(memoryGrowth: 0, processor: 30_000_000_000),
        ]
    )
    func `Much of it for a batch has the conversations of that played alone, once`(use: ResourceUse) {
        var engine = FuzzEngine(FuzzEngine.Settings(seed: 3, batch: 16))
        _ = play(&engine, using: Self.usual)
        _ = play(&engine, using: Self.usual)
        let heavy = play(&engine, using: use)
        #expect(heavy.count == 16)
        var alone: Set<String> = []
        for _ in 0..<16 {
            let played = play(&engine, using: Self.usual)
            #expect(played.count == 1)
            alone.formUnion(played.values)
        }
        #expect(alone == Set(heavy.values))
        #expect(engine.replays == 16 && engine.conversations == 48)
        // As heavy as before is no news.
        #expect(play(&engine, using: use).count == 16)
        #expect(play(&engine, using: Self.usual).count == 16)
    }

    @Test func `Much of it in the first batch says nothing`() {
        var engine = FuzzEngine(FuzzEngine.Settings(seed: 3, batch: 16))
        _ = play(&engine, using: ResourceUse(memoryGrowth: 64 << 20, processor: 0))
        #expect(play(&engine, using: Self.usual).count == 16)
    }

    @Test func `Memory that rises steadily is told for each conversation`() throws {
        var slope = MemorySlope()
        for batch in 0..<2_000 { slope.note(UInt64(50 << 20 + batch * 64 * 1_000), after: batch * 64) }
        let octets = try #require(slope.octetsOfConversation)
        #expect((900...1_100).contains(octets), "\(octets)")
    }

    @Test(arguments: [0, 1, 2])
    func `Memory that rises at first, falls again, or rises by little is not told`(form: Int) {
        var slope = MemorySlope()
        for batch in 0..<400 {
            let resident =
                switch form {
                case 0: min(batch, 90) << 20
                case 1: (batch % 150) << 20
                default: (50 << 20) + batch * 1_024
                }
            slope.note(UInt64(resident), after: batch * 64)
        }
        #expect(slope.octetsOfConversation == nil)
    }
}
