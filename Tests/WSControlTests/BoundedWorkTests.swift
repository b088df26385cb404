import Testing
import WSControl
import WSLink
import WSProtocol
import WSRunner

/// One connection in direct command mode, whose network takes what a test says.
private struct Visit {
    let controlServer: ControlServer
    var router: ConnectionRouter
    var now = LinkInstant.zero
    var written = 0
    var pieces = 0
    var mostAtOnce = 0
    var isPaused = false
    var owesWritable = false
    var timers: [LinkTimer: LinkInstant] = [:]
    var isOver = false

    init() throws {
        controlServer = ControlServer(
            ControlServerSettings(
                version: "1.2.3",
                plan: ClientPlan(counted: [RunningControlServer.scenario("a/one")]),
                conversation: ConversationSettings(target: try TargetURL("ws://127.0.0.1:1"))
            )
        )
        router = ConnectionRouter(controlServer, waker: LinkWaker {})
        receive(RawClient.webSocket("/commands").first)
        written = 0
    }

    static func command(_ text: String) -> [UInt8] { RawClient.frame(.text, Array(text.utf8)) }

    mutating func receive(_ octets: [UInt8]) {
        var actions: [LinkAction] = []
        router.linkReceived(octets.span, at: now, actions: &actions)
        carryOut(actions)
    }

    /// Everything that was written leaves.
    mutating func leave() {
        guard owesWritable else { return }
        owesWritable = false
        var actions: [LinkAction] = []
        router.linkWritable(at: now, actions: &actions)
        carryOut(actions)
    }

    /// The next timer fires.
    mutating func tick() {
        guard let next = timers.min(by: { $0.value < $1.value }) else { return }
        timers[next.key] = nil
        now = max(now, next.value)
        var actions: [LinkAction] = []
        router.linkTimerFired(next.key, at: now, actions: &actions)
        carryOut(actions)
    }

    private mutating func carryOut(_ actions: [LinkAction]) {
        var atOnce = 0
        for action in actions {
            switch action {
            case .write(let octets):
                atOnce += octets.count
                pieces += 1
            case .writePieces(let octets, let size):
                atOnce += octets.count
                pieces += (octets.count - 1) / size + 1
            case .pauseReading: isPaused = true
            case .resumeReading: isPaused = false
            case .notifyWhenWritten: owesWritable = true
            case .setTimer(let timer, let moment): timers[timer] = moment
            case .cancelTimer(let timer): timers[timer] = nil
            case .close, .reset: isOver = true
            case .probe, .closeOutput, .sendFields, .writeToCarrier, .pingCarrier: break
            }
        }
        written += atOnce
        mostAtOnce = max(mostAtOnce, atOnce)
    }
}

@Suite("What the control interface does at a time")
struct BoundedWorkTests {
    private static let large = #"["sendframe", {"opcode": 2, "payload": "x", "payload_len": 16000000}]"#

    @Test("A command that asks for more than there may be is refused before anything is made of it")
    func refused() throws {
        var visit = try Visit()
        let frame = #"{"payload": "x", "payload_len": 16777216}"#
        let frames = Array(repeating: frame, count: 150).joined(separator: ",")
        visit.receive(Visit.command(#"["sendframes", [\#(frames)]]"#))
        #expect(visit.written < 200)
    }

    @Test("Who never reads is sent no more than one turn, however much it asks for, and is not read from")
    func neverRead() throws {
        var visit = try Visit()
        for _ in 0..<100 { visit.receive(Visit.command(Self.large)) }
        #expect(visit.isPaused && visit.written <= ControlLimits.octetsPerTurn)
        while !visit.isOver, !visit.timers.isEmpty { visit.tick() }
        #expect(visit.isOver && visit.now >= .zero + ControlLimits.commandSilence)
        #expect(visit.written <= ControlLimits.octetsPerTurn)
    }

    @Test("Who never reads and sends Pings is answered once")
    func pings() throws {
        var visit = try Visit()
        for _ in 0..<1_000 { visit.receive(RawClient.frame(.ping, Array(repeating: 7, count: 125))) }
        #expect(visit.isPaused && visit.written == 127)
        visit.leave()
        #expect(visit.written == 254, "the last of those that waited")
    }

    @Test(
        "What a command sends leaves in turns, with time for others in between",
        arguments: [
            (large, 16_000_010), (#"["echo", {"payload": "ab", "payload_len": 50000, "chopsize": 1}]"#, 50_004),
        ]
    )
    func turns(command: String, octets: Int) throws {
        var visit = try Visit()
        visit.receive(Visit.command(command))
        var turns = 0
        while visit.written < octets, turns < 1_000 {
            turns += 1
            let before = (visit.pieces, visit.now)
            visit.leave()
            #expect(visit.pieces == before.0, "the next turn comes with its timer")
            visit.tick()
            #expect(visit.pieces - before.0 <= ControlLimits.piecesPerTurn)
            #expect(visit.now >= before.1 + ControlLimits.betweenTurns)
        }
        #expect(visit.written == octets && visit.mostAtOnce <= ControlLimits.octetsPerTurn)
        visit.leave()
        #expect(!visit.isPaused)
    }

    @Test("Commands are carried out in the order in which they came, whatever is cut")
    func order() async throws {
        try await RunningControlServer.open { open in
            let commands = [
                #"["sendframe", {"opcode": 1, "payload": "abc", "payload_len": 200000, "mask": "01020304"}]"#,
                #"["sendframe", {"opcode": 1, "payload": "xyz", "payload_len": 1000, "chopsize": 3}]"#,
                #"["echo", {"payload": "last"}]"#, #"["close", {"code": 3000}]"#,
            ]
            let octets = commands.flatMap { Visit.command($0) }
            let client = await open.send(.webSocket("/", afterHead: octets))
            var expected: [UInt8] = []
            var payload = Array(String(repeating: "abc", count: 66_667).utf8.prefix(200_000))
            FrameHeader(
                opcode: .text,
                maskingKey: MaskingKey(rawValue: 0x0102_0304),
                payloadLength: 200_000
            ).encode(payload: payload.span, into: &expected)
            payload = Array(String(repeating: "xyz", count: 334).utf8.prefix(1_000))
            FrameHeader(opcode: .text, payloadLength: 1_000).encode(payload: payload.span, into: &expected)
            expected += [0x81, 4] + Array("last".utf8) + [0x88, 2, 0x0B, 0xB8]
            #expect(client.content == expected)
        }
    }
}
