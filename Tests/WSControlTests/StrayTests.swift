import Testing
import WSControl
import WSLink
import WSProtocol
import WSRunner

/// Clients that do something else than what they were started for.
@Suite("Clients that stray", .timeLimit(.minutes(15)))
struct StrayTests {
    private static let close = RawClient.frame(.close, [])

    /// What is told of strays once the control server has closed.
    private func strays(_ open: RunningControlServer) async -> [ControlServer.Stray] {
        open.controlServer.finish()
        var found: [ControlServer.Stray] = []
        for await event in open.controlServer.events { if case .strayed(let stray) = event { found.append(stray) } }
        return found
    }

    /// The first stray that is told: a client may see the end of its connection before we do.
    private func firstStray(_ open: RunningControlServer) async -> ControlServer.Stray? {
        for await event in open.controlServer.events {
            if case .strayed(let stray) = event { return stray }
        }
        return nil
    }

    @Test(
        "A driver that is started for one case is told by what it asks for",
        arguments: [
            "/getCaseCount", "/runCase?casetuple=a/one&agent=model/getCaseCount", "/case/model/a/one/getCaseCount",
            "/runCase?casetuple=a/one&agent=model/runCase?case=1&agent=y", "/runCase?case=1&agent=y",
            "/updateReports?agent=model",
        ]
    )
    func driver(path: String) async throws {
        try await RunningControlServer.open(timeout: .milliseconds(200), admission: .expected, defaultAgent: "model") {
            open in
            open.controlServer.expect("a/one")
            for _ in 0..<2 { _ = await open.send(.webSocket(path, afterHead: Self.close)) }
            #expect(open.controlServer.run.agents.isEmpty)
            #expect(await strays(open) == [.asksForCases])
        }
    }

    @Test("What it still asks for when it has been started anew as a driver is not played")
    func afterwards() async throws {
        try await RunningControlServer.open(admission: .expected, defaultAgent: "model") { open in
            open.controlServer.expect("a/one")
            _ = open.controlServer.begin(.any, defaultAgent: "model", isDriven: true)
            let path = "/runCase?casetuple=a/one&agent=model/getCaseCount"
            #expect(await open.send(.webSocket(path, afterHead: Self.close)).status == 503)
            #expect(open.controlServer.run.agents.isEmpty)
        }
    }

    @Test("Who has played a case that it was started for is no driver, whatever it asks for then")
    func laterRequest() async throws {
        try await RunningControlServer.open(admission: .expected, defaultAgent: "model") { open in
            open.controlServer.expect("a/one")
            _ = await open.send(.webSocket("/runCase?casetuple=a/one&agent=model", afterHead: Self.close))
            _ = await open.send(.webSocket("/getCaseCount", afterHead: Self.close))
            #expect(await strays(open).isEmpty)
        }
    }

    @Test("A client that loses the query of its address plays the case that it was started for")
    func droppedQuery() async throws {
        try await RunningControlServer.open(admission: .expected, defaultAgent: "model") { open in
            open.controlServer.expect("a/two")
            #expect(await open.send(.webSocket("/runCase", afterHead: Self.close)).status == 101)
            #expect(open.controlServer.run.agents.map(\.name) == ["model"])
            // Of two that it may be it is none.
            open.controlServer.expect("a/one")
            open.controlServer.expect("b/close")
            #expect(await open.send(.webSocket("/runCase")).status == 500)
            open.controlServer.finish()
            var strays: [ControlServer.Stray] = []
            var begun: [String] = []
            for await event in open.controlServer.events {
                if case .strayed(let stray) = event { strays.append(stray) }
                if case .began(let play) = event { begun.append(play.scenario) }
            }
            #expect(strays == [.droppedQuery] && begun == ["a/two"])
        }
    }

    @Test("A client for one case that is started as a driver is told by its silence, or by its end")
    func oneCase() async throws {
        try await RunningControlServer.open(isDriven: true) { open in
            _ = await open.send(.webSocket("/", afterHead: Self.close))
            #expect(await firstStray(open) == .openedNoCase)
            #expect(await strays(open).isEmpty)
        }
        try await RunningControlServer.open(isDriven: true) { open in
            async let _ = open.send(.webSocket("/"))
            #expect(await firstStray(open) == .openedNoCase)
        }
    }

    @Test("A driver that commands, or has played a case, does not stray")
    func commands() async throws {
        try await RunningControlServer.open(isDriven: true) { open in
            let command = RawClient.frame(.text, Array(#"["close"]"#.utf8))
            _ = await open.send(.webSocket("/", afterHead: command + Self.close))
            _ = await open.send(.webSocket("/runCase?case=1&agent=x", afterHead: Self.close))
            _ = await open.send(.webSocket("/", afterHead: Self.close))
            #expect(await strays(open).isEmpty)
        }
    }

    @Test("Whoever comes for an expected case plays it under the name of the command that was started")
    func otherName() async throws {
        try await RunningControlServer.open(admission: .expected, defaultAgent: "model") { open in
            open.controlServer.expect("a/one")
            let client = await open.send(.webSocket("/runCase?casetuple=a/one&agent=victim", afterHead: Self.close))
            #expect(client.status == 101)
            #expect(open.controlServer.run.agents.map(\.name) == ["model"])
        }
    }

    @Test(
        "A client that is started for a case ends no run",
        arguments: ["/stopServer", "/updateReports?agent=model&shutdownOnComplete=true"]
    )
    func stop(path: String) async throws {
        try await RunningControlServer.open(admission: .expected, defaultAgent: "model") { open in
            #expect(await open.send(.webSocket(path)).status == 403)
            open.controlServer.finish()
            for await event in open.controlServer.events {
                if case .stopWanted = event { Issue.record("the run was to end") }
            }
        }
    }

    @Test("A client that comes twice for each case is told once")
    func twice() async throws {
        try await RunningControlServer.open(admission: .expected, defaultAgent: "model") { open in
            for id in ["a/one", "a/two", "b/close"] {
                open.controlServer.expect(id)
                for _ in 0..<2 {
                    _ = await open.send(.webSocket("/runCase?casetuple=\(id)&agent=model", afterHead: Self.close))
                }
            }
            open.controlServer.finish()
            var notes: [String] = []
            for await event in open.controlServer.events { if case .note(let line) = event { notes.append(line) } }
            #expect(notes == ["the client came again for a/one; only the first connection for a case counts"])
        }
    }
}
