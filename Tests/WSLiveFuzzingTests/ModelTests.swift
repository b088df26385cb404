import Testing
import WSCatalogue
import WSJudge
import WSLiveFuzzing
import WSProtocol
import WSScenario

extension Payload {
    /// The body of a Close frame with a code alone.
    fileprivate static func code(_ code: UInt16) -> Payload {
        .octets([UInt8(code >> 8), UInt8(truncatingIfNeeded: code)])
    }
}

@Suite struct `What has to become of generated frames` {
    private func scenario(_ frames: FrameToSend..., for peer: FuzzConversation.Peer = .init()) throws -> Scenario {
        try #require(FuzzConversation(frames: frames).scenario("fuzz/test", for: peer))
    }

    @Test func `Valid messages and Pings are answered in order, and Close ends it`() throws {
        let scenario = try scenario(FrameToSend(.text, .text("a")), FrameToSend(.ping, .text("b")), FrameToSend(.pong))
        #expect(scenario.conclusion == .closeWhenComplete)
        #expect(scenario.expectedEvents == [.message(.text, .text("a")), .pong(.text("b"))])
        #expect(scenario.needs == .echo)
        #expect(scenario.requirements.first == "RFC6455-6.2-01")
    }

    @Test func `A violation fails the connection, and two frames behind it show whether the peer goes on`() throws {
        let scenario = try scenario(
            FrameToSend(.text, .text("a")),
            FrameToSend(.ping, rsv: 1),
            FrameToSend(.ping),
            FrameToSend(.ping),
            FrameToSend(.ping)
        )
        #expect(scenario.conclusion == .peerFails(lateBarrier: true))
        #expect(scenario.expectedEvents == [.message(.text, .text("a"))])
        #expect(scenario.script.count == 4)
        #expect(scenario.requirements.first == "RFC6455-5.2-03")
    }

    @Test func `Nothing is sent behind text that is wrong, which a peer may look at later than at a Ping`() throws {
        let scenario = try scenario(
            FrameToSend(.ping, .text("a")),
            FrameToSend(.text, .octets([0xC5])),
            FrameToSend(.ping, .text("b"))
        )
        #expect(scenario.conclusion == .peerFails(lateBarrier: true))
        #expect(scenario.script.count == 2)
        #expect(scenario.requirements.first == "RFC6455-8.1-01")
    }

    @Test func `Nothing is sent behind a valid Close frame, which is answered with its code or 1000`() throws {
        let scenario = try scenario(FrameToSend(.close, .code(4000)), FrameToSend(.text, .text("a")))
        #expect(scenario.script == [.startClosingHandshake(body: .code(4000))])
        #expect(scenario.closing.first?.pattern == .peerReplies(codes: [1000, 1005, 4000]))
    }

    @Test func `A frame that is not complete ends with our FIN, and need not be looked at`() throws {
        let frame = FrameToSend(.text, .text("a"), rsv: 7, claimedLength: 9)
        let scenario = try scenario(frame)
        #expect(scenario.script == [.send(frame), .endOutput])
        #expect(scenario.conclusion == .awaitEnd)
        var secured = FuzzConversation.Peer()
        secured.transport = .tls
        #expect(FuzzConversation(frames: [frame]).scenario("fuzz/test", for: secured) == nil)
    }

    @Test func `A request of HTTP/1.1 is sent over HTTP/1.1 alone`() throws {
        let base = try #require(FuzzHandshake.bases(for: .server).first).id
        let conversation = FuzzConversation(frames: [], handshake: FuzzHandshake(base: base))
        for transport in Transport.allCases {
            let scenario = conversation.scenario("fuzz/test", for: FuzzConversation.Peer(transport: transport))
            #expect((scenario == nil) == (transport == .http2))
        }
    }

    @Test func `What binds the sender alone is left open`() throws {
        for frame in [
            FrameToSend(.text, .text("a"), lengthEncoding: .bits16), FrameToSend(.close, .code(1012)),
        ] {
            let scenario = try scenario(frame)
            #expect(scenario.behaviour == [.conforms(.anything)] && scenario.closing == [.conforms(.anything)])
        }
    }

    @Test func `Text that is wrong and not complete is left open, because it may be refused at once or at its end`()
        throws
    {
        let start = FrameToSend(.text, .octets([0xFF]), fin: false)
        #expect(try scenario(start).behaviour == [.conforms(.anything)])
        let whole = try scenario(start, FrameToSend(.ping, .text("p")), FrameToSend(.continuation))
        #expect(whole.conclusion == .peerFails(lateBarrier: true))
        // Whoever looks at the end has answered the Ping before.
        #expect(whole.expectedEvents == [.pong(.text("p"))])
        #expect(whole.behaviour.contains { $0.grade == .informational && $0.pattern == .someOf([.pong(.text("p"))]) })
    }

