import TestSupport
import Testing
import WSControl
import WSLink
import WSProtocol
import WSRunner
import WSScenario

@Suite("Autobahn's control interface", .timeLimit(.minutes(15)))
struct ControlInterfaceTests {
    /// A client's answer to our Close, so that nobody waits for it.
    private static let close = RawClient.frame(.close, [])

    private func ask(_ path: String, at open: RunningControlServer) async -> RawClient {
        await open.send(.webSocket(path))
    }

    @Test("getCaseCount counts what every driver can play, and the connection ends with an empty Close")
    func count() async throws {
        try await RunningControlServer.open { open in
            let client = await open.send(.webSocket("/getCaseCount"))
            #expect(client.status == 101)
            #expect(client.text.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(client.frames.texts == ["2"] && client.frames.close == CloseCode.noStatus)
            #expect(client.end == .finished)
        }
    }

    @Test(
        "getCaseInfo finds a case by number and by name, and the number goes first",
        arguments: ["case=1", "casetuple=a/one", "casetuple=a%2Fone", "case=1&casetuple=a/two"]
    )
    func info(query: String) async throws {
        try await RunningControlServer.open { open in
            let client = await ask("/getCaseInfo?\(query)", at: open)
            #expect(client.frames.texts == [#"{"id": "a/one", "description": "The first"}"#])
        }
    }

    @Test(
        "What leads nowhere is answered with 500 and told once",
        arguments: [
            ("/getCaseInfo?case=4", "a client asks for case 4, and there are 3, counted from 1"),
            ("/getCaseInfo?case=0", "a client asks for case 0, and there are 3, counted from 1"),
            ("/getCaseInfo?case=-9223372036854775808", "a client asks for case -9223372036854775808, and there are 3"),
            ("/runCase?case=-9223372036854775808&agent=x", "a client asks for case -9223372036854775808, and there"),
            ("/runCase?case=9223372036854775807&agent=x", "a client asks for case 9223372036854775807, and there"),
            ("/getCaseStatus?case=-9223372036854775808&agent=x", "a client asks for case -9223372036854775808"),
            ("/runCase", "a client asks for /runCase without a case; add ?case=NUMBER&agent=NAME; if its address has"),
            ("/runCase?case=99999999999999999999&agent=x", "a client asks for case 99999999999999999999, and there"),
            ("/getCaseInfo?casetuple=nope", "a client asks for case 'nope', which is not among the selected"),
            ("/runCase?agent=x", "a client asks for /runCase without a case; add case=NUMBER"),
            ("/runCase?case=1&case=2&agent=x", "a client asks for /runCase without a case; add case=NUMBER"),
            ("/runCase?case=1", "a client asks for /runCase without its name; add agent=NAME, or give --agent"),
            ("/getCaseStatus?case=1", "a client asks for /getCaseStatus without its name; add agent=NAME"),
            ("/updateReports", "a client asks for /updateReports without its name; add agent=NAME"),
        ]
    )
    func nowhere(path: String, beginning: String) async throws {
        try await RunningControlServer.open { open in
            let client = await open.send(.webSocket(path))
            #expect(client.status == 500 && client.content.isEmpty)
            #expect(await open.note()?.hasPrefix(beginning) == true)
            #expect(open.controlServer.run.agents.isEmpty)
        }
    }

    @Test("A case that is left out for a client opens and closes, is counted, and is neither played nor missing")
    func leftOut() async throws {
        let isLeftOut: @Sendable (Scenario, String) -> Bool = { $0.id == "a/one" && $1 == "old" }
        try await RunningControlServer.open(isLeftOut: isLeftOut) { open in
            for query in ["case=1", "casetuple=a/one"] {
                let client = await open.send(.webSocket("/runCase?\(query)&agent=old", afterHead: Self.close))
                #expect(client.status == 101 && client.frames.texts.isEmpty)
                #expect(client.frames.close == CloseCode.noStatus && client.end == .finished)
            }
            #expect(await ask("/getCaseCount", at: open).frames.texts == ["2"])
            #expect(open.controlServer.run.agents.isEmpty)
            for agent in ["old", "new"] {
                let number = agent == "old" ? 2 : 1
                let path = "/runCase?case=\(number)&agent=\(agent)"
                #expect(await open.send(.webSocket(path, afterHead: Self.close)).status == 101)
            }
            // Nobody takes the events here; the ledger knows of the end as soon as the connection has ended.
            while open.controlServer.run.underWay() > 0 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(open.controlServer.run.unplayed(by: "old").map(\.id) == [])
            #expect(open.controlServer.run.unplayed(by: "new").map(\.id) == ["a/two"])
        }
    }

    @Test("getCaseStatus waits for the result, and two that wait for the same are both told")
    func status() async throws {
        try await RunningControlServer.open { open in
            let path = "/getCaseStatus?case=1&agent=x"
            async let first = ask(path, at: open)
            async let second = ask(path, at: open)
            // Not played at all: whoever judges says what came of it.
            let play = ClientRun.Play(number: 1, agent: "x", scenario: "a/one")
            open.controlServer.judged(RunningControlServer.outcome("a/one", "NON-STRICT"), of: play)
            let texts = await [first.frames.texts, second.frames.texts]
            #expect(texts == [[#"{"behavior": "NON-STRICT"}"#], [#"{"behavior": "NON-STRICT"}"#]])
        }
    }

