/// The nine octets before the payload of a frame, valid or not (RFC 9113 section 4.1).
package struct HTTP2FrameHeader: Sendable, Hashable {
    /// The length of the header in octets.
    package static let encodedLength = 9
    /// The largest length that fits.
    package static let maximumLength: UInt32 = 1 << 24 - 1
    /// The largest identifier of a stream.
    package static let maximumStreamID: UInt32 = 1 << 31 - 1

    /// The declared length of the payload, 24 bits.
    package var length: UInt32
    /// The type.
    package var type: HTTP2FrameType
    /// The flags, defined for the type or not.
    package var flags: HTTP2Flags
    /// The bit before the identifier of the stream.
    package var reservedBit: Bool
    /// The identifier of the stream, 31 bits; 0 is the connection.
    package var streamID: UInt32

    /// A header, which may violate any rule.
    ///
    /// - Precondition: Length and identifier fit into their bits.
    package init(
        length: UInt32,
        type: HTTP2FrameType,
        flags: HTTP2Flags = [],
        reservedBit: Bool = false,
        streamID: UInt32
    ) {
        precondition(length <= Self.maximumLength, "the length does not fit into 24 bits")
        precondition(streamID <= Self.maximumStreamID, "the identifier does not fit into 31 bits")
        self.length = length
        self.type = type
        self.flags = flags
        self.reservedBit = reservedBit
        self.streamID = streamID
    }

    /// A header by its octets: the first eight as one number, and the last one.
    init(first: UInt64, last: UInt8) {
        length = UInt32(truncatingIfNeeded: first >> 40)
        type = HTTP2FrameType(rawValue: UInt8(truncatingIfNeeded: first >> 32))
        flags = HTTP2Flags(rawValue: UInt8(truncatingIfNeeded: first >> 24))
        let word = UInt32(truncatingIfNeeded: first << 8) | UInt32(last)
        reservedBit = word >> 31 != 0
        streamID = word & Self.maximumStreamID
    }

    /// Appends the octets.
    package func encode(into bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: length >> 16))
        bytes.append(UInt8(truncatingIfNeeded: length >> 8))
        bytes.append(UInt8(truncatingIfNeeded: length))
        bytes.append(type.rawValue)
        bytes.append(flags.rawValue)
        bytes.append(number: streamID | (reservedBit ? 1 << 31 : 0))
    }

    /// Whether the frame ends its stream in this direction.
    package var endsStream: Bool { (type == .data || type == .headers) && flags.contains(.endStream) }

    /// Whether the payload begins with the length of its padding.
    var isPadded: Bool { flags.contains(.padded) && type.definedFlags.contains(.padded) }
}

extension [UInt8] {
    /// Appends a number in network byte order.
    mutating func append(number: UInt32) {
        append(UInt8(truncatingIfNeeded: number >> 24))
        append(UInt8(truncatingIfNeeded: number >> 16))
        append(UInt8(truncatingIfNeeded: number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }

    /// Appends a number in network byte order.
    mutating func append(number: UInt16) {
        append(UInt8(truncatingIfNeeded: number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }

    /// The number of 32 bits that begins at the index.
    func number(at index: Int) -> UInt32 {
        self[index..<(index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Appends the span's octets.
    mutating func append(octets: Span<UInt8>) {
        unsafe octets.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
