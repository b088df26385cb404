import Foundation
import PeerTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `A scenario played once more with Autobahn's own waits` {
    private static let playedTwice = Catalogue.all.filter(\.canBePlayedTwice)

    private static let numbers = [
        "5.1", "5.12", "5.13", "5.14", "5.16", "5.17", "5.18", "5.2", "6.4.1", "6.4.2",
    ]

    private static func asAutobahn(_ settings: ConversationSettings) -> ConversationSettings {
        var settings = settings
        settings.waitsAsAutobahn = true
        return settings
    }

    /// What comes of both plays against the model server, or the model client.
    private static func judge(
        _ scenario: Scenario,
        _ defects: Set<ModelDefect>,
        isClient: Bool
    ) throws -> (first: Judgement, both: Judgement, second: Transcript) {
        let (first, second): (Transcript, Transcript)
        if isClient {
            let client = ModelClient(try #require(ModelClientSettings(playing: scenario, defects: defects)))
            let settings = Conversation.serverSettings()
            first = Conversation.run(scenario, against: client, settings: settings).server.transcript
            second = Conversation.run(scenario, against: client, settings: asAutobahn(settings)).server.transcript
        } else {
            let server = ModelServer(ModelServerSettings(defects: defects))
            let settings = Conversation.settings()
            first = Conversation.run(scenario, with: server, settings: settings).client.transcript
            second = Conversation.run(scenario, with: server, settings: asAutobahn(settings)).client.transcript
        }
        return (Judge.judge(scenario, first), Judge.judge(scenario, first, asAutobahn: second), second)
    }

    @Test func `is one in which a message, a frame or a fragment is open at a wait`() {
        let numbers = Self.playedTwice.compactMap(\.autobahn?.number).sorted()
        #expect(numbers == Self.numbers)
    }

    @Test
    func `has no Ping of ours in it, and says so in its header`() async {
        await Sweep.each(of: Self.playedTwice, and: [false, true]) { scenario, isClient in
            let second = try Self.judge(scenario, [], isClient: isClient).second
            #expect(second.header.waitsAsAutobahn == true)
            #expect(
                !second.marks.contains { mark in
                    switch mark {
                    case .barrierSent, .lateBarrierSent: true
                    default: false
                    }
                }
            )
            let read = try TranscriptText.decode(Data(TranscriptText.encode(second)))
            #expect(read.header == second.header)
        }
    }

    @Test
    func `gives a correct peer the verdict that it has anyway`() async {
        await Sweep.each(of: Self.playedTwice, and: [false, true]) { scenario, isClient in
            let (first, both, _) = try Self.judge(scenario, [], isClient: isClient)
            #expect(first.autobahn?.behavior == both.autobahn?.behavior)
            #expect(first.autobahn?.behaviorClose == both.autobahn?.behaviorClose)
            #expect(first.verdict == both.verdict && first.reason == both.reason)
        }
    }

    @Test(arguments: ["6.4.1", "6.4.2"], [false, true])
    func `decides Autobahn's verdict alone where a Pong has an open message in it`(
        number: String,
        isClient: Bool
    ) throws {
        let scenario = try #require(Self.playedTwice.first { $0.autobahn?.number == number })
        let (first, both, _) = try Self.judge(scenario, [.gluesMessageIntoPong], isClient: isClient)
        #expect(first.autobahn?.behavior == "FAILED")
        #expect(both.autobahn?.behavior == "OK")
        #expect(both.verdict == first.verdict && both.reason == first.reason)
    }

    @Test(arguments: ["6.4.1", "6.4.2"], [false, true])
    func `decides Autobahn's verdict alone where a Ping puts an end to the check of UTF-8`(
        number: String,
        isClient: Bool
    ) throws {
        let scenario = try #require(Self.playedTwice.first { $0.autobahn?.number == number })
        let (first, both, _) = try Self.judge(scenario, [.lateUTF8CheckAfterPing], isClient: isClient)
        #expect(first.autobahn?.behavior == "NON-STRICT")
        #expect(both.autobahn?.behavior == "OK")
    }

    /// What a run against a server makes of a scenario, as it is played by the tool itself.
    private static func result(
        of scenario: Scenario,
        _ defects: Set<ModelDefect>
    ) async -> (result: ConversationResult?, plays: Int) {
        let target = MemoryTarget { $0.scenario == scenario.id ? .defective(defects) : .model }
        let log = RunLog()
        let run = TestRun(
            plan: RunPlan(
                scenarios: [scenario],
                control: Catalogue.Controls.echo,
                controlWithoutEcho: Catalogue.Controls.ping,
                settings: Conversation.settings(),
                jobs: 1
            ),
            dialer: target,
            makeSidecar: { _ in nil },
            wallClock: { 7 },
            playsTwice: { RunLog.judgement(of: $0)?.autobahn?.behavior != "OK" },
            isSameToAutobahn: { first, second in
                RunLog.judgement(of: first)?.autobahn?.behavior == RunLog.judgement(of: second)?.autobahn?.behavior
            },
            handle: { log.add($0) }
        )
        #expect(await run.run() == .complete)
        return (log.final[scenario.id], target.connections.count { $0 == scenario.id })
    }

    @Test(arguments: ["6.4.1", "6.4.2"])
    func `does without Autobahn's waits where it comes to the same with no Ping at all`(number: String) async throws {
        let scenario = try #require(Self.playedTwice.first { $0.autobahn?.number == number })
        let (result, plays) = await Self.result(of: scenario, [.lateUTF8Check])
        let first = try #require(result)
        #expect(RunLog.judgement(of: first)?.autobahn?.behavior == "NON-STRICT")
        #expect(first.autobahnTranscript == nil)
        #expect(plays == 2)
    }

    @Test(arguments: ["6.4.1", "6.4.2"], [ModelDefect.gluesMessageIntoPong, .lateUTF8CheckAfterPing])
    func `has Autobahn's waits where a Ping has changed something`(number: String, defect: ModelDefect) async throws {
        let scenario = try #require(Self.playedTwice.first { $0.autobahn?.number == number })
        let (result, plays) = await Self.result(of: scenario, [defect])
        let second = try #require(result?.autobahnTranscript)
        #expect(second.header.waitsAsAutobahn == true)
        #expect(second.duration >= .seconds(1))
        #expect(Judge.judge(scenario, second).autobahn?.behavior == "OK")
        #expect(plays == 3)
    }

    @Test func `has Autobahn's waits where a Ping has to be sent behind the script`() async throws {
        let scenario = try #require(Self.playedTwice.first { $0.autobahn?.number == "5.1" })
        let (result, plays) = await Self.result(of: scenario, [.swallowsFragmentedControl])
        #expect(result?.autobahnTranscript?.header.waitsAsAutobahn == true)
        #expect(plays == 2)
    }

    @Test func `comes of a run where it is asked for, and only there`() async throws {
        let scenario = try #require(Self.playedTwice.first { $0.autobahn?.number == "6.4.1" })
        let scenarios = MemoryRun.few + [scenario]
        let log = RunLog()
        let run = TestRun(
            plan: RunPlan(
                scenarios: scenarios,
                control: Catalogue.Controls.echo,
                controlWithoutEcho: Catalogue.Controls.ping,
                settings: Conversation.settings(),
                jobs: 4
            ),
            dialer: MemoryTarget { _ in .model },
            makeSidecar: { _ in nil },
            wallClock: { 7 },
            playsTwice: { _ in true },
            handle: { log.add($0) }
        )
        #expect(await run.run() == .complete)
        let twice = log.final.values.filter { $0.autobahnTranscript != nil }.map(\.scenario.id)
        #expect(Set(twice) == Set(scenarios.filter(\.canBePlayedTwice).map(\.id)))
        #expect(twice.contains(scenario.id) && twice.count < scenarios.count)
    }
}