    @Test("getCaseStatus does not wait for ever")
    func statusWithoutResult() async throws {
        try await RunningControlServer.open(timeout: .milliseconds(250)) { open in
            let client = await ask("/getCaseStatus?case=1&agent=x", at: open)
            #expect(client.frames.texts == [#"{"behavior": "MISSING"}"#])
        }
    }

    @Test("updateReports has the reports written before it closes, and may end the run")
    func reports() async throws {
        try await RunningControlServer.open { open in
            async let client = ask("/updateReports?agent=x&shutdownOnComplete=true", at: open)
            var isWritten = false
            for await event in open.controlServer.events {
                if case .reportsWanted(let pending, agent: "x") = event {
                    isWritten = true
                    open.controlServer.answer(pending, with: .success(WrittenReport(report: "r", summary: [:])))
                }
                if case .stopWanted = event { break }
            }
            #expect(isWritten)
            #expect(await client.frames.close == CloseCode.noStatus)
        }
    }

    @Test("stopServer closes and ends the run")
    func stop() async throws {
        try await RunningControlServer.open { open in
            let client = await ask("/stopServer", at: open)
            #expect(client.frames.close == CloseCode.noStatus)
            for await event in open.controlServer.events { if case .stopWanted = event { return } }
        }
    }

    @Test("Direct commands send frames, echo, and close")
    func commands() async throws {
        try await RunningControlServer.open { open in
            let commands = [
                #"["sendframe", {"opcode": 1, "payload": "ab", "payload_len": 5, "chopsize": 2}]"#,
                #"["sendframes", [{"opcode": 1, "payload": "x", "fin": false}, {"opcode": 0, "payload": "y"}]]"#,
                #"["echo", {"payload": "again"}]"#,
                #"["close", {"code": 3000, "reason": "done"}]"#,
            ]
            let octets = commands.flatMap { RawClient.frame(.text, Array($0.utf8)) } + Self.close
            let client = await open.send(.webSocket("/", afterHead: octets))
            #expect(client.frames.texts == ["ababa", "xy", "again"])
            #expect(client.frames.close == 3000)
        }
    }

    @Test("Direct commands may send what is illegal")
    func illegal() async throws {
        try await RunningControlServer.open { open in
            let command = #"["sendframe", {"opcode": 11, "rsv": 5, "mask": "0x01020304", "payload": "z"}]"#
            let client = await open.send(
                .webSocket("/x", afterHead: RawClient.frame(.text, Array(command.utf8)) + Self.close)
            )
            #expect(client.content.prefix(7) == [0xDB, 0x81, 1, 2, 3, 4, UInt8(ascii: "z") ^ 1])
        }
    }

    @Test("What is no command gets a Close that says so, and nothing breaks")
    func noCommand() async {
        await Sweep.each(of: [
            #"["nope", {}]"#, "[]", "{}", "5", "[", #"["sendframe"]"#, #"["sendframe", {"opcode": 16}]"#,
            #"["sendframe", {"rsv": 8}]"#, #"["sendframe", {"payload": "a", "payload_len": 99999999999}]"#,
            #"["sendframe", {"payload_len": 3}]"#, #"["sendframe", {"mask": "12"}]"#,
            #"["Self.close", {"code": 70000}]"#,
            String(repeating: "[", count: 100_000),
            #"["sendframes", ["# + Array(repeating: "{}", count: 1_001).joined(separator: ",") + "]]",
            #"["sendframe", {"payload": "x", "payload_len": 16777216, "chopsize": 1}]"#,
            #"["sendframes", [{"payload": "x", "payload_len": 9000000}, {"payload": "x", "payload_len": 9000000}]]"#,
            #"["ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈ä€𐍈"]"#,
        ]) { text in
            try await RunningControlServer.open { open in
                let octets = RawClient.frame(.text, Array(text.utf8)) + Self.close
                let client = await open.send(.webSocket("/", afterHead: octets))
                #expect(client.frames.close == CloseCode.policyViolation && client.frames.texts.isEmpty)
                #expect(String(validating: client.content.dropFirst(4), as: UTF8.self) != nil)
            }
        }
    }

    @Test("A frame without a mask ends a control connection with 1002")
    func unmasked() async throws {
        try await RunningControlServer.open { open in
            let client = await open.send(.webSocket("/", afterHead: [0x81, 0x01, 0x61] + Self.close))
            #expect(client.frames.close == CloseCode.protocolError)
        }
    }

    @Test("A handshake that no server would accept gets the status that it deserves")
    func badHandshake() async throws {
        try await RunningControlServer.open { open in
            let request = "GET /getCaseCount HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
            #expect(await open.send(RawClient(Array(request.utf8))).status == 400)
        }
    }
}
