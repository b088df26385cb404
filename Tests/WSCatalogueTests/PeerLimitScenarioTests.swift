import TestSupport
import Testing
import WSCatalogue
import WSDeflate
import WSProtocol
import WSScenario

/// The scenarios that are made for a peer's limit have just the lengths that they say.
@Suite struct PeerLimitScenarioTests {
    private static let sweeps = Catalogue.all.filter { $0.limitSweep != nil }
    private static let makers = Catalogue.PeerLimits.forRuns

    /// The lengths of the messages of a script, inflated, and whether all of them are the letter of the text.
    private func lengths(_ scenario: Scenario) -> [Int] {
        var inflater = Inflater()
        var lengths: [Int] = []
        var content: [UInt8] = []
        for step in scenario.script {
            let frames: [FrameToSend] =
                switch step {
                case .send(let frame): [frame]
                case .sendRun(let run): Array(repeating: run.frame, count: run.count)
                default: []
                }
            for frame in frames {
                inflater.inflate(frame.payload.octets.span, into: &content)
                guard frame.fin else { continue }
                let message = inflater.endMessage(into: &content)
                #expect(message.isWellFormed)
                #expect(content.allSatisfy { $0 == UInt8(ascii: "l") })
                lengths.append(content.count)
                content = []
            }
        }
        return lengths
    }

    @Test(arguments: [1, 2, 3, 300, 301, 1_000, 65_536])
    func `Each trial has the limit or up to 300 octets more, in the frames that the title says`(limit: Int) async {
        await Sweep.each(of: Self.sweeps.filter { $0.limitSweep?.quickTrials != 1 }) { scenario in
            let trials = Self.makers.trials(of: scenario, limit: limit, effort: .full).map { $0() }
            let fragments = scenario.id.hasSuffix("three-fragments") ? 3 : 1
            var above: Set<Int> = []
            for (index, trial) in trials.enumerated() {
                let lengths = lengths(trial)
                #expect(lengths.count == 1 && trial.script.count == fragments)
                #expect(trial.limitSweep?.limit == limit && trial.limitSweep?.trial == index)
                #expect(trial.id == scenario.id && trial.references == scenario.references)
                above.insert(lengths[0] - limit)
            }
            #expect(above == Set(0...300))
            #expect(lengths(trials[0]) == [limit])
        }
    }

    @Test(arguments: [1, 65_536, 1_048_576])
    func `A bomb is larger than the limit, and many small messages are not`(limit: Int) throws {
        let bomb = try #require(Catalogue.scenario("compression/peer-limit/sixteen-times"))
        #expect(lengths(Self.makers.make(bomb, limit, 0)) == [16 * limit])
        let small = try #require(Catalogue.scenario("compression/peer-limit/many-below"))
        let several = lengths(Self.makers.make(small, limit, 0))
        #expect(several.count >= 64 && several.allSatisfy { $0 <= limit })
    }

    @Test func `Large messages have few octets on the wire`() throws {
        let scenario = try #require(Catalogue.scenario("compression/peer-limit/one-frame"))
        for trial in Self.makers.trials(of: scenario, limit: 64 << 20, effort: .quick).map({ $0() }) {
            let sent = trial.script.reduce(0) { if case .send(let frame) = $1 { $0 + frame.payload.count } else { $0 } }
            #expect(sent < 80_000)
        }
    }

    @Test func `A sweep has fewer trials of larger messages, and more with full effort`() {
        let sweep = LimitSweep(quickTrials: 8, fullTrials: 900, trial: 0)
        #expect(sweep.trialCount(limit: 65_536, effort: .quick) == 8)
        #expect(sweep.trialCount(limit: 16 << 20, effort: .quick) == 4)
        #expect(sweep.trialCount(limit: 64 << 20, effort: .quick) == 2)
        #expect(sweep.trialCount(limit: 65_536, effort: .full) == 900)
        #expect(LimitSweep(quickTrials: 1, fullTrials: 1, trial: 0).trialCount(limit: 1, effort: .full) == 1)
    }

    @Test func `A scenario that depends on no limit is made as it is`() throws {
        let scenario = try #require(Catalogue.scenario("ping/empty"))
        #expect(Self.makers.make(scenario, 1_000, 0) == scenario)
        #expect(Self.makers.trials(of: scenario, limit: 1_000, effort: .quick).count == 1)
    }
}
