/// What a ``MessageReader`` reports of the messages and control frames that an endpoint sends.
package enum MessageEvent: Sendable, Hashable {
    /// A frame begins; violations seen in its header follow.
    case frame(FrameHeader, offset: UInt64)
    /// A piece of the content of the open message; ``MessageReader`` gives its octets until the next event is pulled.
    case content(MessageContent)
    /// The frame ends; the offset is one past its last octet. What it completes follows.
    case frameEnd(offset: UInt64)
    /// A message is complete: where it stood on the wire, and how many octets its content has.
    case message(Message, contentLength: UInt64)
    /// A ping or pong is complete.
    case control(ControlFrame)
    /// A Close frame is complete: its body, the offset of its first octet and the one past its last.
    case close(CloseBody, offset: UInt64, end: UInt64)
    /// The sender broke a rule.
    case violation(Violation)
}

/// A piece of a message's content, and where the payload stands that it was made of.
package struct MessageContent: Sendable, Hashable {
    /// Where the payload stands: a range of the span just fed, empty where the piece was due from earlier payload.
    package var chunk: Range<Int>
    /// Where the chunk's first octet stands in the payload of its frame.
    package var payloadOffset: UInt64
    /// Where the piece's first octet stands in the content of its message.
    package var contentOffset: UInt64
    /// The masking key of the frame; nil where it is not masked.
    package var maskingKey: MaskingKey?
    /// Whether a decoder has made the content; otherwise it is the payload without its mask.
    package var isDecoded: Bool
    /// How many octets the piece has.
    package var count: Int

    /// A piece of content with its place on the wire.
    package init(
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
