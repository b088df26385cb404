import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `A peer that is slow and conforms` {
    /// A server that takes a while for each frame that it sends.
    ///
    /// - Parameters:
    ///   - pace: The time for each frame.
    ///   - frames: The frames with which it answers an event.
    /// - Returns: The server.
    private static func peer(
        _ pace: LinkDuration,
        _ frames: @escaping @Sendable (ScriptedPeer.Event) -> [[UInt8]]
    ) -> ScriptedPeer {
        ScriptedPeer { event, answers in
            if case .request = event { return answers.behave(event) }
            for frame in frames(event) { answers.send(frame, after: pace) }
            if case .close = event { answers.send([], after: .milliseconds(0)) }
        }
    }

    /// The frames with which a correct server answers an event.
    private static func correct(_ event: ScriptedPeer.Event) -> [[UInt8]] {
        switch event {
        case .message(let opcode, let octets): [Answers.frame(opcode, octets)]
        case .ping(let payload): [Answers.frame(.pong, payload)]
        case .close(let body): [Answers.frame(.close, CloseBody(code: body.code, reason: []).encoded)]
        default: []
        }
    }

    /// The same, and a Pong for each Pong.
    private static func answeringPongs(_ event: ScriptedPeer.Event) -> [[UInt8]] {
        if case .pong(let payload) = event { [Answers.frame(.pong, payload)] } else { correct(event) }
    }

    /// An echo of a message of two octets with a thousand empty frames inside.
    private static func frameByFrame(_ event: ScriptedPeer.Event) -> [[UInt8]] {
        guard case .message(let opcode, let octets) = event else { return correct(event) }
        let inside = [[UInt8]](repeating: Answers.frame(.continuation, fin: false), count: 1000)
        return [Answers.frame(opcode, [octets[0]], fin: false)] + inside + [Answers.frame(.continuation, [octets[1]])]
    }

    private static func run(
        _ id: String,
        _ peer: ScriptedPeer,
        _ settings: ConversationSettings = Conversation.settings()
    ) -> (machine: ConversationMachine, judgement: Judgement) {
        let scenario = Conversation.scenario(id)
        let link = Conversation.run(scenario, with: peer, settings: settings)
        return (link.client, Judge.judge(scenario, link.client.transcript))
    }

    private static var confirming: ConversationSettings {
        var settings = Conversation.settings()
        settings.patience = .confirming
        return settings
    }

    private static var waitingForever: ConversationSettings { Conversation.settings(idleTimeout: .forever) }

    // MARK: - Overtaken echoes

    @Test func `that sends a wrong echo behind a Pong is accused of that, and not of the Pong`() throws {
        let scenario = Scenario.generated(
            "fuzz/test",
            "A message, a Ping, and a Ping that is cut",
            script: [
                .send(FrameToSend(.binary, .octets([1, 2, 3]))), .send(FrameToSend(.ping, .text("p"))),
                .send(FrameToSend(.ping, claimedLength: 4)),
            ],
            answers: [.message(.binary, .octets([1, 2, 3])), .pong(.text("p"))],
            fate: .unfinished,
            isCompressed: false
        )
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .message: break
            case .ping(let payload):
                answers.send(.pong, payload)
                answers.send(.binary, [1, 2])
            default: answers.behave(event)
            }
        }
        let link = Conversation.run(scenario, with: peer)
        let judgement = Judge.judge(scenario, link.client.transcript)
        let finding = try #require(judgement.findings.first, "\(judgement.wire)")
        #expect(finding.requirement == "RFC6455-6.2-01" && finding.reasonKey == "echo-wrong", "\(finding.reason)")
    }

    // MARK: - Unsolicited Pongs

    @Test(arguments: [4, 700, 2_000])
    func `may answer each of our Pongs with a Pong before it answers the Ping behind them`(milliseconds: Int64) {
        for settings in [Conversation.settings(), Self.confirming, Self.waitingForever] {
            // The slow ones get a single Pong, so that they are through before the time of the conversation is over.
            let scenario = Conversation.scenario(
                milliseconds == 4 ? "ping/1000-unsolicited-pongs" : "ping/unsolicited-pong-then-ping"
            )
            let peer = Self.peer(.milliseconds(milliseconds), Self.answeringPongs)
            let link = Conversation.run(scenario, with: peer, settings: settings)
            // That no answer to a Pong is expected, and that an answer to Close came late, is tolerated.
            #expect(Judge.judge(scenario, link.client.transcript).verdict == .tolerated)
            #expect(link.client.facts.isFulfilled)
        }
    }

    @Test func `may send other Pongs of its own for seconds before the right one`() {
        let (machine, judgement) = Self.run(
            "ping/125-octets",
            Self.peer(.milliseconds(40)) { event in
                guard case .ping(let payload) = event else { return Self.correct(event) }
                let beats = (0..<100).map { Answers.frame(.pong, Array("beat \($0)".utf8)) }
                return beats + [Answers.frame(.pong, payload)]
            }
        )
        #expect(machine.transcript.duration > .seconds(4))
        #expect(judgement.isClean)
        #expect(machine.facts.isFulfilled)
    }

    @Test func `is told apart from one that answers our Pongs and then the Ping with other octets`() throws {
        let (machine, judgement) = Self.run(
            "ping/1000-unsolicited-pongs",
            Self.peer(.milliseconds(1)) { event in
                guard case .ping(let payload) = event else { return Self.answeringPongs(event) }
                return [Answers.frame(.pong, payload.map { $0 ^ 0x55 })]
            }
        )
        #expect(machine.transcript.duration < .seconds(2))
        #expect(machine.transcript.marks.contains(.gaveUp(.wrongPong)))
        let finding = try #require(judgement.findings.first)
        #expect(judgement.verdict == .fail)
        #expect(finding.requirement == "RFC6455-5.5.3-01")
        #expect(!finding.reason.contains("unsolicited"), "\(finding.reason)")
    }

    @Test func `cannot hide a wrong Pong among more copies of our Pongs than we sent`() {
        let (machine, judgement) = Self.run(
            "ping/unsolicited-pong-then-ping",
            Self.peer(.milliseconds(1)) { event in
                guard case .ping = event else { return Self.answeringPongs(event) }
                return [Answers.frame(.pong, Array("unsolicited pong payload".utf8))]
            }
        )
        #expect(machine.transcript.duration < .seconds(2))
        #expect(judgement.verdict == .fail)
        #expect(judgement.findings.first?.requirement == "RFC6455-5.5.3-01")
    }

    // MARK: - The whole time of a conversation

    @Test(arguments: ["ping/100-at-once", "fragmentation/1000-empty-continuations", "ping/1000-unsolicited-pongs"])
    func `is not failed for the whole time that it takes, and --timeout never waits for it`(id: String) throws {
        let pace = LinkDuration.milliseconds(id == "ping/100-at-once" ? 310 : 32)
        let answer = id.hasPrefix("ping") ? Self.answeringPongs : Self.frameByFrame
        let (machine, judgement) = Self.run(id, Self.peer(pace, answer))
        #expect(machine.transcript.duration >= .seconds(30) && machine.transcript.duration < .seconds(32))
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.reason.hasPrefix("took longer than 30 s"), "\(judgement.reason)")
        #expect(judgement.reason.hasSuffix("raise --timeout"), "\(judgement.reason)")
        #expect(judgement.findings.allSatisfy { $0.verdict != .fail })
        #expect(machine.facts.missing == nil)
        #expect(machine.facts.mayBeDecidedByTime(Conversation.settings()))

        let raised = Self.run(id, Self.peer(pace, answer), Conversation.settings(idleTimeout: .seconds(6)))
        #expect(raised.judgement.verdict == (id == "ping/1000-unsolicited-pongs" ? .tolerated : .pass))
        let unlimited = Self.run(id, Self.peer(pace, answer), Self.waitingForever)
        #expect(unlimited.judgement.verdict == raised.judgement.verdict)
        #expect(unlimited.machine.facts.isFulfilled)
    }

    @Test func `is not failed where only its answer to Close is left at the end of that time`() {
        let scenario = Conversation.scenario("ping/100-at-once")
        // The last Pong comes after 29.9 seconds, and the answer to Close after 30.2.
        let (machine, judgement) = Self.run(scenario.id, Self.peer(.milliseconds(299), Self.correct))
        #expect(machine.facts.isFulfilled)
        #expect(judgement.behaviour == .pass)
        #expect(judgement.closing == .inconclusive)
    }

    @Test func `is tried again alone before it is told that it took too long`() async {
        let scenario = Conversation.scenario("ping/100-at-once")
        for isSlowAgain in [false, true] {
            let target = MemoryTarget { connection in
                guard connection.scenario == scenario.id, connection.earlier == 0 || isSlowAgain else { return .model }
                return .peer(Self.peer(.milliseconds(310), Self.correct))
            }
            let (ending, log) = await MemoryRun.run(target, scenarios: MemoryRun.few + [scenario])
            #expect(ending == .complete)
            #expect(log.blemishes == (isSlowAgain ? [scenario.id: .inconclusive] : [:]))
            #expect(target.connections.count { $0 == scenario.id } == 2)
        }
    }

    @Test func `is told apart from one that sends for as long and gets no further`() {
        let (machine, judgement) = Self.run(
            "ping/100-at-once",
            ScriptedPeer { event, answers in
                switch event {
                case .ping: answers.wait(.milliseconds(300))
                case .timer:
                    answers.send(.ping, [7])
                    answers.wait(.milliseconds(300))
                default: answers.behave(event)
                }
            }
        )
        #expect(machine.transcript.duration >= .seconds(30))
        #expect(machine.transcript.marks.contains(.gaveUp(.deadline)))
        #expect(judgement.verdict == .fail)
    }

    @Test func `is told apart from one that goes on for a while and then falls silent`() {
        let (machine, judgement) = Self.run(
            "ping/100-at-once",
            ScriptedPeer { event, answers in
                guard case .ping(let payload) = event else { return answers.behave(event) }
                answers.count += 1
                if answers.count <= 50 { answers.send(Answers.frame(.pong, payload), after: .milliseconds(310)) }
            }
        )
        #expect(machine.transcript.duration < .seconds(23))
        #expect(machine.transcript.marks.contains(.gaveUp(.deadline)))
        #expect(judgement.verdict == .fail)
    }
}
