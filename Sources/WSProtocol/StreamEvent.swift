/// An event of a ``StreamDecoder``.
public enum StreamEvent: Sendable, Hashable {
    /// A frame begins; violations seen in its header follow.
    case frame(FrameHeader, offset: UInt64)
    /// Payload as it is on the wire: a range of the span, and the offsets of its first byte.
    ///
    /// `payloadOffset` is the offset in the frame, `messageOffset` that in the frame's message. They are equal for
    /// control frames and for frames that belong to no message.
    case payload(chunk: Range<Int>, payloadOffset: UInt64, messageOffset: UInt64)
    /// The frame ends; the offset is one past its last byte. What it completes follows.
    case frameEnd(offset: UInt64)
    /// A message is complete.
    case messageEnd(Message)
    /// A ping or pong is complete.
    case control(ControlFrame)
    /// A Close frame is complete: its body, the offset of its first octet and the one past its last.
    case close(CloseBody, offset: UInt64, end: UInt64)
    /// The sender broke a rule.
    case violation(Violation)
}

/// A complete message, with its position in the stream.
public struct Message: Sendable, Hashable {
    /// `text` or `binary`.
    public var opcode: Opcode
    /// The payload bytes of all its frames.
    public var length: UInt64
    /// The number of its frames, without the control frames between them.
    public var frameCount: Int
    /// The stream offset of its first frame.
    public var offset: UInt64
    /// The stream offset one past its last frame.
    public var end: UInt64

    /// A message with the given extent.
    public init(opcode: Opcode, length: UInt64, frameCount: Int, offset: UInt64, end: UInt64) {
        self.opcode = opcode
        self.length = length
        self.frameCount = frameCount
        self.offset = offset
        self.end = end
    }
}

/// A complete ping or pong.
public struct ControlFrame: Sendable, Hashable {
    /// The largest payload a control frame may have (RFC 6455 section 5.5); more is not kept.
    public static let maximumPayload = 125

    /// `ping` or `pong`.
    public var opcode: Opcode
    /// The unmasked payload, at most its first 125 bytes.
    public var payload: [UInt8]
    /// The payload length the header declared.
    public var declaredLength: UInt64
    /// The stream offset of the frame's first octet.
    public var offset: UInt64
    /// The stream offset one past its last.
    public var end: UInt64

    /// A control frame with the given payload and extent.
    public init(opcode: Opcode, payload: [UInt8], declaredLength: UInt64, offset: UInt64, end: UInt64) {
        self.opcode = opcode
        self.payload = payload
        self.declaredLength = declaredLength
        self.offset = offset
        self.end = end
    }
}
