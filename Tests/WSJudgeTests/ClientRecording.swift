import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// A transcript of a conversation with a client, made by hand.
struct ClientRecording {
    private var recorder: TranscriptRecorder
    let scenario: Scenario
    /// The keys that its frames take, one after the other; the last one goes on.
    var maskingKeys: [UInt32?] = [0x1234_5678, 0x9ABC_DEF0, 0x0FED_CBA9, 0x8765_4321, 0x2468_ACE1]
    private var frames = 0

    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    /// The lines of an ordinary request.
    static let lines = [
        "GET /runCase?case=1 HTTP/1.1", "Host: 127.0.0.1:9001", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: \(key)", "Sec-WebSocket-Version: 13",
    ]

    /// A client that has sent this request, or nothing.
    init(_ scenario: Scenario, lines: [String]? = lines, url: String = "ws://127.0.0.1:9001/") {
        self.scenario = scenario
        recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: "client",
                url: url,
                seed: 1,
                effort: Effort.quick.rawValue
            )
        )
        recorder.connected(at: 0)
        if let lines { receive(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)) }
    }

    var transcript: Transcript { recorder.transcript }

    /// The judgement of what has been recorded.
    var judgement: Judgement { LookedAt.judgement(of: scenario, transcript) }

    mutating func receive(_ octets: [UInt8]) { recorder.received([.octets(octets)], at: 0) }

    /// A frame of the client's, masked with the next key.
    mutating func receive(_ opcode: Opcode, _ payload: [UInt8] = []) {
        let key = maskingKeys[min(frames, maskingKeys.count - 1)]
        frames += 1
        var octets: [UInt8] = []
        FrameHeader(
            opcode: opcode,
            maskingKey: key.map { MaskingKey(rawValue: $0) },
            payloadLength: UInt64(payload.count)
        ).encode(payload: payload.span, into: &octets)
        receive(octets)
    }

    mutating func receiveClose(_ code: UInt16?, reason: String = "") {
        receive(.close, CloseBody(code: code, reason: Array(reason.utf8)).encoded)
    }

    /// Our answer, which the client takes for an acceptance unless it is said not to.
    mutating func answer(_ response: [UInt8] = HandshakeResponse.accepting(key: key).encode(), opens: Bool = true) {
        recorder.sent(.octets(response), at: 0)
        recorder.mark(.answered, at: 0)
        if opens { recorder.mark(.opened, at: 0) }
    }

    /// All steps of the script that send.
    mutating func sendScript() {
        for (index, step) in scenario.script.enumerated() {
            let frames = step.frameCount(at: .quick)
            guard frames > 0 else { continue }
            let reference = ScriptReference(
                step: index,
                frame: 0,
                frameCount: frames,
                start: 0,
                length: UInt64(frames),
                maskingKey: nil,
                keyIndex: 0
            )
            recorder.sent(.script(reference), at: 0)
        }
    }

    /// A frame of the tester's own.
    mutating func send(_ opcode: Opcode, _ payload: [UInt8] = []) {
        var octets: [UInt8] = []
        FrameHeader(opcode: opcode, payloadLength: UInt64(payload.count)).encode(payload: payload.span, into: &octets)
        recorder.sent(.octets(octets), at: 0)
    }

    mutating func mark(_ mark: TranscriptMark) { recorder.mark(mark, at: 0) }

    mutating func end(_ end: TranscriptEnd = .finished, at time: Int64 = 0) { recorder.ended(end, at: time) }

    /// A conversation about a Ping that goes well, with this request.
    static func ordinary(
        _ id: String = "handshake/request/form-of-the-request",
        lines: [String] = lines,
        url: String = "ws://127.0.0.1:9001/",
        keys: [UInt32?]? = nil
    ) -> ClientRecording {
        let scenario = Catalogue.the(id)
        var recording = ClientRecording(scenario, lines: lines, url: url)
        if let keys { recording.maskingKeys = keys }
        recording.answer()
        recording.sendScript()
        for case .send(let frame) in scenario.script where frame.opcode == .ping {
            recording.receive(.pong, frame.payload.octets)
        }
        recording.send(.close, CloseBody(code: 1000).encoded)
        recording.receiveClose(1000)
        recording.end()
        return recording
    }
}
