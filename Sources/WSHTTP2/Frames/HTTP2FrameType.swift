/// The type of a frame (RFC 9113 section 6), known or not.
package struct HTTP2FrameType: RawRepresentable, Sendable, Hashable {
    /// The octet on the wire.
    package let rawValue: UInt8

    /// A type by its octet.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Octets of a stream (section 6.1).
    package static let data = Self(rawValue: 0)
    /// The beginning of a field block (section 6.2).
    package static let headers = Self(rawValue: 1)
    /// A priority, which has no effect any more (section 6.3).
    package static let priority = Self(rawValue: 2)
    /// The abrupt end of a stream (section 6.4).
    package static let resetStream = Self(rawValue: 3)
    /// What an endpoint asks of the other (section 6.5).
    package static let settings = Self(rawValue: 4)
    /// A request that a server makes itself (section 6.6).
    package static let pushPromise = Self(rawValue: 5)
    /// A question whether the other endpoint is there (section 6.7).
    package static let ping = Self(rawValue: 6)
    /// The end of a connection, announced (section 6.8).
    package static let goAway = Self(rawValue: 7)
    /// More octets that may be sent (section 6.9).
    package static let windowUpdate = Self(rawValue: 8)
    /// A further part of a field block (section 6.10).
    package static let continuation = Self(rawValue: 9)

    /// All that RFC 9113 defines, in the order of their octets.
    package static let defined = (0...9).map { Self(rawValue: $0) }

    /// Whether RFC 9113 defines it.
    package var isDefined: Bool { rawValue <= 9 }

    /// The flags that it defines.
    package var definedFlags: HTTP2Flags {
        switch self {
        case .data: [.endStream, .padded]
        case .headers: [.endStream, .endHeaders, .padded, .priority]
        case .settings, .ping: .acknowledgment
        case .pushPromise: [.endHeaders, .padded]
        case .continuation: .endHeaders
        default: []
        }
    }

    /// Whether it holds a part of a field block.
    package var carriesFieldBlock: Bool { self == .headers || self == .pushPromise || self == .continuation }

    /// The section that defines it.
    package var section: String { isDefined ? "6.\(rawValue + 1)" : "5.5" }

    /// The name in RFC 9113, or the octet.
    package var name: String {
        switch self {
        case .data: "DATA"
        case .headers: "HEADERS"
        case .priority: "PRIORITY"
        case .resetStream: "RST_STREAM"
        case .settings: "SETTINGS"
        case .pushPromise: "PUSH_PROMISE"
        case .ping: "PING"
        case .goAway: "GOAWAY"
        case .windowUpdate: "WINDOW_UPDATE"
        case .continuation: "CONTINUATION"
        default: "type \(rawValue)"
        }
    }
}

/// The flags of a frame (RFC 9113 section 4.1); what a flag means depends on the type.
package struct HTTP2Flags: OptionSet, Sendable, Hashable {
    /// The octet on the wire.
    package let rawValue: UInt8

    /// Flags by their octet.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender sends nothing more on the stream.
    package static let endStream = Self(rawValue: 0x01)
    /// A SETTINGS or PING frame answers one.
    package static let acknowledgment = Self(rawValue: 0x01)
    /// The field block ends.
    package static let endHeaders = Self(rawValue: 0x04)
    /// There is padding, and an octet that has its length.
    package static let padded = Self(rawValue: 0x08)
    /// A HEADERS frame has a priority.
    package static let priority = Self(rawValue: 0x20)
}

/// A code of RST_STREAM and GOAWAY frames (RFC 9113 section 7), known or not.
package struct HTTP2ErrorCode: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    package let rawValue: UInt32

    /// A code by its number.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Nothing is wrong.
    package static let noError = Self(rawValue: 0x0)
    /// The protocol was violated, and no other code says it better.
    package static let protocolError = Self(rawValue: 0x1)
    /// The sender failed.
    package static let internalError = Self(rawValue: 0x2)
    /// A flow-control window was exceeded or became too large.
    package static let flowControlError = Self(rawValue: 0x3)
    /// SETTINGS were not acknowledged in time.
    package static let settingsTimeout = Self(rawValue: 0x4)
    /// A frame came on a stream that its sender had ended.
    package static let streamClosed = Self(rawValue: 0x5)
    /// A frame has a size that it may not have.
    package static let frameSizeError = Self(rawValue: 0x6)
    /// The stream was not looked at.
    package static let refusedStream = Self(rawValue: 0x7)
    /// The stream is not needed any more.
    package static let cancel = Self(rawValue: 0x8)
    /// A field block cannot be read.
    package static let compressionError = Self(rawValue: 0x9)
    /// The connection behind a tunnel failed.
    package static let connectError = Self(rawValue: 0xA)
    /// The other endpoint causes too much load.
    package static let enhanceYourCalm = Self(rawValue: 0xB)
    /// TLS is not good enough.
    package static let inadequateSecurity = Self(rawValue: 0xC)
    /// HTTP/1.1 has to be used.
    package static let http11Required = Self(rawValue: 0xD)

    private static let names = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]

    /// The name in RFC 9113, or the number.
    package var name: String {
        rawValue < UInt32(Self.names.count) ? Self.names[Int(rawValue)] : "error code \(rawValue)"
    }
}

/// Which end of an HTTP/2 connection an endpoint is.
package enum HTTP2Role: String, Sendable, Hashable, CaseIterable {
    /// The end that opened the connection; its streams have odd identifiers.
    case client
    /// The end that accepted it; its streams have even identifiers.
    case server

    /// The other end.
    package var opposite: Self { self == .client ? .server : .client }

    /// Whether it opens streams with this identifier (RFC 9113 section 5.1.1).
    package func opens(_ streamID: UInt32) -> Bool { (streamID & 1 == 1) == (self == .client) }
}
