/// A setting (RFC 9113 section 6.5.1): an identifier, known or not, and a value, valid or not.
package struct HTTP2Setting: Sendable, Hashable {
    /// What is set.
    package var identifier: Identifier
    /// The value.
    package var value: UInt32

    /// A setting.
    package init(_ identifier: Identifier, _ value: UInt32) {
        self.identifier = identifier
        self.value = value
    }

    /// What a setting sets.
    package struct Identifier: RawRepresentable, Sendable, Hashable {
        /// The number on the wire.
        package let rawValue: UInt16

        /// An identifier by its number.
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// The largest dynamic table that the sender keeps for decoding.
        package static let headerTableSize = Self(rawValue: 1)
        /// Whether the sender takes PUSH_PROMISE frames.
        package static let enablePush = Self(rawValue: 2)
        /// How many streams the other endpoint may have open.
        package static let maxConcurrentStreams = Self(rawValue: 3)
        /// The window of each stream when it opens.
        package static let initialWindowSize = Self(rawValue: 4)
        /// The largest payload of a frame that the sender takes.
        package static let maxFrameSize = Self(rawValue: 5)
        /// The largest field section that the sender takes.
        package static let maxHeaderListSize = Self(rawValue: 6)
        /// Whether the sender, a server, takes Extended CONNECT (RFC 8441 section 3).
        package static let enableConnectProtocol = Self(rawValue: 8)

        /// The name without `SETTINGS_`, or the number.
        package var name: String {
            switch self {
            case .headerTableSize: "HEADER_TABLE_SIZE"
            case .enablePush: "ENABLE_PUSH"
            case .maxConcurrentStreams: "MAX_CONCURRENT_STREAMS"
            case .initialWindowSize: "INITIAL_WINDOW_SIZE"
            case .maxFrameSize: "MAX_FRAME_SIZE"
            case .maxHeaderListSize: "MAX_HEADER_LIST_SIZE"
            case .enableConnectProtocol: "ENABLE_CONNECT_PROTOCOL"
            default: "setting \(rawValue)"
            }
        }
    }
}

extension HTTP2Setting: CustomStringConvertible {
    /// The setting as it is written in RFC 8441 section 5.1.
    package var description: String { "\(identifier.name) = \(value)" }
}

/// What one endpoint asks of the other with its SETTINGS frames (RFC 9113 section 6.5.2).
package struct HTTP2Settings: Sendable, Hashable {
    /// SETTINGS_HEADER_TABLE_SIZE.
    package var headerTableSize: UInt32 = 4_096
    /// SETTINGS_ENABLE_PUSH.
    package var enablePush: UInt32 = 1
    /// SETTINGS_MAX_CONCURRENT_STREAMS; nil is without limit.
    package var maxConcurrentStreams: UInt32?
    /// SETTINGS_INITIAL_WINDOW_SIZE.
    package var initialWindowSize: UInt32 = 65_535
    /// SETTINGS_MAX_FRAME_SIZE.
    package var maxFrameSize: UInt32 = 16_384
    /// SETTINGS_MAX_HEADER_LIST_SIZE; nil is without limit.
    package var maxHeaderListSize: UInt32?
    /// SETTINGS_ENABLE_CONNECT_PROTOCOL.
    package var enableConnectProtocol: UInt32 = 0

    /// The initial values.
    package init() {}

    /// Applies a setting; a value that is not allowed and unknown ones change nothing.
    ///
    /// - Parameters:
    ///   - setting: the setting.
    ///   - sender: the endpoint that sent it.
    /// - Returns: the rule that it violates; nil if there is none.
    package mutating func apply(_ setting: HTTP2Setting, from sender: HTTP2Role) -> HTTP2Rule? {
        let value = setting.value
        switch setting.identifier {
        case .headerTableSize: headerTableSize = value
        case .enablePush:
            guard value <= 1 else { return .enablePushValue }
            guard sender == .client || value == 0 else { return .enablePushByServer }
            enablePush = value
        case .maxConcurrentStreams: maxConcurrentStreams = value
        case .initialWindowSize:
            guard value <= HTTP2Window.maximum else { return .initialWindowSizeValue }
            initialWindowSize = value
        case .maxFrameSize:
            guard (16_384...HTTP2FrameHeader.maximumLength).contains(value) else { return .maxFrameSizeValue }
            maxFrameSize = value
        case .maxHeaderListSize: maxHeaderListSize = value
        case .enableConnectProtocol:
            guard value <= 1 else { return .enableConnectProtocolValue }
            guard value >= enableConnectProtocol else { return .enableConnectProtocolWithdrawn }
            enableConnectProtocol = value
        default: break
        }
        return nil
    }

    /// What both allow, the more generous value of each: what may be in force while an acknowledgment is due.
    func widened(by other: HTTP2Settings) -> HTTP2Settings {
        var wide = self
        wide.headerTableSize = max(headerTableSize, other.headerTableSize)
        wide.enablePush = max(enablePush, other.enablePush)
        wide.maxConcurrentStreams = Self.larger(maxConcurrentStreams, other.maxConcurrentStreams)
        wide.initialWindowSize = max(initialWindowSize, other.initialWindowSize)
        wide.maxFrameSize = max(maxFrameSize, other.maxFrameSize)
        wide.maxHeaderListSize = Self.larger(maxHeaderListSize, other.maxHeaderListSize)
        wide.enableConnectProtocol = max(enableConnectProtocol, other.enableConnectProtocol)
        return wide
    }

    private static func larger(_ one: UInt32?, _ other: UInt32?) -> UInt32? {
        guard let one, let other else { return nil }
        return max(one, other)
    }
}
