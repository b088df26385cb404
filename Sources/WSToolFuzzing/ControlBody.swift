import WSControl
package import WSFuzzing
import WSLink
import WSProtocol
import WSRunner
import WSScenario

/// Tests the control server for clients under test with connections that the input makes up.
///
/// The input is a list of connections, which come one after the other to one control server. Each requests a WebSocket
/// or plain HTTP, with any target and fields, and sends any octets after that, in pieces. It may read slowly, be woken,
/// see its timers fire, and end.
///
/// Properties: each connection ends; what is sent at once is bounded; every answer begins with one HTTP head; JSON is
/// well-formed; a page of another origin changes nothing; and nothing of an ended connection remains in the control
/// server.
package struct ControlBody: FuzzBody {
    package static let name = "control"
    package static let maximumInputLength = 4096
    package static let shape = InputShape.octets

    private static let plan = ClientPlan(
        counted: [scenario("a/one"), scenario("a/two")],
        others: [
            scenario("b/close", driver: .action(.close(code: 1000, reason: "enough"))),
            scenario("b/away", driver: .action(.open(suffix: "#x"))),
        ]
    )
    private static let mostConnections = 8
    /// The highest number of turns in which a connection has to end.
    private static let mostTurns = 20_000

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var octets: [UInt8] = []
        for index in input.indices { octets.append(input[index]) }
        var cursor = OctetCursor(octets: octets)
        guard let target = try? TargetURL("ws://127.0.0.1:9001") else { return nil }
        let mode = cursor.next()
        let controlServer = ControlServer(
            ControlServerSettings(
                version: "1.2.3",
                plan: Self.plan,
                admission: mode & 1 == 0 ? .any : .expected,
                conversation: ConversationSettings(role: .server, target: target, idleTimeout: .seconds(1)),
                defaultAgent: mode & 1 == 0 && mode & 2 == 0 ? nil : "model",
                isDriven: mode & 4 != 0,
                authorityOfIPv6: "[::1]:9001",
                token: "token"
            )
        )
        if mode & 1 != 0 { for scenario in Self.plan.scenarios { controlServer.expect(scenario.id) } }
        for _ in 0..<Self.mostConnections where !cursor.isAtEnd {
            if let finding = play(&cursor, at: controlServer) { return finding }
        }
        guard controlServer.run.underWay() == 0 else {
            return Finding("no conversation goes on behind the end of its connection")
        }
        guard controlServer.waitingCount == 0 else {
            return Finding("nobody waits behind the end of his connection")
        }
        guard controlServer.run.agents.count <= ClientRun.mostAgents else { return Finding("clients are bounded") }
        controlServer.finish()
        return nil
    }

    private static func scenario(_ id: String, driver: DriverNeed = .connect) -> Scenario {
        Scenario(
            id: id,
            title: "A case",
            requirements: [],
            targets: [.client],
            needs: .nothing,
            driver: driver,
            script: [.send(FrameToSend(.ping, .text("there")))],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([.pong(.text("there"))]))],
            closing: [.conforms(.anything)]
        )
    }

    // MARK: - One connection

    private func play(_ cursor: inout OctetCursor, at controlServer: ControlServer) -> Finding? {
        let request = ControlRequest(&cursor)
        let before = controlServer.run
        var visit = ControlVisit(controlServer)
        visit.send(request.octets, cut: Int(cursor.next()))
        var turns = 0
        while !visit.isOver {
            turns += 1
            guard turns < Self.mostTurns else { return Finding("a connection comes to its end", request.text) }
            visit.go(on: cursor.isAtEnd ? 255 : cursor.next(), &cursor)
            if let finding = visit.finding { return Finding(finding, request.text) }
        }
        return problem(of: visit, request) ?? trace(of: request, before, controlServer)
    }

    /// What is wrong with the answer; nil if nothing is.
    private func problem(of visit: ControlVisit, _ request: ControlRequest) -> Finding? {
        guard !visit.written.isEmpty else { return nil }
        var decoder = HTTPHeadDecoder(expecting: .response)
        guard case .complete(let response, let consumed) = decoder.feed(visit.written.span),
            let status = StatusLine(response)?.code
        else { return Finding("what leaves begins with a head of HTTP", request.text) }
        guard response.problems.isEmpty else { return Finding("our own heads have no flaw", "\(response.problems)") }
        let content = Array(visit.written[consumed...])
        if response.values(of: "Content-Type").first == "application/json", !content.isEmpty {
            guard PlainJSON.isWellFormed(content) else {
                return Finding("what the page is told is JSON", String(decoding: content, as: UTF8.self))
            }
        }
        if request.isForeign, status == 101 {
            return Finding("a page of somebody else's gets no WebSocket", request.text)
        }
        return nil
    }

    /// What is wrong with the state that a request has left; nil if nothing is.
    private func trace(of request: ControlRequest, _ before: ClientRun, _ controlServer: ControlServer) -> Finding? {
        guard request.isForeign || request.isForged else { return nil }
        let after = controlServer.run
        guard after.agents.map(\.name) == before.agents.map(\.name),
            after.agents.map(\.hasTriedAll) == before.agents.map(\.hasTriedAll),
            after.agents.map(\.played) == before.agents.map(\.played)
        else { return Finding("who is not our page changes nothing", request.text) }
        return nil
    }
}
