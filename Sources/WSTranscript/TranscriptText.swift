import WSKernels

/// Writes a transcript as NDJSON: a header line, a line per event, a footer line.
///
/// Written by hand because a full run makes tens of thousands of lines whose shape is fixed; the reader is an ordinary
/// JSON decoder, and a test reads back every kind of line.
package enum TranscriptText {
    /// The whole transcript as NDJSON octets, each line ended by LF.
    package static func encode(_ transcript: Transcript) -> [UInt8] {
        var line = LineWriter()
        line.octets.reserveCapacity(256 + transcript.events.count * 64)
        header(transcript.header, to: &line)
        for event in transcript.events { encode(event, to: &line) }
        if transcript.isComplete {
            line.open()
            line.member("complete", raw: "true")
            line.member("events", UInt64(transcript.events.count))
            line.close()
        }
        return line.octets
    }

    private static func header(_ header: TranscriptHeader, to line: inout LineWriter) {
        line.open()
        line.member("schema", text: header.schema)
        line.member("scenario", text: header.scenario)
        line.member("roleUnderTest", text: header.roleUnderTest)
        line.member("url", text: header.url)
        line.member("seed", header.seed)
        line.member("effort", text: header.effort)
        line.member("subprotocols", texts: header.subprotocols)
        if let ignores = header.ignoresMessages { line.member("ignoresMessages", raw: ignores ? "true" : "false") }
        if let application = header.application { encode(application, to: &line) }
        if let waits = header.waitsAsAutobahn { line.member("waitsAsAutobahn", raw: waits ? "true" : "false") }
        if let waits = header.waitsForever { line.member("waitsForever", raw: waits ? "true" : "false") }
        line.close()
    }

    private static func encode(_ application: ObservedApplication, to line: inout LineWriter) {
        line.begin("application")
        line.member("text", text: application.text.rawValue)
        line.member("binary", text: application.binary.rawValue)
        line.member("speaks", raw: application.speaks ? "true" : "false")
        line.member("broadcasts", raw: application.broadcasts ? "true" : "false")
        line.closeElement()
    }

    private static func encode(_ event: TranscriptEvent, to line: inout LineWriter) {
        line.open()
        line.member("at", event.time)
        switch event.kind {
        case .connected:
            line.member("event", text: "connected")
        case .sent(let offset, let content):
            line.member("sent", offset)
            switch content {
            case .octets(let octets): line.member("hex", hex: octets)
            case .script(let reference): encode(reference, to: &line)
            }
        case .received(let offset, let parts):
            line.member("received", offset)
            if parts.count == 1, case .octets(let octets) = parts[0] {
                line.member("hex", hex: octets)
            } else {
                line.beginArray("parts")
                for part in parts { encode(part, to: &line) }
                line.endArray()
            }
        case .mark(let mark):
            encode(mark, to: &line)
        case .ended(let end):
            switch end {
            case .notConnected(let reason):
                line.member("end", text: "not-connected")
                line.member("reason", text: reason)
            case .finished: line.member("end", text: "finished")
            case .reset: line.member("end", text: "reset")
            case .closedHere: line.member("end", text: "closed-here")
            }
        }
        line.close()
    }

    private static func encode(_ reference: ScriptReference, to line: inout LineWriter) {
        line.member("step", UInt64(reference.step))
        line.member("frame", UInt64(reference.frame))
        line.member("frames", UInt64(reference.frameCount))
        line.member("start", reference.start)
        line.member("length", reference.length)
        if let key = reference.maskingKey { line.member("maskingKey", UInt64(key)) }
        line.member("keyIndex", UInt64(reference.keyIndex))
        if let piece = reference.pieceLength { line.member("pieces", UInt64(piece)) }
    }

    private static func encode(_ part: ReceivedPart, to line: inout LineWriter) {
        line.openElement()
        switch part {
        case .octets(let octets):
            line.member("hex", hex: octets)
        case .sidecar(let position, let length):
            line.member("sidecar", UInt64(position))
            line.member("length", UInt64(length))
        case .payload(let index, let start, let length):
            line.member("payload", UInt64(index))
            line.member("start", UInt64(start))
            line.member("length", UInt64(length))
        }
        line.closeElement()
    }

    private static func encode(_ mark: TranscriptMark, to line: inout LineWriter) {
        switch mark {
        case .opened:
            line.member("mark", text: "opened")
        case .answered:
            line.member("mark", text: "answered")
        case .barrierSent(let tag, let payload):
            line.member("mark", text: "barrier-sent")
            line.member("tag", text: tag)
            line.member("hex", hex: payload)
        case .waited(let tag, let answered):
            line.member("mark", text: "waited")
            line.member("tag", text: tag)
            line.member("answered", raw: answered ? "true" : "false")
        case .lateBarrierSent(let payload):
            line.member("mark", text: "late-barrier-sent")
            line.member("hex", hex: payload)
        case .lateBarrierAnswered:
            line.member("mark", text: "late-barrier-answered")
        case .scriptDone:
            line.member("mark", text: "script-done")
        case .targetDied:
            line.member("mark", text: "target-died")
        case .target(let observation):
            line.member("mark", text: "target")
            encode(observation, to: &line)
        case .crowd(let open, let others):
            line.member("mark", text: "crowd")
            line.member("open", UInt64(open))
            line.member("others", UInt64(others))
        case .compared(let half, let whole):
            line.member("mark", text: "compared")
            line.member("half", half)
            line.member("whole", whole)
        case .repeatedKey(let connections):
            line.member("mark", text: "repeated-key")
            line.member("others", UInt64(connections))
        case .tried(let trial):
            line.member("mark", text: "tried")
            line.member("type", text: trial.isText ? "text" : "binary")
            line.member("length", UInt64(clamping: trial.length))
            line.member("frames", UInt64(clamping: trial.frames))
            line.member("cameBack", raw: trial.cameBack ? "true" : "false")
        case .notBusy:
            line.member("mark", text: "not-busy")
        case .gaveUp(let reason):
            line.member("mark", text: "gave-up")
            line.member("reason", text: reason.rawValue)
        }
    }
}

