import WSHTTP2
import WSKernels
import WSProtocol
import WSTranscript

/// What happened on the connection of HTTP/2 whose stream was recorded, read from its octets.
///
/// Frames are derived from the record each time, as those of WebSocket are.
struct CarrierRecord: Sendable {
    /// The rules of HTTP/2 that the peer broke, the first ones of them, each rule once for each stream.
    private(set) var violations: [HTTP2Violation] = []
    /// How the peer first ended its direction of the recorded stream; nil if it did not.
    ///
    /// A RST_STREAM may follow END_STREAM, or another one (RFC 9113, 5.4.2 and 8.1), and changes nothing.
    private(set) var streamEnd: HTTP2StreamEnd?
    /// The error that the peer's GOAWAY frames name; nil if there was none, or none with an error.
    private(set) var error: HTTP2ErrorCode?
    /// Whether the peer said with GOAWAY that it ends the connection.
    private(set) var hasGoAway = false
    /// How the connection ended; nil if the record does not say.
    private(set) var end: TranscriptEnd?
    /// Whether the recorded stream had ended before the connection did, or before the peer said so with an error.
    private(set) var outlivedStream = false
    /// Whether the peer has answered a PING that we sent behind the end of the recorded stream.
    private(set) var hasAnsweredBehindStream = false
    /// How many of our SETTINGS frames, and of our PING frames, the peer has not acknowledged.
    private(set) var unacknowledged = (settings: 0, pings: 0)
    /// Whether it has acknowledged a PING.
    private(set) var hasAnsweredPing = false
    /// How many streams the peer has accepted with a response that it did not end at once.
    private(set) var acceptedStreams = 0
    /// How many of those it has ended with END_STREAM.
    private(set) var finishedStreams = 0
    /// The stream that we opened beyond the peer's limit; nil if there was none.
    private(set) var excessStream: UInt32?
    /// How the peer ended that stream; nil if it did not.
    private(set) var excessEnd: HTTP2StreamEnd?
    /// The lines for people since they were last taken.
    private var lines: [Line] = []

    /// The stream of the recorded WebSocket.
    let stream: UInt32
    private var observer: HTTP2Observer
    /// Our PINGs that are not answered, and whether each went out behind the end of the recorded stream.
    private var pings: [(octets: [UInt8], isBehindStream: Bool)] = []
    /// Whether we have said with GOAWAY that we end the connection.
    private var hasSaidGoAway = false
    /// What the peer has read of our RST_STREAM for the recorded stream.
    private var ownReset = OwnReset.notSent
    private var accepted: Set<UInt32> = []

    /// A frame in words.
    struct Line: Sendable, Hashable {
        var text: String
        var isSent: Bool
        var stream: UInt32
    }

    private enum OwnReset: Sendable {
        /// We have not reset the stream.
        case notSent
        /// We have, and may not have been read; what the peer sends may have crossed it.
        case sent
        /// A PING followed, which is not answered.
        case asked([UInt8])
        /// The peer has answered that PING, and so read what came before it.
        case read
    }

    /// Creates an empty record of a connection with a peer in this role.
    init(stream: UInt32, testing role: Role) {
        self.stream = stream
        observer = HTTP2Observer(role: role == .server ? .client : .server)
    }

    private static let mostViolations = 64
    private static let mostLines = 256
    /// What stands for octets of DATA, whose content no rule looks at.
    private static let content = [UInt8](repeating: 0, count: 16_384)

    /// The lines that have come since this was last asked for.
    mutating func takeLines() -> [Line] {
        defer { lines = [] }
        return lines
    }

    /// Takes octets of one direction, in the order in which they moved.
    mutating func take(_ parts: [CarrierPart], isSent: Bool) {
        for part in parts {
            switch part {
            case .octets(let octets): read(octets.span, isSent)
            case .data(let count):
                var left = count
                while left > 0 {
                    let length = min(left, Self.content.count)
                    read(Self.content.span.extracting(0..<length), isSent)
                    left -= length
                }
            }
        }
    }

    /// Takes the end of the connection.
    mutating func take(_ end: TranscriptEnd) { self.end = end }

    /// Takes the end of the recorded stream.
    mutating func endStream() { outlivedStream = error == nil && end == nil }

    /// How the peer ended the connection where it did not say that nothing was wrong; nil if it did not end it so.
    ///
    /// The code is that of GOAWAY, or nil for an end without GOAWAY. Behind our own GOAWAY and the end of the stream
    /// there is nothing left that a GOAWAY could tell us (RFC 9113, 6.8).
    var brokenOff: HTTP2ErrorCode?? {
        if let error { return .some(error) }
        return isEndedByPeer && !hasGoAway && !(hasSaidGoAway && outlivedStream) ? .some(nil) : nil
    }

    /// Whether the peer ended the connection.
    var isEndedByPeer: Bool { end == .finished || end == .reset || end == .truncated }

    /// Whether the peer has opened a WebSocket on the stream beyond its limit.
    var hasServedExcess: Bool { excessStream.map { accepted.contains($0) } ?? false }

