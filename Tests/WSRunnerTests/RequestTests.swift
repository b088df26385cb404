import Testing
import WSCatalogue
import WSLink
import WSProtocol
import WSRunner
import WSScenario

/// What a scenario's own request makes of the fields that the user asked for.
@Suite struct `A request of the scenario's own` {
    private func request(of id: String, to address: String = "ws://127.0.0.1:9001") throws -> HTTPHead {
        let settings = ConversationSettings(
            target: try TargetURL(address),
            subprotocols: ["chat"],
            origin: "https://mine.example",
            headerFields: [HTTPField("Authorization", "Basic eDp5")]
        )
        var machine = ConversationMachine(scenario: try #require(Catalogue.scenario(id)), settings: settings)
        var actions: [LinkAction] = []
        machine.linkConnected(at: .zero, actions: &actions)
        let octets = actions.flatMap { action -> [UInt8] in
            if case .write(let octets) = action { octets } else { [] }
        }
        return HTTPHead(kind: .request, raw: octets)
    }

    @Test func `has all of them where it says nothing else`() throws {
        let head = try request(of: "handshake/request/unknown-resource")
        #expect(head.values(of: "Origin") == ["https://mine.example"])
        #expect(head.values(of: "Sec-WebSocket-Protocol") == ["chat"])
        #expect(head.values(of: "Authorization") == ["Basic eDp5"])
    }

    @Test func `has its own Origin in place of theirs`() throws {
        let head = try request(of: "handshake/request/foreign-origin")
        #expect(head.values(of: "Origin") == ["https://elsewhere.example"])
        #expect(head.values(of: "Sec-WebSocket-Protocol") == ["chat"])
        #expect(head.values(of: "Authorization") == ["Basic eDp5"])
    }

    @Test func `has its own subprotocols in place of theirs`() throws {
        let head = try request(of: "subprotocol/offer-of-two")
        #expect(head.values(of: "Sec-WebSocket-Protocol") == ["chat, superchat"])
        #expect(head.values(of: "Origin") == ["https://mine.example"])
    }

    @Test(arguments: [
        ("ws://127.0.0.1:9001/chat?token=a", "GET /chat?token=a&aaaa"),
        ("ws://127.0.0.1:9001/chat", "GET /chat?aaaa"),
    ])
    func `leaves the user's query as it is where it makes the target longer`(address: String, beginning: String) throws
    {
        for id in ["handshake/request/request-line-of-8000-octets", "handshake/request/target-of-1-mib"] {
            let line = String(decoding: try request(of: id, to: address).raw.prefix { $0 != 0x0D }, as: UTF8.self)
            #expect(line.hasPrefix(beginning), "\(id): \(line.prefix(60))")
        }
    }

    @Test(arguments: [("Upgrade: h2c\r\n", false), ("Upgrade: websocket\r\n", true), ("", true)])
    func `opens nothing where the answer switches to the other protocol that it names`(
        fields: String,
        opens: Bool
    ) throws {
        let settings = ConversationSettings(target: try TargetURL("ws://127.0.0.1:9001"))
        let scenario = try #require(Catalogue.scenario("handshake/request/upgrade-h2c"))
        var machine = ConversationMachine(scenario: scenario, settings: settings)
        var actions: [LinkAction] = []
        machine.linkConnected(at: .zero, actions: &actions)
        actions = []
        let answer = Array("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\(fields)\r\n".utf8)
        machine.linkReceived(answer.span, at: .zero, actions: &actions)
        let writes = actions.contains { action in
            if case .write = action { true } else { false }
        }
        #expect(machine.facts.hasOpened == opens)
        #expect(writes == opens)
        #expect(actions.contains(.close) != opens)
    }
}
