import Synchronization
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// A record of any events, and the timeline that is read from it.
struct RecordedEvents {
    private var recorder: TranscriptRecorder
    var scenario: Scenario
    let role: Role
    var time: Int64 = 0

    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let request = HandshakeRequest(host: "peer.example", key: key).encode()
    static let acceptance = HandshakeResponse.accepting(key: key).encode()

    /// A record that has nothing in it.
    init(_ scenario: Scenario, testing role: Role = .server, sidecar: (any SidecarStore)? = nil) {
        self.scenario = scenario
        self.role = role
        recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: role.rawValue,
                url: "ws://peer.example/",
                seed: 1,
                effort: Effort.quick.rawValue
            ),
            sidecar: sidecar
        )
        recorder.connected(at: 0)
    }

    /// A record of a connection that was opened.
    static func opened(
        _ scenario: Scenario,
        testing role: Role = .server,
        sidecar: (any SidecarStore)? = nil
    ) -> RecordedEvents {
        var record = RecordedEvents(scenario, testing: role, sidecar: sidecar)
        if role == .server {
            record.send(request)
            record.receive(acceptance)
        } else {
            record.receive(request)
            record.send(acceptance)
            record.mark(.answered)
        }
        record.mark(.opened)
        return record
    }

    var transcript: Transcript { recorder.transcript }
    var timeline: Timeline { Timeline(transcript, scenario: scenario.testing(role)) }

    /// The judgement of what was recorded.
    var judgement: Judgement { LookedAt.judgement(of: scenario, transcript) }

    mutating func send(_ octets: [UInt8]) { recorder.sent(.octets(octets), at: time) }
    mutating func send(_ text: String) { send(Array(text.utf8)) }

    /// Frames of a step.
    mutating func send(
        step: Int,
        _ frames: Range<Int> = 0..<1,
        start: UInt64 = 0,
        length: UInt64 = 10,
        pieceLength: Int? = nil
    ) {
        recorder.sent(
            .script(
                ScriptReference(
                    step: step,
                    frame: frames.lowerBound,
                    frameCount: frames.count,
                    start: start,
                    length: length,
                    maskingKey: nil,
                    keyIndex: 0,
                    pieceLength: pieceLength
                )
            ),
            at: time
        )
    }

    mutating func receive(_ octets: [UInt8]) { recorder.received([.octets(octets)], at: time) }
    mutating func receive(_ text: String) { receive(Array(text.utf8)) }
    mutating func receive(parts: [ReceivedPart]) { recorder.received(parts, at: time) }
    mutating func mark(_ mark: TranscriptMark) { recorder.mark(mark, at: time) }
    mutating func end(_ end: TranscriptEnd = .finished) { recorder.ended(end, at: time) }

    /// A frame of the role under test.
    func frame(_ opcode: Opcode, _ payload: [UInt8] = [], fin: Bool = true) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(
            fin: fin,
            opcode: opcode,
            maskingKey: role == .client ? MaskingKey(rawValue: 0x1234_5678) : nil,
            payloadLength: UInt64(payload.count)
        ).encode(payload: payload.span, into: &octets)
        return octets
    }
}

/// A sidecar in memory that notes what is read of it.
final class NotingSidecar: SidecarStore {
    private let octets: [UInt8]
    private let noted = Mutex<[Range<Int>]>([])

    init(_ octets: [UInt8]) { self.octets = octets }

    var count: Int { octets.count }
    var reads: [Range<Int>] { noted.withLock { $0 } }

    func append(_ octets: Span<UInt8>) -> Int? { nil }

    func read(position: Int, length: Int) -> [UInt8] {
        noted.withLock { $0.append(position..<position + length) }
        return Array(octets.dropFirst(position).prefix(length))
    }
}

extension Timeline {
    /// How many entries satisfy the condition.
    func count(where fits: (Kind) -> Bool) -> Int { entries.count { fits($0.kind) } }

    /// The messages that came.
    var messages: [ReceivedMessage] {
        entries.compactMap { if case .message(let message) = $0.kind { message } else { nil } }
    }

    /// The frames that we sent outside the script.
    var extras: [String] {
        entries.compactMap { entry in
            guard case .extra(let opcode, let payload) = entry.kind else { return nil }
            return "\(opcode.name) \(String(decoding: payload, as: UTF8.self))"
        }
    }
}
