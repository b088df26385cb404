import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

@Suite struct `A server that agrees to compression where it had to decline` {
    private static func judge(_ id: String, offer: String, answer: String) throws -> Judgement {
        let scenario = try #require(Catalogue.scenario(id))
        let lines = [
            "GET / HTTP/1.1", "Host: peer.example", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: \(offer)",
        ]
        let response = HandshakeResponse.accepting(
            key: "dGhlIHNhbXBsZSBub25jZQ==",
            extensions: answer.isEmpty ? [] : [answer]
        )
        var recording = Recording(scenario, lines: lines)
        recording.receive(response.encode())
        recording.mark(.opened)
        recording.sendScript()
        // It takes the compressed text for what it is, and goes on.
        recording.receive(.text, Array("Hello".utf8))
        recording.mark(.gaveUp(.deadline))
        recording.sendClose(1001)
        recording.receiveClose(1001)
        recording.end()
        return recording.judgement
    }

    @Test func `is told so, and not that it read what was compressed`() throws {
        let offer = "permessage-deflate; server_max_window_bits=7"
        let agreed = try Self.judge("compression/used-behind-invalid", offer: offer, answer: "permessage-deflate")
        #expect(agreed.verdict == .fail)
        #expect(agreed.findings.first?.requirement == "RFC7692-7-02")
        #expect(agreed.closing == .pass)
        #expect(!agreed.findings.contains { $0.requirement == "RFC6455-5.2-03" })
    }

    @Test func `is told that it read what was compressed if it had declined`() throws {
        let offer = "permessage-deflate; server_max_window_bits=7"
        let declined = try Self.judge("compression/used-behind-invalid", offer: offer, answer: "")
        #expect(declined.verdict == .fail)
        #expect(declined.findings.contains { $0.requirement == "RFC6455-5.2-03" && $0.axis == .behaviour })
        #expect(declined.closing == .fail)
    }

    @Test func `may have taken a valid offer beside the one that it had to decline`() throws {
        let id = "compression/offer/behind-invalid"
        let offers = "permessage-deflate; client_max_window_bits=16, permessage-deflate"
        let right = try Self.judge(id, offer: offers, answer: "permessage-deflate")
        #expect(!right.findings.contains { $0.requirement == "RFC7692-7-02" })
        let wrong = try Self.judge(id, offer: offers, answer: "permessage-deflate; client_max_window_bits=15")
        #expect(wrong.findings.contains { $0.requirement == "RFC7692-7-02" && $0.rule == "behaviour" })
    }
}
