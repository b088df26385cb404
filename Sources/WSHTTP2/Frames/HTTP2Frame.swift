/// A frame that is written; nothing in it has to be right.
package struct HTTP2Frame: Sendable, Hashable {
    /// The type.
    package var type: HTTP2FrameType
    /// The flags, written as they are.
    package var flags: HTTP2Flags
    /// The bit before the identifier of the stream.
    package var reservedBit = false
    /// The identifier of the stream, 31 bits; 0 is the connection.
    package var streamID: UInt32
    /// The payload without padding and its length.
    package var payload: [UInt8]
    /// The padding; nil writes neither it nor its length, whatever the flags are.
    package var padding: HTTP2Padding?
    /// The length in the header; nil is that of what follows.
    package var declaredLength: UInt32?

    /// A frame of any type.
    package init(
        type: HTTP2FrameType,
        flags: HTTP2Flags = [],
        streamID: UInt32,
        payload: [UInt8] = [],
        padding: HTTP2Padding? = nil
    ) {
        self.type = type
        self.flags = padding == nil ? flags : flags.union(.padded)
        self.streamID = streamID
        self.payload = payload
        self.padding = padding
    }

    /// How many octets follow the header.
    package var writtenLength: Int {
        payload.count + (padding.map { $0.octets.count + 1 } ?? 0)
    }

    /// Appends header and payload.
    ///
    /// - Precondition: The length fits into 24 bits, or another one is declared.
    package func encode(into bytes: inout [UInt8]) {
        HTTP2FrameHeader(
            length: declaredLength ?? UInt32(writtenLength),
            type: type,
            flags: flags,
            reservedBit: reservedBit,
            streamID: streamID
        ).encode(into: &bytes)
        if let padding { bytes.append(padding.declaredLength) }
        bytes += payload
        if let padding { bytes += padding.octets }
    }

    /// Header and payload.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(HTTP2FrameHeader.encodedLength + writtenLength)
        encode(into: &bytes)
        return bytes
    }

    /// The frame with something changed, such as a rule broken.
    package func with(_ change: (inout HTTP2Frame) -> Void) -> HTTP2Frame {
        var frame = self
        change(&frame)
        return frame
    }
}

/// Octets behind the payload of a frame, and the length that is said to be theirs (RFC 9113 section 6.1).
package struct HTTP2Padding: Sendable, Hashable {
    /// The octet before the payload.
    package var declaredLength: UInt8
    /// The octets behind it.
    package var octets: [UInt8]

    /// As many zeros as are declared.
    package init(_ count: UInt8) {
        self.init(declaredLength: count, octets: [UInt8](repeating: 0, count: Int(count)))
    }

    /// Padding that may be wrong.
    package init(declaredLength: UInt8, octets: [UInt8]) {
        self.declaredLength = declaredLength
        self.octets = octets
    }
}

/// The deprecated priority of a stream (RFC 9113 sections 5.3 and 6.3).
package struct HTTP2Priority: Sendable, Hashable {
    /// The length in octets.
    static let encodedLength = 5

    /// Whether the stream is the only one that depends on that one.
    package var isExclusive: Bool
    /// The stream on which it depends.
    package var dependency: UInt32
    /// The weight, less one.
    package var weight: UInt8

    /// A priority.
    package init(isExclusive: Bool = false, dependency: UInt32 = 0, weight: UInt8 = 15) {
        self.isExclusive = isExclusive
        self.dependency = dependency
        self.weight = weight
    }

    /// The priority at the index of a payload that has five octets there.
    init(_ octets: [UInt8], at index: Int) {
        let word = octets.number(at: index)
        self.init(
            isExclusive: word >> 31 != 0,
            dependency: word & HTTP2FrameHeader.maximumStreamID,
            weight: octets[index + 4]
        )
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(number: dependency | (isExclusive ? 1 << 31 : 0))
        bytes.append(weight)
    }
}

// MARK: - The ten types

extension HTTP2Frame {
    /// The 24 octets with which a client begins (RFC 9113 section 3.4).
    package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// A DATA frame.
    package static func data(
        _ octets: [UInt8],
        on streamID: UInt32,
        endStream: Bool = false,
        padding: HTTP2Padding? = nil
    ) -> Self {
        Self(
            type: .data,
            flags: endStream ? .endStream : [],
            streamID: streamID,
            payload: octets,
            padding: padding
        )
    }

