import Testing
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario

@Suite("The runner's conversations with the model server") struct RunnerTests {
    private static let hello = Payload.text("Hello")
    private static let large = Payload.repeating("*", length: 1_000_000)

    private static func scenario(
        _ id: String,
        _ script: [Step],
        expecting events: [ExpectedEvent],
        _ conclusion: Conclusion = .closeWhenComplete,
        closing: ClosingPattern = .peerReplies(codes: [1000])
    ) -> Scenario {
        Scenario(
            id: id,
            title: id,
            requirements: ["RFC6455-6.2-01"],
            needs: .echo,
            script: script,
            conclusion: conclusion,
            behaviour: [.conforms(.events(events))],
            closing: [.conforms(closing)]
        )
    }

    static let fulfilled = [
        scenario("test/echo", [.send(FrameToSend(.text, hello))], expecting: [.message(.text, hello)]),
        scenario("test/pong", [.send(FrameToSend(.ping, hello))], expecting: [.pong(hello)]),
        scenario(
            "test/fragments",
            [
                .sendMessage(MessageToSend(.binary, large, fragmentLength: 70_000)),
                .send(FrameToSend(.ping, hello, pacing: .pieces(1))),
            ],
            expecting: [.message(.binary, large), .pong(hello)]
        ),
        scenario(
            "test/barrier",
            [
                .send(FrameToSend(.text, hello, fin: false)), .barrier(tag: "A", pings: 2),
                .send(FrameToSend(.continuation, hello)),
            ],
            expecting: [.stillOpen(tag: "A"), .message(.text, .text("HelloHello"))]
        ),
        scenario(
            "test/loop",
            [.echoLoop(EchoLoop(.binary, .repeating("*", length: 70_000), fullCount: 9, quickCount: 4))],
            expecting: [.echoes(.binary, .repeating("*", length: 70_000))]
        ),
    ]

    @Test("are fulfilled by the server without defects", arguments: fulfilled, [1, 65_536])
    func fulfil(scenario: Scenario, chunkLength: Int) throws {
        // The link in memory takes long to drip what is large.
        let isLarge = scenario.id == "test/fragments" || scenario.id == "test/loop"
        let machine = try run(scenario, [], chunkLength: isLarge ? max(997, chunkLength) : chunkLength)
        #expect(machine.facts.server == "wsconform/0.1.0")
        #expect(machine.facts.isFulfilled)
    }

    @Test("are not fulfilled where a defect is in the way")
    func catchDefects() throws {
        let echo = Self.fulfilled[0]
        for defect in [ModelDefect.dropsEcho, .corruptsEcho, .wrongEchoType, .truncatesEcho, .wrongAccept] {
            let isFulfilled = try run(echo, [defect]).facts.isFulfilled
            // The accept key is the judge's business: the conversation goes on, and the transcript shows it.
            #expect(isFulfilled == (defect == .wrongAccept), "\(defect)")
        }
        #expect(try run(Self.fulfilled[1], [.neverPongs]).facts.isFulfilled == false)
    }

    private func run(
        _ scenario: Scenario,
        _ defects: Set<ModelDefect>,
        chunkLength: Int = 65_536
    ) throws -> ConversationMachine {
        let settings = ConversationSettings(target: try TargetURL("ws://localhost"))
        var link = InMemoryLink(
            client: ConversationMachine(scenario: scenario, settings: settings),
            server: ModelServer(ModelServerSettings(defects: defects)),
            chunkLength: chunkLength
        )
        link.run()
        return link.client
    }
}
