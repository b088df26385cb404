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

@Suite struct `A conversation in which we are the server` {
    private static let ordinary = Conversation.scenario("closing/after-echo")

    private static func answering(_ lines: String..., pacing: ResponseToSend.Pacing = .whole) -> Scenario {
        var scenario = ordinary
        scenario.opening = .response(ResponseToSend(lines: lines, pacing: pacing))
        scenario.script = []
        scenario.conclusion = .peerFails(lateBarrier: true)
        scenario.behaviour = [.conforms(.failsHandshake), .violates(.anything, "took it (RFC 6455, 4.1)")]
        scenario.closing = [.conforms(.anything)]
        return scenario
    }

    private func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

    @Test func `answers the key, and names the first subprotocol asked for that it speaks`() {
        let request = RawClient.request("Sec-WebSocket-Protocol: unknown, second, first")
        let settings = Conversation.serverSettings(subprotocols: ["first", "second"])
        let link = Conversation.run(Self.ordinary, against: RawClient([request]), settings: settings)
        let answer = text(link.client.received)
        #expect(answer.hasPrefix("HTTP/1.1 101 "))
        #expect(answer.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(answer.contains("\r\nSec-WebSocket-Protocol: second\r\n"))
        #expect(link.server.facts.hasOpened)
    }

    @Test func `names no subprotocol where it speaks none of those asked for`() {
        let request = RawClient.request("Sec-WebSocket-Protocol: unknown")
        let link = Conversation.run(Self.ordinary, against: RawClient([request]))
        #expect(!text(link.client.received).contains("Sec-WebSocket-Protocol"))
    }

    @Test func `accepts a flawed request, so that the client can be tested`() {
        let link = Conversation.run(Self.ordinary, against: RawClient([RawClient.request(version: "8")]))
        #expect(text(link.client.received).hasPrefix("HTTP/1.1 101 "))
    }