    @Test func `Messages of a type that does not come back are left open`() throws {
        let peer = FuzzConversation.Peer(echoes: [.text])
        #expect(try scenario(FrameToSend(.binary), for: peer).behaviour == [.conforms(.anything)])
        #expect(try scenario(FrameToSend(.text), for: peer).expectedEvents == [.message(.text, .empty)])
    }

    @Test func `Frames behind one with a wrong length are left out`() {
        var conversation = FuzzConversation(
            frames: [FrameToSend(.text, .text("a"), claimedLength: 0), FrameToSend(.ping)]
        )
        conversation.bound()
        #expect(conversation.frames.count == 1)
    }

    @Test func `An empty Pong that comes before the violation is sent is no sign that the peer goes on`() throws {
        var scenario = try scenario(FrameToSend(.ping), FrameToSend(.ping, rsv: 1))
        scenario.script.insert(.pause(milliseconds: 20), at: 1)
        let judgement = MemoryFuzzing.judgement(of: scenario)
        #expect(judgement.verdict < .tolerated, "\(judgement.reason)")
        #expect(!judgement.wireLines.contains { $0.text.contains("barrier") })
    }

    @Test func `An empty Ping before a violation takes nothing from a peer that answers it and fails`() throws {
        for before in [[FrameToSend(.ping)], [FrameToSend(.ping), FrameToSend(.text, .text("a"))]] {
            let frames = before + [FrameToSend(.ping, .text("p")), FrameToSend(.text, rsv: 3)]
            let scenario = try #require(FuzzConversation(frames: frames).scenario("fuzz/test", for: .init()))
            let judgement = MemoryFuzzing.judgement(of: scenario)
            #expect(judgement.verdict == .pass, "\(judgement.reason)")
        }
    }

    @Test func `A length never lacks room in its form`() throws {
        let payload = Payload.octets(Array(repeating: 0, count: 65_536))
        let scenario = try scenario(FrameToSend(.binary, payload, lengthEncoding: .bits16))
        #expect(scenario.script == [.send(FrameToSend(.binary, payload))])
    }

    @Test func `Requests of the catalogue are rewritten, field by field, and keep their outcomes`() throws {
        let base = try #require(Catalogue.scenario("handshake/request/version-missing"))
        let rewritings: [FuzzHandshake.Rewriting] = [
            .rotated(1), .namesInCapitals, .spacesBeforeValues(3), .whitespaceBehindValues, .unknownField(2),
            .pieces(7),
        ]
        let conversation = FuzzConversation(frames: [], handshake: FuzzHandshake(base: base.id, rewritings: rewritings))
        let scenario = try #require(conversation.scenario("fuzz/test", for: .init()))
        #expect(scenario.behaviour == base.behaviour && scenario.closing == base.closing)
        guard case .request(let request) = scenario.opening else {
            Issue.record("no request")
            return
        }
        #expect(request.pacing == .pieces(7))
        let lines = String(decoding: request.template, as: UTF8.self)
        #expect(
            lines
                == "GET {target} HTTP/1.1\r\nX-Wsconform-2: ww\r\nUPGRADE:   websocket\t \r\nCONNECTION:   Upgrade\t \r\n"
                + "SEC-WEBSOCKET-KEY:   {key}\t \r\n{fields}HOST:   {host}\t \r\n\r\n"
        )
    }

    @Test func `A client gets responses of the catalogue in other forms, and they keep their outcomes`() throws {
        let bases = FuzzHandshake.bases(for: .client)
        #expect(bases.count > 20)
        let client = FuzzConversation.Peer(role: .client)
        for base in bases {
            let rewritings: [FuzzHandshake.Rewriting] = [.rotated(1), .namesInLowerCase, .pieces(3)]
            let conversation = FuzzConversation(
                frames: [],
                handshake: FuzzHandshake(base: base.id, rewritings: rewritings)
            )
            let scenario = try #require(conversation.scenario("fuzz/test", for: client))
            #expect(scenario.behaviour == base.behaviour && scenario.closing == base.closing)
            guard case .response(let response) = scenario.opening, case .response(let before) = base.opening else {
                Issue.record("\(base.id) has no response")
                continue
            }
            #expect(response.pacing == .pieces(3) && response.template.count == before.template.count)
        }
    }

    @Test func `A frame without a mask fails the connection, and so does one with a mask to a client`() throws {
        let unmasked = try scenario(FrameToSend(.ping, masking: .none))
        #expect(unmasked.requirements.first == "RFC6455-5.1-03")
        let masked = try scenario(FrameToSend(.ping, masking: .fresh), for: .init(role: .client))
        #expect(masked.requirements.contains("RFC6455-5.1-06"))
    }
}
