/// The forms a frame has for its payload length (RFC 6455 section 5.2).
public enum PayloadLengthEncoding: String, Sendable, Hashable, Codable, CaseIterable {
    /// The shortest form that holds the length; the only legal choice.
    case minimal
    /// Seven bits, for lengths up to 125.
    case bits7
    /// The marker 126 and sixteen bits.
    case bits16
    /// The marker 127 and sixty-four bits.
    case bits64

    /// The shortest form that holds the length: one of the three on the wire.
    public static func smallest(for length: UInt64) -> PayloadLengthEncoding {
        switch length {
        case 0...125: .bits7
        case 126...0xFFFF: .bits16
        default: .bits64
        }
    }

    /// The largest length the form holds.
    public var maximum: UInt64 {
        switch self {
        case .bits7: 125
        case .bits16: 0xFFFF
        case .bits64, .minimal: .max
        }
    }

    /// How many octets follow the one that holds the seven-bit field; zero for `minimal`, which is no wire form.
    public var extendedOctets: Int {
        switch self {
        case .bits7, .minimal: 0
        case .bits16: 2
        case .bits64: 8
        }
    }
}
