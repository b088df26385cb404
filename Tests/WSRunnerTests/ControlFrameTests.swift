import PeerTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `Control frames of the peer` {
    /// What has more than one step, without compression, to which the scripted peer does not agree.
    private static let sequences = Conversation.scenarios.filter {
        ($0.isLoad || $0.script.count > 1) && $0.compression == nil
    }

    @Test
    func `Pings are answered between frames, never inside one`() async {
        await Sweep.each(of: Self.sequences) { scenario in
            let pings = 5
            let peer = ScriptedPeer { event, answers in
                answers.behave(event)
                switch event {
                case .connected, .timer:
                    answers.count += 1
                    if answers.count > 1, !answers.hasClosed { answers.send(.ping, [UInt8(answers.count)]) }
                    if answers.count <= pings { answers.wait(.microseconds(340)) }
                default: break
                }
            }
            let link = Conversation.run(scenario, with: peer)
            let answered = link.server.seen.compactMap { event -> UInt8? in
                if case .pong(let payload) = event, payload.count == 1 { payload[0] } else { nil }
            }
            #expect(answered == answered.sorted())
            if let scenarioLegal = scenario.autobahn?.closedByTester, scenarioLegal, !scenario.id.hasPrefix("closing/")
            {
                #expect(!link.server.seen.contains { if case .violation = $0 { true } else { false } })
                #expect(Judge.judge(scenario, link.client.transcript).isClean)
            }
            let sent = Conversation.sentOctets(of: link.client.transcript, scenario: scenario, seed: 1, effort: .quick)
            #expect(sent == link.sentByClient)
        }
    }

    @Test func `A Ping inside our unfinished frame is answered once the frame is complete`() {
        let scenario = Conversation.scenario("utf8/fail-fast/pieces-between-code-points")
        let peer = ScriptedPeer { event, answers in
            if case .request = event {
                answers.behave(event)
                answers.wait(.milliseconds(20))
            }
            if event == .timer(0) { answers.send(.ping, [7]) }
            if case .violation(let rule) = event, rule != .invalidUTF8 { answers.reset() }
            if case .close = event { answers.behave(event) }
        }
        let link = Conversation.run(scenario, with: peer)
        #expect(link.server.seen.contains(.pong([7])))
        #expect(link.client.transcript.end == .finished)
    }

    @Test func `Our reply to a Close inside our unfinished frame stands behind the whole frame`() {
        let scenario = Conversation.scenario("utf8/fail-fast/pieces-inside-code-point")
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request:
                answers.behave(event)
                answers.wait(.milliseconds(150))
            case .timer: answers.sendClose(1007)
            case .close: answers.end()
            default: break
            }
        }
        let link = Conversation.run(scenario, with: peer)
        #expect(link.server.seen.last == .close(CloseBody(code: 1000)))
        let judgement = Judge.judge(scenario, link.client.transcript)
        #expect(judgement.isClean)
        #expect(judgement.autobahn?.behavior == "OK" && judgement.autobahn?.behaviorClose == "OK")
    }

    @Test(
        arguments: [
            [Answers.frame(.pong, [9]), Answers.frame(.text, Array("control".utf8))],
            [Answers.frame(.text, Array("control".utf8)), Answers.frame(.ping, [9])],
        ]
    )
    func `What comes in one segment with the 101 is read`(frames: [[UInt8]]) {
        var scenario = Catalogue.Controls.echo
        scenario.conclusion = .closeWhenComplete
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request(let head): answers.send(Answers.acceptance(of: head) + frames.flatMap(\.self))
            case .message: break
            default: answers.behave(event)
            }
        }
        let link = Conversation.run(scenario, with: peer)
        #expect(link.client.facts.isFulfilled)
        #expect(Judge.judge(scenario, link.client.transcript).isClean)
        #expect(link.client.transcript.duration < .milliseconds(10))
    }

    @Test func `Frames after the peer's Close call for nothing`() {
        let peer = ScriptedPeer { event, answers in
            if case .request(let head) = event {
                answers.send(
                    Answers.acceptance(of: head) + Answers.frame(.close, [3, 0xE8]) + Answers.frame(.ping, [1])
                        + Answers.frame(.close, [3, 0xE9])
                )
            }
            if case .close = event { answers.end() }
        }
        let link = Conversation.run(Catalogue.Controls.echo, with: peer)
        let closes = link.server.seen.filter { if case .close = $0 { true } else { false } }
        #expect(closes == [.close(CloseBody(code: 1000))])
        #expect(!link.server.seen.contains(.pong([1])))
    }

    @Test func `A late Pong behind the peer's Close is no answer to the late barrier`() {
        let scenario = Conversation.scenario("fragmentation/text-inside-text")
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request: answers.behave(event)
            case .ping(let payload):
                answers.send(Answers.frame(.close, [3, 0xEA]) + Answers.frame(.pong, payload))
            case .close: answers.end()
            default: break
            }
        }
        let link = Conversation.run(scenario, with: peer)
        #expect(!link.client.transcript.marks.contains(.lateBarrierAnswered))
        #expect(Judge.judge(scenario, link.client.transcript).verdict == .pass)
    }

    @Test(arguments: [0, 2, 5])
    func `Where only an outcome that takes anything is left, the Pong after a silence ends it`(surplus: Int) {
        var scenario = Catalogue.Controls.echo
        scenario.behaviour.append(.informational(.anything, "no text says what comes of it"))
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .message: answers.send(Answers.frame(.text, Array("something else".utf8)))
            case .ping(let payload):
                // A Pong may overtake messages.
                answers.send(Answers.frame(.pong, payload))
                for _ in 0..<surplus { answers.send(Answers.frame(.text, Array("more".utf8))) }
            default: answers.behave(event)
            }
        }
        let link = Conversation.run(scenario, with: peer)
        let transcript = link.client.transcript
        #expect(transcript.marks.contains(.lateBarrierAnswered))
        #expect(transcript.duration < .milliseconds(200))
        let judgement = Judge.judge(scenario, transcript)
        #expect(judgement.behaviour == .informational)
        #expect(judgement.closing == .pass)
    }

    @Test func `Where an echo can still come, nothing is asked after a silence`() {
        var scenario = Catalogue.Controls.echo
        scenario.behaviour.append(.informational(.anything, "no text says what comes of it"))
        let peer = ScriptedPeer { event, answers in
            if case .message = event { return }
            answers.behave(event)
        }
        let link = Conversation.run(scenario, with: peer)
        #expect(!link.client.transcript.marks.contains(.lateBarrierAnswered))
        #expect(link.client.transcript.duration >= .seconds(5))
    }

    @Test func `Events of one segment keep their order`() {
        let scenario = Scenario(
            id: "test/order",
            title: "",
            requirements: [],
            needs: .echo,
            script: [.send(FrameToSend(.ping, .text("p"))), .send(FrameToSend(.text, .text("m")))],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([.pong(.text("p")), .message(.text, .text("m"))]))],
            closing: [.conforms(.peerReplies(codes: nil))]
        )
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .ping: break
            case .message(let opcode, let octets):
                answers.send(Answers.frame(.pong, Array("p".utf8)) + Answers.frame(opcode, octets))
            default: answers.behave(event)
            }
        }
        let link = Conversation.run(scenario, with: peer)
        #expect(link.client.facts.isFulfilled)
        #expect(Judge.judge(scenario, link.client.transcript).verdict == .pass)
    }
}
