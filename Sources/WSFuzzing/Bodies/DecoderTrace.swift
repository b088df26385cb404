import WSKernels
import WSProtocol

/// What a decoder reported for a stream, independent of how it was cut; the buffers are used again.
struct DecoderTrace {
    /// The headers in order, with their offsets.
    private(set) var headers: [(header: FrameHeader, offset: Int)] = []

    /// Whether the stream violates a rule.
    private(set) var hasViolation = false

    private var decoder = StreamDecoder(sender: .client)
    private var fed = 0
    /// All payload, unmasked.
    private var payload: [UInt8] = []
    /// The other events, encoded as numbers: a kind and its values.
    private var log: [UInt64] = []
    /// Whether the log will be compared, so that it has to be kept.
    private var isCompared = true
    /// How many octets of the current frame's payload came.
    private var expected: UInt64 = 0

    /// The kinds of entries of the log.
    private enum Kind: UInt64 {
        case header = 1
        case frameEnd
        case messageEnd
        case control
        case close
        case violation
        case end
    }

    /// Clears everything but keeps allocated memory; a log is kept only if it will be compared.
    mutating func restart(_ options: FuzzOptions, isCompared: Bool) {
        self.isCompared = isCompared
        decoder.restart(sender: options.sender)
        decoder.permittedRSV = options.permitsRSV1 ? 4 : 0
        decoder.describesViolations = false
        fed = 0
        expected = 0
        hasViolation = false
        headers.removeAll(keepingCapacity: true)
        payload.removeAll(keepingCapacity: true)
        if !log.isEmpty { log.removeAll(keepingCapacity: true) }
    }

    /// Feeds a piece of the stream, or only its part before the first violation.
    ///
    /// - Returns: A finding if the decoder behaved wrongly; else nil.
    mutating func feed(_ bytes: Span<UInt8>, stopsAtViolation: Bool = false) -> Finding? {
        var position = 0
        while let event = decoder.next(in: bytes, at: &position) {
            if let finding = take(event, from: bytes) { return finding }
            if hasViolation, stopsAtViolation { return nil }
        }
        guard position == bytes.count else {
            return Finding("nothing is left of what was fed", "\(bytes.count - position) octets were not taken")
        }
        fed += bytes.count
        guard decoder.streamOffset == UInt64(fed) else {
            return Finding("the offset counts what was fed", "\(decoder.streamOffset) after \(fed) octets")
        }
        return nil
    }

    /// Logs the final state of the decoder.
    mutating func finish() {
        note(Kind.end.rawValue)
        note(decoder.remainingPayload)
        note((decoder.isInsideFrame ? 1 : 0) | (decoder.isInsideMessage ? 2 : 0) | (decoder.hasSeenClose ? 4 : 0))
    }

    /// Whether both traces have the same reports.
    func isEqual(to other: DecoderTrace) -> Bool {
        log.count == other.log.count && sameNumbers(log.span, other.log.span)
            && sameOctets(payload.span, other.payload.span)
    }

    private mutating func note(_ number: UInt64) {
        if isCompared { log.append(number) }
    }

    private mutating func take(_ event: StreamEvent, from bytes: Span<UInt8>) -> Finding? {
        switch event {
        case .frame(let header, let offset):
            headers.append((header, Int(clamping: offset)))
            expected = 0
            note(Kind.header.rawValue)
            note(offset)
        case .payload(let chunk, let payloadOffset, let messageOffset):
            guard payloadOffset == expected, !chunk.isEmpty else {
                return Finding("payload comes in order", "offset \(payloadOffset) where \(expected) is due")
            }
            if expected == 0 { note(messageOffset) }
            expected += UInt64(chunk.count)
            guard let header = decoder.currentHeader, expected <= header.payloadLength else {
                return Finding("no more payload comes than declared", "\(expected) octets")
            }
            let key = header.maskingKey?.rawValue ?? 0
            Masking.append(bytes.extracting(chunk), key: key, phase: Int(payloadOffset & 3), to: &payload)
        case .frameEnd(let offset):
            note(Kind.frameEnd.rawValue)
            note(offset)
        case .messageEnd(let message):
            note(Kind.messageEnd.rawValue | UInt64(message.opcode.rawValue) << 8)
            note(message.length)
            note(UInt64(message.frameCount))
            note(message.offset)
            note(message.end)
        case .control(let frame):
            note(Kind.control.rawValue | UInt64(frame.opcode.rawValue) << 8)
            note(frame.declaredLength)
            note(frame.offset)
            note(frame.end)
            note(UInt64(frame.payload.count))
        case .close(let body, let offset, let end):
            note(Kind.close.rawValue)
            note(UInt64(body.code ?? 0) | (body.code == nil ? 1 << 32 : 0))
            note(UInt64(body.reason.count))
            note(offset)
            note(end)
        case .violation(let violation):
            hasViolation = true
            note(Kind.violation.rawValue)
            note(UInt64(violation.rule.code) << 48 ^ violation.offset)
        }
        return nil
    }

    /// The log with one entry on each line.
    var description: String {
        var lines = ""
        for number in log { lines += "  \(number)\n" }
        return lines + "  payload \(Hex.encode(payload))\n"
    }
}

extension ViolationRule {
    /// A number that identifies the rule.
    fileprivate var code: UInt8 { unsafe unsafeBitCast(self, to: UInt8.self) }
}

/// Whether two spans have equal numbers.
private func sameNumbers(_ left: Span<UInt64>, _ right: Span<UInt64>) -> Bool {
    for index in left.indices where left[index] != right[index] { return false }
    return true
}
