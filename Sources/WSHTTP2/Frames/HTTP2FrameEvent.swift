/// What a ``HTTP2FrameDecoder`` finds.
package enum HTTP2FrameEvent: Sendable, Hashable {
    /// The preface of a client is complete; the offset is the one past its last octet.
    case preface(end: UInt64)
    /// The octets are no HTTP/2 from this offset on; nothing more is read.
    case notHTTP2(offset: UInt64)
    /// A frame begins; violations seen in its header follow.
    case frame(HTTP2FrameHeader, offset: UInt64)
    /// Octets of DATA, without padding: a range of the span, and the offset of the first one in the frame's data.
    case data(chunk: Range<Int>, dataOffset: Int)
    /// A frame ends; the offset is the one past its last octet. What it completes follows.
    case frameEnd(HTTP2Payload, end: UInt64)
    /// A field block is complete.
    case fieldBlock(HTTP2FieldBlock)
    /// A field block is given up: it is larger than `field-block`, or another block begins inside of it.
    case fieldBlockLost(streamID: UInt32, octets: Int, endsStream: Bool)
    /// The sender broke a rule.
    case violation(HTTP2Violation)
}

/// The payload of a frame that was read.
package enum HTTP2Payload: Sendable, Hashable {
    /// DATA: how many octets without padding, and how many the padding takes with its length.
    case data(length: Int, padding: Int)
    /// HEADERS: what stands before the fragment of the field block.
    case headers(fragmentLength: Int, priority: HTTP2Priority?)
    /// PRIORITY.
    case priority(HTTP2Priority)
    /// RST_STREAM.
    case resetStream(HTTP2ErrorCode)
    /// SETTINGS without ACK.
    case settings([HTTP2Setting])
    /// SETTINGS with ACK.
    case settingsAcknowledgment
    /// PUSH_PROMISE: the promised stream.
    case pushPromise(fragmentLength: Int, promisedID: UInt32)
    /// PING: eight octets, and whether it answers one.
    case ping([UInt8], isAcknowledgment: Bool)
    /// GOAWAY; of the debug data what `frame-payload` allows.
    case goAway(lastStreamID: UInt32, HTTP2ErrorCode, debugData: [UInt8])
    /// WINDOW_UPDATE.
    case windowUpdate(UInt32)
    /// CONTINUATION.
    case continuation(fragmentLength: Int)
    /// A frame of a type that RFC 9113 does not define; of its octets what `frame-payload` allows.
    case unknown([UInt8])
    /// A frame whose length or padding leaves nothing to read.
    case malformed
}

/// A field block, put together (RFC 9113 section 4.3).
package struct HTTP2FieldBlock: Sendable, Hashable {
    /// The stream of its frames.
    package var streamID: UInt32
    /// The stream that it promises, if it began with PUSH_PROMISE.
    package var promisedID: UInt32?
    /// Whether its HEADERS frame has END_STREAM.
    package var endsStream: Bool
    /// The octets.
    package var octets: [UInt8]
    /// The number of its frames.
    package var frameCount: Int
    /// The offset of its first frame.
    package var offset: UInt64
    /// The offset one past its last frame.
    package var end: UInt64

    /// A block with the given extent.
    package init(
        streamID: UInt32,
        promisedID: UInt32? = nil,
        endsStream: Bool,
        octets: [UInt8] = [],
        frameCount: Int = 0,
        offset: UInt64,
        end: UInt64 = 0
    ) {
        self.streamID = streamID
        self.promisedID = promisedID
        self.endsStream = endsStream
        self.octets = octets
        self.frameCount = frameCount
        self.offset = offset
        self.end = end
    }
}
