/// What the slicer finds in a byte stream.
public enum FrameEvent: Sendable, Hashable {
    /// A header, complete, and the stream offset of its first octet.
    case header(FrameHeader, offset: UInt64)
    /// Payload, still masked: a range of the span just fed, and the offset of its first byte in the frame's payload.
    case payload(chunk: Range<Int>, payloadOffset: UInt64)
    /// The end of the frame, as the stream offset one past its last byte.
    case end(offset: UInt64)
}

/// Divides a byte stream into frame headers and payload, whether or not they are valid.
///
/// Events are pulled with one call each, so that the caller can stop anywhere:
///
///     var position = 0
///     while let event = decoder.next(in: bytes, at: &position) { … }
///
/// Nil means that all bytes of the span are used and no event is due. The decoder does not store payload, so its memory
/// does not grow with the declared length. Stream offsets stop at the largest value instead of wrapping.
public struct FrameDecoder: Sendable {
    private enum Stage: Sendable {
        case firstOctet
        case secondOctet
        case extendedLength
        case maskingKey
        case payload
    }

    /// The offset of the next byte to be fed.
    public private(set) var streamOffset: UInt64

    /// How many payload bytes of the current frame are still to come; zero outside a payload.
    public private(set) var remainingPayload: UInt64 = 0

    private var stage = Stage.firstOctet
    private var frameOffset: UInt64 = 0
    private var payloadLength: UInt64 = 0
    private var firstOctet: UInt8 = 0
    private var isMasked = false
    private var lengthEncoding = PayloadLengthEncoding.bits7
    /// The octets of the current multi-octet field seen so far, and how many are missing.
    private var field: UInt64 = 0
    private var missingOctets = 0

    /// A decoder at the first octet of a frame that stands at the given offset of the stream.
    public init(streamOffset: UInt64 = 0) {
        self.streamOffset = streamOffset
    }

    /// Whether a frame has begun and its end event has not been pulled.
    public var isInsideFrame: Bool { stage != .firstOctet }

    /// Returns the next event and moves the position over the bytes that led to it.
    public mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> FrameEvent? {
        precondition(position >= 0 && position <= bytes.count, "the position is outside the span")
        if stage == .firstOctet, bytes.count &- position >= FrameHeader.longestEncoding {
            return .header(takeWhole(bytes, at: &position), offset: frameOffset)
        }
        while stage != .payload {
            guard position < bytes.count else { return nil }
            let header = take(bytes[position])
            position += 1
            streamOffset = streamOffset.addingClamped(1)
            if let header { return .header(header, offset: frameOffset) }
        }
        guard remainingPayload > 0 else {
            stage = .firstOctet
            return .end(offset: streamOffset)
        }
        let available = bytes.count - position
        guard available > 0 else { return nil }
        let count = remainingPayload < UInt64(available) ? Int(remainingPayload) : available
        let chunk = position..<(position + count)
        let payloadOffset = payloadLength - remainingPayload
        position += count
        skipPayload(UInt64(count))
        return .payload(chunk: chunk, payloadOffset: payloadOffset)
    }

    /// Continues as if this many payload bytes had been fed; at least as many must be outstanding.
    ///
    /// If they complete the frame, the next call of `next` returns its end, even with an empty span.
    package mutating func skipPayload(_ count: UInt64) {
        precondition(count <= remainingPayload, "more is skipped than the frame has")
        remainingPayload -= count
        streamOffset = streamOffset.addingClamped(count)
    }

    /// Continues as if whole frames of this length had been fed; none may be open.
    package mutating func skipFrames(_ octets: UInt64) {
        precondition(!isInsideFrame, "a frame is open")
        streamOffset = streamOffset.addingClamped(octets)
    }

    /// Decodes a header that is completely in the span.
    ///
    /// It gives the same result as decoding octet by octet, which the fuzz target `frames` checks, and is three times
    /// as fast for short frames (`Tests/Benchmarks/Decoders`).
    private mutating func takeWhole(_ bytes: Span<UInt8>, at position: inout Int) -> FrameHeader {
        frameOffset = streamOffset
        firstOctet = bytes[position]
        let second = bytes[position &+ 1]
        var next = position &+ 2
        isMasked = second & 0x80 != 0
        payloadLength = UInt64(second & 0x7F)
        switch payloadLength {
        case 126: lengthEncoding = .bits16
        case 127: lengthEncoding = .bits64
        default: lengthEncoding = .bits7
        }
        if lengthEncoding != .bits7 {
            payloadLength = Self.number(bytes, at: &next, octets: lengthEncoding.extendedOctets)
        }
        var maskingKey: MaskingKey?
        if isMasked {
            // The read is within the span, because the caller has checked for the longest header.
            let key = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: next, as: UInt32.self) }
            maskingKey = MaskingKey(rawValue: UInt32(bigEndian: key))
            next &+= 4
        }
        streamOffset = streamOffset.addingClamped(UInt64(next &- position))
        position = next
        return finishHeader(maskingKey)
    }

    private static func number(_ bytes: Span<UInt8>, at position: inout Int, octets: Int) -> UInt64 {
        var value: UInt64 = 0
        let end = position &+ octets
        while position < end {
            value = value << 8 | UInt64(bytes[position])
            position &+= 1
        }
        return value
    }

    /// Takes one octet of a header and returns the header it completes.
    private mutating func take(_ octet: UInt8) -> FrameHeader? {
        switch stage {
        case .firstOctet:
            frameOffset = streamOffset
            firstOctet = octet
            stage = .secondOctet
            return nil
        case .secondOctet:
            isMasked = octet & 0x80 != 0
            switch octet & 0x7F {
            case 126: lengthEncoding = .bits16
            case 127: lengthEncoding = .bits64
            case let length:
                lengthEncoding = .bits7
                return takeLength(UInt64(length))
            }
            expect(.extendedLength, octets: lengthEncoding.extendedOctets)
            return nil
        case .extendedLength:
            return takeFieldOctet(octet) ? takeLength(field) : nil
        case .maskingKey:
            return takeFieldOctet(octet) ? finishHeader(MaskingKey(rawValue: UInt32(truncatingIfNeeded: field))) : nil
        case .payload:
            return nil
        }
    }

    private mutating func expect(_ stage: Stage, octets: Int) {
        self.stage = stage
        field = 0
        missingOctets = octets
    }

    private mutating func takeFieldOctet(_ octet: UInt8) -> Bool {
        field = field << 8 | UInt64(octet)
        missingOctets -= 1
        return missingOctets == 0
    }

    private mutating func takeLength(_ length: UInt64) -> FrameHeader? {
        payloadLength = length
        guard isMasked else { return finishHeader(nil) }
        expect(.maskingKey, octets: 4)
        return nil
    }

    private mutating func finishHeader(_ maskingKey: MaskingKey?) -> FrameHeader {
        stage = .payload
        remainingPayload = payloadLength
        return FrameHeader(
            fin: firstOctet & 0x80 != 0,
            rsv: firstOctet >> 4 & 7,
            opcode: Opcode(rawValue: firstOctet),
            maskingKey: maskingKey,
            payloadLength: payloadLength,
            lengthEncoding: lengthEncoding
        )
    }
}

extension UInt64 {
    /// The sum, or the largest value if the sum is larger.
    func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
