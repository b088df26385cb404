/// An event of a ``MessageReader`` about the messages and control frames of an endpoint.
public enum MessageEvent: Sendable, Hashable {
    /// A frame begins; violations seen in its header follow.
    case frame(FrameHeader, offset: UInt64)
    /// A piece of the content of the open message; ``MessageReader`` gives its octets until the next event is pulled.
    case content(MessageContent)
    /// The frame ends; the offset is one past its last octet. What it completes follows.
    case frameEnd(offset: UInt64)
    /// A message is complete, with its position in the stream and the length of its content in octets.
    case message(Message, contentLength: UInt64)
    /// A ping or pong is complete.
    case control(ControlFrame)
    /// A Close frame is complete: its body, the offset of its first octet and the one past its last.
    case close(CloseBody, offset: UInt64, end: UInt64)
    /// The sender broke a rule.
    case violation(Violation)
}

/// A piece of a message's content, and the position of the payload that it was made from.
public struct MessageContent: Sendable, Hashable {
    /// The position of the payload in the span; empty if the piece was made from earlier payload.
    public var chunk: Range<Int>
    /// The offset of the chunk's first octet in the payload of its frame.
    public var payloadOffset: UInt64
    /// The offset of the piece's first octet in the content of its message.
    public var contentOffset: UInt64
    /// The masking key of the frame; nil if it is not masked.
    public var maskingKey: MaskingKey?
    /// Whether a decoder made the content; otherwise it is the unmasked payload.
    public var isDecoded: Bool
    /// The length of the piece in octets.
    public var count: Int

    /// Creates a piece of content.
    public init(
        chunk: Range<Int>,
        payloadOffset: UInt64,
        contentOffset: UInt64,
        maskingKey: MaskingKey? = nil,
        isDecoded: Bool = false,
        count: Int
    ) {
        self.chunk = chunk
        self.payloadOffset = payloadOffset
        self.contentOffset = contentOffset
        self.maskingKey = maskingKey
        self.isDecoded = isDecoded
        self.count = count
    }
}