    /// A HEADERS frame with a block or its first fragment.
    package static func headers(
        _ fragment: [UInt8],
        on streamID: UInt32,
        endStream: Bool = false,
        endHeaders: Bool = true,
        priority: HTTP2Priority? = nil,
        padding: HTTP2Padding? = nil
    ) -> Self {
        var flags: HTTP2Flags = endStream ? .endStream : []
        if endHeaders { flags.insert(.endHeaders) }
        var payload: [UInt8] = []
        if let priority {
            flags.insert(.priority)
            priority.append(to: &payload)
        }
        return Self(type: .headers, flags: flags, streamID: streamID, payload: payload + fragment, padding: padding)
    }

    /// A CONTINUATION frame with a fragment.
    package static func continuation(_ fragment: [UInt8], on streamID: UInt32, endHeaders: Bool = true) -> Self {
        Self(type: .continuation, flags: endHeaders ? .endHeaders : [], streamID: streamID, payload: fragment)
    }

    /// A PUSH_PROMISE frame with a block or its first fragment.
    package static func pushPromise(
        _ fragment: [UInt8],
        of promisedID: UInt32,
        on streamID: UInt32,
        endHeaders: Bool = true,
        padding: HTTP2Padding? = nil
    ) -> Self {
        var payload: [UInt8] = []
        payload.append(number: promisedID)
        return Self(
            type: .pushPromise,
            flags: endHeaders ? .endHeaders : [],
            streamID: streamID,
            payload: payload + fragment,
            padding: padding
        )
    }

    /// A PRIORITY frame.
    package static func priority(_ priority: HTTP2Priority, on streamID: UInt32) -> Self {
        var payload: [UInt8] = []
        priority.append(to: &payload)
        return Self(type: .priority, streamID: streamID, payload: payload)
    }

    /// A RST_STREAM frame.
    package static func resetStream(_ streamID: UInt32, _ code: HTTP2ErrorCode) -> Self {
        var payload: [UInt8] = []
        payload.append(number: code.rawValue)
        return Self(type: .resetStream, streamID: streamID, payload: payload)
    }

    /// A SETTINGS frame.
    package static func settings(_ settings: [HTTP2Setting] = []) -> Self {
        var payload: [UInt8] = []
        for setting in settings {
            payload.append(number: setting.identifier.rawValue)
            payload.append(number: setting.value)
        }
        return Self(type: .settings, streamID: 0, payload: payload)
    }

    /// The acknowledgment of a SETTINGS frame.
    package static let settingsAcknowledgment = Self(type: .settings, flags: .acknowledgment, streamID: 0)

    /// A PING frame, or the answer to one.
    package static func ping(_ octets: [UInt8], isAcknowledgment: Bool = false) -> Self {
        Self(type: .ping, flags: isAcknowledgment ? .acknowledgment : [], streamID: 0, payload: octets)
    }

    /// A GOAWAY frame.
    package static func goAway(lastStreamID: UInt32, _ code: HTTP2ErrorCode, debugData: [UInt8] = []) -> Self {
        var payload: [UInt8] = []
        payload.append(number: lastStreamID)
        payload.append(number: code.rawValue)
        return Self(type: .goAway, streamID: 0, payload: payload + debugData)
    }

    /// A WINDOW_UPDATE frame; stream 0 is the connection.
    package static func windowUpdate(_ increment: UInt32, on streamID: UInt32 = 0) -> Self {
        var payload: [UInt8] = []
        payload.append(number: increment)
        return Self(type: .windowUpdate, streamID: streamID, payload: payload)
    }

    /// The frames of a field block that is cut into fragments: HEADERS, and CONTINUATION for the rest.
    ///
    /// - Parameters:
    ///   - block: the octets of the block.
    ///   - streamID: the stream.
    ///   - endStream: whether HEADERS has END_STREAM.
    ///   - fragmentLength: the longest fragment; nil leaves the block whole.
    ///   - interruption: frames that are put behind the first fragment, where none may stand.
    /// - Returns: the frames in their order.
    package static func fieldBlock(
        _ block: [UInt8],
        on streamID: UInt32,
        endStream: Bool = false,
        fragmentLength: Int? = nil,
        interruption: [HTTP2Frame] = []
    ) -> [HTTP2Frame] {
        let longest = max(1, fragmentLength ?? block.count)
        var frames: [HTTP2Frame] = []
        var start = 0
        repeat {
            let end = min(block.count, start + longest)
            let fragment = Array(block[start..<end])
            let isLast = end == block.count
            if frames.isEmpty {
                frames.append(.headers(fragment, on: streamID, endStream: endStream, endHeaders: isLast))
                frames += interruption
            } else {
                frames.append(.continuation(fragment, on: streamID, endHeaders: isLast))
            }
            start = end
        } while start < block.count
        return frames
    }
}
