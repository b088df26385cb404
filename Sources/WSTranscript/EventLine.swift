import WSKernels

/// The members of all other lines.
struct EventLine: Decodable {
    var at: Int64?
    var connectedEvent: String?
    var sent: UInt64?
    var received: UInt64?
    var carrierSent: UInt64?
    var carrierReceived: UInt64?
    var carrierEnd: String?
    var hex: String?
    var step: Int?
    var frame: Int?
    var frames: Int?
    var start: UInt64?
    var length: UInt64?
    var maskingKey: UInt32?
    var keyIndex: Int?
    var pieces: Int?
    var parts: [PartLine]?
    var mark: String?
    var tag: String?
    var answered: Bool?
    var reason: String?
    var end: String?
    var complete: Bool?
    var events: Int?
    var exitStatus: Int32?
    var signal: String?
    var sanitizer: String?
    var residentBefore: UInt64?
    var residentPeak: UInt64?
    var processor: Int64?
    var elapsed: Int64?
    var open: Int?
    var others: Int?
    var half: Int64?
    var whole: Int64?
    var type: String?
    var cameBack: Bool?
    var version: String?
    var cipher: String?
    var serverName: String?
    var offeredProtocols: [String]?
    var applicationProtocol: String?
    var certificateNames: [String]?
    var certificateNotAfter: Int64?
    var certificateDigest: String?
    var fields: [String]?
    var endsStream: Bool?

    enum CodingKeys: String, CodingKey {
        case connectedEvent = "event"
        case carrierSent, carrierReceived, carrierEnd
        case at, sent, received, hex, step, frame, frames, start, length, maskingKey, keyIndex, pieces, parts
        case mark, tag, answered, reason, end, complete, events
        case exitStatus, signal, sanitizer, residentBefore, residentPeak, processor, elapsed
        case open, others, half, whole, type, cameBack
        case version, cipher, serverName, offeredProtocols, applicationProtocol
        case certificateNames, certificateNotAfter, certificateDigest
        case fields, endsStream
    }

    /// The highest time, a century in nanoseconds, so that sums of a few times do not overflow.
    private static let longest: Int64 = 3_200_000_000_000_000_000

    var event: TranscriptEvent? {
        guard let at, (0...Self.longest).contains(at), let kind else { return nil }
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
        if let carrierSent { return carrierParts.map { .carrierSent(offset: carrierSent, $0) } }
        if let carrierReceived { return carrierParts.map { .carrierReceived(offset: carrierReceived, $0) } }
        if let mark { return markValue(mark).map { .mark($0) } }
        if let carrierEnd { return endValue(carrierEnd).map { .carrierEnded($0) } }
        return end.flatMap { endValue($0) }.map { .ended($0) }
    }

    private func endValue(_ end: String) -> TranscriptEnd? {
        switch end {
        case "not-connected": .notConnected(reason ?? "")
        case "not-secured": .notSecured(reason ?? "")
        case "finished": .finished
        case "truncated": .truncated
        case "reset": .reset
        case "closed-here": .closedHere
        default: nil
        }
    }

    private var carrierParts: [CarrierPart]? {
        if let octets { return [.octets(octets)] }
        guard let parts else { return nil }
        let values = parts.compactMap(\.carrierPart)
        return values.count == parts.count ? values : nil
    }

    private var script: ScriptReference? {
        guard let step, let frame, let frames, let start, let length, let keyIndex,
            step >= 0, frame >= 0, frames >= 0, keyIndex >= 0, pieces.map({ $0 > 0 }) ?? true,
            // Each frame has at least one octet, except for the empty rest of a frame that was begun before.
            frames <= max(1, length), frames <= Int.max - frame
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

    private var observation: TargetObservation {
        var observation = TargetObservation(sanitizer: sanitizer)
        observation.ending = exitStatus.map { .exited($0) } ?? signal.map { .signalled($0) }
        if let residentBefore, let residentPeak, let processor, let elapsed {
            observation.usage = TargetObservation.Usage(
                residentBefore: residentBefore,
                residentPeak: residentPeak,
                processor: processor,
                elapsed: elapsed
            )
        }
        return observation
    }

    private var trial: MessageTrial? {
        guard let length, let frames, let cameBack, length <= UInt64(Int.max), frames > 0,
            let type, ["text", "binary"].contains(type)
        else { return nil }
        return MessageTrial(isText: type == "text", length: Int(length), frames: frames, cameBack: cameBack)
    }

    private var security: TranscriptSecurity? {
        guard let version, let offeredProtocols, let certificateNames else { return nil }
        return TranscriptSecurity(
            version: version,
            cipher: cipher,
            serverName: serverName,
            offeredProtocols: offeredProtocols,
            applicationProtocol: applicationProtocol,
            certificateNames: certificateNames,
            certificateNotAfter: certificateNotAfter,
            certificateDigest: certificateDigest
        )
    }

    private var fieldLines: TranscriptFields? {
        guard let fields, let endsStream else { return nil }
        return TranscriptFields(words: fields, endsStream: endsStream)
    }

    private func markValue(_ mark: String) -> TranscriptMark? {
        switch mark {
        case "secured": return security.map { .secured($0) }
        case "fields-sent": return fieldLines.map { .fieldsSent($0) }
        case "fields-received": return fieldLines.map { .fieldsReceived($0) }
        case "opened": return .opened
        case "first-message":
            guard let others, others >= 0 else { return nil }
            return .firstMessage(replies: others)
        case "answered": return .answered
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
        case "target": return .target(observation)
        case "concurrent-connections":
            guard let open, let others, open >= 0, others >= 0 else { return nil }
            return .concurrentConnections(open: open, others: others)
        case "compared":
            guard let half, let whole, half >= 0, whole >= 0 else { return nil }
            return .compared(half: half, whole: whole)
        case "repeated-key":
            guard let others, others > 0 else { return nil }
            return .repeatedKey(connections: others)
        case "tried": return trial.map { .tried($0) }
        case "not-busy": return .notBusy
        case "gave-up": return reason.flatMap { TranscriptGiveUp(rawValue: $0) }.map { .gaveUp($0) }
        default: return nil
        }
    }
}
