import WSKernels

/// The 32-bit value that a client's payload is combined with (RFC 6455 section 5.3).
public struct MaskingKey: RawRepresentable, Sendable, Hashable, Codable {
    /// The key in network order: octet 0 is the most significant byte.
    public var rawValue: UInt32

    /// The key whose octet 0 is the value's most significant byte.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Masks, or unmasks, bytes whose first one stands at the given offset of the frame's payload.
    public func apply(to bytes: inout [UInt8], payloadOffset: UInt64 = 0) {
        var span = bytes.mutableSpan
        Masking.apply(key: rawValue, phase: Int(payloadOffset & 3), to: &span)
    }
}
