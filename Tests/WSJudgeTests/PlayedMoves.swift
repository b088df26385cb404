import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// A thing that can happen in a conversation after its opening.
enum Move: Character, CaseIterable {
    /// The peer sends what is expected next.
    case right = "r"
    /// The peer sends a short text that nobody asked for.
    case text = "t"
    /// The peer begins a text message.
    case begin = "b"
    /// The peer ends the message that it has begun, or one that it has not.
    case finish = "e"
    /// The peer sends a Pong that is none of ours, and one without octets.
    case pongs = "p"
    /// The peer sends a Ping.
    case ping = "P"
    /// The peer sends a frame with a reserved opcode.
    case reserved = "v"
    /// The peer sends a Close frame with 1000.
    case close = "c"
    /// The peer sends a Close frame with 1002.
    case closeForError = "E"
    /// The peer sends a Close frame with 1009, which may state a limit.
    case closeForSize = "L"
    /// The peer sends a Close frame without a code.
    case closeWithoutCode = "n"
    /// We send the next step of the script.
    case step = "s"
    /// We send a Close frame with 1000.
    case ourClose = "C"
    /// We send a Ping, and a Pong.
    case ourPing = "O"
    /// We give up, as nothing came in time.
    case deadline = "d"
    /// We give up, as it took too long, though it was getting on.
    case tookTooLong = "l"
    /// The peer answers the Ping that comes late.
    case lateBarrier = "B"
    /// A second and a half passes.
    case time = "T"
}

/// A conversation made of moves.
struct PlayedMoves {
    let scenario: Scenario
    let role: Role
    private var recorder: TranscriptRecorder
    private var time: Int64 = 0
    private var step = 0
    private var expected: [ExpectedEvent]
    private var keys: UInt32 = 0x1234_5678

    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    /// An opened conversation that has sent the first step of the script.
    init(_ scenario: Scenario, testing role: Role) {
        let agreed = scenario.compression == nil ? [] : ["permessage-deflate"]
        self.scenario = scenario
        self.role = role
        let events = scenario.testing(role).behaviour.first { $0.grade == .conforms }?.pattern.events ?? []
        expected = events.flatMap(\.expandingPongs)
        recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: role.rawValue,
                url: "ws://peer.example:9001/",
                seed: 1,
                effort: Effort.quick.rawValue
            )
        )
        recorder.connected(at: 0)
        let request = HandshakeRequest(host: "peer.example:9001", key: Self.key, extensions: agreed).encode()
        let answer = HandshakeResponse.accepting(key: Self.key, extensions: agreed).encode()
        if role == .server {
            recorder.sent(.octets(request), at: 0)
            recorder.received([.octets(answer)], at: 0)
        } else {
            recorder.received([.octets(request)], at: 0)
            recorder.sent(.octets(answer), at: 0)
            recorder.mark(.answered, at: 0)
        }
        recorder.mark(.opened, at: 0)
        sendStep()
    }

    /// The conversation after these moves, with its end: TCP is ended by the peer, or else by us.
    func transcript(_ moves: [Move], endedByPeer: Bool) -> Transcript {
        var copy = self
        for move in moves { copy.play(move) }
        copy.recorder.ended(endedByPeer ? .finished : .closedHere, at: copy.time)
        return copy.recorder.transcript
    }

    private mutating func play(_ move: Move) {
        switch move {
        case .right: receiveExpected()
        case .text: receive(.text, Array("hi".utf8))
        case .begin: receive(.text, Array("h".utf8), fin: false)
        case .finish: receive(.continuation, Array("i".utf8))
        case .pongs:
            receive(.pong, Array("zz".utf8))
            receive(.pong)
        case .ping: receive(.ping, Array("q".utf8))
        case .reserved: receive(Opcode(rawValue: 0xB))
        case .close: receive(.close, CloseBody(code: 1000).encoded)
        case .closeForError: receive(.close, CloseBody(code: 1002, reason: Array("no".utf8)).encoded)
        case .closeForSize: receive(.close, CloseBody(code: 1009).encoded)
        case .closeWithoutCode: receive(.close)
        case .step: sendStep()
        case .ourClose: send(.close, CloseBody(code: 1000).encoded)
        case .ourPing:
            send(.ping, Array("zz".utf8))
            send(.pong, Array("q".utf8))
        case .deadline: recorder.mark(.gaveUp(.deadline), at: time)
        case .tookTooLong: recorder.mark(.gaveUp(.tookTooLong), at: time)
        case .lateBarrier:
            recorder.mark(.lateBarrierSent(payload: Array(repeating: 7, count: 16)), at: time)
            receive(.pong, Array(repeating: 7, count: 16))
            recorder.mark(.lateBarrierAnswered, at: time)
        case .time: time += 1_500_000_000
        }
    }

    private mutating func receiveExpected() {
        guard !expected.isEmpty else { return receive(.text, Array("nothing is expected".utf8)) }
        switch expected.removeFirst() {
        case .message(let opcode, let payload), .echoes(let opcode, let payload):
            receive(opcode, Array(payload.octets.prefix(70_000)))
        case .pong(let payload): receive(.pong, payload.octets)
        case .stillOpen(let tag): recorder.mark(.waited(tag: tag, answered: true), at: time)
        case .numberedPongs: break
        }
    }

    private mutating func receive(_ opcode: Opcode, _ payload: [UInt8] = [], fin: Bool = true) {
        recorder.received([.octets(frame(opcode, payload, fin: fin, isMasked: role == .client))], at: time)
    }

    private mutating func send(_ opcode: Opcode, _ payload: [UInt8] = []) {
        recorder.sent(.octets(frame(opcode, payload, fin: true, isMasked: role == .server)), at: time)
    }

    private mutating func frame(_ opcode: Opcode, _ payload: [UInt8], fin: Bool, isMasked: Bool) -> [UInt8] {
        keys = keys &* 1_664_525 &+ 1_013_904_223
        var octets: [UInt8] = []
        FrameHeader(
            fin: fin,
            opcode: opcode,
            maskingKey: isMasked ? MaskingKey(rawValue: keys) : nil,
            payloadLength: UInt64(payload.count)
        ).encode(payload: payload.span, into: &octets)
        return octets
    }

    private mutating func sendStep() {
        while step < scenario.script.count {
            let count = scenario.script[step].frameCount(at: .quick)
            step += 1
            guard count > 0 else { continue }
            let reference = ScriptReference(
                step: step - 1,
                frame: 0,
                frameCount: count,
                start: 0,
                length: UInt64(count),
                maskingKey: role == .server ? 1 : nil,
                keyIndex: 0
            )
            recorder.sent(.script(reference), at: time)
            return
        }
    }
}
