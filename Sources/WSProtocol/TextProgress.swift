import WSKernels

/// The UTF-8 validation of a text message, with offsets in the byte stream.
struct TextProgress: Sendable {
    /// How many bytes are unmasked at a time; a multiple of four, so that each piece has the same phase of the key.
    private static let scratchLength = 16_384

    private var plain = PlainTextProgress()
    private var scratch: [UInt8] = []

    /// Whether the message is known not to be UTF-8.
    var hasFailed: Bool { plain.validator.firstImpossibleByte != nil }

    /// Begins a new message.
    mutating func restart() {
        plain = PlainTextProgress()
    }

    /// Validates payload and returns the stream offset of the first impossible byte; nil if there is none in it.
    mutating func take(_ bytes: Span<UInt8>, key: MaskingKey?, payloadOffset: UInt64, at offset: UInt64) -> UInt64? {
        guard !hasFailed else { return nil }
        // Most text is ASCII, which can be recognised without unmasking.
        if plain.validator.isComplete, Masking.isASCII(bytes, key: key?.rawValue ?? 0, phase: Int(payloadOffset & 3)) {
            plain.takeASCII(bytes.count, at: offset)
            return nil
        }
        guard let key, key.rawValue != 0 else { return plain.take(bytes, at: offset) }
        let phase = Int(payloadOffset & 3)
        var position = 0
        while position < bytes.count {
            let end = min(position + Self.scratchLength, bytes.count)
            scratch.removeAll(keepingCapacity: true)
            Masking.append(bytes.extracting(position..<end), key: key.rawValue, phase: phase, to: &scratch)
            let start = offset.addingClamped(UInt64(position))
            if let impossible = Self.take(scratch, into: &plain, at: start) { return impossible }
            position = end
        }
        return nil
    }

    private static func take(_ bytes: [UInt8], into plain: inout PlainTextProgress, at offset: UInt64) -> UInt64? {
        plain.take(bytes.span, at: offset)
    }

    /// Sets the state after skipped bytes that end before the given stream offset.
    ///
    /// A text that is known to be invalid remains so.
    mutating func skip(to state: UTF8StreamValidator, at offset: UInt64) {
        guard !hasFailed else { return }
        let pending = UInt64(state.validatedCount - state.sequenceStart)
        plain = PlainTextProgress(validator: state, sequenceOffset: offset - min(offset, pending))
    }

    /// Ends the message and returns the stream offset of an unfinished sequence; nil if there is none.
    mutating func finish() -> UInt64? {
        guard !hasFailed, plain.validator.finish() != nil else { return nil }
        return plain.sequenceOffset
    }
}

/// The validation of payload without a mask.
private struct PlainTextProgress: Sendable {
    var validator = UTF8StreamValidator()
    /// The stream offset of the first byte of the unfinished sequence, if there is one.
    var sequenceOffset: UInt64 = 0

    mutating func takeASCII(_ count: Int, at offset: UInt64) {
        validator.takeASCII(count)
        sequenceOffset = offset.addingClamped(UInt64(count))
    }

    mutating func take(_ bytes: Span<UInt8>, at offset: UInt64) -> UInt64? {
        let start = validator.validatedCount
        if let impossible = validator.validate(bytes) { return offset.addingClamped(UInt64(impossible - start)) }
        // A sequence that began in an earlier piece keeps its offset.
        if validator.sequenceStart >= start {
            sequenceOffset = offset.addingClamped(UInt64(validator.sequenceStart - start))
        }
        return nil
    }
}
