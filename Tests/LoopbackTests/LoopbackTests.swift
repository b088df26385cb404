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
import WSTransport

@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct `Over loopback` {
    private let echo = Catalogue.Controls.echo

    private func scenario(_ id: String) throws -> Scenario {
        try #require(Catalogue.scenario(id))
    }

    private func end(_ machine: ConversationMachine) -> TranscriptEnd? {
        machine.transcript.events.lazy.compactMap { event in
            if case .ended(let end) = event.kind { end } else { nil }
        }.first
    }

    // MARK: - The model server

    @Test(
        arguments: [
            "framing/text/0-octets", "closing/after-echo", "closing/ping-behind-close",
            "fragmentation/two-pings-inside", "ping/125-octets-octet-wise", "ping/ten-octet-wise",
            "reserved-bits/rsv1-after-text-octet-wise",
            "fragmentation/text-inside-text", "utf8/fail-fast/pieces-between-code-points",
            "utf8/fail-fast/frames-inside-code-point", "handshake/request/frames-in-the-same-segment",
            "limits/text/1-mebibyte", "limits/fragmented-binary/64-kibibytes", "limits/chopped-text/64-octets",
            "limits/echo-loop/binary-256",
        ]
    )
    func `The model server passes`(id: String) async throws {
        let scenario = try scenario(id)
        let machine = try await Loopback.listening(Loopback.model) {
            try await Loopback.converse(scenario, port: $0)
        }
        let judgement = Judge.judge(scenario, machine.transcript)
        #expect([.pass, .informational].contains(judgement.verdict), Comment(rawValue: judgement.reason))
        #expect(end(machine) == .finished)
    }

    @Test func `256 conversations at once all pass`() async throws {
        let scenarios = Catalogue.all.filter {
            !$0.isLoad && !$0.tags.contains(.slow) && $0.security == nil && $0.stream == nil
                && $0.targets.contains(.server)
        }
        try await Loopback.listening(Loopback.model) { port in
            let settings = try Loopback.settings(port: port)
            let dialer = Loopback.dialer(port: port)
            await withTaskGroup(of: (Scenario, ConversationMachine).self) { group in
                for index in 0..<256 {
                    let scenario = scenarios[index % scenarios.count]
                    group.addTask {
                        let machine = await dialer.run(
                            ConversationMachine(scenario: scenario, settings: settings),
                            probe: { ConversationMachine(scenario: Loopback.roundTrips($0), settings: settings) }
                        )
                        return (scenario, machine)
                    }
                }
                for await (scenario, machine) in group {
                    let judgement = Judge.judge(scenario, machine.transcript)
                    if judgement.verdict != .pass, judgement.verdict != .informational {
                        Issue.record("\(scenario.id): \(judgement.verdict) \(judgement.reason) \(judgement.wire)")
                    }
                }
            }
        }
    }

    @Test func `A whole run over TCP is clean`() async throws {
        let scenarios = Catalogue.all.filter {
            $0.targets.contains(.server) && $0.security == nil && $0.stream == nil && !$0.tags.contains(.slow)
                && (!$0.isLoad || $0.id.contains("64-kib"))
        }
        try await Loopback.listening(Loopback.model) { port in
            let (results, continuation) = AsyncStream.makeStream(of: ConversationResult.self)
            let run = TestRun(
                plan: RunPlan(
                    scenarios: scenarios,
                    control: Catalogue.Controls.echo,
                    controlWithoutEcho: Catalogue.Controls.ping,
                    settings: try Loopback.settings(port: port),
                    jobs: 16
                ),
                dialer: Loopback.dialer(port: port),
                makeSidecar: { _ in nil },
                wallClock: { 0 },
                handle: { event in
                    if case .finished(let result) = event { continuation.yield(result) }
                    if case .replaced(let result) = event { Issue.record("replaced \(result.scenario.id)") }
                }
            )
            #expect(await run.run() == .complete)
            continuation.finish()
            var count = 0
            for await result in results {
                count += 1
                guard let transcript = result.transcript else { continue }
                let judgement = Judge.judge(result.scenario, transcript)
                if judgement.verdict != .pass, judgement.verdict != .informational {
                    Issue.record("\(result.scenario.id): \(judgement.reason)")
                }
            }
            #expect(count == scenarios.count)
        }
    }

    // MARK: - Nobody there

    @Test func `A port where nobody listens is one line that says so`() async throws {
        // The port was free a moment ago.
        let port = try await Loopback.listening(Loopback.model) { $0 }
        let machine = try await Loopback.converse(echo, port: port)
        #expect(
            machine.facts.failure
                == .notConnected("127.0.0.1:\(port) refused the connection; start the server or check the port")
        )
        #expect(!machine.facts.hasOpened)
        #expect(Judge.judge(echo, machine.transcript).verdict == .inconclusive)
    }

    @Test func `A host that nobody knows is one line that says so`() async throws {
        let machine = try await Loopback.converse(echo, port: 9, host: "no-such-host.invalid")
        guard case .notConnected(let line) = machine.facts.failure else {
            Issue.record("\(String(describing: machine.facts.failure))")
            return
        }
        #expect(line.contains("no-such-host.invalid") && !line.contains("\n") && line.utf8.count < 200)
    }

    // MARK: - Strange answers

    @Test(
        arguments: [
            ("", .silent), ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", .refused),
            ("HTTP/1.1 200 OK\r\n\r\n", .refused), ("220 mail.example ESMTP\r\n", .notHTTP),
            ("HTTP/1.1 101 Switching Protocols\r\n", .silent),
        ] as [(String, ConversationFacts.Failure)]
    )
    func `An answer that is no 101 ends soon`(answer: String, failure: ConversationFacts.Failure) async throws {
        let peer = ScriptedPeer { event, answers in
            if case .request = event, !answer.isEmpty { answers.send(answer) }
        }
        let machine = try await Loopback.listening(Loopback.making(peer)) {
            try await Loopback.converse(echo, port: $0, idleTimeout: .milliseconds(100))
        }
        #expect(machine.facts.failure == failure)
        #expect(end(machine) == .closedHere)
    }

    // MARK: - Strange ends

    @Test func `A reset in the middle of a message is a reset`() async throws {
        let peer = ScriptedPeer { event, answers in
            if case .message = event {
                answers.send([0x81, 0x07, 0x63])
                answers.reset()
            } else {
                answers.behave(event)
            }
        }
        let machine = try await Loopback.listening(Loopback.making(peer)) {
            try await Loopback.converse(echo, port: $0)
        }
        #expect(end(machine) == .reset)
        #expect(machine.facts.failure == nil && !machine.facts.isFulfilled)
    }

    @Test func `A Close right before a reset is still read`() async throws {
        let scenario = try scenario("ping/ten-octet-wise")
        let peer = ScriptedPeer { event, answers in
            if case .request(let head) = event {
                answers.send(Answers.acceptance(of: head) + Answers.frame(.close, [3, 0xE9]))
                answers.end()
            }
        }
        for _ in 0..<20 {
            let machine = try await Loopback.listening(Loopback.making(peer)) {
                try await Loopback.converse(scenario, port: $0)
            }
            #expect(Judge.judge(scenario, machine.transcript).closeCode == 1001)
        }
    }

    @Test func `A peer that reads nothing is given up`() async throws {
        var scenario = try scenario("limits/text/16-mebibytes")
        // As an ordinary scenario, so that the idle time counts and not Autobahn's hundred seconds.
        scenario.phase = .ordinary
        let peer = ScriptedPeer { event, answers in
            if case .request = event {
                answers.behave(event)
                answers.stopReading()
            }
        }
        let machine = try await Loopback.listening(Loopback.making(peer)) {
            try await Loopback.converse(scenario, port: $0, idleTimeout: .milliseconds(300))
        }
        #expect(end(machine) == .closedHere)
        #expect(machine.transcript.events.contains { $0.kind == .mark(.gaveUp(.deadline)) })
    }

    @Test func `A peer that sends without end is cut off`() async throws {
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request:
                answers.behave(event)
                answers.send([0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
            case .timer: answers.send([UInt8](repeating: 0, count: 262_144))
            default: return
            }
            answers.wait(.microseconds(500))
        }
        let machine = try await Loopback.listening(Loopback.making(peer)) {
            try await Loopback.converse(echo, port: $0)
        }
        #expect(machine.transcript.events.contains { $0.kind == .mark(.gaveUp(.flood)) })
        #expect(end(machine) == .closedHere)
    }

    // MARK: - Cancellation

    @Test func `Cancelling closes the sockets`() async throws {
        let (ends, ended) = AsyncStream.makeStream(of: LinkEnd.self)
        let (requests, requested) = AsyncStream.makeStream(of: Void.self)
        let make: @Sendable () -> any LinkMachine = {
            Watched(
                machine: ScriptedPeer { event, answers in
                    if case .request = event {
                        answers.behave(event)
                        requested.yield()
                    }
                },
                onEnd: { end, _ in ended.yield(end) }
            )
        }
        try await Loopback.listening(make) { port in
            let tasks = (0..<8).map { _ in Task { try await Loopback.converse(echo, port: port) } }
            var seen = 0
            for await _ in requests {
                seen += 1
                if seen == tasks.count { break }
            }
            for task in tasks { task.cancel() }
            for task in tasks {
                let machine = try await task.value
                #expect(end(machine) == .closedHere)
            }
            seen = 0
            for await _ in ends {
                seen += 1
                if seen == tasks.count { break }
            }
        }
    }

    @Test func `A conversation that was cancelled before it began ends at once`() async throws {
        let silent = ScriptedPeer { _, _ in }
        try await Loopback.listening(Loopback.making(silent)) { port in
            let clock = ContinuousClock()
            for _ in 0..<20 {
                let began = clock.now
                let task = Task { try await Loopback.converse(echo, port: port, idleTimeout: .seconds(120)) }
                task.cancel()
                _ = try await task.value
                #expect(clock.now - began < .seconds(60))
            }
        }
    }

    @Test func `Cancelling ends the probes, too`() async throws {
        let scenario = try scenario("utf8/fail-fast/pieces-between-code-points")
        let (ends, ended) = AsyncStream.makeStream(of: LinkEnd.self)
        let (probes, probed) = AsyncStream.makeStream(of: Void.self)
        let make: @Sendable () -> any LinkMachine = {
            Watched(
                machine: ScriptedPeer { event, answers in
                    if case .ping = event { probed.yield() } else { answers.behave(event) }
                },
                onEnd: { end, _ in ended.yield(end) }
            )
        }
        try await Loopback.listening(make) { port in
            let task = Task { try await Loopback.converse(scenario, port: port, idleTimeout: .seconds(60)) }
            for await _ in probes { break }
            task.cancel()
            _ = try await task.value
            var seen = 0
            for await _ in ends {
                seen += 1
                if seen == 2 { break }
            }
        }
    }
}
