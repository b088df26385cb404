import Testing
import WSControl
import WSHTTP2
import WSHTTP2Link
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// What clients find that speak HTTP/2 with the control server.
@Suite("The control server over HTTP/2", .timeLimit(.minutes(15)))
struct StreamControlTests {
    /// A control server for HTTP/2 whose events nobody reads before it has ended.
    static func controlServer(speaksHTTP2: Bool = true) throws -> ControlServer {
        var settings = ControlServerSettings(
            version: "1.2.3",
            plan: ClientPlan(
                counted: [RunningControlServer.scenario("a/one"), RunningControlServer.scenario("a/two")]
            ),
            conversation: ConversationSettings(role: .server, target: try TargetURL("ws://127.0.0.1:9001")),
            token: "secret"
        )
        if speaksHTTP2 { settings.http2 = .server(testing: .seconds(5)) }
        return ControlServer(settings)
    }

    /// What came of machines that were on streams of one connection.
    static func play(_ control: ControlServer, _ machines: [any LinkMachine]) -> [any LinkMachine] {
        var link = InMemoryLink(
            client: HTTP2Link(client: machines, .client(settingsLimit: .seconds(5))),
            server: ConnectionRouter(control, waker: LinkWaker {})
        )
        link.run()
        control.finish()
        return link.client.machines
    }

    /// The events of a control server that has ended.
    static func events(_ control: ControlServer) async -> (results: [ConversationResult], notes: [String]) {
        var found: (results: [ConversationResult], notes: [String]) = ([], [])
        for await event in control.events {
            switch event {
            case .ended(_, let result, _): found.results.append(result)
            case .note(let line): found.notes.append(line)
            default: break
            }
        }
        return found
    }

    static func client(_ path: String) -> ModelClient {
        var settings = ModelClientSettings(host: "127.0.0.1:9001", target: path)
        settings.isOnStream = true
        return ModelClient(settings)
    }

    @Test func `Cases, the page and the interface are streams of one connection`() async throws {
        let control = try Self.controlServer()
        let machines = Self.play(
            control,
            [
                Self.client("/runCase?case=1&agent=x"), PlainClient("GET", "/"),
                Self.client("/runCase?case=2&agent=x"), PlainClient("HEAD", "/"), PlainClient("GET", "/nothing"),
                PlainClient("CONNECT", "/getCaseCount", isWebSocket: true),
            ]
        )
        let page = try #require(machines[1] as? PlainClient)
        #expect(page.fields.first(":status") == "200" && page.text.lowercased().contains("<!doctype html>"))
        #expect(page.fields.first("content-type") == "text/html; charset=utf-8")
        #expect(page.fields.first("connection") == nil && page.ends == [.finished])
        let head = try #require(machines[3] as? PlainClient)
        #expect(head.fields.first(":status") == "200" && head.text.isEmpty && head.ends == [.finished])
        #expect((machines[4] as? PlainClient)?.fields.first(":status") == "404")
        let count = try #require(machines[5] as? PlainClient)
        #expect(count.fields.first(":status") == "200" && count.fields.first("sec-websocket-accept") == nil)
        #expect(count.received.starts(with: [0x81, 0x01, UInt8(ascii: "2"), 0x88, 0x00]))
        let (results, notes) = await Self.events(control)
        #expect(results.map(\.scenario.id).sorted() == ["a/one", "a/two"] && notes.isEmpty)
        #expect(results.compactMap(\.transcript?.header.stream) == [5])
        for result in results {
            let kinds = result.transcript?.events.map(\.kind) ?? []
            // Its clock begins with its request.
            #expect(result.transcript?.events.allSatisfy { $0.time >= 0 && $0.time < 5_000_000_000 } == true)
            #expect(kinds.contains(.ended(.finished)) && kinds.contains(.mark(.opened)))
        }
    }

    @Test func `An answer that has to wait comes on a stream whose request has ended before`() async throws {
        let control = try Self.controlServer()
        let machines = Self.play(control, [PlainClient("POST", "/api/finish?agent=x&token=secret")])
        let client = try #require(machines.first as? PlainClient)
        // Nobody writes reports here, which is told in the end.
        #expect(client.fields.first(":status") == "404" && client.text.contains("nothing has come of it yet"))
        #expect(client.ends == [.finished])
    }

    @Test func `A cut of the connection ends the conversations of all its streams`() async throws {
        let control = try Self.controlServer()
        var link = InMemoryLink(
            client: CutClient(paths: ["/runCase?case=1&agent=x", "/runCase?case=2&agent=x"]),
            server: ConnectionRouter(control, waker: LinkWaker {})
        )
        link.run()
        control.finish()
        let (results, _) = await Self.events(control)
        #expect(results.count == 2)
        for result in results {
            let kinds = result.transcript?.events.map(\.kind) ?? []
            #expect(kinds.contains(.ended(.truncated)) && kinds.contains(.carrierEnded(.finished)))
        }
    }