    private mutating func read(_ bytes: Span<UInt8>, _ isSent: Bool) {
        var position = 0
        while let event = observer.next(in: bytes, at: &position, isSent ? .sent : .received) {
            switch event {
            case .frameEnd(let header, let payload, _):
                if lines.count < Self.mostLines {
                    lines.append(
                        Line(
                            text: CarrierText.describe(header, payload),
                            isSent: isSent,
                            stream: header.streamID
                        )
                    )
                }
                if isSent { sent(payload, on: header.streamID) } else { received(payload, header) }
            case .section(let section) where !isSent && section.kind == .response: received(section)
            case .streamEnd(let id, let end, _) where !isSent: received(end, on: id)
            case .violation(let violation) where !isSent: add(violation)
            case .violation(let violation) where violation.rule == .tooManyStreams:
                excessStream = excessStream ?? violation.streamID
            default: break
            }
        }
    }

    private mutating func sent(_ payload: HTTP2Payload, on id: UInt32) {
        switch payload {
        case .resetStream where id == stream: ownReset = .sent
        case .settings: unacknowledged.settings += 1
        case .goAway: hasSaidGoAway = true
        case .ping(let octets, isAcknowledgment: false):
            pings.append((octets, outlivedStream))
            if case .sent = ownReset { ownReset = .asked(octets) }
            // Who has been told that the connection ends may end it instead of an answer.
            if !hasSaidGoAway { unacknowledged.pings += 1 }
        default: break
        }
    }

    private mutating func received(_ payload: HTTP2Payload, _ header: HTTP2FrameHeader) {
        // A client's RST_STREAM may have waited behind its answer to the PING, which is answered first.
        let mayWait = observer.role == .server && header.type == .resetStream
        if case .read = ownReset, header.streamID == stream, header.type != .priority, !mayWait {
            addFrameBehindReset(header)
        }
        switch payload {
        case .settingsAcknowledgment: unacknowledged.settings = max(0, unacknowledged.settings - 1)
        case .ping(let octets, isAcknowledgment: true):
            if case .asked(octets) = ownReset { ownReset = .read }
            guard let place = pings.firstIndex(where: { $0.octets == octets }) else { return }
            if pings.remove(at: place).isBehindStream { hasAnsweredBehindStream = true }
            unacknowledged.pings = max(0, unacknowledged.pings - 1)
            hasAnsweredPing = true
        case .goAway(_, let code, _):
            hasGoAway = true
            if code != .noError { error = error ?? code }
        default: break
        }
    }

    /// Adds a frame that the peer sent although it had read our RST_STREAM, which only the PING behind it shows.
    private mutating func addFrameBehindReset(_ header: HTTP2FrameHeader) {
        let detail = "a \(header.type.name) frame on stream \(header.streamID), which we had reset"
        add(HTTP2Violation(.frameAfterReset, offset: 0, streamID: header.streamID, detail: detail))
    }

    private mutating func received(_ section: HTTP2FieldSection) {
        guard let status = section.pseudo.status, (200...299).contains(status), !section.endsStream else { return }
        if accepted.insert(section.streamID).inserted { acceptedStreams += 1 }
    }

    private mutating func received(_ end: HTTP2StreamEnd, on id: UInt32) {
        if id == stream { streamEnd = streamEnd ?? end }
        if id == excessStream { excessEnd = excessEnd ?? end }
        if accepted.contains(id), end == .endStream { finishedStreams += 1 }
    }

    private mutating func add(_ violation: HTTP2Violation) {
        // A client's other streams have records of their own.
        guard observer.role == .client || [0, stream].contains(violation.streamID) else { return }
        let isKnown = violations.contains { $0.rule == violation.rule && $0.streamID == violation.streamID }
        guard !isKnown, violations.count < Self.mostViolations else { return }
        violations.append(violation)
    }
}

/// Frames of HTTP/2 in words.
enum CarrierText {
    /// A frame with what its payload says.
    static func describe(_ header: HTTP2FrameHeader, _ payload: HTTP2Payload) -> String {
        var words = [header.type.name]
        if header.streamID != 0 { words.append("on stream \(header.streamID)") }
        if header.endsStream { words.append("END_STREAM") }
        words += content(payload)
        return words.joined(separator: " ")
    }

    private static func content(_ payload: HTTP2Payload) -> [String] {
        switch payload {
        case .data(let length, let padding):
            [OctetCount.text(length)] + (padding > 0 ? ["and \(padding) of padding"] : [])
        case .resetStream(let code): [code.name]
        case .settings(let settings): [settings.map(\.description).joined(separator: ", ")]
        case .settingsAcknowledgment, .ping(_, isAcknowledgment: true): ["ACK"]
        case .goAway(_, let code, _): [code.name]
        case .windowUpdate(let increment): ["+\(increment)"]
        case .unknown(let octets): [OctetCount.text(octets.count)]
        case .malformed: ["malformed"]
        case .headers, .priority, .pushPromise, .ping, .continuation: []
        }
    }
}
