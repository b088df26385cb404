import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// A transcript made by hand: what happened, and when.
///
/// The clock stands still unless a test moves it.
struct Recording {
    private var recorder: TranscriptRecorder
    let scenario: Scenario
    /// Whether the peer's first Close frame came behind ours.
    private(set) var peerReplies = false
    private var hasClosed = false
    private var peerHasClosed = false
    /// The time of the next event, in milliseconds since the connection attempt.
    var milliseconds: Double = 0

    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    static let acceptance = HandshakeResponse.accepting(key: key)
    /// An answer that agrees to compression.
    static let compressing = accepting(extensions: ["permessage-deflate"])

    /// An answer with these extensions.
    static func accepting(extensions: [String]) -> HandshakeResponse {
        HandshakeResponse.accepting(key: key, extensions: extensions)
    }

    private var time: Int64 { Int64((milliseconds * 1_000_000).rounded()) }

    /// A connection that has sent its handshake, which has these lines where it is the scenario's own.
    init(
        _ scenario: Scenario,
        effort: Effort = .quick,
        subprotocols: [String] = [],
        extensions: [String] = [],
        waitsForever: Bool? = nil,
        lines: [String]? = nil
    ) {
        self.scenario = scenario
        recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: "server",
                url: "ws://peer.example/",
                seed: 1,
                effort: effort.rawValue,
                subprotocols: subprotocols,
                waitsForever: waitsForever
            )
        )
        recorder.connected(at: 0)
        let request = HandshakeRequest(
            host: "peer.example",
            key: Self.key,
            subprotocols: subprotocols,
            extensions: extensions
        )
        let own = lines.map { Array(($0 + ["", ""]).joined(separator: "\r\n").utf8) }
        recorder.sent(.octets(own ?? request.encode()), at: 0)
    }

    /// A connection that was accepted.
    static func opened(
        _ scenario: Scenario,
        offering extensions: [String] = [],
        answer: [UInt8] = acceptance.encode(),
        waitsForever: Bool? = nil
    ) -> Recording {
        var recording = Recording(scenario, extensions: extensions, waitsForever: waitsForever)
        recording.receive(answer)
        recording.mark(.opened)
        return recording
    }

    /// A connection that has agreed on what the scenario needs; whoever agrees to compression need not compress.
    static func opened(agreeing scenario: Scenario) -> Recording {
        guard scenario.compression != nil else { return .opened(scenario) }
        return .opened(scenario, offering: ["permessage-deflate"], answer: compressing.encode())
    }

    var transcript: Transcript { recorder.transcript }

    /// The judgement of what has been recorded.
    var judgement: Judgement { LookedAt.judgement(of: scenario, transcript) }

    mutating func receive(_ octets: [UInt8]) {
        recorder.received([.octets(octets)], at: time)
    }

    mutating func receive(_ text: String) {
        receive(Array(text.utf8))
    }

    mutating func receive(_ opcode: Opcode, _ payload: [UInt8] = [], fin: Bool = true) {
        receive(Self.frame(opcode, payload, fin: fin))
    }

    /// A message that may be large; what the scenario names is recorded by its name, as the runner does.
    mutating func receive(_ opcode: Opcode, _ payload: Payload) {
        let index = scenario.referencePayloads.firstIndex(of: payload)
        guard let index, payload.count >= 256 else { return receive(opcode, payload.octets) }
        var header: [UInt8] = []
        FrameHeader(opcode: opcode, payloadLength: UInt64(payload.count)).encode(into: &header)
        recorder.received([.octets(header), .payload(index: index, start: 0, length: 100)], at: time)
        recorder.received([.payload(index: index, start: 100, length: payload.count - 100)], at: time)
    }

    mutating func receiveClose(_ code: UInt16?, reason: String = "") {
        receive(.close, CloseBody(code: code, reason: Array(reason.utf8)).encoded)
        peerReplies = peerReplies || hasClosed && !peerHasClosed
        peerHasClosed = true
    }

    /// A step of the script.
    mutating func sendStep(_ index: Int) {
        sendFrames(of: index, 0..<scenario.script[index].frameCount(at: .quick))
    }

    /// Some frames of a step, in one write.
    mutating func sendFrames(of index: Int, _ frames: Range<Int>) {
        guard !frames.isEmpty else { return }
        recorder.sent(
            .script(
                ScriptReference(
                    step: index,
                    frame: frames.lowerBound,
                    frameCount: frames.count,
                    start: 0,
                    length: UInt64(frames.count),
                    maskingKey: 0,
                    keyIndex: 0
                )
            ),
            at: time
        )
    }

    /// All steps of the script that send.
    mutating func sendScript() {
        for index in scenario.script.indices { sendStep(index) }
    }

    /// A frame of the tester's own.
    mutating func send(_ opcode: Opcode, _ payload: [UInt8] = []) {
        var octets: [UInt8] = []
        FrameHeader(opcode: opcode, maskingKey: MaskingKey(rawValue: 0), payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        recorder.sent(.octets(octets), at: time)
    }

    mutating func sendClose(_ code: UInt16?) {
        send(.close, CloseBody(code: code).encoded)
        hasClosed = true
    }

    mutating func mark(_ mark: TranscriptMark) {
        recorder.mark(mark, at: time)
    }

    mutating func end(_ end: TranscriptEnd = .finished) {
        recorder.ended(end, at: time)
    }

    static func frame(_ opcode: Opcode, _ payload: [UInt8] = [], fin: Bool = true) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(fin: fin, opcode: opcode, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        return octets
    }
}

extension Catalogue {
    /// The scenario of this id, which the catalogue has to have.
    static func the(_ id: String) -> Scenario {
        guard let scenario = scenario(id) else { preconditionFailure("the catalogue has no \(id)") }
        return scenario
    }
}
