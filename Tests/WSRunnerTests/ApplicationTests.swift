import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// What the application does is found out before the first scenario, by type.
@Suite struct `The application behind a server` {
    private static let binary: [Scenario] = ["framing/binary/125-octets", "framing/binary/0-octets"]
        .compactMap { Catalogue.scenario($0) }
    private static let all = MemoryRun.few + binary

    /// What an application does with a binary message, and what is found out.
    struct Conduct: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answer: ObservedApplication.Answer
        var words: String
        var react: @Sendable ([UInt8], inout Answers) -> Void

        init(
            _ name: String,
            _ answer: ObservedApplication.Answer,
            _ words: String,
            _ react: @escaping @Sendable ([UInt8], inout Answers) -> Void
        ) {
            testDescription = name
            self.answer = answer
            self.words = words
            self.react = react
        }

        var peer: ScriptedPeer {
            let react = self.react
            return ScriptedPeer { event, answers in
                guard case .message(.binary, let octets) = event else { return answers.behave(event) }
                react(octets, &answers)
            }
        }
    }

    private static let conducts = [
        Conduct("drops it", .silence, "sends nothing back") { _, _ in },
        Conduct("sends it back as text", .other, "something else") { octets, answers in
            answers.send(.text, Array("\(octets.count)".utf8))
        },
        Conduct("closes with 1003", .refusal, "ends the connection") { _, answers in
            guard !answers.hasClosed else { return }
            answers.sendClose(1003)
            answers.end()
        },
        Conduct("closes with a code of its own", .refusal, "ends the connection") { _, answers in
            guard !answers.hasClosed else { return }
            answers.sendClose(4000, reason: "text only")
            answers.end()
        },
        Conduct("drops the connection", .refusal, "ends the connection") { _, answers in answers.reset() },
    ]

    @Test(arguments: conducts, [1, 16])
    func `One that echoes text alone is tested with everything that needs no echo of binary`(
        conduct: Conduct,
        jobs: Int
    ) async {
        let target = MemoryTarget { _ in .peer(conduct.peer) }
        let (ending, log) = await MemoryRun.run(target, scenarios: Self.all, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.all)
        #expect(Set(log.blemishes.keys) == Set(Self.binary.map(\.id)))
        for scenario in Self.binary {
            #expect(log.final[scenario.id]?.status == .skipped("the application does not echo binary messages"))
        }
        #expect(log.notes.count == 1 && log.notes[0].contains(conduct.words) && log.notes[0].contains("skipped"))
        let found = log.final["ping/empty"]?.transcript?.header.application
        #expect(found == ObservedApplication(binary: conduct.answer))
    }

    @Test func `One that echoes both is told of in no line, and each record says so`() async {
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: Self.all)
        #expect(log.notes.isEmpty && log.blemishes.isEmpty)
        for result in log.final.values {
            #expect(result.transcript?.header.application == ObservedApplication())
        }
    }

    @Test(arguments: [1, 16])
    func `A connection that goes wrong once says nothing of the application`(jobs: Int) async {
        let target = MemoryTarget { connection in
            let isFirst = connection.scenario == "control/both-types" && connection.earlier == 0
            return isFirst ? .peer(Self.conducts[4].peer) : .model
        }
        let (ending, log) = await MemoryRun.run(target, scenarios: Self.all, jobs: jobs)
        #expect(ending == .complete)
        #expect(log.notes.isEmpty && log.blemishes.isEmpty)
    }

    @Test func `One that was said to echo is held to it, and the line says what to drop`() async {
        let peer = Self.conducts[0].peer
        let (_, log) = await MemoryRun.run(
            MemoryTarget { _ in .peer(peer) },
            scenarios: Self.all,
            application: .echo
        )
        for scenario in Self.binary { #expect(log.verdict(scenario.id) == .fail) }
        #expect(log.notes.count == 1 && log.notes[0].contains("drop --application echo"))
    }

    @Test func `One that echoes binary messages alone is tested with those`() async {
        let peer = ScriptedPeer { event, answers in
            if case .message(.text, _) = event {} else { answers.behave(event) }
        }
        let (ending, log) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) }, scenarios: Self.all)
        #expect(ending == .complete)
        for scenario in Self.binary { #expect(log.verdict(scenario.id) == .pass) }
        for scenario in Self.all where scenario.neededEchoes.contains(.text) {
            #expect(log.final[scenario.id]?.status == .skipped("the application does not echo text messages"))
        }
        #expect(log.notes.count == 1 && log.notes[0].contains("an echo of text"))
    }

    // MARK: - Broadcasts

    /// What a connection meets that only listens; such a one carries no scenario's name here.
    private static func telling(_ text: String) -> ScriptedPeer {
        ScriptedPeer { event, answers in
            answers.behave(event)
            if case .request = event { answers.send(.text, Array(text.utf8)) }
        }
    }

    @Test func `A server that broadcasts is recognised before the first scenario`() async {
        let target = MemoryTarget { $0.scenario.isEmpty ? .peer(Self.telling("for another")) : .model }
        let (ending, log) = await MemoryRun.run(target)
        #expect(ending == .complete)
        log.expectOneResultEach(of: MemoryRun.few)
        #expect(log.blemishes.isEmpty && log.replacedCount == 0)
        #expect(log.notes.count == 1 && log.notes[0].contains("this server broadcasts"))
        let first = log.events.firstIndex { if case .finished = $0 { true } else { false } }
        let note = log.events.firstIndex { if case .note = $0 { true } else { false } }
        #expect((note ?? .max) < (first ?? 0))
        #expect(log.final["ping/empty"]?.transcript?.header.application?.broadcasts == true)
    }

    @Test func `Alone nobody is told of a broadcast, as nobody else is there`() async {
        let target = MemoryTarget { $0.scenario.isEmpty ? .peer(Self.telling("for another")) : .model }
        let (_, log) = await MemoryRun.run(target, jobs: 1)
        #expect(log.notes.isEmpty && log.blemishes.isEmpty)
    }

    @Test func `A case of several connections that talk is not played where messages reach everybody`() async throws {
        var several = try #require(Catalogue.scenario("framing/text/125-octets"))
        several.phase = .alone
        several.connections = 3
        let target = MemoryTarget { $0.scenario.isEmpty ? .peer(Self.telling("for another")) : .model }
        let (_, log) = await MemoryRun.run(target, scenarios: [several])
        guard case .skipped(let reason) = log.final[several.id]?.status else { return #expect(Bool(false)) }
        #expect(reason.contains("all connections"))
    }

    @Test func `What was recorded while somebody may have listened is told only once nobody has`() async {
        // The listener is never done: whatever the others had, the run that is ended tells none of it.
        let (seen, signal) = AsyncStream.makeStream(of: Void.self)
        let target = MemoryTarget { connection in
            if connection.scenario == "control/listener" { return .forever }
            if connection.scenario == "ping/empty" { signal.yield() }
            return .model
        }
        let run = Task { await MemoryRun.run(target) }
        var events = seen.makeAsyncIterator()
        _ = await events.next()
        run.cancel()
        let (ending, log) = await run.value
        #expect(ending == .cancelled)
        log.expectOneResultEach(of: MemoryRun.few)
        #expect(log.final.values.allSatisfy { $0.transcript == nil })
    }

    // MARK: - Applications that refuse

    /// A Close frame behind the 101, and the option that the line has to name, and one that it must not.
    private static let refusals: [(code: UInt16, reason: String, names: String, not: String)] = [
        (4401, "token", "--header", "--subprotocol"), (1008, "not authorized", "--cookie", "--subprotocol"),
        (4001, "chat.v2 only", "--subprotocol", "--cookie"), (1008, "", "--header", "nothing"),
    ]

    @Test(arguments: refusals.indices)
    func `One that closes behind the 101 is told with code, reason and mend`(index: Int) async {
        let (code, reason, names, not) = Self.refusals[index]
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request:
                answers.behave(event)
                answers.sendClose(code, reason: reason)
            case .close: answers.end()
            default: break
            }
        }
        let (ending, _) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) })
        guard case .unreachable(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("\(code)") && line.contains(reason) && line.contains(names) && !line.contains(not))
    }

    /// A status with its fields, and the end of the line.
    private static let answers: [(head: String, end: String)] = [
        ("301 Moved\r\nLocation: https://b.example/chat?x#y", "the place that it names: wss://b.example/chat?x"),
        ("308 Moved\r\nLocation: http://b.example:8080/", "the place that it names: ws://b.example:8080/"),
        ("302 Found\r\nLocation: /login", "the place that it names: ws://peer.example:9001/login"),
        ("307 Away\r\nLocation: //c.example/x", "the place that it names: ws://c.example/x"),
        (
            "302 Found\r\nLocation: ftp://b.example",
            "it redirects to 'ftp://b.example', which is no address of a WebSocket; check the path, or what stands before it"
        ),
        (
            "302 Found\r\nLocation: http://peer.example:9001/",
            "it redirects to itself; it may want credentials: --header 'Authorization: …' or --cookie"
        ),
        ("302 Found", "it redirects without a Location to say where; check the path"),
        (
            "403 Forbidden",
            "it may want credentials: --header 'Authorization: …', --cookie, or a query in the address, or an --origin that "
                + "it knows, a --subprotocol, or another path"
        ),
        ("404 Not Found", "check the path, and name the subprotocol that it wants with --subprotocol"),
        (
            "426 Upgrade Required",
            "it wants to be asked for another protocol or version; check what stands at the address"
        ),
        ("200 OK", "plain HTTP is served there; check the path, and whether a proxy before it passes Upgrade on"),
        ("503 Busy", "it says that it is too busy; try again, or lower what else it serves"),
    ]

    @Test(arguments: answers.indices)
    func `What HTTP says on the way is told with what mends it, and redirects are not followed`(index: Int) async {
        let (head, end) = Self.answers[index]
        let peer = ScriptedPeer { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 \(head)\r\nContent-Length: 0\r\n\r\n")
            answers.end()
        }
        let (ending, _) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) })
        let told = "ws://peer.example:9001/ answered the handshake with \(head.prefix(3)) instead of 101; "
        guard case .unreachable(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.hasPrefix(told) && line.hasSuffix(end), "\(line)")
    }

    @Test func `401 names credentials and no subprotocol`() async throws {
        let peer = ScriptedPeer { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n")
            answers.end()
        }
        let (ending, _) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) })
        guard case .unreachable(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("401") && line.contains("--header") && !line.contains("subprotocol"))
        #expect(line.contains("a query in the address"))
        var copied = Conversation.settings()
        copied.target = try TargetURL("ws://127.0.0.1:9001/chat?token=***")
        let (again, _) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) }, settings: copied)
        guard case .unreachable(let hint) = again else { return #expect(Bool(false), "\(again)") }
        #expect(hint.hasSuffix("the *** in the address stands for a value that reports leave out; write the value"))
    }
}
