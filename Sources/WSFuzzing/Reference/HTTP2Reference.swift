package import WSHTTP2

/// Another implementation of HPACK, with which ours is compared.
package protocol HPACKReference: SendableMetatype {
    /// Creates an encoder and a decoder whose tables may have this size.
    init(maximumTableSize: Int)

    /// Reads a block.
    ///
    /// - Parameter block: the octets.
    /// - Returns: the fields, as far as they are UTF-8; nil if the block is refused.
    mutating func decode(_ block: [UInt8]) -> [FieldLine]?

    /// Writes a block.
    ///
    /// - Parameter fields: the fields: values of UTF-8, and names of lower-case letters, digits, hyphens, colons.
    /// - Returns: the octets.
    mutating func encode(_ fields: [FieldLine]) -> [UInt8]
}

/// Another end of an HTTP/2 connection, which reads what ours observes.
package protocol HTTP2Reference: SendableMetatype {
    /// Creates an end; a client has made requests without content on the streams 1, 3 and 5.
    init(role: HTTP2Role)

    /// Reads octets, or none.
    ///
    /// - Parameter octets: what comes next.
    /// - Returns: what comes of it.
    mutating func receive(_ octets: [UInt8]) -> HTTP2ReferenceReply
}

/// What another end of a connection makes of octets.
package struct HTTP2ReferenceReply: Sendable {
    /// The frames that it has read.
    package var frames: [HTTP2ReferenceFrame] = []
    /// The octets that it writes.
    package var written: [UInt8] = []
    /// Its words for what is wrong, if it finds anything.
    package var error: String?

    /// A reply with nothing in it.
    package init() {}
}

/// A frame as both ends understand it: without padding, flags and priority, field blocks put together and read.
package enum HTTP2ReferenceFrame: Sendable, Hashable {
    /// DATA; those that follow one another on a stream are joined.
    case data(UInt32, [UInt8], endStream: Bool)
    /// A field section that HEADERS began.
    case headers(UInt32, [FieldLine], endStream: Bool)
    /// PRIORITY.
    case priority(UInt32)
    /// RST_STREAM.
    case reset(UInt32, HTTP2ErrorCode)
    /// SETTINGS.
    case settings([HTTP2Setting])
    /// SETTINGS with ACK.
    case settingsAcknowledgment
    /// PUSH_PROMISE.
    case promise(UInt32, of: UInt32, [FieldLine])
    /// PING.
    case ping([UInt8], isAcknowledgment: Bool)
    /// GOAWAY.
    case goAway(UInt32, HTTP2ErrorCode, [UInt8])
    /// WINDOW_UPDATE.
    case windowUpdate(UInt32, UInt32)
}

extension [HTTP2ReferenceFrame] {
    /// Appends a frame; DATA are joined with those before on the same stream.
    package mutating func join(_ frame: HTTP2ReferenceFrame) {
        guard case .data(let streamID, let octets, let endStream) = frame,
            case .data(streamID, let earlier, endStream: false)? = last
        else { return append(frame) }
        self[count - 1] = .data(streamID, earlier + octets, endStream: endStream)
    }
}