    @Test func `refuses a request that asks for no WebSocket, and fails the client`() {
        let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let link = Conversation.run(Self.ordinary, against: RawClient([request]))
        #expect(text(link.client.received).hasPrefix("HTTP/1.1 426 "))
        #expect(link.server.facts.failure == .refused)
        let judgement = Judge.judge(Self.ordinary, link.server.transcript)
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.findings.contains { $0.requirement == "RFC6455-4.1-18" && $0.verdict == .fail })
    }

    @Test(arguments: [[UInt8](), Array("GET / HT".utf8), [0x16, 0x03, 0x01], Array(repeating: 0x41, count: 70_000)])
    func `fails who sends no request, or none to its end`(octets: [UInt8]) {
        let link = Conversation.run(Self.ordinary, against: RawClient([octets]))
        let judgement = Judge.judge(Self.ordinary, link.server.transcript)
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.findings.contains { $0.rule == "no-request" && $0.verdict == .fail && $0.isPassive })
    }

    @Test func `takes what was read before at once as if it had come to it`() {
        let scenario = Self.ordinary
        let seldom = Conversation.run(scenario, against: ModelClient(ModelClientSettings(host: "a", seed: 1)))
        let octets = Array(seldom.sentByClient.prefix { $0 != 0x81 })
        var machine = ConversationMachine(scenario: scenario, settings: Conversation.serverSettings())
        var actions: [LinkAction] = []
        machine.linkConnected(at: .zero, actions: &actions)
        machine.linkReceived(octets.span, at: .zero + .milliseconds(7), actions: &actions)
        #expect(machine.facts.hasOpened)
        #expect(machine.transcript.events.first?.time == 0)
        #expect(machine.transcript.marks == [.answered, .opened, .scriptDone])
    }

    @Test func `sends the first frames in the write of its 101 where the scenario wants that`() throws {
        let scenario = try #require(
            Catalogue.all.first { scenario in
                scenario.opening == .framesWithHandshake && scenario.targets.contains(.client)
            }
        )
        var machine = ConversationMachine(scenario: scenario, settings: Conversation.serverSettings())
        var actions: [LinkAction] = []
        machine.linkConnected(at: .zero, actions: &actions)
        let request = RawClient.request()
        machine.linkReceived(request.span, at: .zero, actions: &actions)
        let writes = actions.compactMap { if case .write(let octets) = $0 { octets } else { nil } }
        #expect(writes.count == 1)
        #expect(writes.first.map { text($0).hasPrefix("HTTP/1.1 101 ") } == true)
        #expect(writes.first?.suffix(4) != Array("\r\n\r\n".utf8)[...])
    }

    @Test func `ends TCP first once Close frames have gone both ways`() throws {
        let settings = try #require(ModelClientSettings(playing: Self.ordinary))
        let link = Conversation.run(Self.ordinary, against: ModelClient(settings))
        // The client ends its side when it has heard our end, not before.
        #expect(link.server.transcript.end == .finished)
        #expect(link.server.transcript.duration < .milliseconds(10))
    }

    @Test func `a client that leaves its side open has not ended the connection`() throws {
        let settings = try #require(ModelClientSettings(playing: Self.ordinary, defects: [.neverClosesTCP]))
        var link = InMemoryLink(
            client: ModelClient(settings),
            server: ConversationMachine(scenario: Self.ordinary, settings: Conversation.serverSettings()),
            clientOverhearsEnd: true
        )
        link.run()
        let judgement = Judge.judge(Self.ordinary, link.server.transcript)
        #expect(judgement.findings.map(\.requirement) == ["RFC6455-5.5.1-11"])
        #expect(judgement.verdict == .fail)
    }

    @Test func `inside an unfinished frame a hundred milliseconds pass`() throws {
        let scenario = Conversation.scenario("utf8/fail-fast/pieces-between-code-points")
        let settings = try #require(ModelClientSettings(playing: scenario, defects: [.lateUTF8Check]))
        let link = Conversation.run(scenario, against: ModelClient(settings))
        #expect(link.server.transcript.duration > .milliseconds(200))
        #expect(link.server.transcript.duration < .milliseconds(300))
    }

    // MARK: - Answers of a scenario's own

    @Test func `an end behind a bad answer is what has to come`() {
        let scenario = Self.answering("HTTP/1.1 200 OK", "Content-Length: 0")
        let client = RawClient([RawClient.request()], endsAfter: .milliseconds(20))
        let link = Conversation.run(scenario, against: client)
        #expect(Judge.judge(scenario, link.server.transcript).verdict == .pass)
        #expect(!link.server.facts.hasOpened)
    }

    @Test func `a client that neither sends a frame nor ends the connection cannot be judged`() {
        let scenario = Self.answering("HTTP/1.1 200 OK", "Content-Length: 0")
        let link = Conversation.run(scenario, against: RawClient([RawClient.request()]))
        let judgement = Judge.judge(scenario, link.server.transcript)
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.reason.hasPrefix("neither sent a frame nor ended the connection"))
    }

    @Test func `a client that asks again has not taken the answer for an acceptance`() {
        let scenario = Self.answering("HTTP/1.1 401 Unauthorized", "Content-Length: 0")
        let client = RawClient([RawClient.request(), RawClient.request("Authorization: Basic YTpi")])
        let link = Conversation.run(scenario, against: client)
        #expect(Judge.judge(scenario, link.server.transcript).verdict == .pass)
    }

    @Test func `a frame behind a bad answer shows that the client took it`() throws {
        let scenario = Self.answering("HTTP/1.1 200 OK", "Upgrade: websocket", "Sec-WebSocket-Accept: {accept}")
        for defects: Set<ClientDefect> in [[.acceptsAnyStatus], []] {
            let settings = try #require(ModelClientSettings(playing: scenario, clientDefects: defects))
            let link = Conversation.run(scenario, against: ModelClient(settings))
            let judgement = Judge.judge(scenario, link.server.transcript)
            #expect(judgement.verdict == (defects.isEmpty ? .pass : .fail))
        }
    }

    @Test(arguments: [10, 90] as [Int64])
    func `an echo that comes late behind a right answer is waited for`(milliseconds: Int64) throws {
        var scenario = Self.answering(
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: {accept}"
        )
        scenario.script = [.send(FrameToSend(.ping, .text("ping"))), .send(FrameToSend(.text, .text("echo")))]
        scenario.conclusion = .closeWhenComplete
        scenario.behaviour = [.conforms(.events([.pong(.text("ping")), .message(.text, .text("echo"))]))]
        let link = Conversation.run(scenario, against: LateClient(pongsAfter: .milliseconds(milliseconds)))
        let judgement = Judge.judge(scenario, link.server.transcript)
        #expect(!judgement.findings.contains { $0.rule == "behaviour" }, "\(judgement.wire)")
        #expect(judgement.wire.contains { $0.hasPrefix("> close") && $0.hasSuffix("1000") }, "\(judgement.wire)")
    }

    @Test func `what people read does not hang on the client's key`() throws {
        let scenario = Self.answering("HTTP/1.1 200 OK", "Sec-WebSocket-Accept: {accept}", "Content-Length: 0")
        let wires = try [UInt64(1), 2].map { seed in
            let settings = try #require(ModelClientSettings(playing: scenario, seed: seed))
            let link = Conversation.run(scenario, against: ModelClient(settings))
            return Judge.judge(scenario, link.server.transcript).wire
        }
        #expect(wires[0] == wires[1])
        #expect(wires[0].contains("< Sec-WebSocket-Key: …"))
        #expect(wires[0].contains("> Sec-WebSocket-Accept: (answers the key)"))
    }

    @Test func `octets behind the request are heard once the answer is out`() throws {
        var scenario = Self.answering(
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: {accept}",
            pacing: .holdingBack(last: 2, milliseconds: 30)
        )
        scenario.conclusion = .peerFails(lateBarrier: false)
        scenario.behaviour = [.conforms(.events([]))]
        let client = RawClient([RawClient.request(), [0x89, 0x81, 0, 0, 0, 7, 1]])
        let link = Conversation.run(scenario, against: client)
        #expect(link.server.facts.hasOpened)
        // The Pong comes behind the whole answer.
        let pong: [UInt8] = [0x8A, 0x01, 0x01]
        let end = try #require(link.client.received.firstRange(of: Array("\r\n\r\n".utf8)))
        #expect(Array(link.client.received[end.upperBound...].prefix(3)) == pong)
    }
}
