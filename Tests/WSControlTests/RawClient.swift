import NIOPosix
import Testing
import WSControl
import WSLink
import WSProtocol
import WSRunner
import WSScenario
import WSTransport

/// A connection that sends what it is told and keeps everything that comes, until the other side ends it.
struct RawClient: LinkMachine {
    /// Sent at once.
    var first: [UInt8]
    /// Sent when the head of an answer has come, after which frames are sent.
    var afterHead: [UInt8] = []
    /// How long all of it may take.
    var limit = LinkDuration.seconds(20)

    private(set) var received: [UInt8] = []
    private(set) var end: LinkEnd?
    private var hasHead = false
    private var hasAnsweredClose = false

    private static let timer = LinkTimer(number: 0)

    init(_ first: [UInt8], afterHead: [UInt8] = []) {
        self.first = first
        self.afterHead = afterHead
    }

    /// A WebSocket handshake for a path, and frames to send once it is answered.
    static func webSocket(_ path: String, fields: [String] = [], afterHead: [UInt8] = []) -> RawClient {
        let lines =
            [
                "GET \(path) HTTP/1.1", "Host: 127.0.0.1:9001", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            ] + fields
        return RawClient(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), afterHead: afterHead)
    }

    /// A plain request.
    static func http(_ line: String, fields: [String] = ["Host: 127.0.0.1:9001"]) -> RawClient {
        RawClient(Array((([line + " HTTP/1.1"] + fields).joined(separator: "\r\n") + "\r\n\r\n").utf8))
    }

    /// A masked frame of a client.
    static func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(
            opcode: opcode,
            maskingKey: MaskingKey(rawValue: 0x0102_0304),
            payloadLength: UInt64(payload.count)
        ).encode(payload: payload.span, into: &octets)
        return octets
    }

    /// The status of the answer.
    var status: Int {
        let words = text.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    /// Everything that came, as text.
    var text: String { String(decoding: received, as: UTF8.self) }

    /// What came behind the head.
    var content: [UInt8] {
        var head = HTTPHeadDecoder(expecting: .response)
        guard case .complete(_, let consumed) = head.feed(received.span) else { return [] }
        return Array(received[consumed...])
    }

    /// The texts of the messages that came, and the close code: nil without a Close, 1005 without a code.
    var frames: (texts: [String], close: UInt16?) {
        var decoder = StreamDecoder(sender: .server)
        let octets = content
        var texts: [String] = []
        var message: [UInt8] = []
        var close: UInt16?
        var position = 0
        let span = octets.span
        while let event = decoder.next(in: span, at: &position) {
            switch event {
            case .payload(let chunk, _, _):
                if decoder.currentHeader?.opcode.isControl == false { message += Array(octets[chunk]) }
            case .messageEnd:
                texts.append(String(decoding: message, as: UTF8.self))
                message = []
            case .close(let body, _, _): close = body.code ?? CloseCode.noStatus
            default: break
            }
        }
        return (texts, close)
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.setTimer(Self.timer, at: now + limit))
        if !first.isEmpty { actions.append(.write(first)) }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        for index in bytes.indices { received.append(bytes[index]) }
        var head = HTTPHeadDecoder(expecting: .response)
        if hasHead, !hasAnsweredClose, frames.close != nil {
            hasAnsweredClose = true
            actions.append(.write(Self.frame(.close, [])))
        }
        guard !hasHead, case .complete = head.feed(received.span) else { return }
        hasHead = true
        if !afterHead.isEmpty { actions.append(.write(afterHead)) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.close)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        self.end = end
    }
}

/// A control server on a free port of 127.0.0.1, with few cases and nobody who judges.
struct RunningControlServer {
    let controlServer: ControlServer
    let port: Int

    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    static func scenario(_ id: String, title: String = "A case", driver: DriverNeed = .connect) -> Scenario {
        Scenario(
            id: id,
            title: title,
            requirements: [],
            needs: .nothing,
            driver: driver,
            script: [],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.anything)],
            closing: [.conforms(.anything)]
        )
    }

    /// Opens a control server for as long as a body runs.
    static func open<Result>(
        timeout: LinkDuration = .seconds(5),
        admission: ClientRun.Admission = .any,
        defaultAgent: String? = nil,
        isDriven: Bool = false,
        isLeftOut: @escaping @Sendable (Scenario, String) -> Bool = { _, _ in false },
        _ body: (RunningControlServer) async throws -> Result
    ) async throws -> Result {
        var plan = ClientPlan(
            counted: [scenario("a/one", title: "The first"), scenario("a/two")],
            others: [scenario("b/close", driver: .action(.close(code: 1000, reason: "enough")))]
        )
        plan.isLeftOut = isLeftOut
        let settings = ControlServerSettings(
            version: "1.2.3",
            plan: plan,
            admission: admission,
            conversation: ConversationSettings(
                role: .server,
                target: try TargetURL("ws://127.0.0.1:1"),
                idleTimeout: timeout
            ),
            defaultAgent: defaultAgent,
            isDriven: isDriven,
            token: "secret"
        )
        let controlServer = ControlServer(settings)
        let acceptor = try await Sockets.accept(
            at: .tcp(host: "127.0.0.1", port: 0),
            connectTimeout: .seconds(10),
            group: group,
            makeMachine: { (waker: LinkWaker) in ConnectionRouter(controlServer, waker: waker) }
        )
        do {
            let port = try #require(acceptor.endpoint.port)
            let result = try await body(RunningControlServer(controlServer: controlServer, port: port))
            await acceptor.closeAll()
            controlServer.finish()
            return result
        } catch {
            await acceptor.closeAll()
            controlServer.finish()
            throw error
        }
    }

    /// Runs a client to its end.
    func send(_ client: RawClient) async -> RawClient {
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: port)
        let dialer = Sockets.dialer(to: endpoint, connectTimeout: .seconds(10), group: Self.group)
        return await dialer.run(client, probe: { _ in RawClient([]) })
    }

    /// The next note at the controlServer.
    func note() async -> String? {
        for await event in controlServer.events { if case .note(let line) = event { return line } }
        return nil
    }

    static func outcome(_ id: String, _ behavior: String) -> CaseOutcome {
        CaseOutcome(
            id: id,
            verdict: "pass",
            reason: "",
            requirements: [],
            wire: ["> text"],
            durationMilliseconds: 1.5,
            behavior: behavior
        )
    }
}
