import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `A Pong with other octets than its Ping` {
    private static let pings = [
        "ping/125-octets", "ping/ten", "ping/text-body", "ping/100-at-once", "ping/every-length",
    ]

    private static func run(
        _ id: String,
        _ settings: ConversationSettings = Conversation.settings(),
        _ react: @escaping @Sendable (ScriptedPeer.Event, inout Answers) -> Void
    ) -> (machine: ConversationMachine, judgement: Judgement) {
        let scenario = Conversation.scenario(id)
        let link = Conversation.run(scenario, with: ScriptedPeer(react), settings: settings)
        return (link.client, Judge.judge(scenario, link.client.transcript))
    }

    @Test(arguments: pings)
    func `ends the waiting at once, and is what is told`(id: String) throws {
        let (machine, judgement) = Self.run(id) { event, answers in
            guard case .ping(let payload) = event else { return answers.behave(event) }
            answers.send(.pong, payload.map { $0 ^ 0x55 })
        }
        #expect(machine.transcript.duration < .milliseconds(300))
        #expect(machine.transcript.marks.contains(.gaveUp(.wrongPong)))
        #expect(judgement.verdict == .fail)
        let finding = try #require(judgement.findings.first)
        #expect(finding.requirement == "RFC6455-5.5.3-01")
        #expect(finding.reason.hasPrefix("sent a Pong with other octets than its Ping: "))
        #expect(finding.evidence.first?.direction == .received)
    }

    @Test(arguments: [0, 1, 3])
    func `is told of one that is cut short, too`(kept: Int) {
        let (machine, judgement) = Self.run("ping/text-body") { event, answers in
            guard case .ping(let payload) = event else { return answers.behave(event) }
            answers.send(.pong, Array(payload.prefix(kept)))
        }
        #expect(machine.transcript.duration < .seconds(1))
        #expect(judgement.findings.first?.requirement == "RFC6455-5.5.3-01")
    }

    @Test(arguments: [true, false])
    func `is told of a client`(isWhole: Bool) throws {
        let scenario = Conversation.scenario("ping/text-body")
        let settings = try #require(ModelClientSettings(playing: scenario, defects: [.wrongPongPayload]))
        let link = Conversation.run(scenario, against: ModelClient(settings), chunkLength: isWhole ? 65_536 : 1)
        let judgement = Judge.judge(scenario, link.server.transcript)
        #expect(link.server.transcript.duration < .milliseconds(300))
        #expect(judgement.findings.first?.requirement == "RFC6455-5.5.3-01")
    }

    @Test(
        arguments: [[], [1], Array("heartbeat".utf8), Array(repeating: 7, count: 125)],
        ["ping/125-octets", "ping/ten"]
    )
    func `is none that comes of the peer's own accord before the right one`(heartbeat: [UInt8], id: String) {
        let (machine, judgement) = Self.run(id) { event, answers in
            if case .ping = event { answers.send(.pong, heartbeat) }
            answers.behave(event)
        }
        #expect(judgement.isClean)
        #expect(machine.facts.isFulfilled)
    }

    @Test func `is none where the peer is slow and its heart beats fast`() {
        let scenario = Conversation.scenario("ping/125-octets")
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request: answers.behave(event)
            case .ping(let payload):
                answers.count = payload.count
                answers.wait(.milliseconds(10))
                answers.wait(.milliseconds(400), timer: 1)
            case .timer(0):
                answers.send(.pong, Array(repeating: 0, count: 125))
                answers.wait(.milliseconds(10))
            case .timer: answers.send(.pong, scenario.script.pingPayload)
            default: answers.behave(event)
            }
        }
        let link = Conversation.run(scenario, with: peer, latency: .milliseconds(200))
        #expect(Judge.judge(scenario, link.client.transcript).isClean)
    }

    @Test func `is none where only the most recent of several Pings is answered`() {
        let (_, judgement) = Self.run("ping/ten") { event, answers in
            guard case .ping(let payload) = event else { return answers.behave(event) }
            answers.count += 1
            if answers.count == 1 { answers.send(.pong, Array(repeating: 9, count: payload.count)) }
            if answers.count == 10 { answers.send(.pong, payload) }
        }
        #expect(judgement.verdict == .informational)
    }

    @Test func `is told where one of many is wrong, without waiting for long`() {
        let (machine, judgement) = Self.run("ping/ten") { event, answers in
            guard case .ping(let payload) = event else { return answers.behave(event) }
            answers.count += 1
            answers.send(.pong, answers.count == 10 ? payload.map { $0 ^ 1 } : payload)
        }
        #expect(machine.transcript.duration < .milliseconds(300))
        #expect(judgement.findings.first?.requirement == "RFC6455-5.5.3-01")
    }

    @Test func `has to be missed for half a second where we make sure`() {
        var settings = Conversation.settings()
        settings.patience = .confirming
        let (machine, judgement) = Self.run("ping/text-body", settings) { event, answers in
            guard case .ping(let payload) = event else { return answers.behave(event) }
            answers.send(.pong, payload.map { $0 ^ 0x55 })
        }
        #expect(machine.transcript.duration >= .milliseconds(500))
        #expect(judgement.findings.first?.requirement == "RFC6455-5.5.3-01")
    }

    @Test func `is the first thing that a whole run shows, and none of its conversations waits for long`() async {
        let target = MemoryTarget { _ in
            .peer(
                ScriptedPeer { event, answers in
                    guard case .ping(let payload) = event else { return answers.behave(event) }
                    answers.send(.pong, payload.map { $0 ^ 0x55 })
                }
            )
        }
        let (ending, log) = await MemoryRun.run(target)
        #expect(ending == .complete)
        for id in ["ping/ten"] { #expect(log.judgement(id)?.findings.first?.requirement == "RFC6455-5.5.3-01") }
        #expect(log.final.values.allSatisfy { ($0.transcript?.duration ?? .milliseconds(0)) < .seconds(3) })
    }
}

extension [Step] {
    /// The payload of the first Ping.
    fileprivate var pingPayload: [UInt8] {
        lazy.compactMap { step -> [UInt8]? in
            if case .send(let frame) = step, frame.opcode == .ping { frame.payload.octets } else { nil }
        }.first ?? []
    }
}
