import WSKernels

/// A frame without its payload, valid or not (RFC 6455 section 5.2).
public struct FrameHeader: Sendable, Hashable {
    /// Whether this is the message's last frame.
    public var fin: Bool
    /// The three reserved bits: RSV1 is 4, RSV2 is 2, RSV3 is 1.
    public var rsv: UInt8
    /// The type of the frame.
    public var opcode: Opcode
    /// The masking key, if the MASK bit is set.
    public var maskingKey: MaskingKey?
    /// The declared length of the payload, the forbidden top bit included.
    public let payloadLength: UInt64
    /// The form of the length on the wire: never `minimal`, which the initializer resolves.
    public let lengthEncoding: PayloadLengthEncoding

    /// Creates a header, which may violate any rule of the RFC.
    ///
    /// - Precondition: The length encoding can hold the length.
    public init(
        fin: Bool = true,
        rsv: UInt8 = 0,
        opcode: Opcode,
        maskingKey: MaskingKey? = nil,
        payloadLength: UInt64,
        lengthEncoding: PayloadLengthEncoding = .minimal
    ) {
        precondition(rsv <= 7, "there are three reserved bits")
        precondition(payloadLength <= lengthEncoding.maximum, "the length does not fit its form")
        self.fin = fin
        self.rsv = rsv
        self.opcode = opcode
        self.maskingKey = maskingKey
        self.payloadLength = payloadLength
        self.lengthEncoding = lengthEncoding == .minimal ? .smallest(for: payloadLength) : lengthEncoding
    }

    /// The length of the longest header in octets.
    static let longestEncoding = 14

    /// The length of the header in octets, 2 to 14.
    public var encodedLength: Int {
        2 + lengthEncoding.extendedOctets + (maskingKey == nil ? 0 : 4)
    }

    /// Whether the length has the shortest form that holds it.
    public var isMinimal: Bool { lengthEncoding == .smallest(for: payloadLength) }

    /// Appends the header's octets.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append((fin ? 0x80 : 0) | (rsv & 7) << 4 | opcode.rawValue)
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        switch lengthEncoding {
        case .bits16: bytes.append(mask | 126)
        case .bits64: bytes.append(mask | 127)
        case .bits7, .minimal: bytes.append(mask | UInt8(truncatingIfNeeded: payloadLength))
        }
        for octet in (0..<lengthEncoding.extendedOctets).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: payloadLength >> (8 * UInt64(octet))))
        }
        guard let maskingKey else { return }
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: maskingKey.rawValue >> shift))
        }
    }

    /// Appends the header and the payload, masked if there is a key; the declared length may differ from the payload's.
    public func encode(payload: Span<UInt8>, into bytes: inout [UInt8]) {
        encode(into: &bytes)
        Masking.append(payload, key: maskingKey?.rawValue ?? 0, phase: 0, to: &bytes)
    }
}
