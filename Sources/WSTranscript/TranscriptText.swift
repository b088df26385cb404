import WSKernels

/// Encodes a transcript as NDJSON: a header line, a line for each event, and a footer line.
///
/// The encoder is written by hand for speed, because a full run has tens of thousands of lines of the same shape. The
/// reader is an ordinary JSON decoder, and a test decodes every kind of line.
package enum TranscriptText {
    /// The transcript as NDJSON; each line ends with LF.
    package static func encode(_ transcript: Transcript) -> [UInt8] {
        var line = JSONLineWriter()
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

    private static func header(_ header: TranscriptHeader, to line: inout JSONLineWriter) {
        line.open()
        line.member("schema", text: header.schema)
        line.member("scenario", text: header.scenario)
        line.member("roleUnderTest", text: header.roleUnderTest)
        line.member("url", text: header.url)
        line.member("seed", header.seed)
        line.member("effort", text: header.effort)
        line.member("subprotocols", texts: header.subprotocols)
        if let ignores = header.ignoresMessages { line.member("ignoresMessages", ignores) }
        if let application = header.application { encode(application, to: &line) }
        if let waits = header.waitsAsAutobahn { line.member("waitsAsAutobahn", waits) }
        if let waits = header.waitsForever { line.member("waitsForever", waits) }
        if let octets = header.maximumMessage { line.member("maximumMessage", octets) }
        if let octets = header.peerLimit { line.member("peerLimit", octets) }
        if let trial = header.limitTrial { line.member("limitTrial", trial) }
        if let stream = header.stream { line.member("stream", UInt64(stream)) }
        line.member("stimulusDigest", text: header.stimulus.digest)
        // The stimulus is the last member, so that the reader can find its octets without parsing them.
        line.member("stimulus", json: header.stimulus.text)
        line.close()
    }

    private static func encode(_ application: ObservedApplication, to line: inout JSONLineWriter) {
        line.begin("application")
        line.member("text", text: application.text.rawValue)
        line.member("binary", text: application.binary.rawValue)
        line.member("speaks", application.speaks)
        line.member("broadcasts", application.broadcasts)
        line.closeElement()
    }

    private static func encode(_ event: TranscriptEvent, to line: inout JSONLineWriter) {
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
        case .carrierSent(let offset, let parts):
            line.member("carrierSent", offset)
            encode(parts, to: &line)
        case .carrierReceived(let offset, let parts):
            line.member("carrierReceived", offset)
            encode(parts, to: &line)
        case .carrierEnded(let end): encode(end, as: "carrierEnd", to: &line)
        case .ended(let end): encode(end, as: "end", to: &line)
        }
        line.close()
    }

    private static func encode(_ end: TranscriptEnd, as name: StaticString, to line: inout JSONLineWriter) {
        switch end {
        case .notConnected(let reason):
            line.member(name, text: "not-connected")
            line.member("reason", text: reason)
        case .notSecured(let reason):
            line.member(name, text: "not-secured")
            line.member("reason", text: reason)
        case .finished: line.member(name, text: "finished")
        case .truncated: line.member(name, text: "truncated")
        case .reset: line.member(name, text: "reset")
        case .closedHere: line.member(name, text: "closed-here")
        }
    }

    private static func encode(_ parts: [CarrierPart], to line: inout JSONLineWriter) {
        if parts.count == 1, case .octets(let octets) = parts[0] { return line.member("hex", hex: octets) }
        line.beginArray("parts")
        for part in parts {
            line.openElement()
            switch part {
            case .octets(let octets): line.member("hex", hex: octets)
            case .data(let count): line.member("data", count)
            }
            line.closeElement()
        }
        line.endArray()
    }

    private static func encode(_ reference: ScriptReference, to line: inout JSONLineWriter) {
        line.member("step", UInt64(reference.step))
        line.member("frame", UInt64(reference.frame))
        line.member("frames", UInt64(reference.frameCount))
        line.member("start", reference.start)
        line.member("length", reference.length)
        if let key = reference.maskingKey { line.member("maskingKey", UInt64(key)) }
        line.member("keyIndex", UInt64(reference.keyIndex))
        if let piece = reference.pieceLength { line.member("pieces", UInt64(piece)) }
    }

    private static func encode(_ part: ReceivedPart, to line: inout JSONLineWriter) {
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
        case .message(let summary):
            line.member("message", text: summary.isText ? "text" : "binary")
            line.member("length", summary.length)
            line.member("digest", summary.digest)
            line.member("payload", summary.payload)
            line.member("frames", summary.frames)
            line.member("payloadLength", summary.payloadLength)
            line.member("blocks", summary.blocks)
            line.member("finalBlocks", summary.finalBlocks)
            line.member("largestDistance", summary.largestDistance)
            line.member("reach", summary.reach)
        }
        line.closeElement()
    }

    private static func encode(_ mark: TranscriptMark, to line: inout JSONLineWriter) {
        switch mark {
        case .secured(let security):
            line.member("mark", text: "secured")
            security.encode(to: &line)
        case .fieldsSent(let fields):
            line.member("mark", text: "fields-sent")
            line.member("fields", texts: fields.words)
            line.member("endsStream", fields.endsStream)
        case .fieldsReceived(let fields):
            line.member("mark", text: "fields-received")
            line.member("fields", texts: fields.words)
            line.member("endsStream", fields.endsStream)
        case .opened:
            line.member("mark", text: "opened")
        case .firstMessage(let replies):
            line.member("mark", text: "first-message")
            line.member("others", UInt64(clamping: replies))
        case .answered:
            line.member("mark", text: "answered")
        case .barrierSent(let tag, let payload):
            line.member("mark", text: "barrier-sent")
            line.member("tag", text: tag)
            line.member("hex", hex: payload)
        case .waited(let tag, let answered):
            line.member("mark", text: "waited")
            line.member("tag", text: tag)
            line.member("answered", answered)
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
        case .concurrentConnections(let open, let others):
            line.member("mark", text: "concurrent-connections")
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
            line.member("cameBack", trial.cameBack)
        case .notBusy:
            line.member("mark", text: "not-busy")
        case .gaveUp(let reason):
            line.member("mark", text: "gave-up")
            line.member("reason", text: reason.rawValue)
        }
    }
}

extension TranscriptText {
    private static func encode(_ observation: TargetObservation, to line: inout JSONLineWriter) {
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
