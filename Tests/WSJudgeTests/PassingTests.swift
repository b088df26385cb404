import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What is found whatever a case is about, and what the case is judged on for.
@Suite struct `What is found in passing` {
    /// A conversation of Autobahn's 2.1 that goes well behind an answer with something wrong.
    private func judgement(answer: HandshakeResponse, echoes: Bool = true) -> Judgement {
        var recording = Recording.opened(Catalogue.the("ping/empty"), answer: answer.encode())
        recording.sendScript()
        if echoes { recording.receive(.pong) }
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        return recording.judgement
    }

    private func acceptance(_ name: String, _ value: String) -> HandshakeResponse {
        var answer = Recording.acceptance
        answer.fields.removeAll { $0.name == name }
        answer.fields.append(HTTPField(name, value))
        return answer
    }

    @Test(
        arguments: [
            ("Content-Length", "0", "OK"), ("Transfer-Encoding", "chunked", "OK"), ("Sec-WebSocket-Protocol", "", "OK"),
            ("Sec-WebSocket-Protocol", "foreign", "FAILED"), ("Sec-WebSocket-Accept", "AAAA", "FAILED"),
            ("Sec-WebSocket-Extensions", "x-foreign", "FAILED"), ("Upgrade", "h2c", "FAILED"),
            ("Upgrade", "websocket, h2c", "FAILED"), ("Connection", "close", "FAILED"),
        ]
    )
    func `A flawed 101 is told in passing, and Autobahn fails what its own client refuses`(
        name: String,
        value: String,
        behavior: String
    ) {
        let judged = judgement(answer: acceptance(name, value))
        #expect(judged.verdict == .pass)
        #expect(judged.reason.isEmpty)
        #expect(judged.findings.map(\.passing) == [.handshake])
        #expect(judged.gravest == (value == "websocket, h2c" ? .informational : .fail))
        #expect(judged.autobahn?.behavior == behavior)
    }

    @Test func `What the case's own verdict says is not told in passing as well`() {
        for (code, own, passing) in [(1005, ["closing"], []), (1006, ["closing"], ["framing"])] as [(UInt16, _, _)] {
            var recording = Recording.opened(Catalogue.the("ping/empty"))
            recording.sendScript()
            recording.receive(.pong)
            recording.sendClose(1000)
            recording.receiveClose(code)
            recording.end()
            let found = recording.judgement.findings
            #expect(found.filter { !$0.isPassive }.map(\.rule) == own, "\(code)")
            #expect(found.filter(\.isPassive).map(\.rule) == passing, "\(code)")
        }
    }

    @Test func `It does not take the place of what the case is about`() {
        let judged = judgement(answer: acceptance("Content-Length", "0"), echoes: false)
        #expect(judged.verdict == .fail)
        #expect(judged.findings.map(\.isPassive) == [false, true])
        #expect(judged.findings.first?.rule == "behaviour")
        #expect(judged.reason == judged.findings.first?.reason)
    }

    @Test func `An answer that keeps the connection from coming about leaves the case without a verdict`() {
        var recording = Recording(Catalogue.the("ping/empty"))
        recording.receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        recording.end()
        let judged = recording.judgement
        #expect(judged.verdict == .inconclusive)
        #expect(judged.findings.map(\.rule) == [Judge.unopenedRule, "handshake"])
        #expect(judged.findings.map(\.passing) == [nil, .connection])
        #expect(judged.autobahn?.behavior == "FAILED")
        #expect(judged.parts == [.connection, .response])
    }

    @Test(
        arguments: [
            ("handshake/request/key-missing", "Sec-WebSocket-Accept", "AAAA", false),
            ("subprotocol/offer-of-two", "Sec-WebSocket-Protocol", "foreign", false),
            ("subprotocol/offer-of-two", "Content-Length", "0", true),
            ("handshake/request/version-25", "Content-Length", "0", true),
        ]
    )
    func `What the scenario's own request has brought about is the scenario's`(
        id: String,
        name: String,
        value: String,
        isPassive: Bool
    ) throws {
        let scenario = Catalogue.the(id)
        guard case .request(let request) = scenario.opening else {
            Issue.record("\(id) opens like any other")
            return
        }
        let lines = String(decoding: request.octets([.key: Array("dGhlIHNhbXBsZSBub25jZQ==".utf8)]), as: UTF8.self)
            .split(separator: "\r\n").map(String.init)
        var recording = Recording(scenario, lines: lines)
        recording.receive(acceptance(name, value).encode())
        recording.mark(.opened)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        let found = recording.judgement.findings.filter { $0.rule == "handshake" }
        let wanted = try #require(found.first { $0.reason.contains(value) })
        #expect(wanted.isPassive == isPassive)
    }

    @Test(arguments: [false, true])
    func `What the peer's frames show is told in passing, but for a scenario that is about it`(isAboutIt: Bool) {
        var scenario = Catalogue.the("ping/empty")
        if isAboutIt { scenario.requirements.append(ViolationRule.maskedServerFrame.requirement) }
        var recording = Recording.opened(scenario)
        recording.sendScript()
        recording.receive([0x8A, 0x80, 0, 0, 0, 0])
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        let found = recording.judgement.findings.filter { $0.rule == "framing" }
        #expect(found.map(\.passing) == [isAboutIt ? nil : .frames])
        #expect(found.map(\.kind) == [ViolationRule.maskedServerFrame.rawValue])
    }

    @Test func `The parts of a conversation are those it had`() {
        let parts: [ConversationPart] = [.connection, .response, .handshake, .frames, .closing]
        #expect(judgement(answer: Recording.acceptance).parts == parts)
        var recording = Recording(Catalogue.the("ping/empty"))
        recording.end(.notConnected("h:1 refused the connection"))
        #expect(recording.judgement.parts.isEmpty)
    }
}
