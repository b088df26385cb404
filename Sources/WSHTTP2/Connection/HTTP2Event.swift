/// What a ``HTTP2Observer`` finds in one direction.
package enum HTTP2Event: Sendable, Hashable {
    /// The preface of a client is complete; the offset is the one past its last octet.
    case preface(end: UInt64)
    /// The octets are no HTTP/2 from this offset on; nothing more is read in this direction.
    case notHTTP2(offset: UInt64)
    /// A frame begins; violations seen in its header follow.
    case frame(HTTP2FrameHeader, offset: UInt64)
    /// Octets of DATA, without padding: the stream, and a range of the span.
    case data(streamID: UInt32, chunk: Range<Int>)
    /// A frame ends; the offset is the one past its last octet.
    case frameEnd(HTTP2FrameHeader, HTTP2Payload, end: UInt64)
    /// A field section is complete.
    case section(HTTP2FieldSection)
    /// A field block could not be put together; nothing of later ones can be read in this direction.
    case sectionLost(streamID: UInt32, octets: Int)
    /// What the sender of this direction sends on a stream is over.
    case streamEnd(streamID: UInt32, HTTP2StreamEnd, offset: UInt64)
    /// The sender broke a rule.
    case violation(HTTP2Violation)
}

/// How what an endpoint sends on a stream ends.
package enum HTTP2StreamEnd: Sendable, Hashable {
    /// With END_STREAM.
    case endStream
    /// With RST_STREAM.
    case reset(HTTP2ErrorCode)
}

/// The lines of a field block, and what they are.
package struct HTTP2FieldSection: Sendable, Hashable {
    /// The stream to which it belongs: that of its frames, or the promised one.
    package var streamID: UInt32
    /// The stream of its frames: with PUSH_PROMISE another one than that to which it belongs.
    package var carrierID: UInt32
    /// What it is; nil on a stream that is not followed.
    package var kind: HTTP2SectionKind?
    /// What the field block holds.
    package var block: HPACKBlock
    /// The control data.
    package var pseudo: HTTP2Pseudo
    /// Whether PUSH_PROMISE promises it.
    package var isPromised: Bool
    /// Whether its HEADERS frame has END_STREAM.
    package var endsStream: Bool
    /// The number of its frames.
    package var frameCount: Int
    /// The offset of its first frame.
    package var offset: UInt64
    /// The offset one past its last.
    package var end: UInt64

    /// The fields, without how they are written.
    package var fields: [FieldLine] { block.fields }

    /// The value of the first field with a name, without a look at the case of letters.
    package func value(_ name: StaticString) -> [UInt8]? {
        block.lines.first { $0.field.isNamed(name) }?.field.value
    }
}