    @Test func `A case over HTTP/1.1 is played and told, where HTTP/2 is tested`() async throws {
        let control = try Self.controlServer()
        var settings = ModelClientSettings(host: "127.0.0.1:9001", target: "/runCase?case=1&agent=x")
        settings.version = "9"
        var link = InMemoryLink(
            client: ModelClient(settings),
            server: ConnectionRouter(control, waker: LinkWaker {}),
            chunkLength: 1
        )
        link.run()
        control.finish()
        let (results, notes) = await Self.events(control)
        #expect(results.count == 1)
        #expect(notes.count == 1 && notes.first?.hasPrefix("the case a/one came over HTTP/1.1 (wsconform/9)") == true)
    }

    @Test func `Who speaks HTTP/2 where it is not spoken is told so`() async throws {
        let control = try Self.controlServer(speaksHTTP2: false)
        _ = Self.play(control, [Self.client("/runCase?case=1&agent=x")])
        let (results, notes) = await Self.events(control)
        #expect(results.isEmpty)
        #expect(notes == ["a client speaks HTTP/2 here; add --http2, or let it speak HTTP/1.1"])
    }

    @Test func `Pages of others may not drive a run over HTTP/2, either`() async throws {
        let control = try Self.controlServer()
        let others = [LinkField("origin", "https://other.example")]
        let machines = Self.play(
            control,
            [
                PlainClient("CONNECT", "/runCase?case=1&agent=x", isWebSocket: true, others),
                PlainClient("GET", "/api/plan", others), PlainClient("POST", "/api/finish?agent=x"),
            ]
        )
        #expect(machines.map { ($0 as? PlainClient)?.fields.first(":status") } == ["403", "403", "403"])
        #expect(await Self.events(control).results.isEmpty)
    }

    @Test func `Nothing in the field lines of a stream ends a line of the request that is made of them`() async throws {
        let control = try Self.controlServer()
        let odd = [LinkField("x-odd", "1\r\nOrigin: https://other.example\r\n\r\nGET / HTTP/1.1")]
        let machines = Self.play(
            control,
            [PlainClient("GET", "/ HTTP/1.1\r\nUpgrade: websocket\r\nX:", odd), PlainClient("GET\r\n\r\n", "/", odd)]
        )
        #expect(machines.map { ($0 as? PlainClient)?.fields.first(":status") } == ["400", "200"])
    }
}

/// Sends a request on a stream, and keeps what comes.
struct PlainClient: LinkMachine {
    let request: [LinkField]
    private(set) var fields: [LinkField] = []
    private(set) var received: [UInt8] = []
    private(set) var ends: [LinkEnd] = []

    init(_ method: String, _ path: String, isWebSocket: Bool = false, _ others: [LinkField] = []) {
        let version = isWebSocket ? [LinkField("sec-websocket-version", "13")] : []
        request =
            [LinkField(":method", method)] + (isWebSocket ? [LinkField(":protocol", "websocket")] : [])
            + [
                LinkField(":scheme", "http"), LinkField(":path", path), LinkField(":authority", "127.0.0.1:9001"),
            ] + version + others
    }

    var text: String { String(decoding: received, as: UTF8.self) }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.sendFields(request, ends: request.first(":protocol") == nil))
    }

    mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        self.fields = fields
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        for index in bytes.indices { received.append(bytes[index]) }
        // The Close frame of the interface.
        if received.suffix(2).elementsEqual([0x88, 0x00]) { actions.append(.closeOutput) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { ends.append(end) }
}

/// Opens streams for cases, and ends the connection when all are answered.
private struct CutClient: LinkMachine {
    let paths: [String]
    private var observer = HTTP2Observer(role: .client)
    private var answers = 0

    init(paths: [String]) { self.paths = paths }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        var octets = HTTP2Frame.preface + HTTP2Frame.settings([]).encoded
        var encoder = HPACKEncoder()
        for (index, path) in paths.enumerated() {
            let request = PlainClient("CONNECT", path, isWebSocket: true).request
            let block = encoder.encode(request.map { .field(FieldLine($0.name, $0.value)) })
            octets += HTTP2Frame.headers(block, on: UInt32(1 + 2 * index)).encoded
        }
        var position = 0
        while observer.next(in: octets.span, at: &position, .sent) != nil {}
        actions.append(.write(octets))
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        var position = 0
        while let event = observer.next(in: bytes, at: &position, .received) {
            if case .section = event { answers += 1 }
        }
        if answers == paths.count { actions.append(.closeOutput) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