extension TranscriptText {
    private static func encode(_ observation: TargetObservation, to line: inout LineWriter) {
        switch observation.ending {
        case .exited(let status): line.member("exitStatus", Int64(status))
        case .signalled(let name): line.member("signal", text: name)
        case nil: break
        }
        if let sanitizer = observation.sanitizer { line.member("sanitizer", text: sanitizer) }
        guard let usage = observation.usage else { return }
        line.member("residentBefore", usage.residentBefore)
        line.member("residentPeak", usage.residentPeak)
        line.member("processor", usage.processor)
        line.member("elapsed", usage.elapsed)
    }
}

/// Writes JSON objects, one a line.
private struct LineWriter {
    var octets: [UInt8] = []
    private var needsComma = false

    mutating func open() {
        octets.append(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func close() {
        octets.append(UInt8(ascii: "}"))
        octets.append(UInt8(ascii: "\n"))
    }

    mutating func beginArray(_ name: StaticString) {
        key(name)
        octets.append(UInt8(ascii: "["))
        needsComma = false
    }

    mutating func endArray() {
        octets.append(UInt8(ascii: "]"))
        needsComma = true
    }

    mutating func openElement() {
        if needsComma { octets.append(UInt8(ascii: ",")) }
        open()
    }

    /// Opens an object as the value of a member; ``closeElement()`` ends it.
    mutating func begin(_ name: StaticString) {
        key(name)
        open()
    }

    mutating func closeElement() {
        octets.append(UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func member(_ name: StaticString, raw: StaticString) {
        key(name)
        append(raw)
    }

    mutating func member(_ name: StaticString, _ value: Int64) {
        key(name)
        if value < 0 { octets.append(UInt8(ascii: "-")) }
        digits(value.magnitude)
    }

    mutating func member(_ name: StaticString, _ value: Int) {
        member(name, Int64(value))
    }

    mutating func member(_ name: StaticString, _ value: UInt64) {
        key(name)
        digits(value)
    }

    private mutating func digits(_ value: UInt64) {
        // From the last digit to the first; the largest number has twenty.
        var room: InlineArray<20, UInt8> = .init(repeating: 0)
        var start = room.count
        var rest = value
        repeat {
            start -= 1
            room[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in start..<room.count { octets.append(room[index]) }
    }

    mutating func member(_ name: StaticString, text: String) {
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, hex content: [UInt8]) {
        key(name)
        octets.append(UInt8(ascii: "\""))
        Hex.append(content.span, to: &octets)
        octets.append(UInt8(ascii: "\""))
    }

    mutating func member(_ name: StaticString, texts: [String]) {
        key(name)
        octets.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { octets.append(UInt8(ascii: ",")) }
            string(text)
        }
        octets.append(UInt8(ascii: "]"))
    }

    /// Names are those of this file, none of which needs an escape.
    private mutating func key(_ name: StaticString) {
        if needsComma { octets.append(UInt8(ascii: ",")) }
        needsComma = true
        octets.append(UInt8(ascii: "\""))
        append(name)
        octets.append(UInt8(ascii: "\""))
        octets.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe octets.append(contentsOf: $0) }
    }

    private mutating func string(_ text: String) {
        octets.append(UInt8(ascii: "\""))
        defer { octets.append(UInt8(ascii: "\"")) }
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            octets.append(contentsOf: text.utf8)
            return
        }
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                octets.append(UInt8(ascii: "\\"))
                octets.append(octet)
            case 0..<0x20:
                octets.append(contentsOf: "\\u00".utf8)
                Hex.append([octet].span, to: &octets)
            default:
                octets.append(octet)
            }
        }
    }
}
