package import FoundationEssentials
import WSKernels

/// Why a transcript could not be read; the text is one line that names the place and the mend.
package struct TranscriptError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, counted from 1; 0 when it is about the whole file.
    package var line: Int
    /// What is wrong, and what to do.
    package var message: String

    /// The place and what is wrong with it.
    package var description: String { line > 0 ? "line \(line): \(message)" : message }
}

extension TranscriptText {
    /// Reads NDJSON back.
    ///
    /// - Throws: ``TranscriptError`` for a foreign, damaged or truncated file.
    package static func decode(
        _ data: Data,
        sidecar: (any SidecarStore)? = nil
    ) throws(TranscriptError) -> Transcript {
        let decoder = JSONDecoder()
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        guard let first = lines.first else { throw TranscriptError(line: 0, message: "the transcript is empty") }
        guard let header = try? decoder.decode(TranscriptHeader.self, from: Data(first)) else {
            throw TranscriptError(line: 1, message: "not the header of a wsconform transcript")
        }
        guard header.schema == TranscriptHeader.currentSchema else {
            throw TranscriptError(
                line: 1,
                message: "schema \(header.schema) is not \(TranscriptHeader.currentSchema); record the run again"
            )
        }
        var transcript = Transcript(header: header, sidecar: sidecar)
        for (index, text) in lines.enumerated().dropFirst() {
            guard !transcript.isComplete else {
                throw TranscriptError(line: index + 1, message: "there is more after the footer")
            }
            guard let line = try? decoder.decode(Line.self, from: Data(text)) else {
                throw TranscriptError(line: index + 1, message: "not a line of a wsconform transcript, or cut short")
            }
            if line.complete == true {
                guard line.events == transcript.events.count else {
                    throw TranscriptError(
                        line: index + 1,
                        message: "the footer counts \(line.events ?? 0) events, the file has \(transcript.events.count)"
                    )
                }
                transcript.isComplete = true
            } else if let event = line.event {
                transcript.events.append(event)
            } else {
                throw TranscriptError(line: index + 1, message: "a line that this version does not know")
            }
        }
        guard transcript.isComplete else {
            throw TranscriptError(line: lines.count, message: "the transcript is truncated: its footer is missing")
        }
        return transcript
    }
}

/// Any line after the header, as JSON has it.
private struct Line: Decodable {
    var at: Int64?
    var connectedEvent: String?
    var sent: UInt64?
    var received: UInt64?
    var hex: String?
    var step: Int?
    var frame: Int?
    var frames: Int?
    var start: UInt64?
    var length: UInt64?
    var maskingKey: UInt32?
    var keyIndex: Int?
    var pieces: Int?
    var parts: [Part]?
    var mark: String?
    var tag: String?
    var answered: Bool?
    var reason: String?
    var end: String?
    var complete: Bool?
    var events: Int?

    enum CodingKeys: String, CodingKey {
        case connectedEvent = "event"
        case at, sent, received, hex, step, frame, frames, start, length, maskingKey, keyIndex, pieces, parts
        case mark, tag, answered, reason, end, complete, events
    }

    struct Part: Decodable {
        var hex: String?
        var sidecar: Int?
        var payload: Int?
        var start: Int?
        var length: Int?

        var value: ReceivedPart? {
            if let hex { return Hex.decode(hex).map { .octets($0) } }
            guard let length, length >= 0 else { return nil }
            if let sidecar, sidecar >= 0 { return .sidecar(position: sidecar, length: length) }
            guard let payload, let start, payload >= 0, start >= 0 else { return nil }
            return .payload(index: payload, start: start, length: length)
        }
    }

    var event: TranscriptEvent? {
        guard let at, let kind else { return nil }
        return TranscriptEvent(time: at, kind: kind)
    }

    private var octets: [UInt8]? { hex.flatMap { Hex.decode($0) } }

    private var kind: TranscriptEvent.Kind? {
        if connectedEvent == "connected" { return .connected }
        if let sent {
            if let octets { return .sent(offset: sent, .octets(octets)) }
            return script.map { .sent(offset: sent, .script($0)) }
        }
        if let received {
            if let octets { return .received(offset: received, [.octets(octets)]) }
            guard let parts else { return nil }
            let values = parts.compactMap(\.value)
            return values.count == parts.count ? .received(offset: received, values) : nil
        }
        if let mark { return markValue(mark).map { .mark($0) } }
        switch end {
        case "not-connected": return .ended(.notConnected(reason ?? ""))
        case "finished": return .ended(.finished)
        case "reset": return .ended(.reset)
        case "closed-here": return .ended(.closedHere)
        default: return nil
        }
    }

    private var script: ScriptReference? {
        guard let step, let frame, let frames, let start, let length, let keyIndex,
            step >= 0, frame >= 0, frames >= 0, keyIndex >= 0
        else { return nil }
        return ScriptReference(
            step: step,
            frame: frame,
            frameCount: frames,
            start: start,
            length: length,
            maskingKey: maskingKey,
            keyIndex: keyIndex,
            pieceLength: pieces
        )
    }

    private func markValue(_ mark: String) -> TranscriptMark? {
        switch mark {
        case "opened": return .opened
        case "barrier-sent":
            guard let tag, let octets else { return nil }
            return .barrierSent(tag: tag, payload: octets)
        case "waited":
            guard let tag, let answered else { return nil }
            return .waited(tag: tag, answered: answered)
        case "late-barrier-sent": return octets.map { .lateBarrierSent(payload: $0) }
        case "late-barrier-answered": return .lateBarrierAnswered
        case "script-done": return .scriptDone
        case "target-died": return .targetDied
        case "gave-up": return reason.flatMap { TranscriptGiveUp(rawValue: $0) }.map { .gaveUp($0) }
        default: return nil
        }
    }
}
